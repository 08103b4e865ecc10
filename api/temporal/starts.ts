import { WorkflowExecutionAlreadyStartedError, type Client, type WorkflowStartOptions } from '@temporalio/client';
import type { FastifyBaseLogger } from 'fastify';
import type { DropshipStart } from '../../db/dropships.ts';
import type { Queues } from '../../workflows/names.ts';
import {
  channelResume,
  channelSetUp,
  connectionEnd,
  connectionSetUp,
  dropshipStart,
  pushStart,
  type PushStart,
} from '../../workflows/starts.ts';
import { quickMs } from './errors.ts';

/**
 * The second half of intake: called after the commit, safe to repeat, never throws. What could not be started is
 * logged, and the sweep starts it (law 1).
 */
export type Starts = {
  startDropships(dropships: readonly DropshipStart[]): Promise<void>;
  startPush(push: PushStart): Promise<void>;
  setUpConnection(connectionId: string): Promise<void>;
  endConnection(connectionId: string): Promise<void>;
  setUpChannel(channelId: string): Promise<void>;
  resumeChannel(channelId: string, credentialsVersion: number): Promise<void>;
};

type Tools = { client: Client; queues: Queues; log: FastifyBaseLogger };

export function starts(tools: Tools): Starts {
  const { queues } = tools;
  const start = (type: string, options: WorkflowStartOptions) => startQuietly(tools, type, options);
  return {
    startDropships: async (dropships) => {
      await Promise.all(dropships.map((dropship) => start('dropship', dropshipStart(dropship, queues))));
    },
    startPush: (push) => start('pushShipment', pushStart(push, queues)),
    setUpConnection: (connectionId) => start('setUpConnection', connectionSetUp(connectionId, queues)),
    endConnection: (connectionId) => start('endConnection', connectionEnd(connectionId, queues)),
    setUpChannel: (channelId) => start('setUpChannel', channelSetUp(channelId, queues)),
    resumeChannel: (channelId, version) => start('resumeChannel', channelResume(channelId, version, queues)),
  };
}

async function startQuietly({ client, log }: Tools, type: string, options: WorkflowStartOptions): Promise<void> {
  try {
    await client.withDeadline(Date.now() + quickMs, () => client.workflow.start(type, options));
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return;
    log.warn({ workflowId: options.workflowId, cause: (error as Error).name }, 'start left to the sweep');
  }
}
