import { describe, expect, it } from '@jest/globals';
import {
  aTradedSku,
  cancel,
  handedOver,
  orCode,
  stockOf,
  timelineOf,
  aPassedOrder,
} from '../../support/trade/cancel-trade.ts';
import { accept, anotherSupplier, dropshipTo, reject } from '../../support/trade/supplier-response-trade.ts';
import {
  aCompany,
  aConnection,
  aProduct,
  leavesOf,
  orderOf,
  placeOrder,
  ranTask,
  received,
  ship,
  type OrderAnswer,
} from '../../support/trade/trade.ts';
import { waitUntil } from '../../support/engine/wait-until.ts';
import { aTradingWorld } from '../../support/trade/trading-world.ts';

const { world, traded } = aTradingWorld();

const soon = '2026-12-01T08:00:00.000Z';
const ended = (dropshipId: string) => world.client.workflow.getHandle(`dropship/${dropshipId}`).result();

describe('units that their supplier rejects', () => {
  it('are split off on both sides: the remaining ones ship, the others go to another supplier', async () => {
    const own = await aTradedSku(world);
    const { merchant, supplier, sku } = own;
    const second = await anotherSupplier(world, own);
    const before = await stockOf(supplier, sku);
    const { orderId, supplierOrderId, supplierLineId, dropshipId } = await handedOver(own);
    await accept(supplier, supplierOrderId, { expectedShipAt: soon });

    const wish = {
      lines: [{ lineId: supplierLineId, quantity: 1 }],
      reason: 'price_wrong' as const,
      key: `part-${orderId}`,
    };
    const answer = await reject(supplier, supplierOrderId, wish);
    const replay = await reject(supplier, supplierOrderId, wish);

    expect(replay).toEqual(answer);
    expect(answer).toMatchObject({ status: 'split', overallStatus: 'awaiting_fulfillment' });
    expect(await ended(dropshipId)).toEqual({ status: 'complete' });
    const [remaining, sentBack] = await leavesOf(supplier, supplierOrderId);
    const [handed, returned] = await leavesOf(merchant, orderId);
    expect(remaining).toMatchObject({ status: 'awaiting_fulfillment', lines: [{ quantity: 2, cancelled: 0 }] });
    expect(sentBack).toMatchObject({ status: 'cancelled', lines: [{ quantity: 1, cancelled: 1 }] });
    expect(handed).toMatchObject({
      status: 'dropship_requested',
      lines: [{ quantity: 2 }],
      dropship: { id: remaining!.origin!.dropshipId, status: 'accepted', expectedShipAt: soon },
      attention: null,
    });
    expect(returned).toMatchObject({
      status: 'awaiting_fulfillment',
      lines: [{ quantity: 1, cancelled: 0 }],
      dropship: { id: sentBack!.origin!.dropshipId, status: 'rejected' },
      attention: { code: 'rejected_by_supplier' },
    });
    expect(await stockOf(supplier, sku)).toMatchObject({ committed: before.committed + 2 });
    for (const [company, id] of [
      [merchant, orderId],
      [supplier, supplierOrderId],
    ] as const)
      // prettier-ignore
      expect(await timelineOf(company, id, 'order_split', 'order_rejected')).toMatchObject([
        { data: { dropshipId } },
        { data: { reason: 'price_wrong', dropshipId: sentBack!.origin!.dropshipId, lines: [{ quantity: 1 }] } },
      ]);

    await ship(supplier, remaining!.id, { trackingNumber: '1Z-REMAINING' });
    const again = await dropshipTo(merchant, returned!.id, second.supplierId);
    const made = await received(second.supplier, { portalId: second.portalId, dropshipId: again });
    await ship(second.supplier, made.id, { trackingNumber: '1Z-OTHER' });
    for (const id of [remaining!.origin!.dropshipId, again]) expect(await ended(id)).toEqual({ status: 'complete' });
    expect(await orderOf(merchant, orderId)).toMatchObject({ status: 'split', overallStatus: 'shipped' });
    expect((await leavesOf(merchant, orderId)).flatMap(({ shipments }) => shipments)).toMatchObject([
      { trackingNumber: '1Z-REMAINING', lines: [{ quantity: 2 }], confirmedAt: expect.any(String) },
      { trackingNumber: '1Z-OTHER', lines: [{ quantity: 1 }], confirmedAt: expect.any(String) },
    ]);
  });

  it('are all of it when all are named, and nothing is split', async () => {
    const { supplier } = traded;
    const { supplierOrderId, supplierLineId, seen } = await handedOver(traded);

    await reject(supplier, supplierOrderId, { lines: [{ lineId: supplierLineId, quantity: 3 }] });

    const [merchantOrder, supplierOrder] = await seen();
    expect([merchantOrder.childIds, supplierOrder.childIds]).toEqual([[], []]);
    expect(merchantOrder).toMatchObject({ status: 'awaiting_fulfillment', dropship: { status: 'rejected' } });
  });

  it('are refused when more are named than are open, while a cancel is pending, and once some have shipped', async () => {
    const { merchant, supplier } = traded;
    const one = await handedOver(traded);
    const units = (quantity: number, lineId = one.supplierLineId) => ({ lines: [{ lineId, quantity }] });

    expect(await orCode(reject(supplier, one.supplierOrderId, units(4)))).toBe('quantity_exceeds_open');
    expect(await orCode(reject(supplier, one.supplierOrderId, units(1, one.lineId)))).toBe('line_not_found');
    await cancel(merchant, one.orderId, { lines: [{ lineId: one.lineId, quantity: 1 }] });
    expect(await orCode(reject(supplier, one.supplierOrderId, units(1)))).toBe('cancel_pending');
    await ship(supplier, one.supplierOrderId, { trackingNumber: '1Z-SOME', ...units(1) });
    expect(await orCode(reject(supplier, one.supplierOrderId, units(1)))).toBe('order_shipped');
    expect((await one.seen())[0]).toMatchObject({ childIds: [], lines: [{ shipped: 1 }] });
  });
});

describe('stock of an order that is rejected', () => {
  it('is never promised twice, before and after the next write-back', async () => {
    const stocked = await aTradedSku(world);
    const { merchant, supplier, trade, sku } = stocked;
    await ranTask(supplier, trade.portalId, 'import_products');
    await ranTask(supplier, trade.portalId, 'write_inventory');
    const available = async () =>
      [await stockOf(merchant, sku), await stockOf(supplier, sku)].map((level) => level.availableOnHand);

    const { orderId, supplierOrderId } = await handedOver(stocked, 10);
    await ranTask(supplier, trade.portalId, 'write_inventory');
    expect(await available()).toEqual([90, 90]);
    await reject(supplier, supplierOrderId);
    // Late on the safe side: the supplier's figure comes with the next write-back.
    expect(await available()).toEqual([80, 100]);
    await ranTask(supplier, trade.portalId, 'write_inventory');
    expect(await available()).toEqual([90, 100]);

    const again = await dropshipTo(merchant, orderId, trade.supplierId);
    const made = await received(supplier, { portalId: trade.portalId, dropshipId: again });
    expect(await available()).toEqual([90, 90]);
    await ranTask(supplier, trade.portalId, 'write_inventory');
    expect(await available()).toEqual([90, 90]);
    await ship(supplier, made.id, { trackingNumber: '1Z-STOCK' });
    await ranTask(supplier, trade.portalId, 'write_inventory');
    expect(await available()).toEqual([90, 90]);
  });
});

describe('an order that its supplier dropshipped', () => {
  it('comes back step by step: the last supplier rejects, then the middle one', async () => {
    const { shop, trader, factory, lower, order, passed: middle } = await aPassedOrder(world);
    const last = await received(factory, { portalId: lower.portalId, dropshipId: middle.dropship!.id });
    expect(await orCode(reject(trader, middle.id))).toBe('order_dropshipped');

    await reject(factory, last.id, { reason: 'cannot_ship_there' });
    const waiting = await orderOf(trader, middle.id);
    const above = await orderOf(shop, order.id);
    await reject(trader, middle.id, { reason: 'cannot_ship_there' });

    expect(waiting).toMatchObject({ status: 'awaiting_fulfillment', attention: { code: 'rejected_by_supplier' } });
    expect(above).toMatchObject({ status: 'dropship_requested', attention: null, dropship: { status: 'imported' } });
    await waitUntil(async () => (await orderOf(shop, order.id)).status === 'awaiting_fulfillment');
    expect(await orderOf(shop, order.id)).toMatchObject({ attention: { code: 'rejected_by_supplier' }, dropship: { status: 'rejected' } }); // prettier-ignore
    expect(await orderOf(trader, middle.id)).toMatchObject({ status: 'cancelled', attention: null });
    expect(await ended(order.dropship!.id)).toEqual({ status: 'complete' });
  });
});

describe('an order that its supplier divided by itself', () => {
  it('is rejected whole, by the order it was divided from, while nothing of it is dropshipped', async () => {
    const own = await aTradedSku(world);
    const { merchant, supplier, sku, trade, channelId } = own;
    const factory = await aCompany(world);
    const lower = await aConnection(world, supplier, factory);
    const mixed = await aProduct(merchant, { supplierId: trade.supplierId });
    await aProduct(supplier, { sku: mixed, supplierId: lower.supplierId });
    const lines = [{ sku, quantity: 1 }, { sku: mixed, quantity: 2 }]; // prettier-ignore
    const order = await placeOrder(merchant, { channelId, lines });
    await received(supplier, { portalId: trade.portalId, dropshipId: order.dropship!.id });
    const { data } = await supplier.rest.get<{ data: OrderAnswer[] }>('/orders');
    const root = data.find((one) => one.status === 'split')!;
    const dropshipped = data.find((one) => one.dropship !== null)!;

    expect(await orCode(reject(supplier, root.id))).toBe('order_dropshipped');
    const made = await received(factory, { portalId: lower.portalId, dropshipId: dropshipped.dropship!.id });
    await reject(factory, made.id);
    await waitUntil(async () => (await orderOf(supplier, dropshipped.id)).status === 'awaiting_fulfillment');
    await reject(supplier, root.id);

    expect((await leavesOf(supplier, root.id)).map((leaf) => [leaf.status, leaf.attention])).toEqual([
      ['cancelled', null],
      ['cancelled', null],
    ]);
    expect(await orderOf(merchant, order.id)).toMatchObject({
      status: 'awaiting_fulfillment',
      lines: [{ cancelled: 0 }, { cancelled: 0 }],
      attention: { code: 'rejected_by_supplier' },
    });
  });
});
