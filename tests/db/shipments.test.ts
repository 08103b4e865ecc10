import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { refreshDropshipStatus } from '../../db/dropships/dropships.ts';
import { markImported } from '../../db/dropships/imports.ts';
import { newId } from '../../db/engine/ids.ts';
import { requireOrder } from '../../db/orders/view.ts';
import { lockOrder } from '../../db/orders/orders.ts';
import type { Pool } from '../../db/engine/pool.ts';
import { claimPush, confirmPush, freePush } from '../../db/shipments/pushes.ts';
import { insertShipment, requireShipment, resolveRemoteLines } from '../../db/shipments/shipments.ts';
import { withAccount, type AccountDb } from '../../db/engine/with-account.ts';
import {
  aLink,
  aMerchant,
  anIncomingOrder,
  aSku,
  storeOrderFor,
  type Merchant,
} from '../support/trade/database-trade.ts';
import { onDatabase } from '../support/engine/database.ts';

let pool: Pool;
onDatabase(10, (opened) => {
  pool = opened;
});

const inside = <T>({ accountId }: Merchant, work: (db: AccountDb) => Promise<T>) => withAccount(pool, accountId, work);
const orderOf = (merchant: Merchant, id: string) => inside(merchant, (db) => requireOrder(db, id));

/** Records units by remote line ids, as the order's row lock lets them through. */
function record(merchant: Merchant, orderId: string, wish: { id?: string; units: Record<string, number> }) {
  const id = wish.id ?? newId('shipment');
  const units = Object.entries(wish.units).map(([lineId, quantity]) => ({ lineId, quantity }));
  return inside(merchant, async (db) => {
    await lockOrder(db, orderId);
    const lines = await resolveRemoteLines(db, orderId, units);
    const tracking = { carrier: 'ups', carrierName: 'UPS', trackingNumber: `T-${id}` };
    const shipment = { ...tracking, id, orderId, dropshipId: null, shippedAt: '2026-11-22T10:00:00.000Z', lines };
    return { id, isNew: (await insertShipment(db, shipment, { kind: 'account', id: 'key_1' })) !== null };
  });
}

/** An order of two lines, `r1` of three units and `r2` of two. */
async function anOrder(): Promise<{ merchant: Merchant; orderId: string }> {
  const merchant = await aMerchant(pool);
  const sku = await aSku(pool, merchant.accountId);
  const order = anIncomingOrder([
    { sku, quantity: 3 },
    { sku, quantity: 2 },
  ]);
  return { merchant, orderId: (await storeOrderFor(pool, merchant, order)).orderId };
}

describe('a shipment', () => {
  it('moves its units once, though it is recorded 20 times at once', async () => {
    const { merchant, orderId } = await anOrder();
    const id = newId('shipment');

    const answers = await Promise.all(
      Array.from({ length: 20 }, () => record(merchant, orderId, { id, units: { r1: 2 } })),
    );

    const order = await orderOf(merchant, orderId);
    expect(answers.filter((answer) => answer.isNew)).toHaveLength(1);
    expect(order.lines.map(({ shipped }) => shipped)).toEqual([2, 0]);
    expect(order.shipments.map((shipment) => shipment.id)).toEqual([id]);
  });

  it('makes the order partially shipped, then shipped', async () => {
    const { merchant, orderId } = await anOrder();

    await record(merchant, orderId, { units: { r1: 3 } });
    expect((await orderOf(merchant, orderId)).status).toBe('partially_shipped');

    await record(merchant, orderId, { units: { r2: 2 } });
    expect((await orderOf(merchant, orderId)).status).toBe('shipped');
  });

  it('of more units than are left is refused by the database itself, and nothing of it stays', async () => {
    const { merchant, orderId } = await anOrder();
    await record(merchant, orderId, { units: { r1: 2 } });

    const tooMany = record(merchant, orderId, { units: { r2: 1, r1: 2 } });

    await expect(tooMany).rejects.toMatchObject({ code: '23514', table: 'order_lines' });
    const order = await orderOf(merchant, orderId);
    expect(order.lines.map(({ shipped }) => shipped)).toEqual([2, 0]);
    expect(order.shipments).toHaveLength(1);
  });

  it('that names a line twice counts both, as one', async () => {
    const { merchant, orderId } = await anOrder();
    const twice = [
      { lineId: 'r1', quantity: 1 },
      { lineId: 'r1', quantity: 2 },
    ];

    const lines = await inside(merchant, (db) => resolveRemoteLines(db, orderId, twice));

    expect(lines).toEqual([{ lineId: (await orderOf(merchant, orderId)).lines[0]!.lineId, quantity: 3 }]);
  });

  it('of a line the order does not have is refused', async () => {
    const { merchant, orderId } = await anOrder();

    await expect(record(merchant, orderId, { units: { r9: 1 } })).rejects.toMatchObject({ code: 'line_not_found' });
  });

  it('never ships more than was ordered, whoever ships what at the same time', async () => {
    const shipped = fc.record({ r1: fc.integer({ min: 1, max: 3 }), r2: fc.integer({ min: 1, max: 2 }) });
    await fc.assert(
      fc.asyncProperty(fc.array(shipped, { minLength: 2, maxLength: 6 }), async (allShipments) => {
        const { merchant, orderId } = await anOrder();

        const answers = await Promise.allSettled(allShipments.map((units) => record(merchant, orderId, { units })));

        const { lines, shipments } = await orderOf(merchant, orderId);
        const sent = shipments.flatMap((shipment) => shipment.lines);
        expect(shipments).toHaveLength(answers.filter(({ status }) => status === 'fulfilled').length);
        for (const line of lines) {
          const units = sent.filter(({ lineId }) => lineId === line.lineId).reduce((sum, one) => sum + one.quantity, 0);
          expect(line.shipped).toBe(units);
          expect(line.shipped).toBeLessThanOrEqual(line.quantity);
        }
      }),
      { numRuns: 15 },
    );
  });
});

describe('a dropship', () => {
  it('is as far as its lines: imported, partially shipped, shipped', async () => {
    const merchant = await aMerchant(pool);
    const { supplierId } = await aLink(pool, merchant.accountId);
    const sku = await aSku(pool, merchant.accountId, { supplierId });
    const { orderId, dropshipIds } = await storeOrderFor(pool, merchant, anIncomingOrder([{ sku, quantity: 2 }]));
    const dropshipId = dropshipIds[0]!;
    const refresh = () => inside(merchant, (db) => refreshDropshipStatus(db, dropshipId));
    await inside(merchant, (db) => markImported(db, [{ dropshipId, orderId: 'ord_supplier' }]));

    expect(await refresh()).toBe('imported');
    await record(merchant, orderId, { units: { r1: 1 } });
    expect(await refresh()).toBe('partially_shipped');
    await record(merchant, orderId, { units: { r1: 1 } });
    expect(await refresh()).toBe('shipped');
    expect((await orderOf(merchant, orderId)).dropship).toMatchObject({
      status: 'shipped',
      supplierOrderId: 'ord_supplier',
    });
  });
});

describe('the claim of a push', () => {
  it('is of one shipment of an order at a time, and its holder may ask again', async () => {
    const { merchant, orderId } = await anOrder();
    const one = await record(merchant, orderId, { units: { r1: 1 } });
    const other = await record(merchant, orderId, { units: { r2: 1 } });
    const claim = (id: string) => inside(merchant, (db) => claimPush(db, orderId, id));

    const jobs = await Promise.all([one, other, one, other].map(({ id }) => claim(id)));

    const holders = new Set(jobs.flatMap((job) => job?.shipmentId ?? []));
    expect(holders.size).toBe(1);
    const [holder] = holders;
    expect((await claim(holder!))?.shipmentId).toBe(holder);
    expect(await claim(holder === one.id ? other.id : one.id)).toBeUndefined();
  });

  it('excludes sister leaves too: they are one order at the shop', async () => {
    const { merchant, leafIds } = await aSplitOrder();
    const [one, other] = await Promise.all(
      leafIds.map((leafId, index) => record(merchant, leafId, { units: { [`r${index + 1}`]: 1 } })),
    );
    const claim = (index: number, id: string) => inside(merchant, (db) => claimPush(db, leafIds[index]!, id));

    const job = await claim(0, one!.id);
    expect(job).toMatchObject({
      units: [{ remoteLineId: 'r1', quantity: 1 }],
      pushAction: { kind: 'create' },
      taken: [],
    });
    expect(await claim(1, other!.id)).toBeUndefined();

    await inside(merchant, (db) => confirmPush(db, job!, { orderId: leafIds[0]!, remoteIds: ['f1'], found: false }));
    expect(await claim(1, other!.id)).toMatchObject({ shipmentId: other!.id, taken: ['f1'] });
  });

  it('is given up when the push fails, and only by its holder', async () => {
    const { merchant, orderId } = await anOrder();
    const one = await record(merchant, orderId, { units: { r1: 1 } });
    const other = await record(merchant, orderId, { units: { r2: 1 } });
    const claim = (id: string) => inside(merchant, (db) => claimPush(db, orderId, id));
    const free = (id: string) => inside(merchant, (db) => freePush(db, orderId, id));
    await claim(one.id);

    await free(other.id);
    expect(await claim(other.id)).toBeUndefined();

    await free(one.id);
    expect((await claim(other.id))?.shipmentId).toBe(other.id);
  });

  it('is confirmed once: a repeat changes neither the times nor the remote ids', async () => {
    const { merchant, orderId } = await anOrder();
    const { id: shipmentId } = await record(merchant, orderId, { units: { r1: 1 } });
    const claim = () => inside(merchant, (db) => claimPush(db, orderId, shipmentId));
    const job = (await claim())!;
    const confirm = (remoteId: string) =>
      inside(merchant, (db) => confirmPush(db, job, { orderId, remoteIds: [remoteId], found: false }));
    await confirm('f1');
    const first = await inside(merchant, (db) => requireShipment(db, shipmentId));

    await confirm('f2');

    expect([first.remoteIds, first.confirmedAt === null]).toEqual([['f1'], false]);
    expect(await inside(merchant, (db) => requireShipment(db, shipmentId))).toEqual(first);
    expect(await claim()).toMatchObject({ pushAction: null });
  });
});

async function aSplitOrder(): Promise<{ merchant: Merchant; leafIds: string[] }> {
  const merchant = await aMerchant(pool);
  const { supplierId } = await aLink(pool, merchant.accountId);
  const supplied = await aSku(pool, merchant.accountId, { supplierId });
  const own = await aSku(pool, merchant.accountId);
  const { orderId } = await storeOrderFor(pool, merchant, anIncomingOrder([{ sku: supplied }, { sku: own }]));
  return { merchant, leafIds: (await orderOf(merchant, orderId)).childIds };
}
