import { describe, expect, it } from '@jest/globals';
import { waitUntil } from '../../support/engine/wait-until.ts';
import {
  aCompany,
  aConnection,
  anApiChannel,
  aProduct,
  leavesOf,
  orderOf,
  placeOrder,
  received,
  ship,
  shipmentOf,
} from '../../support/trade/trade.ts';
import { startWorld } from '../../support/trade/world.ts';
import { forTheFile } from '../../support/engine/for-the-file.ts';

const world = forTheFile(() => startWorld());

describe('an order that a supplier and the house ship', () => {
  it('is split, dropshipped, shipped by each, and every tracking is with the merchant', async () => {
    const merchant = await aCompany(world);
    const supplier = await aCompany(world);
    const trade = await aConnection(world, merchant, supplier);
    const channelId = await anApiChannel(merchant);
    const supplied = await aProduct(merchant, { supplierId: trade.supplierId });
    const own = await aProduct(merchant);
    const order = await placeOrder(merchant, {
      channelId,
      lines: [
        { sku: supplied, quantity: 2 },
        { sku: own, quantity: 1 },
      ],
    });
    const [dropshipped, inHouse] = await leavesOf(merchant, order.id);

    const supplierOrder = await received(supplier, { portalId: trade.portalId, dropshipId: dropshipped!.dropship!.id });
    const shipment = await ship(supplier, supplierOrder.id, { trackingNumber: '1Z-TEST-1' });
    await ship(merchant, inHouse!.id, { trackingNumber: '1Z-TEST-2' });

    await waitUntil(async () => (await orderOf(merchant, order.id)).overallStatus === 'shipped');
    expect(await shipmentOf(merchant, shipment.id)).toMatchObject({
      trackingNumber: '1Z-TEST-1',
      orderId: dropshipped!.id,
    });
    await waitUntil(async () => (await shipmentOf(supplier, shipment.id)).confirmedAt);
  });
});
