import { setTimeout as wait } from 'node:timers/promises';
import type {
  Client,
  ScheduleDescription,
  ScheduleExecutionResult,
  ScheduleHandle,
  ScheduleUpdateOptions,
} from '@temporalio/client';
import type { FastifyBaseLogger } from 'fastify';
import { DomainError } from '../domain/errors.ts';
import { intervalMs, intervalOfMs, type Interval } from '../domain/intervals.ts';
import type { TaskType } from '../domain/task.ts';
import type { Queues } from '../workflows/names.ts';
import { everyMsOf, rhythmAgain, spacing, taskSchedule, type Rhythm } from '../workflows/schedules.ts';
import { answerMs, causeOf, fromTemporal, quickMs } from './errors.ts';
import {
  createScheduleOnce,
  findSchedule,
  scheduleHandle,
  triggerUnlessPaused,
  type SchedulePlace,
} from './schedule.ts';

/** `interval` is null for a rhythm that ops made by hand and that is not one of those offered. */
export type Schedule = { task: TaskType; interval: Interval | null; paused: boolean; nextRuns: string[] };
/** `lastSeen`: how a Schedule that is missing is made again. */
type ScheduleChange = {
  interval?: Interval | undefined;
  paused?: boolean | undefined;
  by: string;
  /** Of the channel. */
  accountId: string;
  lastSeen?: Rhythm | undefined;
};
/** A run of a task, known as soon as it has begun. */
type TaskRun = {
  task: TaskType;
  workflowId: string;
  runId: string;
  startedAt: string;
  nextRunAt: string | null;
};

/** The Schedule is the only truth about a task's interval and pause; ops may edit it anywhere (law 7). */
export type Schedules = {
  /** @returns null when there is none (yet). @throws DomainError `temporal_unavailable` */
  findSchedule(place: SchedulePlace): Promise<Schedule | null>;
  /**
   * Changes the interval, the pause or both, and nothing else that ops made different; a Schedule that is missing is made
   * again first.
   * @throws DomainError `temporal_unavailable`
   */
  changeSchedule(place: SchedulePlace, change: ScheduleChange): Promise<Schedule>;
  /**
   * Runs a task now, also while it is paused; a run that is under way is answered instead.
   * @param isOver whether a run that is under way has done its work and is only ending: it is waited for, some seconds
   * @throws DomainError `schedule_not_found`, `temporal_unavailable`
   */
  sync(place: SchedulePlace, isOver: (runId: string) => Promise<boolean>): Promise<TaskRun>;
  /**
   * Runs a task soon unless it is paused. Never throws: the sweep does it again.
   * @param wish.onlyInstant does not run a task that runs by the clock only. A run that is under way is followed by
   *   another: it may have passed the latest change
   */
  triggerSoon(place: SchedulePlace, wish?: { onlyInstant: boolean }): Promise<void>;
};

type Tools = { client: Client; queues: Queues; log: FastifyBaseLogger };

export function schedules({ client, queues, log }: Tools): Schedules {
  const handleOf = (place: SchedulePlace) => scheduleHandle(client, place);
  const within = <T>(work: () => Promise<T>, ms = quickMs) => answered(client, work, ms);
  const find = (place: SchedulePlace) => findSchedule(client, place);

  return {
    findSchedule: (place) =>
      within(async () => {
        const description = await find(place);
        return description && toSchedule(place.task, description);
      }),

    changeSchedule: async (place, change) => {
      const isMissing = (await within(() => find(place))) === null;
      return within(async () => {
        // Another request, or the channel's set-up, may make it at the same moment.
        const { task, channelId } = place;
        const { accountId, lastSeen } = change;
        const rhythm = { ...rhythmAgain(task, lastSeen), accountId, queues };
        if (isMissing) await createScheduleOnce(client, taskSchedule(task, channelId, rhythm));
        await handleOf(place).update((current) => changed(current, change));
        return toSchedule(place.task, await handleOf(place).describe());
      }, answerMs);
    },

    sync: async (place, isOver) => {
      const before = await within(() => find(place));
      if (!before) throw new DomainError('schedule_not_found', 'The channel is still being set up; try again.');
      return within(() => runOf({ task: place.task, before, isOver }, handleOf(place)), answerMs);
    },

    triggerSoon: async (place, { onlyInstant } = { onlyInstant: false }) => {
      try {
        const overlap = onlyInstant ? 'BUFFER_ONE' : 'SKIP';
        await within(() => triggerUnlessPaused(client, place, { onlyInstant, overlap }));
      } catch (error) {
        log.warn({ ...place, ...causeOf(error) }, 'run left to the sweep');
      }
    },
  };
}

/**
 * A deadline for the calls of `work`. It is short for the first call, which shows whether Temporal is away. It is longer
 * once Temporal has answered, since a busy server is not a missing server.
 */
async function answered<T>(client: Client, work: () => Promise<T>, ms: number): Promise<T> {
  try {
    return await client.withDeadline(Date.now() + ms, work);
  } catch (error) {
    throw fromTemporal(error);
  }
}

/** When it runs, the catch-up that follows the interval, and the pause with its note; all else stays as it is. */
function changed(current: ScheduleDescription, { interval, paused, by }: ScheduleChange): ScheduleUpdateOptions {
  const next: ScheduleUpdateOptions = { ...current };
  if (interval !== undefined && interval !== intervalOf(current)) {
    const { spec, policies } = spacing(current.scheduleId, intervalMs(interval));
    next.spec = { ...current.spec, calendars: [], intervals: [...spec.intervals] };
    next.policies = { ...current.policies, catchupWindow: policies.catchupWindow };
  }
  if (paused !== undefined && paused !== current.state.paused) {
    next.state = { ...current.state, paused, note: `${paused ? 'Paused' : 'Resumed'} by ${by}` };
  }
  return next;
}

/** Finds an offered interval by its length; null for a rhythm that was made by hand. */
const intervalOf = ({ spec }: ScheduleDescription): Interval | null => intervalOfMs(everyMsOf(spec)) ?? null;

function toSchedule(task: TaskType, description: ScheduleDescription): Schedule {
  const { state, info } = description;
  return {
    task,
    interval: intervalOf(description),
    paused: state.paused,
    nextRuns: state.paused ? [] : info.nextActionTimes.slice(0, 5).map((time) => time.toISOString()),
  };
}

const runIdOf = ({ action }: ScheduleExecutionResult): string => action.workflow.firstExecutionRunId;
/** Looks, some ten milliseconds apart, after which a run in the way counts as the reason why there is no new one. */
const patientLooks = 4;
/** The same for a run that is only ending. */
const looksAtAnEnd = 80;

/**
 * Triggers a Schedule and finds the run that it made, or the run that was in its way: `trigger` itself returns nothing.
 * A trigger can be lost to another of the same moment, or to a run that is just ending; it is repeated, which SKIP makes
 * harmless. The caller's deadline ends the search.
 */
async function runOf(
  {
    task,
    before,
    isOver,
  }: { task: TaskType; before: ScheduleDescription; isOver: (runId: string) => Promise<boolean> },
  handle: ScheduleHandle,
): Promise<TaskRun> {
  const known = new Set(before.info.recentActions.map(runIdOf));
  for (let looks = 0; ; looks += 1) {
    if (looks % (3 * patientLooks) === 0) await handle.trigger('SKIP');
    const description = await handle.describe();
    const run = runIn(description, { known, before, isPatient: looks > patientLooks });
    const isNew = run && !known.has(runIdOf(run));
    if (run && (isNew || looks > looksAtAnEnd || !(await isOver(runIdOf(run))))) return toRun(task, run, description);
    await wait(25);
  }
}

type Looking = { known: ReadonlySet<string>; before: ScheduleDescription; isPatient: boolean };

function runIn(
  { info }: ScheduleDescription,
  { known, before, isPatient }: Looking,
): ScheduleExecutionResult | undefined {
  const made = info.recentActions.filter((recent) => !known.has(runIdOf(recent))).at(-1);
  // Skips of the same moment are counted once. A run that stays in the way shows a skip as well.
  const isSkipped = isPatient || info.numActionsSkippedOverlap > before.info.numActionsSkippedOverlap;
  const running = info.runningActions.map((action) => action.workflow.firstExecutionRunId);
  const inTheWay = info.recentActions.filter((recent) => running.includes(runIdOf(recent))).at(-1);
  return made ?? (isSkipped ? inTheWay : undefined);
}

function toRun(
  task: TaskType,
  { action, takenAt }: ScheduleExecutionResult,
  description: ScheduleDescription,
): TaskRun {
  const { workflowId, firstExecutionRunId: runId } = action.workflow;
  const { info, state } = description;
  const nextRunAt = state.paused ? null : (info.nextActionTimes[0]?.toISOString() ?? null);
  return { task, workflowId, runId, startedAt: takenAt.toISOString(), nextRunAt };
}
