import { WorkflowExecutionAlreadyStartedError, type Client, type WorkflowStartOptions } from '@temporalio/client';
import type { FastifyBaseLogger } from 'fastify';
import type { DropshipStart } from '../db/dropships/dropships.ts';
import type { LabelStart } from '../db/labels/labels.ts';
import type { PushStart } from '../db/shipments/push-starts.ts';
import type { StateLine } from '../domain/dropships/state.ts';
import { importReleased, type ImportReleasedInput } from '../workflows/messages.ts';
import type { Queues } from '../workflows/names.ts';
import {
  brandCopy,
  channelResume,
  changedPush,
  channelSetUp,
  connectionEnd,
  connectionSetUp,
  dropshipStart,
  printJobStart,
  labelStart,
  labelAccountResume,
  pushStart,
} from '../workflows/starts.ts';
import { causeOf, fromOwnRun, quickMs } from './errors.ts';
import { resultWithin, type Patience } from './result.ts';

/** Starts a workflow by its derived id. A workflow that runs, or ran, counts as started (law 5). */
export async function startOnce(client: Client, type: string, options: WorkflowStartOptions): Promise<void> {
  try {
    await client.workflow.start(type, options);
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}

/** A workflow that ends soon. */
type ShortRun = Patience & { type: string; options: WorkflowStartOptions & { workflowId: string } };

/**
 * Starts a workflow by its id and waits for its result. The workflow ends with the wait: nobody reads a later result.
 * @throws DomainError as `resultWithin`; `temporal_unavailable` when it cannot be started
 */
export async function resultOf<T>(client: Client, { type, options, ...patience }: ShortRun): Promise<T> {
  try {
    const start = { ...options, workflowExecutionTimeout: patience.ms };
    await client.withDeadline(Date.now() + quickMs, () => startOnce(client, type, start));
  } catch (error) {
    throw fromOwnRun(error);
  }
  return resultWithin(client, options.workflowId, patience);
}

/**
 * Lets a waiting dropship be imported. Starts it first where its start was lost. An ended dropship stays ended.
 * @param lines given when the supplier has the order by now
 */
export async function releaseDropship(
  { client, queues }: Pick<Tools, 'client' | 'queues'>,
  start: DropshipStart,
  lines?: StateLine[],
): Promise<void> {
  const signalArgs: [ImportReleasedInput?] = lines === undefined ? [] : [{ lines }];
  const options = { ...dropshipStart(start, queues), signal: importReleased, signalArgs };
  try {
    await client.workflow.signalWithStart('dropship', options);
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}

/**
 * The starts that follow a commit of the API. They are idempotent and never throw. A failed start is logged,
 * and the sweep starts it (law 1). Each answers whether Temporal has it.
 */
export type Starts = {
  /** @returns the dropships whose workflow has started */
  startDropships(dropships: readonly DropshipStart[]): Promise<string[]>;
  startPush(push: PushStart): Promise<boolean>;
  /** Waits some seconds for the end of the purchase, so that most callers get the label at once. */
  startLabel(label: LabelStart): Promise<void>;
  /** A shipment of the account's own was corrected or voided. */
  pushAgain(push: PushStart, by: string): Promise<boolean>;
  setUpConnection(connectionId: string): Promise<boolean>;
  endConnection(connectionId: string): Promise<boolean>;
  setUpChannel(channelId: string): Promise<boolean>;
  resumeChannel(channelId: string): Promise<boolean>;
  startPrintJob(printJobId: string): Promise<boolean>;
  /** Copies the account's brand to its suppliers. */
  copyBrand(accountId: string): Promise<boolean>;
  resumeLabelAccount(labelAccountId: string): Promise<boolean>;
};

type Tools = { client: Client; queues: Queues; log: FastifyBaseLogger };

export function starts(tools: Tools): Starts {
  const { queues } = tools;
  const start = (type: string, options: WorkflowStartOptions) => startQuietly(tools, type, options);
  return {
    startDropships: async (dropships) => {
      const started = await Promise.all(
        dropships.map(async (dropship) =>
          (await start('dropship', dropshipStart(dropship, queues))) ? [dropship.dropshipId] : [],
        ),
      );
      return started.flat();
    },
    startPush: (push) => start('pushShipment', pushStart(push, queues)),
    startLabel: async (label) => {
      const options = labelStart(label, queues);
      if (await start('label', options)) await untilEnded(tools, options.workflowId);
    },
    pushAgain: (push, by) => pushQuietly(tools, push, by),
    setUpConnection: (connectionId) => start('setUpConnection', connectionSetUp(connectionId, queues)),
    endConnection: (connectionId) => start('endConnection', connectionEnd(connectionId, queues)),
    setUpChannel: (channelId) => start('setUpChannel', channelSetUp(channelId, queues)),
    resumeChannel: (channelId) => start('resumeChannel', channelResume(channelId, queues)),
    startPrintJob: (printJobId) => start('printJob', printJobStart(printJobId, queues)),
    copyBrand: (accountId) => copyQuietly(tools, accountId),
    resumeLabelAccount: (id) => start('resumeLabelAccount', labelAccountResume(id, queues)),
  };
}

/** A worker that is away, or a provider that answers late, costs the caller this time and no more. */
const purchaseMs = 8_000;

async function untilEnded({ client, log }: Tools, workflowId: string): Promise<void> {
  try {
    await resultWithin(client, workflowId, { ms: purchaseMs });
  } catch (error) {
    log.info({ workflowId, ...causeOf(error) }, 'not ended yet');
  }
}

const startQuietly = (tools: Tools, type: string, options: WorkflowStartOptions): Promise<boolean> =>
  quietly(tools, options.workflowId, (client) => startOnce(client, type, options));

function pushQuietly(tools: Tools, push: PushStart, by: string): Promise<boolean> {
  const options = changedPush(push, by, tools.queues);
  return quietly(tools, options.workflowId, ({ workflow }) => workflow.signalWithStart('pushShipment', options));
}

function copyQuietly(tools: Tools, accountId: string): Promise<boolean> {
  const options = brandCopy(accountId, tools.queues);
  return quietly(tools, options.workflowId, ({ workflow }) => workflow.signalWithStart('copyBrand', options));
}

/** @returns whether Temporal has it */
async function quietly(
  { client, log }: Tools,
  workflowId: string,
  send: (client: Client) => Promise<unknown>,
): Promise<boolean> {
  try {
    await client.withDeadline(Date.now() + quickMs, () => send(client));
    return true;
  } catch (error) {
    log.warn({ workflowId, ...causeOf(error) }, 'start left to the sweep');
    return false;
  }
}
