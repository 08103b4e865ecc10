import { ScheduleAlreadyRunning, ScheduleNotFoundError, type Client } from '@temporalio/client';
import type { TaskType } from '../domain/task.ts';
import { workflowIds } from '../workflows/names.ts';

export type ScheduleFacts = {
  everyMs: number;
  offsetMs: number;
  paused: boolean;
  lastRunAt: string | null;
  nextRunAt: string | null;
};

/** What the Schedule of a task says now; `null` when there is none. An interval of 0: ops made it something else. */
export async function describeSchedule(
  client: Client,
  task: TaskType,
  channelId: string,
): Promise<ScheduleFacts | null> {
  try {
    const { spec, state, info } = await client.schedule.getHandle(workflowIds.task(task, channelId)).describe();
    const interval = spec.intervals?.[0];
    return {
      everyMs: interval?.every ?? 0,
      offsetMs: interval?.offset ?? 0,
      paused: state.paused,
      lastRunAt: info.recentActions.at(-1)?.takenAt.toISOString() ?? null,
      nextRunAt: info.nextActionTimes[0]?.toISOString() ?? null,
    };
  } catch (error) {
    if (error instanceof ScheduleNotFoundError) return null;
    throw error;
  }
}

/** Creates a Schedule once; one that is there stays as it is, whoever changed it. */
export async function createScheduleOnce(
  client: Client,
  options: Parameters<Client['schedule']['create']>[0],
): Promise<void> {
  try {
    await client.schedule.create(options);
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
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
