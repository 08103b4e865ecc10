import type { Client } from '@temporalio/client';
import { startOnce } from '../temporal/starts.ts';
import { workflowIds, type Queues } from '../workflows/names.ts';

/** Every worker makes sure that the two workflows run that look for what is missing, once each. */
export async function startReconcile(client: Client, queues: Queues, intervalMs: number): Promise<void> {
  const suffix = queues.tasks.replace(/^tasks/, '');
  const start = (type: 'reconcile' | 'reconcileSchedules', staticSummary: string) =>
    startOnce(client, type, {
      workflowId: `${workflowIds[type]}${suffix}`,
      taskQueue: queues.tasks,
      args: [{ intervalMs }],
      workflowIdConflictPolicy: 'USE_EXISTING',
      staticSummary,
    });
  await start('reconcile', 'finishes what a crash left half done');
  await start('reconcileSchedules', 'keeps the Schedules of all channels complete');
}
