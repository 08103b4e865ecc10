import { describe, expect, it } from '@jest/globals';
import { ScheduleNotFoundError } from '@temporalio/client';
import { createCancelActivities } from '../../../activities/dropships/cancels.ts';
import type { Deps } from '../../../activities/deps.ts';
import { createShipmentActivities } from '../../../activities/dropships/shipments.ts';
import { requireDropship } from '../../../db/dropships/dropships.ts';
import { newId } from '../../../db/engine/ids.ts';
import { listOrderEvents } from '../../../db/orders/events.ts';
import { requireOrder } from '../../../db/orders/view.ts';
import type { Pool } from '../../../db/engine/pool.ts';
import { withAccount } from '../../../db/engine/with-account.ts';
import type { OrderEventType } from '../../../domain/orders/event.ts';
import { anImportedDropship } from '../../support/trade/database-trade.ts';
import { onDatabase } from '../../support/engine/database.ts';

let pool: Pool;
onDatabase(5, (opened) => {
  pool = opened;
});

type Units = { quantity: number; shipped?: number; cancelled?: number };

/** A dropship of one line with the supplier; `units`: as the shop has it, some shipped or cancelled before. */
async function aDropship(units: Units) {
  const { merchant, supplier, orderId, dropshipId, lineId, supplierOrderId } = await anImportedDropship(pool, units);
  const merchantOrder = () => withAccount(pool, merchant.accountId, (db) => requireOrder(db, orderId));
  const describeNone = () => Promise.reject(new ScheduleNotFoundError('none', 'none'));
  const client = { schedule: { getHandle: () => ({ describe: describeNone }) } };
  const deps = { pool, client, crashPoint: () => undefined } as unknown as Deps;
  const cancels = createCancelActivities(deps);
  const shipments = createShipmentActivities(deps);
  const reason = 'fraud' as const;
  const wish = (remaining: number) => ({ dropshipId, reason, lines: [{ lineId, remaining }] });
  const supplierOrder = () => withAccount(pool, supplier.accountId, (db) => requireOrder(db, supplierOrderId));
  const count = async (accountId: string, id: string, type: OrderEventType) =>
    (await withAccount(pool, accountId, (db) => listOrderEvents(db, id, { limit: 50 }))).data.filter(
      (event) => event.type === type,
    ).length;
  return {
    ask: (remaining: number) =>
      cancels.noteCancelRequest({ ...wish(remaining), actor: { kind: 'account', id: 'key_1' } }),
    atSupplier: (remaining: number) => cancels.cancelAtSupplier(wish(remaining)),
    relay: (remaining: number) => cancels.relayCancel(wish(remaining)),
    async ship(quantity: number) {
      const shipmentId = newId('shipment');
      const tracking = { carrier: 'ups', carrierName: 'UPS', trackingNumber: shipmentId, shippedAt: '2026-11-22T10:00:00.000Z' }; // prettier-ignore
      const lines = [{ lineId, quantity }];
      await shipments.recordShipment({
        ...tracking,
        dropshipId,
        shipmentId,
        orderId: supplierOrderId,
        lines,
        by: 'key_1',
      });
      return () => shipments.relayShipment({ dropshipId, shipmentId });
    },
    /** Units of the one line, at the merchant and at the supplier: ordered, shipped, cancelled, asked to be cancelled. */
    units: async () =>
      [await merchantOrder(), await supplierOrder()].map(({ lines: [line] }) => [
        line!.quantity,
        line!.shipped,
        line!.cancelled,
        line!.cancelRequested,
      ]),
    statuses: async () => [
      (await merchantOrder()).status,
      (await supplierOrder()).status,
      (await withAccount(pool, merchant.accountId, (db) => requireDropship(db, dropshipId))).status,
    ],
    isAsked: async () =>
      [await merchantOrder(), await supplierOrder()].map((order) => order.cancelRequestedAt !== null),
    events: async (type: OrderEventType) => [
      await count(merchant.accountId, orderId, type),
      await count(supplier.accountId, supplierOrderId, type),
    ],
  };
}

describe('a cancel of a line of which the shop had shipped one unit and cancelled two', () => {
  const before = { quantity: 7, shipped: 1, cancelled: 2 };

  it('is noted, done and relayed with the same units on both sides, each part as often as it likes', async () => {
    const one = await aDropship(before);
    expect(await one.units()).toEqual([[7, 1, 2, 0], [4, 0, 0, 0]]); // prettier-ignore

    for (let times = 0; times < 2; times += 1) await one.ask(1);
    expect(await one.units()).toEqual([[7, 1, 2, 5], [4, 0, 0, 3]]); // prettier-ignore
    expect(await one.isAsked()).toEqual([true, true]);
    for (let times = 0; times < 2; times += 1)
      expect((await one.atSupplier(1)).lines).toMatchObject([{ remaining: 1 }]);
    expect(await one.units()).toEqual([[7, 1, 2, 5], [4, 0, 3, 3]]); // prettier-ignore
    for (let times = 0; times < 2; times += 1) await one.relay(1);

    expect(await one.units()).toEqual([[7, 1, 5, 5], [4, 0, 3, 3]]); // prettier-ignore
    expect(await one.isAsked()).toEqual([false, false]);
    expect(await one.events('cancel_requested')).toEqual([1, 1]);
    expect(await one.events('order_cancelled')).toEqual([1, 1]);
  });

  it('ends a dropship of which nothing shipped as cancelled, although the shop shipped', async () => {
    const one = await aDropship(before);
    await one.ask(0);
    await one.atSupplier(0);
    await one.relay(0);

    expect(await one.statuses()).toEqual(['shipped', 'cancelled', 'cancelled']);
  });

  it('meets a tracking that is still on its way to the merchant', async () => {
    const one = await aDropship(before);
    const relayShipment = await one.ship(1);
    await one.ask(0);
    await one.atSupplier(1);

    await one.relay(1);
    await relayShipment();

    expect(await one.units()).toEqual([[7, 2, 5, 6], [4, 1, 3, 4]]); // prettier-ignore
    expect(await one.statuses()).toEqual(['shipped', 'shipped', 'shipped']);
  });
});
