import { describe, expect, it } from '@jest/globals';
import { dataOf } from '../../../clients/typescript/src/index.ts';
import { startCallbackShop } from '../../support/fakes/callback-shop.ts';
import {
  aCompany,
  aConnection,
  anApiChannel,
  anOrderBody,
  aProduct,
  orderOf,
  placeOrder,
  received,
  shipmentOf,
  type Company,
  type ShipmentAnswer,
} from '../../support/trade/trade.ts';
import { waitUntil } from '../../support/engine/wait-until.ts';
import { startWorld } from '../../support/trade/world.ts';
import { callingBack } from '../../support/trade/trading-world.ts';
import { forTheFile } from '../../support/engine/for-the-file.ts';

const endpoint = forTheFile(startCallbackShop);
const world = forTheFile(() => startWorld({ allowedHosts: [endpoint.host] }));

const record = (company: Company, orderId: string, { key, ...body }: { key?: string; [field: string]: unknown }) =>
  company.rest.post<ShipmentAnswer>(`/orders/${orderId}/shipments`, body, key);

/** What the shop was sent about a shipment, in order. */
async function shopOf(shipmentId: string): Promise<object[]> {
  const done = (await endpoint.done()).filter(({ message }) => message?.['shipmentId'] === shipmentId);
  return done.map(({ message }) => {
    const { type, method, carrierName, trackingNumber } = message!;
    return { type, method, carrierName, trackingNumber };
  });
}
const sentAbout = (id: string, count: number) =>
  waitUntil(async () => (await shopOf(id)).length === count, { timeoutMs: 20_000, what: `${count} messages` });
const untilShown = (company: Company, id: string) =>
  waitUntil(async () => (await shipmentOf(company, id)).confirmedAt, { timeoutMs: 20_000, what: `shows ${id}` });

describe('a shipment without a number', () => {
  it('climbs a chain, gets its number later, and is voided', async () => {
    const [shop, trader, factory] = [await aCompany(world), await aCompany(world), await aCompany(world)];
    const upper = await aConnection(world, shop, trader);
    const lower = await aConnection(world, trader, factory);
    const sku = await aProduct(shop, { supplierId: upper.supplierId, supplierSku: 'TRADED' });
    await aProduct(trader, { sku: 'TRADED', supplierId: lower.supplierId });
    const channelId = await anApiChannel(shop, callingBack(endpoint));
    const sold = await placeOrder(shop, { channelId, lines: [{ sku, quantity: 3 }] });
    const traded = await received(trader, { portalId: upper.portalId, dropshipId: sold.dropship!.id });
    const between = await orderOf(trader, traded.id);
    const made = await received(factory, { portalId: lower.portalId, dropshipId: between.dropship!.id });
    const van = { method: 'untracked', carrier: 'other', carrierName: 'Own van' };
    const orders = [[shop, sold.id], [trader, traded.id], [factory, made.id]] as const; // prettier-ignore

    const { id } = await record(factory, made.id, { ...van, key: 'van-1' });
    const again = await record(factory, made.id, { ...van, key: 'van-1' });
    await sentAbout(id, 1);
    const shipped = await Promise.all(orders.map(([company, orderId]) => orderOf(company, orderId)));
    await factory.rest.patch(`/shipments/${id}`, { carrier: 'ups', trackingNumber: '1Z-LATE' });
    await sentAbout(id, 2);
    await factory.rest.post(`/shipments/${id}/void`, { reason: 'not_sent' });
    await sentAbout(id, 3);

    expect(again.id).toBe(id);
    const without = { ...van, trackingNumber: null, trackingUrl: null };
    for (const order of shipped) expect(order).toMatchObject({ status: 'shipped', shipments: [{ id, ...without }] });
    expect(await shopOf(id)).toEqual([
      { type: 'shipment.pushed', method: 'untracked', carrierName: 'Own van', trackingNumber: null },
      { type: 'shipment.corrected', method: 'tracked', carrierName: 'UPS', trackingNumber: '1Z-LATE' },
      { type: 'shipment.voided', method: 'tracked', carrierName: 'UPS', trackingNumber: '1Z-LATE' },
    ]);
    for (const [company, orderId] of orders) {
      const [shipment] = (await orderOf(company, orderId)).shipments;
      expect(shipment).toMatchObject({ id, status: 'voided', revision: 3, trackingNumber: '1Z-LATE' });
    }
  });
});

describe('a gift card beside goods of a supplier', () => {
  it('is delivered by itself; the supplier gets the goods, and the order completes with them', async () => {
    const [merchant, supplier] = [await aCompany(world), await aCompany(world)];
    const { supplierId, portalId } = await aConnection(world, merchant, supplier);
    const channelId = await anApiChannel(merchant, callingBack(endpoint));
    const sku = await aProduct(merchant, { supplierId });
    const lines = [sku, 'GIFT-CARD'].map((one) => ({ sku: one, quantity: 1 }));
    const body = anOrderBody({ channelId, lines });
    const marked = body.lines.map((line) => ({ ...line, requiresShipping: line.sku === sku }));
    const sold = await dataOf(merchant.rest.api.POST('/v1/orders', { body: { ...body, lines: marked } }));
    const [gift] = sold.shipments;
    await untilShown(merchant, gift!.id);

    const taken = await received(supplier, { portalId, dropshipId: sold.dropship!.id });
    // The merchant's row follows the supplier's order.
    const before = await waitUntil(async () => {
      const seen = await orderOf(merchant, sold.id);
      return seen.dropship?.status !== 'requested' && seen;
    });
    const { id } = await record(supplier, taken.id, { method: 'pickup' });
    await untilShown(supplier, id);

    expect(taken.lines.map((line) => line.sku)).toEqual([sku]);
    expect(before).toMatchObject({ status: 'dropship_requested', dropship: { status: 'imported' } });
    expect(await orderOf(merchant, sold.id)).toMatchObject({ status: 'shipped', dropship: { status: 'shipped' } });
    expect([await shopOf(gift!.id), await shopOf(id)]).toEqual([
      [{ type: 'shipment.pushed', method: 'digital', carrierName: null, trackingNumber: null }],
      [{ type: 'shipment.pushed', method: 'pickup', carrierName: null, trackingNumber: null }],
    ]);
    const handle = world.client.workflow.getHandle(`dropship/${sold.dropship!.id}`);
    expect(await handle.result()).toEqual({ status: 'complete' });
  });
});
