import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client, Connection, type ConnectionOptions } from '@temporalio/client';
import { pino } from 'pino';
import { newId } from '../../db/engine/ids.ts';
import { DomainError } from '../../domain/errors.ts';
import { temporalWorkflows, type Workflows } from '../../temporal/client.ts';
import { isUnanswered } from '../../temporal/errors.ts';
import { queuesFor, workflowIds } from '../../workflows/names.ts';
import { taskSchedule } from '../../workflows/schedules.ts';
import { facts, ownNamespace } from '../support/engine/facts.ts';

type Interceptor = NonNullable<ConnectionOptions['interceptors']>[number];
type Call = ReturnType<Interceptor>;

/** The number of the status that a method answers, by its name, instead of being sent. */
let faults: Readonly<Record<string, number>> = {};
let met = 0;
const inject: Interceptor = (options, nextCall) => {
  const code = faults[options.method_definition.path.split('/').at(-1)!];
  if (code === undefined) return nextCall(options) as Call;
  met += 1;
  const nothing = () => undefined;
  const call: Partial<Call> = {
    start: (metadata, listener) =>
      void setImmediate(() => listener?.onReceiveStatus?.({ code, details: 'made up', metadata })),
    sendMessage: nothing,
    sendMessageWithContext: nothing,
    startRead: nothing,
    halfClose: nothing,
    cancelWithStatus: nothing,
    getPeer: () => 'nowhere',
  };
  return call as unknown as Call;
};

const queues = queuesFor(`-${randomBytes(4).toString('hex')}`);
const lines: string[] = [];
const log = pino({ level: 'info' }, { write: (line: string) => void lines.push(line) });
const task = 'import_orders';
const channelId = newId('channel');
const accountId = newId('account');
let connection: Connection;
let workflows: Workflows;
beforeAll(async () => {
  connection = Connection.lazy({ address: facts().temporal.address, interceptors: [inject] });
  const client = new Client({ connection, namespace: ownNamespace() });
  workflows = temporalWorkflows(client, queues, log);
  await client.schedule.create(taskSchedule(task, channelId, { everyMs: 3_600_000, paused: false, accountId, queues }));
});
afterAll(() => connection.close());

/** All but OK. https://grpc.io/docs/guides/status-codes/ */
const statuses = Array.from({ length: 16 }, (_, index) => index + 1);
const [invalid, notFound, exists] = [3, 5, 6] as const;

/** How a call ends: its result as JSON, or the code of its refusal. */
async function endOf(work: () => Promise<unknown>): Promise<string> {
  try {
    return JSON.stringify(await work()) ?? 'done';
  } catch (error) {
    return error instanceof DomainError ? error.code : `not a refusal: ${String(error)}`;
  }
}

type Row = {
  title: string;
  method: string;
  call: () => Promise<unknown>;
  /** The ends that differ from `otherwise`, by the number of the status. */
  named?: Readonly<Record<number, string>>;
  otherwise?: string;
  /** Other methods that answer a status too, to come to this one. */
  besides?: Readonly<Record<string, number>>;
};

const place = { channelId, task } as const;
const dropship = {
  dropshipId: newId('dropship'),
  orderNumber: '1001',
  merchantId: 'acct_1',
  supplierId: 'sup_1',
  connectionId: 'conn_1',
  channelId,
  channelKind: 'api',
} as const;
const retry = { action: 'retry', by: 'key_1' } as const;
const change = { accountId, paused: true, by: 'key_1' };
const missing = () => ({ channelId: newId('channel'), task }) as const;
const goesOn = async () => false;
const correction = { shipmentId: 'shp_1', carrier: 'ups', trackingNumber: '1', by: 'key_1' } as never;
const rating = () => ({ ratingId: newId('rating'), orderId: 'ord_1' }) as never;
const ofSchedule = { [notFound]: 'schedule_not_found' };
const ofDropship = { [notFound]: 'dropship_not_open' };

const rows: Row[] = [
  {
    title: 'reading a Schedule',
    method: 'DescribeSchedule',
    call: () => workflows.findSchedule(place),
    named: { [notFound]: 'null' },
  },
  {
    title: 'changing a Schedule',
    method: 'UpdateSchedule',
    call: () => workflows.changeSchedule(place, change),
    named: ofSchedule,
  },
  {
    title: 'making a Schedule that is missing',
    method: 'CreateSchedule',
    call: () => workflows.changeSchedule(missing(), change),
    named: { [notFound]: 'schedule_not_found', [exists]: 'schedule_not_found' },
  },
  {
    title: 'looking before a Sync',
    method: 'DescribeSchedule',
    call: () => workflows.sync(place, goesOn),
    named: ofSchedule,
  },
  { title: 'a Sync', method: 'PatchSchedule', call: () => workflows.sync(place, goesOn), named: ofSchedule },
  {
    title: 'a trigger of write-back',
    method: 'PatchSchedule',
    call: () => workflows.triggerSoon(place),
    otherwise: 'done',
  },
  {
    title: 'a message to a dropship',
    method: 'UpdateWorkflowExecution',
    call: () => workflows.acceptOrder(dropship.dropshipId, {} as never, newId('shipment')),
    named: ofDropship,
  },
  {
    title: 'a message that reopens a dropship',
    method: 'ExecuteMultiOperation',
    call: () => workflows.correctTracking(dropship, correction, newId('shipment')),
    named: ofDropship,
  },
  {
    title: 'a decision about a parked step',
    method: 'UpdateWorkflowExecution',
    call: () => workflows.resolveAttention(workflowIds.dropship(dropship.dropshipId), retry, newId('shipment')),
    named: { [notFound]: 'nothing_parked' },
  },
  {
    title: 'looking whether a workflow has ended',
    method: 'DescribeWorkflowExecution',
    besides: { UpdateWorkflowExecution: notFound },
    call: () => workflows.resolveAttention(workflowIds.dropship(dropship.dropshipId), retry, newId('shipment')),
    named: { [notFound]: 'nothing_parked' },
  },
  ...['StartWorkflowExecution', 'GetWorkflowExecutionHistory'].flatMap((method): Row[] => [
    { title: 'the check of a channel', method, call: () => workflows.checkChannel(newId('channel')) },
    { title: 'a packing slip', method, call: () => workflows.makePackingSlip(newId('order'), 'a6' as never) },
    {
      title: 'the check of a label account',
      method,
      call: () => workflows.checkLabelAccount(newId('labelAccount')),
    },
    { title: 'the rates of a parcel', method, call: () => workflows.rateParcel(rating()) },
  ]),
  {
    title: 'a start after a commit',
    method: 'StartWorkflowExecution',
    call: () => workflows.setUpChannel(channelId),
    // Another request, or the sweep, has started it.
    named: { [exists]: 'true' },
    otherwise: 'false',
  },
  {
    title: 'a start that is a message as well',
    method: 'SignalWithStartWorkflowExecution',
    call: () => workflows.copyBrand('acct_1'),
    otherwise: 'false',
  },
  {
    title: 'the look whether Temporal is there',
    method: 'GetSystemInfo',
    call: () => workflows.isReachable(),
    otherwise: 'false',
  },
];

describe.each(rows)('$title, by $method', ({ method, call, named = {}, otherwise, besides = {} }) => {
  it('ends with a code of ours whatever status it gets', async () => {
    const ends: [number, string][] = [];
    met = 0;
    for (const status of statuses) {
      faults = { ...besides, [method]: status };
      ends.push([status, await endOf(call)]);
    }
    faults = {};

    expect(met).toBeGreaterThanOrEqual(statuses.length);
    expect(ends).toEqual(statuses.map((status) => [status, named[status] ?? otherwise ?? 'temporal_unavailable']));
  });
});

describe('a status of gRPC', () => {
  it('is logged where a start is left to the sweep', async () => {
    faults = { StartWorkflowExecution: 10 };
    await workflows.setUpChannel('chan_logged');
    faults = {};

    expect(lines.find((line) => line.includes('chan_logged'))).toContain('"grpcStatus":"ABORTED"');
  });

  it('that refuses the call does not count as silence: it has no effect later', async () => {
    const errorOf = async (status: number) => {
      faults = { UpdateWorkflowExecution: status };
      const asked = workflows.acceptOrder(dropship.dropshipId, {} as never, newId('shipment'));
      return asked.catch((error: unknown) => error).finally(() => (faults = {}));
    };

    expect([isUnanswered(await errorOf(14)), isUnanswered(await errorOf(invalid))]).toEqual([true, false]);
  });
});
