import { describe, expect, it } from '@jest/globals';
import { acceptCancel, cancel, orCode } from '../../support/trade/cancel-trade.ts';
import { dropshipTo } from '../../support/trade/supplier-response-trade.ts';
import { inParts, split } from '../../support/trade/split-trade.ts';
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
  type Company,
} from '../../support/trade/trade.ts';
import { waitUntil } from '../../support/engine/wait-until.ts';
import { startWorld } from '../../support/trade/world.ts';
import { forTheFile } from '../../support/engine/for-the-file.ts';

const world = forTheFile(() => startWorld());

const ended = (dropshipId: string) => world.client.workflow.getHandle(`dropship/${dropshipId}`).result();
const untilShipped = (company: Company, orderId: string) =>
  waitUntil(
    async () => {
      const order = await orderOf(company, orderId);
      return order.status === 'shipped' && order.shipments.every(({ confirmedAt }) => confirmedAt !== null) && order;
    },
    { timeoutMs: 20_000 },
  );

/** A shop's supplier, which has a supplier of its own. */
async function aChain() {
  const [shop, trader, factory] = [await aCompany(world), await aCompany(world), await aCompany(world)];
  return { shop, trader, factory, upper: await aConnection(world, shop, trader), lower: await aConnection(world, trader, factory) }; // prettier-ignore
}

describe('an order that its supplier splits, to hand a part on', () => {
  it('carries each tracking, and a cancel, up to its own leaf of the shop', async () => {
    const { shop, trader, factory, upper, lower } = await aChain();
    const sku = await aProduct(shop, { supplierId: upper.supplierId });
    await aProduct(trader, { sku, supplierId: lower.supplierId, fulfillmentType: 'dropshippable' });
    const order = await placeOrder(shop, { channelId: await anApiChannel(shop), lines: [{ sku, quantity: 6 }] });
    const came = await received(trader, { portalId: upper.portalId, dropshipId: order.dropship!.id });

    const [shelf, given, dropped] = await split(trader, came.id, { groups: inParts(came, 1, 2, 3) });
    const made = [];
    for (const leaf of [given!, dropped!])
      made.push(await received(factory, { portalId: lower.portalId, dropshipId: await dropshipTo(trader, leaf.id, lower.supplierId) })); // prettier-ignore
    const [ofShelf, ofGiven, ofDropped] = await leavesOf(shop, order.id);
    await ship(trader, shelf!.id, { trackingNumber: '1Z-SHELF' });
    await ship(factory, made[0]!.id, { trackingNumber: '1Z-FACTORY' });
    await cancel(shop, ofDropped!.id);
    await acceptCancel(trader, dropped!.id);
    await acceptCancel(factory, made[1]!.id);

    expect((await untilShipped(shop, ofShelf!.id)).shipments).toMatchObject([{ trackingNumber: '1Z-SHELF' }]);
    expect((await untilShipped(shop, ofGiven!.id)).shipments).toMatchObject([{ trackingNumber: '1Z-FACTORY' }]);
    await waitUntil(async () => (await orderOf(shop, ofDropped!.id)).status === 'cancelled');
    expect(await orderOf(shop, order.id)).toMatchObject({ status: 'split', overallStatus: 'shipped' });
    for (const leaf of [ofShelf, ofGiven, ofDropped])
      expect(await ended(leaf!.dropship!.id)).toEqual({ status: 'complete' });
  });
});

describe('an order that its supplier had divided between its shelves and a supplier of its own', () => {
  it('is split no further upstream: its leaves are the supplier’s own affair, or its supplier’s', async () => {
    const { shop, trader, factory, upper, lower } = await aChain();
    const skus = [await aProduct(shop, { supplierId: upper.supplierId }), await aProduct(shop, { supplierId: upper.supplierId })]; // prettier-ignore
    await aProduct(trader, { sku: skus[0]!, supplierId: lower.supplierId });
    await aProduct(trader, { sku: skus[1]! });
    const order = await placeOrder(shop, {
      channelId: await anApiChannel(shop),
      lines: skus.map((sku) => ({ sku, quantity: 3 })),
    });
    const came = await received(trader, { portalId: upper.portalId, dropshipId: order.dropship!.id });
    const leaves = await leavesOf(trader, (await orderOf(trader, came.id)).parentId ?? came.id);
    const below = leaves.find((leaf) => leaf.dropship)!;
    const shelf = leaves.find((leaf) => !leaf.dropship)!;
    const made = await received(factory, { portalId: lower.portalId, dropshipId: below.dropship!.id });

    expect(await orCode(split(trader, below.id, { groups: inParts(below, 1, 2) }))).toBe('order_dropshipped');
    const ofShelf = await split(trader, shelf.id, { groups: inParts(shelf, 1, 2) });
    const ofFactory = await split(factory, made.id, { groups: inParts(made, 2, 1) });

    const ofBelow = await leavesOf(trader, below.id);
    expect(ofBelow).toMatchObject([2, 1].map((quantity) => ({ remoteId: order.dropship!.id, lines: [{ quantity }] })));
    expect(await orderOf(shop, order.id)).toMatchObject({ status: 'dropship_requested', childIds: [] });
    for (const leaf of ofShelf) await ship(trader, leaf.id, { trackingNumber: `1Z-${leaf.number}` });
    for (const leaf of ofFactory) await ship(factory, leaf.id, { trackingNumber: `2Z-${leaf.number}` });
    const shipped = await untilShipped(shop, order.id);
    expect(shipped.shipments.map(({ lines }) => lines[0]!.quantity).sort()).toEqual([1, 1, 2, 2]);
    for (const dropshipId of [order.dropship!.id, ...ofBelow.map((leaf) => leaf.dropship!.id)])
      expect(await ended(dropshipId)).toEqual({ status: 'complete' });
  });
});
