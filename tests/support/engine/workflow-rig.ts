import { randomBytes } from 'node:crypto';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import {
  Client,
  Connection,
  WithStartWorkflowOperation,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  type WorkflowHandle,
} from '@temporalio/client';
import { ActivityFailure, ApplicationFailure } from '@temporalio/common';
import { NativeConnection } from '@temporalio/worker';
import { pino } from 'pino';
import type { Activities } from '../../../activities/index.ts';
import { createWorkers } from '../../../workers/create-workers.ts';
import type { Fresh } from '../../../db/dropships/dropships.ts';
import type { StateLine } from '../../../domain/dropships/state.ts';
import { queuesFor, searchAttributes, workflowIds } from '../../../workflows/names.ts';
import { dropshipReopening, dropshipStart, labelReopening, labelStart, pushStart } from '../../../workflows/starts.ts';
import { facts, ownNamespace } from './facts.ts';
import { quietRuntime } from './quiet-runtime.ts';
import { waitUntil } from './wait-until.ts';
import { wellDone, type Fakes } from './well-done.ts';
import type { RecordShipmentInput, Resolution } from '../../../workflows/messages.ts';

type Call = { activity: keyof Activities; input: Record<string, unknown> };

export type Rig = Awaited<ReturnType<typeof startRig>>;
export type Talk = ReturnType<typeof talk>;

/** A real server and workers, on queues for this test. Each workflow has its own activities and ledger of calls. */
export async function startRig() {
  const { temporal, workflowBundle } = facts();
  const namespace = ownNamespace();
  const queues = queuesFor(`-${randomBytes(4).toString('hex')}`);
  const connection = await Connection.connect({ address: temporal.address });
  quietRuntime();
  const native = await NativeConnection.connect({ address: temporal.address });
  const client = new Client({ connection, namespace });
  const lives = new Map<string, { fakes: Fakes; calls: Call[] }>();
  const activities = Object.fromEntries(
    Object.keys(wellDone).map((name) => [
      name,
      (input: Call['input']) => answer(lives, name as Call['activity'], input),
    ]),
  ) as unknown as Activities;
  const begin = async () => {
    const workers = await createWorkers(
      {
        connection: native,
        namespace,
        queues,
        activities,
        calls: { activities, slots: 40 },
        bundle: { codePath: workflowBundle },
        poolSize: 40,
        log: pino({ level: 'silent' }),
      },
      // A bug in workflow code fails the test instead of hanging it.
      { shutdownGraceTime: 0, shutdownForceTime: '2s', workflowFailureErrorTypes: { '*': ['Error'] } },
    );
    return { workers, runs: workers.map((worker) => worker.run()) };
  };
  let crew = await begin();
  const dismiss = async () => {
    for (const worker of crew.workers) if (worker.getState() === 'RUNNING') worker.shutdown();
    await Promise.allSettled(crew.runs);
  };

  /** A dropship with new ids and its own fakes; `start` starts it as the API does. */
  function life(fakes: Fakes = {}) {
    const id = randomBytes(6).toString('hex');
    const calls: Call[] = [];
    const dropshipId = `drop_${id}`;
    const shipmentId = `shp_${id}`;
    lives.set(id, { fakes, calls });
    const seen = { merchantId: 'acct_m', channelId: 'chan_1', orderNumber: '1001' };
    return {
      ...talk(client.workflow.getHandle(workflowIds.dropship(dropshipId)), calls),
      dropshipId,
      fakes,
      calls,
      /** The n-th shipment of this dropship: one unit of its line `L1`. */
      shipment: (n: number, change: ShipmentChange = {}) => aShipment(`shp_${id}_${n}`, change),
      start: (fresh?: Fresh) =>
        client.workflow.start(
          'dropship',
          dropshipStart(
            {
              ...seen,
              dropshipId,
              supplierId: 'acct_s',
              connectionId: 'conn_1',
              channelKind: 'api',
              ...(fresh && { fresh }),
            },
            queues,
          ),
        ),
      /** Sends a message to this dropship and reopens it if it has closed. */
      late: (name: 'correctTracking' | 'voidShipment', input: object) =>
        refusalOrAnswer(
          client.workflow.executeUpdateWithStart(name, {
            args: [{ by: 'key_1', ...input }],
            startWorkflowOperation: new WithStartWorkflowOperation(
              'dropship',
              dropshipReopening(
                { ...seen, dropshipId, supplierId: 'acct_s', connectionId: 'conn_1', channelKind: 'api' },
                queues,
              ),
            ),
          }),
        ),
      channelId: `chan_${id}`,
      /** Starts another workflow about this dropship's channel or connection. */
      async begin(type: string, input: object) {
        const handle = await client.workflow.start(type, {
          workflowId: `${type}/${id}`,
          taskQueue: type === 'dropship' ? queues.dropships : queues.tasks,
          args: [input],
        });
        return talk(handle, calls);
      },
      async startLabel() {
        const handle = await client.workflow.start('label', labelStart(labelOf(id), queues));
        return talk(handle, calls);
      },
      /** Voids this label, and runs its workflow again if it has closed. */
      voidLabel: (change: object = {}) =>
        refusalOrAnswer(
          client.workflow.executeUpdateWithStart('voidLabel', {
            args: [{ by: 'key_1', reason: 'not_sent', ...change }],
            startWorkflowOperation: new WithStartWorkflowOperation('label', labelReopening(labelOf(id), queues)),
          }),
        ),
      async startPush() {
        const handle = await client.workflow.start(
          'pushShipment',
          pushStart({ ...seen, orderId: `ord_${id}`, shipmentId, accountId: 'acct_m' }, queues),
        );
        return talk(handle, calls);
      },
    };
  }

  return {
    client,
    life,
    /** Stops all workers, runs `happens`, and starts new workers, which get all messages and answers at once. */
    async whileAway(happens: () => void) {
      const gone = dismiss();
      const takesNoMore = () => crew.workers.every((worker) => !['RUNNING', 'STOPPING'].includes(worker.getState()));
      await waitUntil(takesNoMore, { what: 'workers that take no more tasks' });
      happens();
      await gone;
      crew = await begin();
    },
    async stop() {
      await dismiss();
      await connection.close();
      await native.close();
    },
  };
}

const labelOf = (id: string) => ({
  labelId: `lbl_${id}`,
  orderId: 'ord_1',
  accountId: 'acct_s',
  channelId: 'chan_1',
  orderNumber: '1001',
});

/** An activity belongs to the run whose id is in the first of these. */
const placesOfIds = [
  ...['dropshipId', 'shipmentId', 'labelId', 'channelId', 'connectionId', 'workflowId'],
  ...['printJobId', 'orderId', 'accountId'],
];

async function answer(
  lives: ReadonlyMap<string, { fakes: Fakes; calls: Call[] }>,
  activity: Call['activity'],
  input: Call['input'],
): Promise<unknown> {
  const named = input && placesOfIds.map((name) => input[name]).find((id) => id !== undefined);
  const [id = ''] = /[0-9a-f]{12}/.exec(typeof named === 'string' ? named : '') ?? [];
  const life = lives.get(id);
  // An activity without an id belongs to no dropship: the rounds of the sweep.
  if (!life && wellDone[activity] && id === '') return (wellDone[activity] as () => unknown)();
  if (!life) throw new Error(`Whose ${activity} is this?`);
  life.calls.push({ activity, input });
  const act = (life.fakes[activity] ?? wellDone[activity]) as (given: unknown) => unknown;
  return await act(input);
}

/** A history's JSON with its payloads as text. */
export const readable = (history: string): string =>
  history.replace(/"data": ?"([A-Za-z0-9+/=]*)"/g, (_whole, data: string) => Buffer.from(data, 'base64').toString());

/** A failure that is not retried, as activities report it. */
export const permanently = (code: string) => (): never => {
  throw ApplicationFailure.nonRetryable('refused', code);
};

/** Holds an activity back until the test lets it go. */
export function aGate() {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open: () => open() };
}

/** Fails the first times, then returns `then()`. */
export function first<T, E = never>(times: number, fails: () => E, then: () => T): () => T | E {
  let left = times;
  return () => {
    left -= 1;
    return left >= 0 ? fails() : then();
  };
}

/** May also be malformed, as when support types it by hand. */
type ShipmentChange = { [Field in keyof RecordShipmentInput]?: unknown };

const aShipment = (shipmentId: string, change: ShipmentChange = {}) =>
  ({
    shipmentId,
    orderId: 'ord_supplier',
    lines: [{ lineId: 'L1', quantity: 1 }],
    carrier: 'ups',
    trackingNumber: `T-${shipmentId}`,
    shippedAt: '2026-11-22T10:00:00.000Z',
    by: 'key_1',
    ...change,
  }) as RecordShipmentInput;

const aCancel = { lines: null, reason: 'customer_request', actor: { kind: 'account', id: 'key_1' } };

const aDecision = { orderId: 'ord_supplier', actor: { kind: 'account', id: 'key_1' } };

const aSplit = {
  side: 'supplier',
  groups: [[{ lineId: 'L1', quantity: 2 }], [{ lineId: 'L1', quantity: 1 }]],
  actor: aCancel.actor,
};

/** The messages to a workflow, and what people and other rooms see of it. */
function talk(handle: WorkflowHandle, calls: readonly Call[]) {
  const view = async () => {
    const { typedSearchAttributes: seen } = await handle.describe();
    const { needsAttention, attentionCode, stage } = searchAttributes;
    return { needsAttention: seen.get(needsAttention), code: seen.get(attentionCode), stage: seen.get(stage) };
  };
  const callsOf = (activity: Call['activity']) => calls.filter((call) => call.activity === activity);
  const details = async () =>
    (await handle.query<{ currentDetails?: string }>('__temporal_workflow_metadata')).currentDetails ?? '';
  const update = (name: string, input: object) => refusalOrAnswer(handle.executeUpdate(name, { args: [input] }));
  return {
    handle,
    view,
    callsOf,
    names: () => calls.map(({ activity }) => activity),
    /** `lines`: the task has imported the order. */
    release: (lines?: StateLine[]) => handle.signal('importReleased', ...(lines ? [{ lines }] : [])),
    record: (input: RecordShipmentInput, updateId = randomBytes(6).toString('hex')) =>
      refusalOrAnswer(handle.executeUpdate('recordShipment', { args: [input], updateId })),
    /** As the supplier, for a shipment of this dropship. */
    correct: (shipmentId: string, change: object = {}) =>
      update('correctTracking', { shipmentId, trackingNumber: 'T-RIGHT', by: 'key_1', ...change }),
    takeBack: (shipmentId: string, change: object = {}) =>
      update('voidShipment', { shipmentId, reason: 'not_sent', by: 'key_1', ...change }),
    /** As the merchant: everything, or what `change` says. */
    requestCancel: (change: object = {}) => update('requestCancel', { ...aCancel, ...change }),
    /** As the supplier. */
    acceptCancel: (change: object = {}) => update('acceptCancel', { ...aCancel, orderId: 'ord_supplier', ...change }),
    declineCancel: (change: object = {}) =>
      update('declineCancel', { ...aCancel, orderId: 'ord_supplier', reason: 'packed', ...change }),
    /** As the supplier. */
    accept: (change: object = {}) => update('acceptOrder', { ...aDecision, ...change }),
    reject: (change: object = {}) =>
      update('rejectOrder', { ...aDecision, reason: 'out_of_stock', lines: null, ...change }),
    /** As the supplier: two units of its line `L1`, and one, or what `change` says. */
    split: (change: object = {}) => update('splitOrder', { ...aSplit, ...change }),
    resolve: (resolution: unknown) => refusalOrAnswer(handle.executeUpdate('resolveAttention', { args: [resolution] })),
    decide: (resolution: unknown) => handle.signal('attentionResolved', resolution),
    details,
    /**
     * The server suggests a new run at 4,096 events or at 4 MB of history; 4 MB is quicker. Each signal is handled before
     * the next is sent, since a worker takes no task above 4 MB.
     */
    async untilFreshRun() {
      const { runId } = await handle.describe();
      for (let times = 0; times < 11; times += 1) {
        await handle.signal('importReleased', 'x'.repeat(400_000));
        await details();
      }
      await waitUntil(async () => (await handle.describe()).runId !== runId, { what: 'a new run' });
    },
    parked: () => waitUntil(async () => (await view()).needsAttention === true, { what: 'a parked step' }),
    untilStage: (stage: string) => waitUntil(async () => (await view()).stage === stage, { what: `stage ${stage}` }),
    untilCalled: (activity: Call['activity'], times = 1) =>
      waitUntil(() => callsOf(activity).length >= times, { what: `${times} × ${activity}` }),
    history: async () => historyToJSON(await handle.fetchHistory()),
  };
}

/** The result of an Update: its answer, or the code of its refusal. */
async function refusalOrAnswer(update: Promise<unknown>): Promise<unknown> {
  try {
    return (await update) ?? 'done';
  } catch (error) {
    // As in the API: the workflow may close before it gets a message.
    if (error instanceof WorkflowNotFoundError) return { refused: 'dropship_not_open' };
    if (!(error instanceof WorkflowUpdateFailedError)) throw error;
    const { cause } = error;
    const root = cause instanceof ActivityFailure ? cause.cause : cause;
    return { refused: root instanceof ApplicationFailure ? root.type : 'Error' };
  }
}

export const retry: Resolution = { action: 'retry', by: 'ops' };
export const skip: Resolution = { action: 'skip', by: 'ops' };
export const cancel: Resolution = { action: 'cancel', by: 'ops' };
