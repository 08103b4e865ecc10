import { describe, expect, it } from '@jest/globals';
import {
  aTradedSku,
  acceptCancel,
  cancel,
  handedOver,
  orCode,
  sold,
  stockOf,
  timelineOf,
  aPassedOrder,
} from '../../support/trade/cancel-trade.ts';
import {
  aCompany,
  aConnection,
  anApiChannel,
  aProduct,
  findReceived,
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

const status = (order: OrderAnswer) => order.status;
const ended = (dropshipId: string) => world.client.workflow.getHandle(`dropship/${dropshipId}`).result();
const stateOf = async (dropshipId: string) =>
  (await world.client.workflow.getHandle(`dropship/${dropshipId}`).describe()).status.name;

describe('an order that is cancelled before its import', () => {
  it('is cancelled at once, and the supplier never sees it', async () => {
    const { merchant, supplier, trade } = traded;
    const order = await sold(traded);

    const answer = await cancel(merchant, order.id, { reason: 'fraud', note: 'Known card.' });

    expect(answer).toMatchObject({
      status: 'cancelled',
      cancelRequestedAt: null,
      dropship: { status: 'cancelled' },
      lines: [{ quantity: 3, cancelled: 3, cancelRequested: 0 }],
    });
    expect(await ended(order.dropship!.id)).toEqual({ status: 'cancelled' });
    await ranTask(supplier, trade.portalId, 'import_orders');
    expect(await findReceived(supplier, order.dropship!.id)).toBeUndefined();
    const [note, sent] = await timelineOf(merchant, order.id, 'note_added', 'order_cancelled');
    expect(note!.data).toEqual({ note: 'Known card.' });
    expect(sent).toMatchObject({ actor: { kind: 'account', name: 'test' }, data: { reason: 'fraud', noteId: expect.any(String) } }); // prettier-ignore
    const history = JSON.stringify(
      await world.client.workflow.getHandle(`dropship/${order.dropship!.id}`).fetchHistory(),
    );
    expect(history).not.toContain(Buffer.from('Known card.').toString('base64').slice(0, 12));
  });

  it('goes on with the rest when only units of it are cancelled', async () => {
    const { merchant, supplier, trade } = traded;
    const order = await sold(traded, 5);
    const lines = [{ lineId: order.lines[0]!.id, quantity: 2 }];

    const answer = await cancel(merchant, order.id, { lines });
    const supplierOrder = await received(supplier, { portalId: trade.portalId, dropshipId: order.dropship!.id });
    await ship(supplier, supplierOrder.id, { trackingNumber: '1Z-REST' });

    expect(answer).toMatchObject({ status: 'dropship_requested', lines: [{ quantity: 5, cancelled: 2 }] });
    expect(supplierOrder.lines).toMatchObject([{ quantity: 3, cancelled: 0 }]);
    expect(await ended(order.dropship!.id)).toEqual({ status: 'complete' });
    expect(await orderOf(merchant, order.id)).toMatchObject({
      status: 'shipped',
      lines: [{ shipped: 3, cancelled: 2 }],
    });
  });
});

describe('an order that is cancelled after its import', () => {
  it('waits for the supplier, who sees the request and gives the units up', async () => {
    const { merchant, supplier, sku } = traded;
    const before = await stockOf(supplier, sku);
    const { orderId, supplierOrderId, dropshipId, seen } = await handedOver(traded);
    expect(await stockOf(supplier, sku)).toMatchObject({ committed: before.committed + 3 });

    const asked = await cancel(merchant, orderId, { reason: 'duplicate' });
    const [, pending] = await seen();
    const accepted = await acceptCancel(supplier, supplierOrderId, { reason: 'customer_request' });

    expect(asked).toMatchObject({ status: 'dropship_requested', cancelRequestedAt: expect.any(String), lines: [{ cancelRequested: 3 }] }); // prettier-ignore
    expect(pending).toMatchObject({ status: 'awaiting_fulfillment', cancelRequestedAt: expect.any(String), lines: [{ cancelRequested: 3 }] }); // prettier-ignore
    expect(accepted).toMatchObject({ status: 'cancelled', cancelRequestedAt: null });
    expect(await ended(dropshipId)).toEqual({ status: 'complete' });
    const [merchantOrder, supplierOrder] = await seen();
    for (const order of [merchantOrder, supplierOrder])
      expect(order).toMatchObject({ status: 'cancelled', cancelRequestedAt: null, lines: [{ cancelled: 3 }] });
    expect(merchantOrder.dropship).toMatchObject({ status: 'cancelled' });
    expect(await stockOf(supplier, sku)).toMatchObject({ ...before, version: before.version + 2 });
    expect(await timelineOf(merchant, orderId, 'cancel_requested', 'order_cancelled')).toMatchObject([
      { actor: { kind: 'account' }, data: { reason: 'duplicate' } },
      { actor: { kind: 'supplier', name: supplier.name }, data: { reason: 'customer_request' } },
    ]);
    expect(await timelineOf(supplier, supplierOrderId, 'cancel_requested', 'order_cancelled')).toMatchObject([
      { actor: { kind: 'merchant', name: merchant.name }, data: { reason: 'duplicate' } },
      { actor: { kind: 'account' }, data: { reason: 'customer_request' } },
    ]);
  });

  it('is applied by Sync of Cancel Orders, which is paused until someone turns it on', async () => {
    const { merchant, supplier, trade } = traded;
    const { orderId, supplierOrderId, dropshipId, seen } = await handedOver(traded);
    await cancel(merchant, orderId, { reason: 'duplicate' });
    expect((await seen()).map(status)).toEqual(['dropship_requested', 'awaiting_fulfillment']);

    const run = await ranTask(supplier, trade.portalId, 'cancel_orders');
    const again = await ranTask(supplier, trade.portalId, 'cancel_orders');

    expect(run).toMatchObject({ counts: { seen: 1, cancelled: 1, waiting: 0 } });
    expect(again).toMatchObject({ counts: { seen: 0, cancelled: 0 } });
    expect((await seen()).map(status)).toEqual(['cancelled', 'cancelled']);
    expect(await ended(dropshipId)).toEqual({ status: 'complete' });
    const [sent] = await timelineOf(supplier, supplierOrderId, 'order_cancelled');
    expect(sent).toMatchObject({ actor: { kind: 'merchant', name: merchant.name }, data: { reason: 'duplicate' } });
  });

  it('is applied at once when Cancel Orders is instant', async () => {
    const instant = await aTradedSku(world);
    const { supplier, trade, merchant } = instant;
    await supplier.rest.patch(`/channels/${trade.portalId}/schedules/cancel_orders`, {
      interval: 'instant',
      paused: false,
    });
    const { orderId, seen } = await handedOver(instant);

    expect(await cancel(merchant, orderId)).toMatchObject({ status: 'cancelled', cancelRequestedAt: null });

    expect((await seen()).map(status)).toEqual(['cancelled', 'cancelled']);
  });

  it('is noted once, however often it is asked for', async () => {
    const { merchant, supplier } = traded;
    const { orderId, supplierOrderId, lineId } = await handedOver(traded);
    const lines = [{ lineId, quantity: 2 }];

    const first = await cancel(merchant, orderId, { lines, key: 'again' });
    const replayed = await cancel(merchant, orderId, { lines, key: 'again' });
    const other = await cancel(merchant, orderId, { lines, key: 'another' });
    const more = await cancel(merchant, orderId, { key: 'all' });

    expect([replayed, other]).toEqual([first, first]);
    expect(more).toMatchObject({ cancelRequestedAt: first['cancelRequestedAt'], lines: [{ cancelRequested: 3 }] });
    expect(await timelineOf(merchant, orderId, 'cancel_requested')).toHaveLength(2);
    expect(await timelineOf(supplier, supplierOrderId, 'cancel_requested')).toHaveLength(2);
  });

  it('keeps what ships first: the rest is cancelled, the shipped stay shipped', async () => {
    const { merchant, supplier } = traded;
    const { orderId, supplierOrderId, supplierLineId, dropshipId, seen } = await handedOver(traded);
    await cancel(merchant, orderId);
    await ship(supplier, supplierOrderId, {
      trackingNumber: '1Z-ONE',
      lines: [{ lineId: supplierLineId, quantity: 1 }],
    });

    await acceptCancel(supplier, supplierOrderId);

    expect(await ended(dropshipId)).toEqual({ status: 'complete' });
    for (const order of await seen())
      expect(order).toMatchObject({
        status: 'shipped',
        cancelRequestedAt: null,
        lines: [{ shipped: 1, cancelled: 2 }],
      });
    expect((await seen())[0].dropship).toMatchObject({ status: 'shipped' });
  });

  it('is refused once all has shipped, and a request that was shipped away is over', async () => {
    const { merchant, supplier } = traded;
    const { orderId, supplierOrderId, dropshipId, seen } = await handedOver(traded);
    await cancel(merchant, orderId);
    await ship(supplier, supplierOrderId, { trackingNumber: '1Z-ALL' });

    expect(await ended(dropshipId)).toEqual({ status: 'complete' });
    const [merchantOrder, supplierOrder] = await seen();
    expect([merchantOrder, supplierOrder]).toMatchObject([
      { status: 'shipped', cancelRequestedAt: null },
      { status: 'shipped', cancelRequestedAt: null },
    ]);
    expect(await orCode(cancel(merchant, orderId))).toBe('order_shipped');
    expect(await orCode(acceptCancel(supplier, supplierOrderId))).toBe('order_shipped');
  });

  it('cancels some units and ships the rest', async () => {
    const { merchant, supplier } = traded;
    const { orderId, supplierOrderId, lineId, supplierLineId, dropshipId, seen } = await handedOver(traded);
    await cancel(merchant, orderId, { lines: [{ lineId, quantity: 2 }] });

    const tooMany = await orCode(
      acceptCancel(supplier, supplierOrderId, { lines: [{ lineId: supplierLineId, quantity: 3 }] }),
    );
    await acceptCancel(supplier, supplierOrderId, { lines: [{ lineId: supplierLineId, quantity: 1 }] });
    const half = await seen();
    await acceptCancel(supplier, supplierOrderId);
    const shipment = await ship(supplier, supplierOrderId, { trackingNumber: '1Z-LAST' });

    expect(tooMany).toBe('quantity_exceeds_open');
    for (const order of half) expect(order.lines).toMatchObject([{ cancelled: 1, cancelRequested: 1 }]);
    expect(shipment.lines).toMatchObject([{ quantity: 1 }]);
    expect(await ended(dropshipId)).toEqual({ status: 'complete' });
    for (const order of await seen())
      expect(order).toMatchObject({ status: 'shipped', lines: [{ shipped: 1, cancelled: 2 }] });
  });

  it('crosses nothing while the connection is paused', async () => {
    const paused = await aTradedSku(world);
    const { orderId, seen } = await handedOver(paused);
    await world.operator.patch(`/connections/${paused.trade.connectionId}`, { status: 'paused' });

    await cancel(paused.merchant, orderId);
    const sync = await orCode(ranTask(paused.supplier, paused.trade.portalId, 'cancel_orders'));

    expect(sync).toBe('connection_paused');
    expect((await seen()).map((order) => order['cancelRequestedAt'] !== null)).toEqual([true, true]);
  });
});

describe('units that are cancelled', () => {
  it('may be sold again, by the merchant and by its supplier, at once and after the next write-back', async () => {
    const stocked = await aTradedSku(world);
    const { merchant, supplier, trade, sku } = stocked;
    await ranTask(supplier, trade.portalId, 'import_products');
    await ranTask(supplier, trade.portalId, 'write_inventory');
    const available = async () =>
      [await stockOf(merchant, sku), await stockOf(supplier, sku)].map((level) => level.availableOnHand);
    expect(await available()).toEqual([100, 100]);

    const early = await sold(stocked, 10);
    expect(await available()).toEqual([90, 100]);
    await cancel(merchant, early.id);
    expect(await available()).toEqual([100, 100]);

    const { orderId, supplierOrderId } = await handedOver(stocked, 10);
    await cancel(merchant, orderId);
    expect(await available()).toEqual([90, 90]);
    await acceptCancel(supplier, supplierOrderId);
    expect(await available()).toEqual([100, 100]);

    const covered = await handedOver(stocked, 10);
    await ranTask(supplier, trade.portalId, 'write_inventory');
    await cancel(merchant, covered.orderId);
    await acceptCancel(supplier, covered.supplierOrderId);
    expect(await available()).toEqual([90, 100]);
    await ranTask(supplier, trade.portalId, 'write_inventory');
    expect(await available()).toEqual([100, 100]);
  });
});

describe('a cancel of an order that its supplier dropshipped', () => {
  it('goes down the chain, and comes back up when the last supplier gives the units up', async () => {
    const [shop, trader, factory] = [await aCompany(world), await aCompany(world), await aCompany(world)];
    const upper = await aConnection(world, shop, trader);
    const lower = await aConnection(world, trader, factory);
    const sku = await aProduct(shop, { supplierId: upper.supplierId });
    const own = await aProduct(shop, { supplierId: upper.supplierId });
    await aProduct(trader, { sku, supplierId: lower.supplierId });
    await aProduct(trader, { sku: own });
    const channelId = await anApiChannel(shop);
    const order = await placeOrder(shop, { channelId, lines: [{ sku, quantity: 2 }, { sku: own, quantity: 1 }] }); // prettier-ignore
    await received(trader, { portalId: upper.portalId, dropshipId: order.dropship!.id });
    const { data } = await trader.rest.get<{ data: OrderAnswer[] }>('/orders');
    const leaves = data.filter((leaf) => leaf.parentId !== null);
    const dropshipped = leaves.find((leaf) => leaf.dropship)!;
    const inHouse = leaves.find((leaf) => !leaf.dropship)!;
    const made = await received(factory, { portalId: lower.portalId, dropshipId: dropshipped.dropship!.id });

    await cancel(shop, order.id, { reason: 'duplicate' });
    const early = await ranTask(factory, lower.portalId, 'cancel_orders');
    expect(early.counts).toMatchObject({ seen: 0 });
    expect(await orderOf(factory, made.id)).toMatchObject({ cancelRequestedAt: null });
    await ranTask(trader, upper.portalId, 'cancel_orders');

    expect(await orderOf(trader, inHouse.id)).toMatchObject({ status: 'cancelled' });
    expect(await orderOf(trader, dropshipped.id)).toMatchObject({ status: 'dropship_requested', cancelRequestedAt: expect.any(String) }); // prettier-ignore
    expect(await orderOf(factory, made.id)).toMatchObject({ cancelRequestedAt: expect.any(String) });
    expect(await orderOf(shop, order.id)).toMatchObject({ status: 'dropship_requested', lines: [{ cancelled: 0 }, { cancelled: 1 }] }); // prettier-ignore

    await acceptCancel(factory, made.id);

    await waitUntil(async () => (await orderOf(shop, order.id)).status === 'cancelled');
    expect(await orderOf(trader, dropshipped.id)).toMatchObject({ status: 'cancelled', cancelRequestedAt: null });
    expect(await ended(order.dropship!.id)).toEqual({ status: 'complete' });
    expect(await ended(dropshipped.dropship!.id)).toEqual({ status: 'complete' });
  });

  it('is done at once where the last supplier has not got it yet', async () => {
    const { shop, trader, order, passed: traded } = await aPassedOrder(world);
    await cancel(shop, order.id);

    const accepted = await acceptCancel(trader, traded.id);

    expect(accepted).toMatchObject({ status: 'cancelled', dropship: { status: 'cancelled' } });
    expect(await orderOf(shop, order.id)).toMatchObject({ status: 'cancelled', dropship: { status: 'cancelled' } });
    expect(await stateOf(order.dropship!.id)).toBe('COMPLETED');
  });
});
