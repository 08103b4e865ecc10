import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { findLastSeen } from '../../../db/channels/schedules.ts';
import { recordSeen } from '../../../db/channels/schedules.ts';
import { insertTask, taskIdOf } from '../../../db/channels/tasks.ts';
import { noCounts } from '../../../domain/task.ts';
import { withAccount } from '../../../db/engine/with-account.ts';
import { DomainError } from '../../../domain/errors.ts';
import type { Workflows } from '../../../temporal/client.ts';
import { aMerchant, aTrade } from '../../support/trade/api-orders.ts';
import { aProblem, openApi, withoutRequestId, type Caller, type TestApi } from '../../support/engine/test-api.ts';

const shown = { task: 'import_orders', interval: '1h', paused: false, nextRuns: ['2026-11-22T10:00:00.000Z'] } as const;
const run = {
  task: 'import_orders',
  workflowId: 'import_orders/x-1',
  runId: 'run-1',
  startedAt: '2026-11-22T09:30:00.000Z',
  nextRunAt: null,
} as const;

let api: TestApi;
let merchant: Caller;
let channelId: string;
const temporal: { isAway?: boolean } = {};
beforeAll(async () => {
  const answer =
    <T>(value: T) =>
    async (): Promise<T> => {
      if (temporal.isAway) throw new DomainError('temporal_unavailable', 'No answer yet.');
      return value;
    };
  const schedules: Partial<Workflows> = {
    findSchedule: async ({ task }) => {
      const interval = task === 'cancel_orders' ? null : shown.interval;
      return answer({ ...shown, task, interval, nextRuns: [...shown.nextRuns] })();
    },
    changeSchedule: async ({ task }, { interval, paused }) => ({
      ...shown,
      task,
      nextRuns: [],
      interval: interval ?? '1h',
      paused: paused ?? false,
    }),
    sync: answer(run),
  };
  api = await openApi(() => schedules);
  ({ merchant, channelId } = await aMerchant(api));
});
afterAll(() => api.close());

const last = () => api.ledger.at(-1)!;

describe('the schedules of a channel', () => {
  it('show their interval, pause, next runs and last task, to the account and the operator', async () => {
    const own = await aMerchant(api);
    const place = { channelId: own.channelId, type: 'import_orders', trigger: 'schedule' } as const;
    const id = await withAccount(api.pool, own.merchant.accountId, (db) =>
      insertTask(db, { ...place, workflowId: 'import_orders/x', runId: 'run-9' }),
    );
    const url = `/v1/channels/${own.channelId}/schedules`;

    const answer = await own.merchant.get(url);
    const toOperator = await api.operator.get(url);
    const without = await merchant.get(`/v1/channels/${channelId}/schedules`);

    expect(answer.json()).toEqual({
      data: [
        { ...shown, lastTask: expect.objectContaining({ id, status: 'running' }) },
        { ...shown, task: 'import_products', lastTask: null },
        { ...shown, task: 'write_inventory', lastTask: null },
        { ...shown, task: 'cancel_orders', interval: null, lastTask: null },
      ],
      nextCursor: null,
    });
    expect(toOperator.json()).toEqual(answer.json());
    expect(without.json<{ data: { lastTask: unknown }[] }>().data.map(({ lastTask }) => lastTask)).toEqual([
      null,
      null,
      null,
      null,
    ]);
  });

  it('are changed by one message, that names who', async () => {
    const url = `/v1/channels/${channelId}/schedules/import_orders`;

    const answer = await merchant.patch(url, { interval: '10m', paused: true });
    const byOperator = await api.operator.patch(url, { interval: '6h' });

    expect(answer.json()).toEqual({ ...shown, interval: '10m', paused: true, nextRuns: [], lastTask: null });
    expect(byOperator.json()).toMatchObject({ interval: '6h' });
    expect(last()).toEqual({
      call: 'changeSchedule',
      args: [
        { channelId, task: 'import_orders' },
        {
          interval: '6h',
          by: 'operator',
          accountId: merchant.accountId,
          lastSeen: expect.objectContaining({ everyMs: 600_000, paused: true }),
        },
      ],
    });
  });

  it('are noted as seen, so that a channel is instant from this answer on', async () => {
    const own = await aMerchant(api);
    const seen = () =>
      withAccount(api.pool, own.merchant.accountId, (db) => findLastSeen(db, own.channelId, 'cancel_orders'));
    const before = await seen();

    await own.merchant.patch(`/v1/channels/${own.channelId}/schedules/cancel_orders`, { interval: '10m' });

    expect(before).toBeUndefined();
    expect(await seen()).toMatchObject({ everyMs: 600_000, paused: false });
  });

  it('are made again as they were last seen, should one be missing when it is changed', async () => {
    const { merchant: own, channelId: ownChannel } = await aMerchant(api);
    const seen = { task: 'write_inventory', everyMs: 420_000, paused: true } as const;
    await withAccount(api.pool, own.accountId, (db) => recordSeen(db, [{ ...seen, channelId: ownChannel }]));

    await api.operator.patch(`/v1/channels/${ownChannel}/schedules/write_inventory`, { paused: false });

    expect(last().args[1]).toMatchObject({ paused: false, lastSeen: { everyMs: 420_000, paused: true } });
  });

  it('refuse what is not offered, by its name', async () => {
    const { supplier, portalId } = await aTrade(api);

    const word = await merchant.patch(`/v1/channels/${channelId}/schedules/import_orders`, { interval: '5m' });
    const instant = await merchant.patch(`/v1/channels/${channelId}/schedules/import_orders`, { interval: 'instant' });
    const onPortal = await supplier.patch(`/v1/channels/${portalId}/schedules/import_orders`, { interval: 'instant' });
    const task = await merchant.patch(`/v1/channels/${channelId}/schedules/none`, { paused: true });

    expect(word.json()).toMatchObject({ status: 422, code: 'invalid_request', errors: [{ pointer: '/interval' }] });
    expect(instant.json()).toEqual(
      aProblem(instant, 'interval_not_offered', {
        detail: 'The channel does not offer this interval.',
        errors: [{ pointer: '/interval', detail: 'is not offered on an api channel: its orders are posted' }],
      }),
    );
    expect(onPortal.statusCode).toBe(200);
    expect(task.json()).toEqual(aProblem(task, 'schedule_not_found', { detail: 'There is no schedule of this name.' }));
  });
});

describe('Sync', () => {
  it('answers with the task: as it has begun, or as its worker has written it', async () => {
    const url = `/v1/channels/${channelId}/sync`;
    const id = taskIdOf(run.runId);

    const begun = await merchant.post(url, { tasks: ['import_orders', 'import_orders'] });
    const read = await merchant.get(`/v1/tasks/${id}`);
    const listed = await merchant.get(`/v1/tasks?channelId=${channelId}&limit=1`);
    await withAccount(api.pool, merchant.accountId, (db) =>
      insertTask(db, {
        channelId,
        type: 'import_orders',
        trigger: 'webhook',
        workflowId: run.workflowId,
        runId: 'run-1',
      }),
    );
    const written = await merchant.post(url, { tasks: ['import_orders'] });

    expect(begun.json()).toEqual({
      tasks: [
        {
          id,
          channelId,
          channelName: 'Own shop',
          counterpart: null,
          type: 'import_orders',
          trigger: 'sync',
          status: 'running',
          counts: noCounts(),
          failures: [],
          startedAt: run.startedAt,
          finishedAt: null,
          cause: null,
          nextRunAt: null,
          workflowId: run.workflowId,
          runId: 'run-1',
        },
      ],
    });
    const [shown] = begun.json<{ tasks: object[] }>().tasks;
    expect([read.json(), listed.json<{ data: object[] }>().data]).toEqual([shown, [shown]]);
    expect(written.json()).toMatchObject({ tasks: [{ id, trigger: 'webhook' }] });
  });

  it('is refused on a paused connection, and without a task', async () => {
    const { supplier, portalId, connectionId } = await aTrade(api);
    await api.operator.patch(`/v1/connections/${connectionId}`, { status: 'paused' });

    const paused = await supplier.post(`/v1/channels/${portalId}/sync`, { tasks: ['import_orders'] });
    const none = await merchant.post(`/v1/channels/${channelId}/sync`, { tasks: [] });

    const detail = 'The connection is paused: nothing new crosses it.';
    expect(paused.json()).toEqual(aProblem(paused, 'connection_paused', { detail }));
    expect(none.json()).toMatchObject({ status: 422, errors: [{ pointer: '/tasks' }] });
  });

  it('is answered 503 with Retry-After while Temporal is away', async () => {
    temporal.isAway = true;

    const answer = await merchant.post(`/v1/channels/${channelId}/sync`, { tasks: ['import_orders'] });
    delete temporal.isAway;

    expect(answer.headers['retry-after']).toBe('2');
    expect(answer.json()).toEqual(aProblem(answer, 'temporal_unavailable', { detail: 'No answer yet.' }));
  });
});

it('another account’s channel is not there', async () => {
  const stranger = await api.anAccount();
  const ask = [
    (id: string) => stranger.get(`/v1/channels/${id}/schedules`),
    (id: string) => stranger.patch(`/v1/channels/${id}/schedules/import_orders`, { paused: true }),
    (id: string) => stranger.post(`/v1/channels/${id}/sync`, { tasks: ['import_orders'] }),
    (id: string) => api.operator.get(`/v1/channels/${id === channelId ? 'chan_other' : id}/schedules`),
  ];
  for (const call of ask) {
    const foreign = await call(channelId);
    const unknown = await call('chan_none');
    expect(foreign.statusCode).toBe(404);
    expect({ ...withoutRequestId(foreign), detail: '' }).toEqual({ ...withoutRequestId(unknown), detail: '' });
  }
});
