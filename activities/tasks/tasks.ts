import { dueAt } from '../../domain/intervals.ts';
import type { TaskCounts, TaskFailure, TaskType } from '../../domain/task.ts';
import { listOpenWebhooks } from '../../db/channels/inbound-webhooks.ts';
import { findMerchantOfPortal } from '../../db/accounts/connections.ts';
import { isPortal } from '../../db/channels/channels.ts';
import { finishTask, insertTask } from '../../db/channels/tasks.ts';
import { withAccount } from '../../db/engine/with-account.ts';
import type { Deps } from '../deps.ts';
import { findOwnerOfChannel, ownerOfFormerChannel } from '../owners.ts';
import { deleteSchedule, describeSchedule, type ScheduleFacts } from '../../temporal/schedule.ts';
import { triggerWriteBack } from '../trigger-write-back.ts';

type Start = { channelId: string; type: TaskType; workflowId: string; runId: string; scheduledAt: string | null };
type Finish = {
  channelId: string;
  taskId: string;
  counts: TaskCounts;
  failures: TaskFailure[];
  cause: string | null;
  nextRunAt: string | null;
};

/** `isPortal`: the run works on our own rows only. */
type Started = { taskId: string; nextRunAt: string | null; isPortal: boolean };

/** How long the end of a task waits for Temporal, in milliseconds. */
const triggerMs = 3_000;

export function createTaskActivities(deps: Deps) {
  const { pool, client } = deps;
  return {
    /** Inserts the task's row when its run starts. @returns null for a deleted channel, whose Schedule is deleted as well */
    async startTask({ channelId, type, workflowId, runId, scheduledAt }: Start): Promise<Started | null> {
      const accountId = await findOwnerOfChannel(pool, channelId);
      const place = { task: type, channelId };
      if (accountId === undefined) {
        await deleteSchedule(client, place);
        return null;
      }
      const schedule = await describeSchedule(client, place);
      const nextRunAt = schedule && !schedule.paused ? schedule.nextRunAt : null;
      return withAccount(pool, accountId, async (db) => {
        const [webhook] = await listOpenWebhooks(db, { channelId, task: type, limit: 1 });
        const trigger = isOnGrid(schedule, scheduledAt) ? 'schedule' : webhook ? 'webhook' : 'sync';
        const taskId = await insertTask(db, { channelId, type, trigger, workflowId, runId });
        return { taskId, nextRunAt, isPortal: await isPortal(db, channelId) };
      });
    },

    /** Ends the task's row. If the run changed stock, it triggers the write-back on instant channels. */
    async finishTask({ channelId, taskId, counts, failures, cause, nextRunAt }: Finish): Promise<void> {
      const accountId = await ownerOfFormerChannel(pool, channelId);
      const merchantId = await withAccount(pool, accountId, async (db) => {
        await finishTask(db, { id: taskId, counts, failures, cause, nextRunAt });
        return counts.written > 0 ? findMerchantOfPortal(db, channelId) : undefined;
      });
      await triggerQuietly(deps, [accountId, ...(merchantId === undefined ? [] : [merchantId])]);
    },
  };
}

/** A write-back that is not triggered now is triggered by the sweep. */
async function triggerQuietly(deps: Deps, accountIds: readonly string[]): Promise<void> {
  const { client, log, now } = deps;
  try {
    await client.withDeadline(now().getTime() + triggerMs, async () => {
      for (const accountId of accountIds) await triggerWriteBack(deps, accountId, 'BUFFER_ONE');
    });
  } catch (error) {
    log.warn({ cause: (error as Error).name }, 'write-back left to the sweep');
  }
}

/** Whether a run was due by its interval. Temporal does not say who triggered a run; other times mean by hand. */
function isOnGrid(schedule: ScheduleFacts | null, scheduledAt: string | null): boolean {
  if (!schedule || scheduledAt === null || schedule.everyMs === 0) return false;
  return dueAt(Date.parse(scheduledAt), schedule) === Date.parse(scheduledAt);
}
