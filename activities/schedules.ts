import {
  ScheduleAlreadyRunning,
  ScheduleNotFoundError,
  type Client,
  type ScheduleDescription,
} from '@temporalio/client';
import type { TaskType } from '../domain/task.ts';
import { workflowIds } from '../workflows/names.ts';
import { everyMsOf } from '../workflows/schedules.ts';

export type ScheduleFacts = {
  everyMs: number;
  offsetMs: number;
  paused: boolean;
  lastRunAt: string | null;
  nextRunAt: string | null;
};

/** What Temporal says of a Schedule; `null` when there is none. */
export async function findSchedule(
  client: Client,
  task: TaskType,
  channelId: string,
): Promise<ScheduleDescription | null> {
  try {
    return await client.schedule.getHandle(workflowIds.task(task, channelId)).describe();
  } catch (error) {
    if (error instanceof ScheduleNotFoundError) return null;
    throw error;
  }
}

/** What the Schedule of a task says now; `null` when there is none. An interval of 0: ops made it something else. */
export async function describeSchedule(
  client: Client,
  task: TaskType,
  channelId: string,
): Promise<ScheduleFacts | null> {
  const found = await findSchedule(client, task, channelId);
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

/** Creates a Schedule once; one that is there stays as it is, whoever changed it. @returns whether there was none */
export async function createScheduleOnce(
  client: Client,
  options: Parameters<Client['schedule']['create']>[0],
): Promise<boolean> {
  try {
    await client.schedule.create(options);
    return true;
  } catch (error) {
    if (error instanceof ScheduleAlreadyRunning) return false;
    throw error;
  }
}

/** Of a channel that is deleted. Repeatable. */
export async function deleteSchedule(client: Client, task: TaskType, channelId: string): Promise<null> {
  try {
    await client.schedule.getHandle(workflowIds.task(task, channelId)).delete();
  } catch (error) {
    if (!(error instanceof ScheduleNotFoundError)) throw error;
  }
  return null;
}
