import type { TaskCounts, TaskFailure, TaskType } from '../domain/task.ts';
import { listOpenWebhooks } from '../db/inbound-webhooks.ts';
import { finishTask, insertTask } from '../db/tasks.ts';
import { withAccount } from '../db/with-account.ts';
import type { Deps } from './deps.ts';
import { findOwnerOfChannel, ownerOfFormerChannel } from './owners.ts';
import { deleteSchedule, describeSchedule, type ScheduleFacts } from './schedules.ts';

type Start = { channelId: string; type: TaskType; workflowId: string; runId: string; scheduledAt: string | null };
type Finish = {
  channelId: string;
  taskId: string;
  counts: TaskCounts;
  failures: TaskFailure[];
  cause: string | null;
  nextRunAt: string | null;
};

export function createTaskActivities({ pool, client }: Deps) {
  return {
    /** The task's row, from the moment its run starts. @returns null for a deleted channel, whose Schedule goes too */
    async startTask({
      channelId,
      type,
      workflowId,
      runId,
      scheduledAt,
    }: Start): Promise<{ taskId: string; nextRunAt: string | null } | null> {
      const accountId = await findOwnerOfChannel(pool, channelId);
      if (accountId === undefined) return deleteSchedule(client, type, channelId);
      const schedule = await describeSchedule(client, type, channelId);
      const taskId = await withAccount(pool, accountId, async (db) => {
        const [webhook] = await listOpenWebhooks(db, { channelId, task: type, limit: 1 });
        const trigger = isOnGrid(schedule, scheduledAt) ? 'schedule' : webhook ? 'webhook' : 'sync';
        return insertTask(db, { channelId, type, trigger, workflowId, runId });
      });
      return { taskId, nextRunAt: schedule && !schedule.paused ? schedule.nextRunAt : null };
    },

    /** A task row always ends. */
    async finishTask({ channelId, taskId, counts, failures, cause, nextRunAt }: Finish): Promise<void> {
      const accountId = await ownerOfFormerChannel(pool, channelId);
      await withAccount(pool, accountId, (db) => finishTask(db, { id: taskId, counts, failures, cause, nextRunAt }));
    },
  };
}

/** A run off the interval's grid was triggered by hand: Temporal says no more about it. */
function isOnGrid(schedule: ScheduleFacts | null, scheduledAt: string | null): boolean {
  if (!schedule || scheduledAt === null || schedule.everyMs === 0) return false;
  return (Date.parse(scheduledAt) - schedule.offsetMs) % schedule.everyMs === 0;
}
