import { WorkflowExecutionAlreadyStartedError, type Client } from '@temporalio/client';
import { workflowIds, type Queues } from '../workflows/names.ts';

/** Every worker makes sure that the one reconciling workflow runs. */
export async function startReconcile(client: Client, queues: Queues, intervalMs: number): Promise<void> {
  try {
    await client.workflow.start('reconcile', {
      workflowId: `${workflowIds.reconcile}${queues.tasks.replace(/^tasks/, '')}`,
      taskQueue: queues.tasks,
      args: [{ intervalMs }],
      workflowIdConflictPolicy: 'USE_EXISTING',
      staticSummary: 'finishes what a crash left half done',
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}
