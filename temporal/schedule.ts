import {
  ScheduleAlreadyRunning,
  ScheduleNotFoundError,
  type Client,
  type ScheduleDescription,
  type ScheduleHandle,
  type ScheduleOptions,
} from '@temporalio/client';
import { intervalOfMs } from '../domain/intervals.ts';
import type { TaskType } from '../domain/task.ts';
import { workflowIds } from '../workflows/names.ts';
import { everyMsOf } from '../workflows/schedules.ts';

/** The calls about one Schedule. They throw the client's errors as they are; `schedules.ts` translates them for the API. */
export type SchedulePlace = { channelId: string; task: TaskType };

/** Times are ISO. `everyMs` 0: not one plain interval, ops made the rhythm by hand. */
export type ScheduleFacts = {
  everyMs: number;
  offsetMs: number;
  paused: boolean;
  lastRunAt: string | null;
  nextRunAt: string | null;
};

/** `BUFFER_ONE`: a run under way is followed by another, since it may have passed the latest change. */
export type Overlap = 'SKIP' | 'BUFFER_ONE';

export const scheduleHandle = (client: Client, { task, channelId }: SchedulePlace): ScheduleHandle =>
  client.schedule.getHandle(workflowIds.task(task, channelId));

/** @returns null when there is none */
export async function findSchedule(client: Client, place: SchedulePlace): Promise<ScheduleDescription | null> {
  try {
    return await scheduleHandle(client, place).describe();
  } catch (error) {
    if (error instanceof ScheduleNotFoundError) return null;
    throw error;
  }
}

/** @returns null when there is none */
export async function describeSchedule(client: Client, place: SchedulePlace): Promise<ScheduleFacts | null> {
  const found = await findSchedule(client, place);
  if (!found) return null;
  const { spec, state, info } = found;
  return {
    everyMs: everyMsOf(spec),
    offsetMs: spec.intervals?.[0]?.offset ?? 0,
    paused: state.paused,
    lastRunAt: info.recentActions.at(-1)?.takenAt.toISOString() ?? null,
    nextRunAt: info.nextActionTimes[0]?.toISOString() ?? null,
  };
}

/** An existing Schedule stays as it is, whoever changed it. @returns whether there was none */
export async function createScheduleOnce(client: Client, options: ScheduleOptions): Promise<boolean> {
  try {
    await client.schedule.create(options);
    return true;
  } catch (error) {
    if (error instanceof ScheduleAlreadyRunning) return false;
    throw error;
  }
}

/** Idempotent. */
export async function deleteSchedule(client: Client, place: SchedulePlace): Promise<void> {
  try {
    await scheduleHandle(client, place).delete();
  } catch (error) {
    if (!(error instanceof ScheduleNotFoundError)) throw error;
  }
}

/** Runs a task now, unless it is paused. @param when.onlyInstant does not run a task that runs by the clock */
export async function triggerUnlessPaused(
  client: Client,
  place: SchedulePlace,
  when: { onlyInstant: boolean; overlap: Overlap },
): Promise<void> {
  const schedule = await describeSchedule(client, place);
  if (!schedule || schedule.paused) return;
  if (when.onlyInstant && intervalOfMs(schedule.everyMs) !== 'instant') return;
  await scheduleHandle(client, place).trigger(when.overlap);
}
