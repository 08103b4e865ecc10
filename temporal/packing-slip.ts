import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import type { Paper } from '../domain/paper/paper.ts';
import type { Queues } from '../workflows/names.ts';
import { resultOf } from './starts.ts';

/** The longest wait for a slip. */
const slipMs = 8_000;

/** Each slip is a new workflow with a random id: the order or the brand may have changed since the last one. */
export const makePackingSlip = (
  client: Client,
  queues: Queues,
  { orderId, paper }: { orderId: string; paper: Paper },
): Promise<{ documentId: string }> =>
  resultOf(client, {
    type: 'packingSlip',
    options: {
      workflowId: `packing_slip/${orderId}/${randomUUID()}`,
      taskQueue: queues.tasks,
      args: [{ orderId, paper }],
    },
    ms: slipMs,
  });
