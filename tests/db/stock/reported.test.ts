import { describe, expect, it } from '@jest/globals';
import type { Pool } from '../../../db/engine/pool.ts';
import { storeReported } from '../../../db/stock/reported.ts';
import { withdrawWarehouse } from '../../../db/stock/withdrawal.ts';
import { withAccount, type AccountDb } from '../../../db/engine/with-account.ts';
import {
  aLink,
  aMerchant,
  anIncomingOrder,
  aSku,
  changeLink,
  storeOrderFor,
  type Link,
} from '../../support/trade/database-trade.ts';
import { onDatabase } from '../../support/engine/database.ts';
import { productIdOf } from '../../support/trade/database-catalogue.ts';
import { setUnits, stockSeen, supplied } from '../../support/trade/listed.ts';

let pool: Pool;
onDatabase(10, (opened) => {
  pool = opened;
});

const inside = <T>({ accountId }: { accountId: string }, work: (db: AccountDb) => Promise<T>) =>
  withAccount(pool, accountId, work);

/** A merchant with one supplied product. */
async function aTrade() {
  const merchant = await aMerchant(pool);
  const link = await aLink(pool, merchant.accountId);
  const [sku] = await supplied(pool, { merchant, link });
  return { merchant, link, sku: sku!, productId: await productIdOf(pool, merchant.accountId, sku!) };
}
type Trade = Awaited<ReturnType<typeof aTrade>>;

const report = ({ merchant, link, productId }: Trade, units: number, version: number) =>
  inside(merchant, async (db) => {
    const outcomes = await storeReported(db, link.connectionId, [{ productId, units, version }]);
    return outcomes?.get(productId) ?? null;
  });
const reportedBy = async (trade: Trade, link: Link = trade.link) =>
  (await stockSeen(pool, trade.merchant.accountId, trade.sku)).places[link.supplierId];

describe('a figure that a supplier reports', () => {
  it('counts where it is newer, and nowhere else', async () => {
    const trade = await aTrade();

    expect(await report(trade, 100, 3)).toBe('written');
    expect(await report(trade, 90, 2)).toBe('stale');
    expect(await report(trade, 80, 3)).toBe('stale');

    expect(await reportedBy(trade)).toEqual({ onHand: 100, applied: 3 });
    expect(await report(trade, 70, 4)).toBe('written');
    expect(await reportedBy(trade)).toEqual({ onHand: 70, applied: 4 });
  });

  it('leaves every other warehouse as it is', async () => {
    const trade = await aTrade();
    const other = await aLink(pool, trade.merchant.accountId);
    await inside(trade.merchant, (db) =>
      db('product_suppliers').insert({
        account_id: trade.merchant.accountId,
        product_id: trade.productId,
        supplier_id: other.supplierId,
      }),
    );
    await setUnits(pool, trade.merchant.accountId, { [trade.sku]: 7 });
    await report({ ...trade, link: other }, 40, 9);

    await report(trade, 100, 1);

    expect(await stockSeen(pool, trade.merchant.accountId, trade.sku)).toMatchObject({
      available: 147,
      places: {
        own: { onHand: 7, applied: null },
        [trade.link.supplierId]: { onHand: 100, applied: 1 },
        [other.supplierId]: { onHand: 40, applied: 9 },
      },
    });
  });

  it('is not taken for a product that is not that supplier’s', async () => {
    const trade = await aTrade();
    const own = await aSku(pool, trade.merchant.accountId);
    const stranger = { ...trade, sku: own, productId: await productIdOf(pool, trade.merchant.accountId, own) };

    expect(await report(stranger, 5, 1)).toBe('unassigned');
    expect(await report({ ...trade, productId: 'prod_of_nobody' }, 5, 1)).toBe('unassigned');
    expect((await stockSeen(pool, trade.merchant.accountId, own)).places).toEqual({
      own: { onHand: null, applied: null },
    });
  });

  it('waits while the connection is paused, and is refused once it has ended', async () => {
    const trade = await aTrade();
    await changeLink(pool, trade.link, 'paused');
    expect(await report(trade, 100, 1)).toBeNull();

    await changeLink(pool, trade.link, 'ended');
    expect(await report(trade, 100, 1)).toBeNull();
    expect(await reportedBy(trade)).toBeUndefined();
  });

  it('ends at the highest version, whatever comes at once', async () => {
    const merchant = await aMerchant(pool);
    const link = await aLink(pool, merchant.accountId);
    const skus = await supplied(pool, { merchant, link }, 12);
    const ids = await Promise.all(skus.map((sku) => productIdOf(pool, merchant.accountId, sku)));
    const batch = (version: number) => {
      const figures = ids.map((productId) => ({ productId, units: version * 10, version }));
      // Batches name the products in any order.
      return version % 2 === 0 ? figures : figures.reverse();
    };

    const versions = [3, 8, 1, 6, 2, 7, 5, 4];
    await Promise.all(
      versions.map((version) => inside(merchant, (db) => storeReported(db, link.connectionId, batch(version)))),
    );

    for (const sku of skus) {
      const { places } = await stockSeen(pool, merchant.accountId, sku);
      expect(places[link.supplierId]).toEqual({ onHand: 80, applied: 8 });
    }
  });

  it('that changes nothing to sell goes no further: two that supply each other come to rest', async () => {
    const trade = await aTrade();
    await report(trade, 100, 1);
    const { version } = await stockSeen(pool, trade.merchant.accountId, trade.sku);

    expect(await report(trade, 100, 2)).toBe('unchanged');

    expect(await stockSeen(pool, trade.merchant.accountId, trade.sku)).toMatchObject({ version, available: 100 });
    expect(await reportedBy(trade)).toEqual({ onHand: 100, applied: 2 });
  });

  it('goes further when the same figure covers an order that it did not cover before', async () => {
    const trade = await aTrade();
    const { merchant } = trade;
    await report(trade, 100, 1);
    const { orderId } = await storeOrderFor(pool, merchant, anIncomingOrder([{ sku: trade.sku, quantity: 5 }]));
    await inside(merchant, (db) =>
      db('order_lines').where({ order_id: orderId }).update({ supplier_reserved_version: 2 }),
    );
    const before = await stockSeen(pool, merchant.accountId, trade.sku);

    expect(await report(trade, 100, 3)).toBe('written');

    const after = await stockSeen(pool, merchant.accountId, trade.sku);
    expect([before.available, after.available]).toEqual([95, 100]);
    expect(after.version).toBe(before.version + 1);
  });

  it('comes back to a product that was withdrawn, also with the version that was here last', async () => {
    const trade = await aTrade();
    const { merchant, link } = trade;
    await report(trade, 100, 4);
    await inside(merchant, (db) => withdrawWarehouse(db, link.supplierId, 10));
    expect(await stockSeen(pool, merchant.accountId, trade.sku)).toMatchObject({ available: 0 });

    expect(await report(trade, 90, 3)).toBe('stale');
    expect(await report(trade, 100, 4)).toBe('written');
    expect(await stockSeen(pool, merchant.accountId, trade.sku)).toMatchObject({ available: 100 });
  });
});

describe('the stock of an ended connection', () => {
  it('is taken away once, in parts, and from that warehouse alone', async () => {
    const merchant = await aMerchant(pool);
    const link = await aLink(pool, merchant.accountId);
    const skus = await supplied(pool, { merchant, link }, 5);
    await setUnits(pool, merchant.accountId, { [skus[0]!]: 3 });
    for (const sku of skus.slice(0, 4)) {
      const productId = await productIdOf(pool, merchant.accountId, sku);
      await report({ merchant, link, sku, productId }, 50, 1);
    }

    const parts: number[] = [];
    for (let part = 1; part > 0; parts.push(part)) {
      part = await inside(merchant, (db) => withdrawWarehouse(db, link.supplierId, 2));
    }

    expect(parts).toEqual([2, 2, 1, 0]);
    const seen = await Promise.all(skus.map((sku) => stockSeen(pool, merchant.accountId, sku)));
    expect(seen.map(({ available }) => available)).toEqual([3, 0, 0, 0, 0]);
    expect(seen[1]!.places[link.supplierId]).toEqual({ onHand: 0, applied: 1 });
    // The fifth never had any; the first was counted by the merchant as well.
    expect(seen.map(({ version }) => version)).toEqual([3, 2, 2, 2, 1]);
  });

  it('takes nothing away from what lies in own warehouses, however much was still on its way', async () => {
    const trade = await aTrade();
    const { merchant, link, sku } = trade;
    await setUnits(pool, merchant.accountId, { [sku]: 10 });
    await report(trade, 50, 1);
    await storeOrderFor(pool, merchant, anIncomingOrder([{ sku, quantity: 4 }]));
    expect((await stockSeen(pool, merchant.accountId, sku)).available).toBe(56);

    await inside(merchant, (db) => withdrawWarehouse(db, link.supplierId, 10));

    expect((await stockSeen(pool, merchant.accountId, sku)).available).toBe(10);
  });
});
