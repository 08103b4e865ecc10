import { describe, expect, it } from '@jest/globals';
import { listAttentions, listAttentionsOfOrders, raiseAttention, closeAttention } from '../../db/attentions.ts';
import { listOrders } from '../../db/orders/view.ts';
import type { Pool } from '../../db/engine/pool.ts';
import { withAccount, withSystem, type AccountDb } from '../../db/engine/with-account.ts';
import { aMerchant, anIncomingOrder, aSku, storeOrderFor, type Merchant } from '../support/trade/database-trade.ts';
import { onDatabase } from '../support/engine/database.ts';

let pool: Pool;
onDatabase(10, (opened) => {
  pool = opened;
});

const inside = <T>({ accountId }: Merchant, work: (db: AccountDb) => Promise<T>) => withAccount(pool, accountId, work);

async function anOrder(merchant: Merchant): Promise<string> {
  const sku = await aSku(pool, merchant.accountId);
  return (await storeOrderFor(pool, merchant, anIncomingOrder([{ sku }]))).orderId;
}

describe('an attention', () => {
  it('has one living row per workflow: it says the newest cause', async () => {
    const merchant = await aMerchant(pool);
    const orderId = await anOrder(merchant);
    const raise = (code: 'channel_refused' | 'gone_at_channel') =>
      inside(merchant, (db) => raiseAttention(db, { orderId, workflowId: 'dropship/1', step: 'push', code }));

    const first = await raise('channel_refused');
    const second = await raise('gone_at_channel');

    expect([first.isNew, second]).toEqual([true, { id: first.id, isNew: false }]);
    expect(await inside(merchant, (db) => listAttentionsOfOrders(db, [orderId]))).toMatchObject([
      { id: first.id, code: 'gone_at_channel' },
    ]);
  });

  it('has one living row per order where no workflow waits, beside those of its workflows', async () => {
    const merchant = await aMerchant(pool);
    const orderId = await anOrder(merchant);
    const raise = (workflowId: string | null) =>
      inside(merchant, (db) => raiseAttention(db, { orderId, workflowId, step: 'route', code: 'unmapped_sku' }));

    const answers = [await raise(null), await raise('dropship/1'), await raise(null)];

    expect(answers.map(({ isNew }) => isNew)).toEqual([true, true, false]);
  });

  it('keeps one living row, though it is raised 10 times at once', async () => {
    const merchant = await aMerchant(pool);
    const orderId = await anOrder(merchant);
    const raise = () =>
      inside(merchant, (db) =>
        raiseAttention(db, { orderId, workflowId: 'dropship/1', step: 'push', code: 'no_answer' }),
      );

    await Promise.allSettled(Array.from({ length: 10 }, raise));

    expect(await inside(merchant, (db) => listAttentionsOfOrders(db, [orderId]))).toHaveLength(1);
  });

  it('is closed once, and the next one has a row of its own', async () => {
    const merchant = await aMerchant(pool);
    const orderId = await anOrder(merchant);
    const about = { workflowId: 'dropship/1' };
    const raise = () =>
      inside(merchant, (db) => raiseAttention(db, { ...about, orderId, step: 'push', code: 'channel_refused' }));
    const close = () => inside(merchant, (db) => closeAttention(db, { ...about, action: 'retry', by: 'ops' }));
    const { id } = await raise();

    const [closed, again] = [await close(), await close()];
    const anew = await raise();

    expect([closed, again]).toEqual([[{ id, orderId }], []]);
    expect(anew.isNew && anew.id !== id).toBe(true);
  });

  it('is seen by its account and the operator, by nobody else', async () => {
    const [merchant, stranger] = [await aMerchant(pool), await aMerchant(pool)];
    const orderId = await anOrder(merchant);
    await inside(merchant, (db) =>
      raiseAttention(db, { orderId, workflowId: 'dropship/7', step: 'push', code: 'no_answer' }),
    );

    const page = { limit: 50 };
    expect((await inside(merchant, (db) => listAttentions(db, { orderId }, page))).data).toHaveLength(1);
    expect((await withSystem(pool, (db) => listAttentions(db, { orderId }, page))).data).toHaveLength(1);
    expect((await inside(stranger, (db) => listAttentions(db, {}, page))).data).toEqual([]);
  });
});

describe('a walk through the pages of a list', () => {
  it('returns every row that was there exactly once, while others come in', async () => {
    const merchant = await aMerchant(pool);
    const sku = await aSku(pool, merchant.accountId);
    // Several of one millisecond, and some of one instant: their transaction is the same.
    const place = () => storeOrderFor(pool, merchant, anIncomingOrder([{ sku }]));
    const before = (await Promise.all(Array.from({ length: 25 }, place))).map(({ orderId }) => orderId);
    const seen: string[] = [];

    let cursor: string | undefined;
    do {
      const page = await inside(merchant, (db) => listOrders(db, {}, { limit: 3, cursor }));
      seen.push(...page.data.map(({ id }) => id));
      cursor = page.nextCursor ?? undefined;
      await place();
    } while (cursor !== undefined);

    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.filter((id) => before.includes(id)).sort()).toEqual([...before].sort());
  });

  it('distinguishes rows of one instant', async () => {
    const merchant = await aMerchant(pool);
    const orderIds = await Promise.all(Array.from({ length: 5 }, () => anOrder(merchant)));
    await inside(merchant, async (db) => {
      for (const orderId of orderIds) {
        await raiseAttention(db, { orderId, workflowId: null, step: 'route', code: 'unmapped_sku' });
      }
    });

    const pages: string[][] = [];
    let cursor: string | undefined;
    do {
      const page = await inside(merchant, (db) => listAttentions(db, {}, { limit: 2, cursor }));
      pages.push(page.data.map(({ orderId }) => orderId!));
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);

    expect(pages.map((page) => page.length)).toEqual([2, 2, 1]);
    expect(pages.flat().sort()).toEqual([...orderIds].sort());
  });
});
