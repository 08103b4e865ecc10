import { WorkflowExecutionAlreadyStartedError, type Client, type WorkflowStartOptions } from '@temporalio/client';
import { TypedSearchAttributes } from '@temporalio/common';
import type { FastifyBaseLogger } from 'fastify';
import { searchAttributes, workflowIds, type Queues } from '../../workflows/names.ts';
import { quickMs } from './errors.ts';

/** A committed dropship row and what support finds its workflow by. */
export type DropshipStart = {
  dropshipId: string;
  merchantId: string;
  supplierId: string;
  connectionId: string;
  channelId: string;
  orderNumber: string;
};

/**
 * The second half of intake: called after the commit, safe to repeat, never throws. What could not be started is
 * logged, and the sweep starts it (law 1).
 */
export type Starts = {
  startDropships(dropships: readonly DropshipStart[]): Promise<void>;
  startPush(push: { shipmentId: string }): Promise<void>;
  setUpConnection(connectionId: string): Promise<void>;
  setUpChannel(channelId: string): Promise<void>;
  resumeChannel(channelId: string, credentialsVersion: number): Promise<void>;
};

type Tools = { client: Client; queues: Queues; log: FastifyBaseLogger };
type Start = { type: string; options: WorkflowStartOptions };

export function starts(tools: Tools): Starts {
  const { queues } = tools;
  const task = (type: string, workflowId: string, input: object) =>
    startQuietly(tools, { type, options: { workflowId, taskQueue: queues.tasks, args: [input] } });
  return {
    startDropships: async (dropships) => {
      await Promise.all(dropships.map((dropship) => startQuietly(tools, dropshipStart(dropship, queues))));
    },
    startPush: ({ shipmentId }) =>
      startQuietly(tools, {
        type: 'pushShipment',
        options: {
          workflowId: workflowIds.pushShipment(shipmentId),
          taskQueue: queues.dropships,
          args: [{ shipmentId }],
        },
      }),
    setUpConnection: (connectionId) =>
      task('setUpConnection', workflowIds.setUpConnection(connectionId), { connectionId }),
    setUpChannel: (channelId) => task('setUpChannel', workflowIds.setUpChannel(channelId), { channelId }),
    resumeChannel: (channelId, credentialsVersion) =>
      task('resumeChannel', workflowIds.resumeChannel(channelId, credentialsVersion), {
        channelId,
        credentialsVersion,
      }),
  };
}

function dropshipStart(dropship: DropshipStart, queues: Queues): Start {
  const { dropshipId, merchantId, supplierId, connectionId, channelId, orderNumber } = dropship;
  return {
    type: 'dropship',
    options: {
      workflowId: workflowIds.dropship(dropshipId),
      taskQueue: queues.dropships,
      args: [{ dropshipId }],
      staticSummary: `Order ${orderNumber}`,
      typedSearchAttributes: new TypedSearchAttributes([
        { key: searchAttributes.merchantId, value: merchantId },
        { key: searchAttributes.supplierId, value: supplierId },
        { key: searchAttributes.connectionId, value: connectionId },
        { key: searchAttributes.channelId, value: channelId },
        { key: searchAttributes.orderNumber, value: orderNumber },
      ]),
    },
  };
}

async function startQuietly({ client, log }: Tools, { type, options }: Start): Promise<void> {
  try {
    await client.withDeadline(Date.now() + quickMs, () =>
      client.workflow.start(type, {
        ...options,
        workflowIdReusePolicy: 'REJECT_DUPLICATE',
        workflowIdConflictPolicy: 'USE_EXISTING',
      }),
    );
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return;
    log.warn({ workflowId: options.workflowId, cause: (error as Error).name }, 'start left to the sweep');
  }
}
