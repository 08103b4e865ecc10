import type { Client } from '@temporalio/client';
import { startOnce } from '../activities/starts.ts';
import { workflowIds, type Queues } from '../workflows/names.ts';

/** Every worker makes sure that the one reconciling workflow runs. */
export async function startReconcile(client: Client, queues: Queues, intervalMs: number): Promise<void> {
  await startOnce(client, 'reconcile', {
    workflowId: `${workflowIds.reconcile}${queues.tasks.replace(/^tasks/, '')}`,
    taskQueue: queues.tasks,
    args: [{ intervalMs }],
    workflowIdConflictPolicy: 'USE_EXISTING',
    staticSummary: 'finishes what a crash left half done',
  });
}
