import { Client } from '@temporalio/client';
import { connectTemporal } from '../../../temporal/connection.ts';
import type { Stage } from './stage.ts';

/** Shorter waits end by themselves. */
const longWaitMs = 60_000;

/**
 * Does what support does in the Temporal UI under Pending Activities: what would be tried again in minutes is tried at once.
 * Workflows that do not exist, or have ended, are left alone.
 */
export const resetSlowActivities = (stage: Stage, workflowIds: readonly string[]): Promise<void> =>
  withTemporal(stage, async (client) => {
    await Promise.all(workflowIds.map((workflowId) => resetSlow(client, workflowId)));
  });

/** What support sees of a workflow, for the report of a failure. */
export const stateOf = (stage: Stage, workflowId: string): Promise<object> =>
  withTemporal(stage, async ({ workflow }) => {
    const { status, raw } = await workflow.getHandle(workflowId).describe();
    const pending = raw.pendingActivities?.map(({ activityType, attempt, lastFailure }) => [
      activityType?.name,
      attempt,
      lastFailure?.message,
      lastFailure?.cause?.message,
    ]);
    return { workflow: status.name, pending, task: raw.pendingWorkflowTask };
  });

async function withTemporal<T>({ namespace, env }: Stage, work: (client: Client) => Promise<T>): Promise<T> {
  const { connection, close } = connectTemporal(env['TEMPORAL_ADDRESS']!);
  return work(new Client({ connection, namespace })).finally(close);
}

async function resetSlow({ workflow, workflowService, options }: Client, workflowId: string): Promise<void> {
  const described = await workflow
    .getHandle(workflowId)
    .describe()
    .catch(() => undefined);
  for (const { activityId, nextAttemptScheduleTime: next } of described?.raw.pendingActivities ?? []) {
    if (Number(next?.seconds ?? 0) * 1000 <= Date.now() + longWaitMs) continue;
    const execution = { workflowId };
    await workflowService.resetActivity({ namespace: options.namespace, execution, id: activityId! });
  }
}
