import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { finishTask, insertTask } from '../../../db/channels/tasks.ts';
import { withAccount } from '../../../db/engine/with-account.ts';
import { noCounts } from '../../../domain/task.ts';
import { aMerchant } from '../../support/trade/api-orders.ts';
import { openApi, withoutRequestId, type Caller, type TestApi } from '../../support/engine/test-api.ts';

let api: TestApi;
let merchant: Caller;
let channelId: string;
const ids: string[] = [];
beforeAll(async () => {
  api = await openApi();
  ({ merchant, channelId } = await aMerchant(api));
  for (let run = 0; run < 7; run += 1) ids.unshift(await aTask(`run-${run}`));
});
afterAll(() => api.close());

const aTask = (runId: string) =>
  withAccount(api.pool, merchant.accountId, (db) =>
    insertTask(db, {
      channelId,
      type: 'import_orders',
      trigger: 'schedule',
      workflowId: `import_orders/${channelId}`,
      runId,
    }),
  );
const list = async (query = '') =>
  (await merchant.get(`/v1/tasks${query}`)).json<{
    data: { id: string; status: string }[];
    nextCursor: string | null;
  }>();

describe('Activity', () => {
  it('shows the five most recent tasks, and more by paging', async () => {
    const first = await list();
    const second = await list(`?cursor=${first.nextCursor}`);

    expect(first.data.map((task) => task.id)).toEqual(ids.slice(0, 5));
    expect(second.data.map((task) => task.id)).toEqual(ids.slice(5));
    expect(second.nextCursor).toBeNull();
  });

  it('shows a task with its counts, its first failures and its cause', async () => {
    const id = await aTask('run-done');
    ids.unshift(id);
    const end = { counts: { ...noCounts(), seen: 2, failed: 1 }, failures: [{ item: '17', code: 'channel_refused' }] };
    await withAccount(api.pool, merchant.accountId, (db) =>
      finishTask(db, { id, ...end, cause: null, nextRunAt: '2026-11-22T10:00:00.000Z' }),
    );

    const answer = await merchant.get(`/v1/tasks/${id}`);

    expect(answer.json()).toEqual({
      id,
      channelId,
      channelName: 'Own shop',
      counterpart: null,
      type: 'import_orders',
      trigger: 'schedule',
      status: 'partly_failed',
      counts: { ...noCounts(), seen: 2, failed: 1 },
      failures: [{ item: '17', code: 'channel_refused' }],
      startedAt: expect.any(String),
      finishedAt: expect.any(String),
      cause: null,
      nextRunAt: '2026-11-22T10:00:00.000Z',
      workflowId: `import_orders/${channelId}`,
      runId: 'run-done',
    });
    expect((await list('?status=partly_failed')).data).toHaveLength(1);
    expect((await list(`?channelId=${channelId}&type=import_orders&limit=200`)).data).toHaveLength(ids.length);
    expect((await list('?type=write_inventory')).data).toEqual([]);
  });

  it('is the account’s own, and asked for by known words', async () => {
    const stranger = await api.anAccount();

    const foreign = await stranger.get(`/v1/tasks/${ids[0]}`);
    const unknown = await stranger.get('/v1/tasks/task_none');
    const word = await merchant.get('/v1/tasks?status=done');

    expect(foreign.statusCode).toBe(404);
    expect(withoutRequestId(foreign)).toEqual(withoutRequestId(unknown));
    expect((await stranger.get('/v1/tasks')).json()).toEqual({ data: [], nextCursor: null });
    expect(word.json()).toMatchObject({ status: 422, errors: [{ pointer: '?status' }] });
  });
});
