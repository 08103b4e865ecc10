import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  aTradedSku,
  cancel,
  handedOver,
  orCode,
  sold,
  stockOf,
  timelineOf,
  type TradedSku,
} from '../support/cancel-trade.ts';
import { accept, handOn, reject } from '../support/decision-trade.ts';
import {
  aCompany,
  aConnection,
  anApiChannel,
  aProduct,
  leavesOf,
  orderOf,
  placeOrder,
  ranTask,
  received,
  ship,
  type OrderAnswer,
} from '../support/trade.ts';
import { waitUntil } from '../support/wait-until.ts';
import { startWorld, type World } from '../support/world.ts';

let world: World;
let traded: TradedSku;
beforeAll(async () => {
  world = await startWorld();
  traded = await aTradedSku(world);
});
afterAll(() => world?.stop());

const soon = '2026-12-01T08:00:00.000Z';
const later = '2026-12-05T08:00:00.000Z';
const ended = (dropshipId: string) => world.client.workflow.getHandle(`dropship/${dropshipId}`).result();

/** The order's product of a second supplier, which gets nothing by itself. */
async function anotherSupplier({ merchant, sku, trade }: TradedSku) {
  const supplier = await aCompany(world);
  const other = await aConnection(world, merchant, supplier);
  await aProduct(supplier, { sku });
  await supplier.rest.put('/stock', { sku, physicalOnHand: 50 });
  await merchant.rest.post('/products/batch', {
    items: [
      {
        sku,
        name: `Product ${sku}`,
        suppliers: [{ supplierId: trade.supplierId, isDefault: true }, { supplierId: other.supplierId }],
      },
    ],
  });
  return { supplier, ...other };
}

describe('an order that its supplier accepts', () => {
  it('is accepted on both sides, with the time of shipping, which may be told anew', async () => {
    const { merchant, supplier } = traded;
    const { orderId, supplierOrderId, dropshipId, seen } = await handedOver(traded);

    const first = await accept(supplier, supplierOrderId, { expectedShipAt: soon, key: `accept-${orderId}` });
    const replay = await accept(supplier, supplierOrderId, { expectedShipAt: soon, key: `accept-${orderId}` });
    const again = await accept(supplier, supplierOrderId);
    const [promised] = await seen();
    const moved = await accept(supplier, supplierOrderId, { expectedShipAt: later });

    const acceptedAt = expect.any(String);
    expect(first).toMatchObject({ status: 'awaiting_fulfillment', origin: { dropshipId, acceptedAt, expectedShipAt: soon } }); // prettier-ignore
    expect(replay).toEqual(first);
    expect(again).toEqual(first);
    expect(promised.dropship).toMatchObject({ status: 'accepted', acceptedAt, expectedShipAt: soon });
    expect(moved.origin).toEqual({ ...first.origin, expectedShipAt: later });
    expect((await seen())[0]).toMatchObject({ status: 'dropship_requested', dropship: { status: 'accepted', expectedShipAt: later } }); // prettier-ignore
    const told = [{ data: { dropshipId, expectedShipAt: soon } }, { data: { dropshipId, expectedShipAt: later } }];
    expect(await timelineOf(merchant, orderId, 'order_accepted')).toMatchObject(
      told.map((event) => ({ ...event, actor: { kind: 'supplier', name: supplier.name } })),
    );
    expect(await timelineOf(supplier, supplierOrderId, 'order_accepted')).toMatchObject(
      told.map((event) => ({ ...event, actor: { kind: 'account' } })),
    );

    await ship(supplier, supplierOrderId, { trackingNumber: '1Z-ACCEPTED' });
    expect(await ended(dropshipId)).toEqual({ status: 'settled' });
    expect((await seen())[0]).toMatchObject({ status: 'shipped', dropship: { status: 'shipped', acceptedAt } });
  });

  it('is refused once units have shipped, and once it is cancelled', async () => {
    const { merchant, supplier } = traded;
    const shipped = await handedOver(traded);
    const lines = [{ lineId: shipped.supplierLineId, quantity: 1 }];
    await ship(supplier, shipped.supplierOrderId, { trackingNumber: '1Z-PART', lines });
    const cancelled = await handedOver(traded);
    await cancel(merchant, cancelled.orderId);
    await cancel(supplier, cancelled.supplierOrderId);

    expect(await orCode(accept(supplier, shipped.supplierOrderId))).toBe('order_shipped');
    expect(await orCode(reject(supplier, shipped.supplierOrderId))).toBe('order_shipped');
    expect(await orCode(accept(supplier, cancelled.supplierOrderId))).toBe('order_cancelled');
    expect(await orCode(reject(supplier, cancelled.supplierOrderId))).toBe('order_cancelled');
  });

  it('is one that came from a merchant, and nobody else’s', async () => {
    const { merchant, supplier } = traded;
    const { orderId, supplierOrderId } = await handedOver(traded);

    for (const decide of [accept, reject]) {
      expect(await orCode(decide(merchant, orderId))).toBe('order_not_received');
      expect(await orCode(decide(merchant, supplierOrderId))).toBe('order_not_found');
      expect(await orCode(decide(supplier, orderId))).toBe('order_not_found');
    }
  });
});

describe('an order that its supplier rejects', () => {
  it('is the merchant’s again, visibly, and no stock is held for it at the supplier', async () => {
    const { merchant, supplier, sku } = traded;
    const before = await stockOf(supplier, sku);
    const { orderId, supplierOrderId, dropshipId, seen } = await handedOver(traded);

    const answer = await reject(supplier, supplierOrderId, { reason: 'discontinued', note: 'Ask for the new one.' });

    expect(answer).toMatchObject({ status: 'cancelled', lines: [{ quantity: 3, cancelled: 3 }] });
    expect(await ended(dropshipId)).toEqual({ status: 'settled' });
    const [merchantOrder] = await seen();
    expect(merchantOrder).toMatchObject({
      status: 'awaiting_fulfillment',
      dropship: { id: dropshipId, status: 'rejected' },
      attention: { step: 'route', code: 'rejected_by_supplier', actions: ['retry', 'skip'] },
      lines: [{ quantity: 3, cancelled: 0, shipped: 0 }],
    });
    expect(await stockOf(supplier, sku)).toMatchObject({ ...before, version: before.version + 2 });
    const [, told] = await timelineOf(supplier, supplierOrderId, 'note_added', 'order_rejected');
    expect(told).toMatchObject({ actor: { kind: 'account' }, data: { reason: 'discontinued', dropshipId } });
    expect(await timelineOf(merchant, orderId, 'order_rejected', 'attention_raised')).toMatchObject([
      { actor: { kind: 'supplier', name: supplier.name }, data: { reason: 'discontinued', dropshipId } },
      { data: { code: 'rejected_by_supplier' } },
    ]);
    expect(JSON.stringify(await timelineOf(merchant, orderId))).not.toContain('new one');
    expect(await orCode(reject(supplier, supplierOrderId))).toBe('order_cancelled');
    expect(await orCode(ship(supplier, supplierOrderId, { trackingNumber: '1Z-LATE' }))).toBe('order_cancelled');
  });

  it('goes to another supplier by hand, who ships it: one fulfilment in the shop', async () => {
    const own = await aTradedSku(world);
    const { merchant, supplier } = own;
    const second = await anotherSupplier(own);
    const { orderId, supplierOrderId, dropshipId } = await handedOver(own);
    await reject(supplier, supplierOrderId);

    const secondDropshipId = await handOn(merchant, orderId, second.supplierId);
    const made = await received(second.supplier, { portalId: second.portalId, dropshipId: secondDropshipId });
    await ship(second.supplier, made.id, { trackingNumber: '1Z-SECOND' });

    expect(await ended(secondDropshipId)).toEqual({ status: 'settled' });
    const order = await orderOf(merchant, orderId);
    expect(order).toMatchObject({
      status: 'shipped',
      attention: null,
      dropship: { id: secondDropshipId, status: 'shipped' },
      lines: [{ shipped: 3, cancelled: 0 }],
      shipments: [{ trackingNumber: '1Z-SECOND', confirmedAt: expect.any(String) }],
    });
    expect((await timelineOf(merchant, orderId)).map(({ type, data }) => [type, data['dropshipId'] ?? null])).toEqual(
      expect.arrayContaining([
        ['dropship_requested', dropshipId],
        ['dropship_imported', dropshipId],
        ['order_rejected', dropshipId],
        ['attention_resolved', null],
        ['dropship_requested', secondDropshipId],
        ['dropship_imported', secondDropshipId],
      ]),
    );
  });

  it('goes back to the same supplier by hand, never by itself', async () => {
    const { merchant, supplier, trade } = traded;
    const { orderId, supplierOrderId, seen } = await handedOver(traded);
    await reject(supplier, supplierOrderId);
    const [{ attention }] = await seen();

    await merchant.rest.post(`/attention/${attention!.id}/resolve`, { action: 'retry', reason: 'other' });
    const [retried] = await seen();
    const again = await handOn(merchant, orderId, trade.supplierId);
    const made = await received(supplier, { portalId: trade.portalId, dropshipId: again });

    expect(retried).toMatchObject({ status: 'awaiting_fulfillment', attention: { code: 'rejected_by_supplier' } });
    expect(retried.attention!.id).not.toBe(attention!.id);
    expect(made).toMatchObject({ status: 'awaiting_fulfillment', lines: [{ quantity: 3 }] });
    expect(await orderOf(merchant, orderId)).toMatchObject({ status: 'dropship_requested', attention: null });
  });

  it('is routed anew to a supplier that its product has by then', async () => {
    const own = await aTradedSku(world);
    const { merchant, supplier, sku, trade } = own;
    const second = await anotherSupplier(own);
    const { supplierOrderId, seen } = await handedOver(own);
    await reject(supplier, supplierOrderId);
    await merchant.rest.post('/products/batch', {
      items: [
        {
          sku,
          name: sku,
          suppliers: [{ supplierId: trade.supplierId }, { supplierId: second.supplierId, isDefault: true }],
        },
      ],
    });

    const { id } = (await seen())[0].attention!;
    await merchant.rest.post(`/attention/${id}/resolve`, { action: 'retry', reason: 'fixed_at_source' });

    expect((await seen())[0]).toMatchObject({
      status: 'dropship_requested',
      attention: null,
      dropship: { status: 'requested', supplierId: second.supplierId },
    });
  });

  it('may be shipped by the merchant itself, and the question is settled', async () => {
    const { merchant, supplier } = traded;
    const { orderId, supplierOrderId, seen } = await handedOver(traded);
    await reject(supplier, supplierOrderId);

    await ship(merchant, orderId, { trackingNumber: '1Z-OWN' });

    expect((await seen())[0]).toMatchObject({ status: 'shipped', attention: null });
  });

  it('cancels what the merchant had asked to cancel, and returns the rest', async () => {
    const { merchant, supplier } = traded;
    const { orderId, lineId, supplierOrderId, seen } = await handedOver(traded);
    await cancel(merchant, orderId, { reason: 'fraud', lines: [{ lineId, quantity: 1 }] });

    await reject(supplier, supplierOrderId);

    const [merchantOrder, supplierOrder] = await seen();
    expect(merchantOrder).toMatchObject({
      status: 'awaiting_fulfillment',
      cancelRequestedAt: null,
      lines: [{ quantity: 3, cancelled: 1, cancelRequested: 0 }],
      attention: { code: 'rejected_by_supplier' },
    });
    expect(supplierOrder).toMatchObject({ status: 'cancelled', cancelRequestedAt: null });
    expect(await timelineOf(merchant, orderId, 'order_cancelled', 'order_rejected')).toMatchObject([
      { data: { reason: 'fraud', lines: [{ quantity: 1 }] } },
      { data: { reason: 'out_of_stock', lines: [{ quantity: 2 }] } },
    ]);
  });

  it('that was asked to be cancelled whole is cancelled, and nobody is asked who ships it', async () => {
    const { merchant, supplier } = traded;
    const { orderId, supplierOrderId, seen } = await handedOver(traded);
    await cancel(merchant, orderId);

    await reject(supplier, supplierOrderId);

    expect((await seen())[0]).toMatchObject({ status: 'cancelled', attention: null, dropship: { status: 'rejected' } });
  });

  it('is rejected once, however often and at once it is told', async () => {
    const { merchant, supplier } = traded;
    const { orderId, supplierOrderId, seen } = await handedOver(traded);

    const same = await Promise.all([1, 2, 3].map(() => orCode(reject(supplier, supplierOrderId, { key: 'r-1' }))));
    const others = await Promise.all([1, 2].map(() => orCode(reject(supplier, supplierOrderId))));

    expect(same).toEqual([same[0], same[0], same[0]]);
    expect(same[0]).toMatchObject({ status: 'cancelled' });
    expect(others).toEqual(['order_cancelled', 'order_cancelled']);
    expect(await timelineOf(merchant, orderId, 'order_rejected')).toHaveLength(1);
    expect(await timelineOf(supplier, supplierOrderId, 'order_rejected')).toHaveLength(1);
    expect((await seen())[0].lines).toMatchObject([{ cancelled: 0 }]);
  });

  it('races acceptance and shipment: one of rejected and shipped, alike on both sides', async () => {
    const { supplier } = traded;
    const orders = [];
    for (let count = 0; count < 6; count += 1) orders.push(await handedOver(traded));

    const outcomes = await Promise.all(
      orders.map(({ supplierOrderId }, index) =>
        Promise.all(
          [
            () => orCode(accept(supplier, supplierOrderId)),
            () => orCode(reject(supplier, supplierOrderId)),
            () => orCode(ship(supplier, supplierOrderId, { trackingNumber: `1Z-RACE-${supplierOrderId}` })),
          ]
            .sort(() => (index % 2 === 0 ? 1 : -1))
            .map((act) => act()),
        ),
      ),
    );

    for (const [index, { seen, dropshipId }] of orders.entries()) {
      await ended(dropshipId);
      const [merchantOrder, supplierOrder] = await seen();
      const pair = [merchantOrder.status, supplierOrder.status];
      expect([['shipped', 'shipped'], ['awaiting_fulfillment', 'cancelled']]).toContainEqual(pair); // prettier-ignore
      const isRejected = supplierOrder.status === 'cancelled';
      expect(merchantOrder.dropship).toMatchObject({ status: isRejected ? 'rejected' : 'shipped' });
      expect(outcomes[index]).toContain(isRejected ? 'order_cancelled' : 'order_shipped');
    }
  });
});

describe('units that their supplier rejects', () => {
  it('are split off on both sides: the kept ones ship, the others go to another supplier', async () => {
    const own = await aTradedSku(world);
    const { merchant, supplier, sku } = own;
    const second = await anotherSupplier(own);
    const before = await stockOf(supplier, sku);
    const { orderId, supplierOrderId, supplierLineId, dropshipId } = await handedOver(own);
    await accept(supplier, supplierOrderId, { expectedShipAt: soon });

    const wish = { lines: [{ lineId: supplierLineId, quantity: 1 }], reason: 'price_wrong', key: `part-${orderId}` };
    const answer = await reject(supplier, supplierOrderId, wish);
    const replay = await reject(supplier, supplierOrderId, wish);

    expect(replay).toEqual(answer);
    expect(answer).toMatchObject({ status: 'split', overallStatus: 'awaiting_fulfillment' });
    expect(await ended(dropshipId)).toEqual({ status: 'settled' });
    const [kept, sentBack] = await leavesOf(supplier, supplierOrderId);
    const [handed, returned] = await leavesOf(merchant, orderId);
    expect(kept).toMatchObject({ status: 'awaiting_fulfillment', lines: [{ quantity: 2, cancelled: 0 }] });
    expect(sentBack).toMatchObject({ status: 'cancelled', lines: [{ quantity: 1, cancelled: 1 }] });
    expect(handed).toMatchObject({
      status: 'dropship_requested',
      lines: [{ quantity: 2 }],
      dropship: { id: kept!.origin!.dropshipId, status: 'accepted', expectedShipAt: soon },
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

    await ship(supplier, kept!.id, { trackingNumber: '1Z-KEPT' });
    const again = await handOn(merchant, returned!.id, second.supplierId);
    const made = await received(second.supplier, { portalId: second.portalId, dropshipId: again });
    await ship(second.supplier, made.id, { trackingNumber: '1Z-OTHER' });
    for (const id of [kept!.origin!.dropshipId, again]) expect(await ended(id)).toEqual({ status: 'settled' });
    expect(await orderOf(merchant, orderId)).toMatchObject({ status: 'split', overallStatus: 'shipped' });
    expect((await leavesOf(merchant, orderId)).flatMap(({ shipments }) => shipments)).toMatchObject([
      { trackingNumber: '1Z-KEPT', lines: [{ quantity: 2 }], confirmedAt: expect.any(String) },
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
  it('is promised by nobody twice, before and after the next write-back', async () => {
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

    const again = await handOn(merchant, orderId, trade.supplierId);
    const made = await received(supplier, { portalId: trade.portalId, dropshipId: again });
    expect(await available()).toEqual([90, 90]);
    await ranTask(supplier, trade.portalId, 'write_inventory');
    expect(await available()).toEqual([90, 90]);
    await ship(supplier, made.id, { trackingNumber: '1Z-STOCK' });
    await ranTask(supplier, trade.portalId, 'write_inventory');
    expect(await available()).toEqual([90, 90]);
  });
});

describe('an order that its supplier handed on', () => {
  it('comes back step by step: the last supplier rejects, then the middle one', async () => {
    const [shop, trader, factory] = [await aCompany(world), await aCompany(world), await aCompany(world)];
    const upper = await aConnection(world, shop, trader);
    const lower = await aConnection(world, trader, factory);
    const sku = await aProduct(shop, { supplierId: upper.supplierId });
    await aProduct(trader, { sku, supplierId: lower.supplierId });
    const order = await placeOrder(shop, { channelId: await anApiChannel(shop), lines: [{ sku, quantity: 2 }] });
    const middle = await received(trader, { portalId: upper.portalId, dropshipId: order.dropship!.id });
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
    expect(await ended(order.dropship!.id)).toEqual({ status: 'settled' });
  });
});

describe('an order that its supplier divided by itself', () => {
  it('is rejected whole, by the order it was divided from, while nothing of it is handed on', async () => {
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
    const handedOn = data.find((one) => one.dropship !== null)!;

    expect(await orCode(reject(supplier, root.id))).toBe('order_dropshipped');
    const made = await received(factory, { portalId: lower.portalId, dropshipId: handedOn.dropship!.id });
    await reject(factory, made.id);
    await waitUntil(async () => (await orderOf(supplier, handedOn.id)).status === 'awaiting_fulfillment');
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

describe('an order that waits for its import', () => {
  it('cannot be decided about: the supplier does not see it', async () => {
    const order = await sold(traded);

    const update = world.client.workflow.getHandle(`dropship/${order.dropship!.id}`).executeUpdate('rejectOrder', {
      args: [{ orderId: 'ord_none', reason: 'other', lines: null, actor: { kind: 'account', id: 'ops' } }],
    });

    await expect(update).rejects.toMatchObject({ cause: { type: 'dropship_not_open' } });
  });
});
