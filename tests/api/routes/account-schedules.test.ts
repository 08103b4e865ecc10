import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { recordSeen } from '../../../db/channels/schedules.ts';
import { insertTask } from '../../../db/channels/tasks.ts';
import { withAccount } from '../../../db/engine/with-account.ts';
import { DomainError } from '../../../domain/errors.ts';
import { taskTypes, type TaskType } from '../../../domain/task.ts';
import { anApiChannel } from '../../support/trade/api-orders.ts';
import { aProblem, openApi, type Caller, type TestApi } from '../../support/engine/test-api.ts';

type Place = { channelId: string; task: TaskType };
/** What Temporal says of a channel, where it is not that all is well. */
const troubles = new Map<string, 'temporal_unavailable' | 'schedule_not_found'>();
let runs = 0;

let api: TestApi;
beforeAll(async () => {
  const answer = ({ channelId }: Place) => {
    const code = troubles.get(channelId);
    if (code) throw new DomainError(code, 'No.');
  };
  api = await openApi(() => ({
    findSchedule: async (place) => {
      answer(place);
      return { task: place.task, interval: '6h', paused: false, nextRuns: ['2026-12-01T10:00:00.000Z'] };
    },
    sync: async (place) => {
      answer(place);
      runs += 1;
      const startedAt = '2026-11-22T09:30:00.000Z';
      return { task: place.task, workflowId: 'w', runId: `run-${runs}`, startedAt, nextRunAt: null };
    },
  }));
});
afterAll(() => api.close());
beforeEach(() => troubles.clear());

/** A supplier with this many merchants, whose portals have their Schedules. */
async function aSupplier(merchants: number) {
  const caller = await api.anAccount();
  const portals: { portalId: string; connectionId: string; merchantId: string }[] = [];
  for (let index = 0; index < merchants; index += 1) {
    const merchant = await api.anAccount();
    portals.push({ ...(await api.aConnection(merchant, caller)), merchantId: merchant.accountId });
  }
  const seen = portals.flatMap(({ portalId: channelId }) =>
    taskTypes.map((task) => ({ channelId, task, everyMs: 3_600_000, paused: task === 'cancel_orders' })),
  );
  await withAccount(api.pool, caller.accountId, (db) => recordSeen(db, seen));
  return { caller, portals };
}

type Started = {
  tasks: { channelId: string; type: string }[];
  failed: { channelId: string; task: string; code: string }[];
};
const sync = (caller: Caller, body: object, key?: string) =>
  caller.post('/v1/sync', body, key === undefined ? {} : { 'idempotency-key': key });

describe('Sync of all channels', () => {
  it('runs the usual tasks on each portal, each as the other party knows it', async () => {
    const { caller, portals } = await aSupplier(2);
    await anApiChannel(caller);

    const answer = await sync(caller, {});

    expect(answer.statusCode).toBe(202);
    const { tasks, failed } = answer.json<Started>();
    expect(failed).toEqual([]);
    expect(tasks.map(({ channelId, type }) => `${channelId} ${type}`).sort()).toEqual(
      portals
        .flatMap(({ portalId }) =>
          ['import_orders', 'import_products', 'write_inventory'].map((t) => `${portalId} ${t}`),
        )
        .sort(),
    );
    expect(tasks[0]).toMatchObject({
      channelName: 'A merchant',
      counterpart: { accountId: portals[0]!.merchantId, name: 'A merchant' },
      trigger: 'sync',
      status: 'running',
    });
  });

  it('names the channel that fails, and runs the others', async () => {
    const { caller, portals } = await aSupplier(3);
    const [one, two, three] = portals.map(({ portalId }) => portalId);
    troubles.set(two!, 'schedule_not_found');
    await api.operator.patch(`/v1/connections/${portals[2]!.connectionId}`, { status: 'paused' });

    const { tasks, failed } = (await sync(caller, { tasks: ['import_orders', 'import_orders'] })).json<Started>();

    expect(tasks.map(({ channelId }) => channelId)).toEqual([one]);
    expect(failed.sort((a, b) => (a.code < b.code ? -1 : 1))).toEqual([
      { channelId: three, channelName: 'A merchant', task: 'import_orders', code: 'connection_paused' },
      { channelId: two, channelName: 'A merchant', task: 'import_orders', code: 'schedule_not_found' },
    ]);
  });

  it("runs on the named channels alone, and knows no other account's", async () => {
    const { caller, portals } = await aSupplier(2);
    const other = await aSupplier(1);
    const only = [portals[1]!.portalId];

    const named = (await sync(caller, { tasks: ['cancel_orders'], channelIds: only })).json<Started>();
    const foreign = await sync(caller, { channelIds: [other.portals[0]!.portalId] });

    expect(named.tasks.map(({ channelId }) => channelId)).toEqual(only);
    const detail = `There is no channel ${other.portals[0]!.portalId}.`;
    expect(foreign.json()).toEqual(aProblem(foreign, 'channel_not_found', { detail }));
  });

  it('starts nothing again under the same key', async () => {
    const { caller } = await aSupplier(1);
    const before = runs;

    const first = await sync(caller, { tasks: ['import_orders'] }, 'sync-1');
    const again = await sync(caller, { tasks: ['import_orders'] }, 'sync-1');
    const other = await sync(caller, { tasks: ['import_products'] }, 'sync-1');

    expect([again.statusCode, again.json()]).toEqual([202, first.json()]);
    expect(again.headers['idempotency-replayed']).toBe('true');
    expect(runs).toBe(before + 1);
    expect(other.json()).toMatchObject({ status: 422, code: 'idempotency_key_reused' });
  });

  it('is answered 503 where nothing answers, and its key is free then', async () => {
    const { caller, portals } = await aSupplier(1);
    troubles.set(portals[0]!.portalId, 'temporal_unavailable');

    const away = await sync(caller, {}, 'sync-2');
    troubles.clear();
    const back = await sync(caller, {}, 'sync-2');

    expect(away.json()).toEqual(aProblem(away, 'temporal_unavailable', { detail: 'No run could be started.' }));
    expect(back.json<Started>().tasks).toHaveLength(3);
  });

  it('has nothing to do in an account without such channels, and needs the right scope', async () => {
    const caller = await api.anAccount(['read']);
    const writer = await api.aKeyOf(caller, ['write']);

    expect((await sync(writer, {})).json()).toEqual({ tasks: [], failed: [] });
    expect((await sync(caller, {})).json()).toMatchObject({ status: 403, code: 'scope_missing' });
    expect((await sync(writer, { tasks: [] })).json()).toMatchObject({ status: 422, errors: [{ pointer: '/tasks' }] });
  });
});

type Shown = { channelId: string; task: string; interval: string; nextRuns: string[]; lastTask: { id: string } | null };
type Page = { data: Shown[]; nextCursor: string | null };

describe('the schedules of an account', () => {
  it('are shown as they are now, with their channel and last task', async () => {
    const { caller, portals } = await aSupplier(1);
    const { portalId: channelId, merchantId } = portals[0]!;
    const place = { channelId, type: 'import_orders', trigger: 'schedule', workflowId: 'w' } as const;
    const ids: string[] = [];
    for (const runId of ['old-1', 'old-2'])
      ids.push(
        await withAccount(api.pool, caller.accountId, (db) => insertTask(db, { ...place, runId: runId + channelId })),
      );

    const { data } = (await caller.get('/v1/schedules')).json<Page>();

    expect(data).toHaveLength(4);
    expect(data.find(({ task }) => task === 'import_orders')).toEqual({
      channelId,
      channelName: 'A merchant',
      channelKind: 'portal',
      counterpart: { accountId: merchantId, name: 'A merchant' },
      task: 'import_orders',
      interval: '6h',
      paused: false,
      nextRuns: ['2026-12-01T10:00:00.000Z'],
      lastTask: expect.objectContaining({ id: ids[1], channelName: 'A merchant' }),
    });
    expect(data.filter(({ lastTask }) => lastTask !== null)).toHaveLength(1);
    expect((await (await api.anAccount()).get('/v1/schedules')).json()).toEqual({ data: [], nextCursor: null });
  });

  it('are shown as last seen where Temporal does not answer', async () => {
    const { caller, portals } = await aSupplier(1);
    troubles.set(portals[0]!.portalId, 'temporal_unavailable');

    const { data } = (await caller.get('/v1/schedules')).json<Page>();

    expect(data.map(({ task, interval, nextRuns }) => [task, interval, nextRuns.length])).toEqual([
      ['cancel_orders', '1h', 0],
      ['import_orders', '1h', 1],
      ['import_products', '1h', 1],
      ['write_inventory', '1h', 1],
    ]);
    const inMs = Date.parse(data[1]!.nextRuns[0]!) - Date.now();
    expect(inMs).toBeGreaterThan(-5_000);
    expect(inMs).toBeLessThanOrEqual(3_600_000);
  });

  it('are asked of Temporal only on a page of twenty', async () => {
    const { caller } = await aSupplier(6);
    const asked = () => api.ledger.filter(({ call }) => call === 'findSchedule').length;
    const before = asked();

    const all = (await caller.get('/v1/schedules?limit=50')).json<Page>();
    const afterAll = asked();
    const first = (await caller.get('/v1/schedules')).json<Page>();
    const second = (await caller.get(`/v1/schedules?cursor=${first.nextCursor}`)).json<Page>();

    expect([all.data.length, afterAll - before]).toEqual([24, 0]);
    expect([first.data.length, second.data.length, asked() - afterAll]).toEqual([20, 4, 24]);
    expect(second.nextCursor).toBeNull();
    const keyOf = ({ channelId, task }: Shown) => `${channelId} ${task}`;
    expect([...first.data, ...second.data].map(keyOf)).toEqual(all.data.map(keyOf));
  });

  it('are those of a task, or of a channel', async () => {
    const { caller, portals } = await aSupplier(2);
    const { portalId } = portals[1]!;

    const ofTask = (await caller.get('/v1/schedules?task=cancel_orders')).json<Page>().data;
    const ofChannel = (await caller.get(`/v1/schedules?channelId=${portalId}`)).json<Page>().data;
    const wrong = await caller.get('/v1/schedules?cursor=x');

    expect(ofTask.map(({ task }) => task)).toEqual(['cancel_orders', 'cancel_orders']);
    expect(new Set(ofChannel.map(({ channelId }) => channelId))).toEqual(new Set([portalId]));
    expect(wrong.json()).toMatchObject({ status: 400, code: 'invalid_cursor' });
  });
});
