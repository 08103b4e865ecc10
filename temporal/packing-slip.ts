import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import type { Paper } from '../domain/paper/paper.ts';
import type { Queues } from '../workflows/names.ts';
import { fromTemporal, quickMs } from './errors.ts';

/** The longest wait for a slip. */
const slipMs = 8_000;

/** Each slip is a new workflow with a random id: the order or the brand may have changed since the last one. */
export async function makePackingSlip(
  client: Client,
  queues: Queues,
  { orderId, paper }: { orderId: string; paper: Paper },
): Promise<{ documentId: string }> {
  try {
    const handle = await client.withDeadline(Date.now() + quickMs, () =>
      client.workflow.start('packingSlip', {
        workflowId: `packing_slip/${orderId}/${randomUUID()}`,
        taskQueue: queues.tasks,
        args: [{ orderId, paper }],
        // Nobody reads a slip that is made later.
        workflowExecutionTimeout: slipMs + quickMs,
      }),
    );
    return (await client.withDeadline(Date.now() + slipMs, () => handle.result())) as { documentId: string };
  } catch (error) {
    throw fromTemporal(error);
  }
}
