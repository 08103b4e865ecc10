import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import type { Queues } from '../workflows/names.ts';
import { fromOwnRun, quickMs } from './errors.ts';

/** Permissions by the shop's own names: `missing` for sure, `unproven` where only a write would show it. */
export type ChannelCheck = { missing: string[]; unproven: string[]; locations: { id: string; name: string }[] };

/** A check calls a shop, so this is the longest wait of all routes. */
const checkMs = 20_000;

/** Each check is a new workflow with a random id. It changes nothing. */
export async function checkChannel(client: Client, queues: Queues, channelId: string): Promise<ChannelCheck> {
  try {
    const handle = await client.withDeadline(Date.now() + quickMs, () =>
      client.workflow.start('checkChannel', {
        workflowId: `check_channel/${channelId}/${randomUUID()}`,
        taskQueue: queues.tasks,
        args: [{ channelId }],
        workflowExecutionTimeout: checkMs,
      }),
    );
    return (await client.withDeadline(Date.now() + checkMs, () => handle.result())) as ChannelCheck;
  } catch (error) {
    throw fromOwnRun(error);
  }
}
