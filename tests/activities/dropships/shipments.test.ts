import { expect, it } from '@jest/globals';
import type { Deps } from '../../../activities/deps.ts';
import { createShipmentActivities } from '../../../activities/dropships/shipments.ts';
import { newId } from '../../../db/engine/ids.ts';
import { requireOrder } from '../../../db/orders/view.ts';
import type { Pool } from '../../../db/engine/pool.ts';
import { routeManually } from '../../../db/orders/routing.ts';
import { withAccount } from '../../../db/engine/with-account.ts';
import { aLink, aMerchant, anIncomingOrder, aSku, storeOrderFor } from '../../support/trade/database-trade.ts';
import { onDatabase } from '../../support/engine/database.ts';

let pool: Pool;
onDatabase(5, (opened) => {
  pool = opened;
});

it('a shipment that comes after its supplier has dropshipped the order is refused, and nothing of it stays', async () => {
  const merchant = await aMerchant(pool);
  const link = await aLink(pool, merchant.accountId);
  const stored = await storeOrderFor(
    pool,
    merchant,
    anIncomingOrder([{ sku: await aSku(pool, merchant.accountId, link) }]),
  );
  const dropshipId = stored.dropshipIds[0]!;
  const supplier = { accountId: link.supplierAccountId, channelId: link.portalId };
  const next = await aLink(pool, supplier.accountId);
  const sku = await aSku(pool, supplier.accountId, { ...next, fulfillmentType: 'dropshippable' });
  const origin = { dropshipId, merchantName: 'Merchant', via: [merchant.accountId] };
  const received = await storeOrderFor(pool, { ...supplier, origin }, anIncomingOrder([{ sku }]));
  const inside = <T>(work: Parameters<typeof withAccount<T>>[2]) => withAccount(pool, supplier.accountId, work);
  await inside((db) =>
    routeManually(db, {
      orderId: received.orderId,
      supplierId: next.supplierId,
      actor: { kind: 'account', id: 'key_1' },
    }),
  );
  const { recordShipment } = createShipmentActivities({ pool, crashPoint: () => undefined } as unknown as Deps);

  const recording = recordShipment({
    dropshipId,
    shipmentId: newId('shipment'),
    orderId: received.orderId,
    lines: [{ lineId: 'r1', quantity: 1 }],
    carrier: 'ups',
    trackingNumber: '1Z',
    shippedAt: '2026-11-22T10:00:00.000Z',
    by: 'key_1',
  });

  await expect(recording).rejects.toMatchObject({ code: 'order_dropshipped' });
  const order = await inside((db) => requireOrder(db, received.orderId));
  expect(order).toMatchObject({ status: 'dropship_requested', shipments: [], lines: [{ shipped: 0 }] });
});
