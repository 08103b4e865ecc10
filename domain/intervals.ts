import type { ChannelKind } from './channel.ts';
import { DomainError } from './errors.ts';
import type { TaskType } from './task.ts';

export const intervals = ['10m', '1h', '6h', '24h', 'instant'] as const;
export type Interval = (typeof intervals)[number];

const minute = 60_000;

/**
 * `instant` keeps a safety run every 15 minutes, since the events that make it instant get lost. Nothing else is
 * offered at 15 minutes, so a Schedule with that interval *is* instant: the Schedule stays the only truth.
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

/**
 * A stable place in the interval for each channel and task, so that all hourly tasks do not fire in one second.
 * @returns milliseconds, 0 up to the interval; FNV-1a over the id.
 */
export function offsetMs(scheduleId: string, ms: number): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < scheduleId.length; index += 1) {
    hash = Math.imul(hash ^ scheduleId.charCodeAt(index), 0x01000193);
  }
  return (hash >>> 0) % ms;
}

/** A plain rhythm, in milliseconds. */
export type Spacing = { everyMs: number; offsetMs: number };

/** The newest moment up to `now`, both in milliseconds, at which that rhythm is due. Temporal counts in whole seconds from 1970. */
export function dueAt(now: number, { everyMs, offsetMs: offset }: Spacing): number {
  const inSeconds = (ms: number) => Math.floor(ms / 1_000);
  const every = inSeconds(everyMs);
  const rounds = Math.floor((inSeconds(now) - inSeconds(offset)) / every);
  return (rounds * every + inSeconds(offset)) * 1_000;
}

/** Temporal takes no shorter window, in milliseconds, in which it makes up for a run that it missed. */
export const shortestWindowMs = 10_000;

/**
 * Whether the newest run that was due never began, and Temporal will not make up for it any more: a day's work of a daily
 * task would be lost. Never so with the window that our Schedules have, their interval. All in milliseconds.
 * @param facts.since nothing was due before: when the Schedule was made or changed last, or its last run ended
 */
export function isOverdue(
  facts: Spacing & { windowMs: number; lastRunAt: number; since: number; now: number },
): boolean {
  const { windowMs, lastRunAt, since, now } = facts;
  if (facts.everyMs === 0) return false;
  const due = dueAt(now, facts);
  return due > since && due > lastRunAt && now - due > windowMs;
}

/** Tasks that are created paused: someone turns them on (domain rules §5). */
export const startsPaused = (task: TaskType): boolean => task === 'cancel_orders';

/**
 * `instant` is for what somebody tells us: the other end, or, of stock to write, we ourselves. Nothing is ever read from
 * an api channel.
 * @throws DomainError `interval_not_offered`
 */
export function assertIntervalOffered(
  interval: Interval | undefined,
  { kind, task }: { kind: ChannelKind; task: TaskType },
): void {
  if (interval !== 'instant' || kind !== 'api' || task === 'write_inventory') return;
  const detail = 'is not offered on an api channel: its orders are posted';
  throw new DomainError('interval_not_offered', 'The channel does not offer this interval.', [
    { pointer: '/interval', detail },
  ]);
}
