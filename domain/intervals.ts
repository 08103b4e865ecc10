import { abilitiesOf, type ChannelKind } from './channel.ts';
import { DomainError } from './errors.ts';
import { usualTasks, type TaskType } from './task.ts';

export const intervals = ['10m', '1h', '6h', '24h', 'instant'] as const;
export type Interval = (typeof intervals)[number];

const minute = 60_000;

/**
 * `instant` also runs every 15 minutes, since the events that make it instant can get lost. No other interval has
 * 15 minutes, so a Schedule of 15 minutes is instant and the interval needs no second place (law 7).
 */
const lengthsMs: Record<Interval, number> = {
  '10m': 10 * minute,
  '1h': 60 * minute,
  '6h': 360 * minute,
  '24h': 1440 * minute,
  instant: 15 * minute,
};

export const defaultInterval: Interval = '1h';

/** @returns milliseconds between two runs. */
export const intervalMs = (interval: Interval): number => lengthsMs[interval];

/** @returns the offered interval of that length, or `undefined` for one that ops set by hand in the Temporal UI. */
export function intervalOfMs(ms: number): Interval | undefined {
  return intervals.find((interval) => lengthsMs[interval] === ms);
}

/** Whether a Schedule like this runs at each event. */
export const runsInstantly = ({ everyMs, paused }: { everyMs: number; paused: boolean }): boolean =>
  !paused && intervalOfMs(everyMs) === 'instant';

/**
 * When in its interval a Schedule runs: FNV-1a over its id, so that all hourly tasks do not start in the same second.
 * @returns milliseconds, at least 0 and less than the interval
 */
export function offsetMs(scheduleId: string, ms: number): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < scheduleId.length; index += 1) {
    hash = Math.imul(hash ^ scheduleId.charCodeAt(index), 0x01000193);
  }
  return (hash >>> 0) % ms;
}

/** How often a Schedule runs and when in its interval, in milliseconds. */
type Spacing = { everyMs: number; offsetMs: number };

/** The latest time up to `now`, both in milliseconds, at which a run is due. Temporal counts in whole seconds from 1970. */
export function dueAt(now: number, { everyMs, offsetMs: offset }: Spacing): number {
  const inSeconds = (ms: number) => Math.floor(ms / 1_000);
  const every = inSeconds(everyMs);
  const rounds = Math.floor((inSeconds(now) - inSeconds(offset)) / every);
  return (rounds * every + inSeconds(offset)) * 1_000;
}

/** The next run of a Schedule as we make it, as ISO; none while it is paused or has another rhythm. `now`: milliseconds. */
export function nextRunsOf(
  scheduleId: string,
  { everyMs, paused, now }: { everyMs: number; paused: boolean; now: number },
): string[] {
  if (paused || everyMs === 0) return [];
  const due = dueAt(now, { everyMs, offsetMs: offsetMs(scheduleId, everyMs) });
  return [new Date(due + everyMs).toISOString()];
}

/** The shortest catch-up window that Temporal accepts, in milliseconds. */
export const shortestWindowMs = 10_000;

/**
 * Whether the latest run that was due never began, and Temporal will not catch up with it any more: a daily task would
 * miss a day. This cannot happen to a Schedule as we make it, whose window is its interval. All in milliseconds.
 * @param facts.since no run was due before this: the Schedule was made or changed then, or its last run ended
 */
export function isOverdue(
  facts: Spacing & { windowMs: number; lastRunAt: number; since: number; now: number },
): boolean {
  const { windowMs, lastRunAt, since, now } = facts;
  if (facts.everyMs === 0) return false;
  const due = dueAt(now, facts);
  return due > since && due > lastRunAt && now - due > windowMs;
}

/** Tasks that are created paused until a person turns them on (rules §5). */
export const startsPaused = (task: TaskType): boolean => !usualTasks.includes(task);

/**
 * `instant` needs an event that starts the task. An api channel has none for reading, since its orders are posted. Stock
 * is written to it at once, because the event is our own change.
 * @throws DomainError `interval_not_offered`
 */
export function assertIntervalOffered(
  interval: Interval | undefined,
  { kind, task }: { kind: ChannelKind; task: TaskType },
): void {
  if (interval !== 'instant' || !abilitiesOf(kind).takesPosts || task === 'write_inventory') return;
  const detail = 'is not offered on an api channel: its orders are posted';
  throw new DomainError('interval_not_offered', 'The channel does not offer this interval.', [
    { pointer: '/interval', detail },
  ]);
}
