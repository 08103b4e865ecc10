import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { recordSeen } from '../../db/channels/schedules.ts';
import { withAccount } from '../../db/engine/with-account.ts';
import { intervalMs } from '../../domain/intervals.ts';
import { listOn } from '../support/trade/listed.ts';
import { waitUntil } from '../support/engine/wait-until.ts';
import { anApiChannel, aProduct } from '../support/trade/api-orders.ts';
import { openApi, type Caller, type TestApi } from '../support/engine/test-api.ts';

let api: TestApi;
let owner: Caller;
/** Holds the answer of Temporal back while a test wants it. */
let gate: Promise<void> = Promise.resolve();
beforeAll(async () => {
  api = await openApi(() => ({ triggerSoon: () => gate }));
  owner = await api.anAccount();
  await aProduct(owner, 'MUG');
  await aProduct(owner, 'CUP');
});
afterAll(() => api.close());

const triggered = () => api.ledger.filter(({ call }) => call === 'triggerSoon').map(({ args }) => args);

/** A channel that lists these products and writes its inventory back at that rhythm. */
async function aChannel(skus: string[], every: 'instant' | '1h', paused = false): Promise<string> {
  const channelId = await anApiChannel(owner);
  await listOn(api.pool, { accountId: owner.accountId, channelId }, skus);
  await withAccount(api.pool, owner.accountId, (db) =>
    recordSeen(db, [{ channelId, task: 'write_inventory', everyMs: intervalMs(every), paused }]),
  );
  return channelId;
}

it('a change of stock runs Write Inventory Back at once where it is instant, and nowhere else', async () => {
  const instant = await aChannel(['MUG'], 'instant');
  await aChannel(['MUG'], '1h');
  await aChannel(['MUG'], 'instant', true);
  await aChannel(['CUP'], 'instant');

  await owner.put('/v1/stock', { sku: 'MUG', physicalOnHand: 5 });
  await waitUntil(() => triggered().length > 0);
  const answers = await Promise.all([
    owner.post('/v1/stock/batch', { items: [{ sku: 'NONE', physicalOnHand: 5 }] }),
    api.app.inject({
      method: 'POST',
      url: '/v1/stock/batch',
      headers: { authorization: `Bearer ${owner.key}`, 'content-type': 'text/csv' },
      payload: 'sku,physical_on_hand\nMUG,6\n',
    }),
  ]);
  await waitUntil(() => triggered().length > 1);

  expect(answers.map((answer) => answer.statusCode)).toEqual([200, 200]);
  const wish = [{ channelId: instant, task: 'write_inventory' }, { onlyInstant: true }];
  for (const args of triggered()) expect(args).toEqual(wish);
});

it('no request waits for the run, and a burst of changes triggers it twice at most', async () => {
  const before = triggered().length;
  let open = () => {};
  gate = new Promise((resolve) => (open = resolve));

  for (let units = 10; units < 30; units += 1) {
    expect((await owner.put('/v1/stock', { sku: 'MUG', physicalOnHand: units })).statusCode).toBe(200);
  }
  await waitUntil(() => triggered().length === before + 1);
  open();
  await waitUntil(() => triggered().length === before + 2);
  await owner.get('/v1/stock');

  expect(triggered()).toHaveLength(before + 2);
});

it('a lost connection fails no request', async () => {
  gate = Promise.reject(new Error('Temporal is away.'));
  gate.catch(() => undefined);
  const before = triggered().length;

  const answer = await owner.put('/v1/stock', { sku: 'MUG', physicalOnHand: 77 });
  await waitUntil(() => triggered().length > before);
  gate = Promise.resolve();
  const next = await owner.put('/v1/stock', { sku: 'MUG', physicalOnHand: 78 });
  await waitUntil(() => triggered().length > before + 1);

  expect([answer.statusCode, next.statusCode]).toEqual([200, 200]);
});
