import { describe, expect, it } from '@jest/globals';
import {
  aCompany,
  aConnection,
  anApiChannel,
  aProduct,
  orderOf,
  placeOrder,
  received,
  ship,
  shipmentOf,
} from '../../support/trade/trade.ts';
import { waitUntil } from '../../support/engine/wait-until.ts';
import { startWorld } from '../../support/trade/world.ts';
import { forTheFile } from '../../support/engine/for-the-file.ts';

const world = forTheFile(() => startWorld());

describe('a supplier that hands an order on to its own supplier', () => {
  it('passes the tracking up to the first merchant, the same shipment in all three accounts', async () => {
    const [shop, trader, factory] = [await aCompany(world), await aCompany(world), await aCompany(world)];
    const upper = await aConnection(world, shop, trader);
    const lower = await aConnection(world, trader, factory);
    const sku = await aProduct(shop, { supplierId: upper.supplierId, supplierSku: 'TRADED' });
    await aProduct(trader, { sku: 'TRADED', supplierId: lower.supplierId });
    const channelId = await anApiChannel(shop);
    const sold = await placeOrder(shop, { channelId, lines: [{ sku, quantity: 3 }] });
    const traded = await received(trader, { portalId: upper.portalId, dropshipId: sold.dropship!.id });
    const dropshipped = await orderOf(trader, traded.id);
    const made = await received(factory, { portalId: lower.portalId, dropshipId: dropshipped.dropship!.id });

    const shipment = await ship(factory, made.id, { trackingNumber: '1Z-CHAIN' });

    const seen = await waitUntil(async () => (await orderOf(shop, sold.id)).shipments[0]);
    expect(seen).toMatchObject({ id: shipment.id, trackingNumber: '1Z-CHAIN', lines: [{ quantity: 3 }] });
    for (const [company, id] of [[shop, sold.id], [trader, traded.id], [factory, made.id]] as const) {
      expect(await orderOf(company, id)).toMatchObject({ status: 'shipped', shipments: [{ id: shipment.id }] });
    } // prettier-ignore
    await waitUntil(async () => (await shipmentOf(factory, shipment.id)).confirmedAt);
    for (const dropship of [sold.dropship!, dropshipped.dropship!]) {
      const handle = world.client.workflow.getHandle(`dropship/${dropship.id}`);
      expect(await handle.result()).toEqual({ status: 'complete' });
    }
  });

  it('may not hand it back to a company it came from', async () => {
    const [shop, trader] = [await aCompany(world), await aCompany(world)];
    const there = await aConnection(world, shop, trader);
    const back = await aConnection(world, trader, shop);
    const sku = await aProduct(shop, { supplierId: there.supplierId });
    await aProduct(trader, { sku, supplierId: back.supplierId });
    const sold = await placeOrder(shop, { channelId: await anApiChannel(shop), lines: [{ sku, quantity: 1 }] });

    const traded = await received(trader, { portalId: there.portalId, dropshipId: sold.dropship!.id });

    expect(await orderOf(trader, traded.id)).toMatchObject({ dropship: null, attention: { code: 'dropship_loop' } });
  });
});
