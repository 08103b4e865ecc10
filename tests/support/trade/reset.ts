import { Client } from '@temporalio/client';
import { connectTemporal } from '../../../temporal/connection.ts';
import type { Stage } from './stage.ts';

/** Shorter waits end by themselves. */
const longWaitMs = 60_000;

/**
 * Does what support does in the Temporal UI under Pending Activities: what would be tried again in minutes is tried at once.
 * Workflows that do not exist, or have ended, are left alone.
 */
export async function resetSlowActivities({ namespace, env }: Stage, workflowIds: readonly string[]): Promise<void> {
  const { connection, close } = connectTemporal(env['TEMPORAL_ADDRESS']!);
  const client = new Client({ connection, namespace });
  try {
    await Promise.all(workflowIds.map((workflowId) => resetSlow(client, workflowId)));
  } finally {
    await close();
  }
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
