import { expect, it } from '@jest/globals';
import { requireOrder } from '../../db/orders/view.ts';
import type { Pool } from '../../db/engine/pool.ts';
import { routeManually } from '../../db/orders/routing.ts';
import { insertShipment } from '../../db/shipments/shipments.ts';
import { withAccount } from '../../db/engine/with-account.ts';
import { aLink, aMerchant, anIncomingOrder, aSku, storeOrderFor } from '../support/trade/database-trade.ts';
import { onDatabase } from '../support/engine/database.ts';

let pool: Pool;
onDatabase(5, (opened) => {
  pool = opened;
});

it('an order that was split, and whose leaf was split again, is shipped when all of its leaves are', async () => {
  const merchant = await aMerchant(pool);
  const { accountId } = merchant;
  const [one, other] = [await aLink(pool, accountId), await aLink(pool, accountId)];
  const byHand = 'dropshippable';
  const first = await aSku(pool, accountId, { supplierId: one.supplierId, fulfillmentType: byHand });
  const second = await aSku(pool, accountId, { supplierId: other.supplierId, fulfillmentType: byHand });
  const own = await aSku(pool, accountId);
  const order = anIncomingOrder([{ sku: first }, { sku: second }, { sku: own }]);
  const { orderId: root } = await storeOrderFor(pool, merchant, order);
  const actor = { kind: 'account', id: 'key_1' } as const;
  const dropshipTo = (orderId: string, supplierId: string) =>
    withAccount(pool, accountId, (db) => routeManually(db, { orderId, supplierId, actor }));
  const { leafIds } = await dropshipTo(root, one.supplierId);
  const { leafIds: further } = await dropshipTo(leafIds[1]!, other.supplierId);

  const overall: string[] = [];
  for (const orderId of [leafIds[0]!, ...further]) {
    await withAccount(pool, accountId, async (db) => {
      const { lines } = await requireOrder(db, orderId);
      const units = lines.map(({ lineId, quantity }) => ({ lineId, quantity }));
      const tracking = { carrier: 'ups', carrierName: 'UPS', trackingNumber: orderId };
      const times = { shippedAt: '2026-11-22T10:00:00.000Z' };
      await insertShipment(db, { ...tracking, ...times, id: `shp_${orderId}`, orderId, dropshipId: null, lines: units }, actor); // prettier-ignore
      overall.push((await requireOrder(db, root)).overallStatus);
    });
  }

  expect(overall).toEqual(['partially_shipped', 'partially_shipped', 'shipped']);
});
