import type { Client } from '@temporalio/client';
import { startOnce } from '../temporal/starts.ts';
import { workflowIds, type Queues } from '../workflows/names.ts';

/** Each worker starts the five reconcile workflows unless they run already. */
export async function startReconcile(client: Client, queues: Queues, intervalMs: number): Promise<void> {
  const suffix = queues.tasks.replace(/^tasks/, '');
  type Rounds = 'reconcile' | 'reconcileSchedules' | 'prune' | 'lookUpRefunds' | 'eraseOrders';
  const start = (type: Rounds, staticSummary: string) =>
    startOnce(client, type, {
      workflowId: `${workflowIds[type]}${suffix}`,
      taskQueue: queues.tasks,
      args: [{ intervalMs }],
      workflowIdConflictPolicy: 'USE_EXISTING',
      staticSummary,
    });
  await start('reconcile', 'completes what a crash left half done');
  await start('reconcileSchedules', 'keeps the Schedules of all channels complete');
  await start('prune', 'deletes the records of old runs');
  await start('lookUpRefunds', 'asks how far the refunds of void labels are');
  await start('eraseOrders', 'erases the personal data of orders, as it was asked for');
}
