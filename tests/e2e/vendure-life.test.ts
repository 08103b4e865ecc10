import { describe, expect, it } from '@jest/globals';
import { startVendureShop } from '../../standalone/demo/vendure-shop.ts';
import { cancel, orCode } from '../support/trade/cancel-trade.ts';
import { orderOf, ranTask, ship, shipmentOf, type OrderAnswer } from '../support/trade/trade.ts';
import { waitUntil } from '../support/engine/wait-until.ts';
import { startWorld } from '../support/trade/world.ts';
import { aShopTrade, imported, receivedByPersistence, unitsInShop } from './shop-trade.ts';
import { forTheFile } from '../support/engine/for-the-file.ts';

const shop = forTheFile(startVendureShop);
const world = forTheFile(() => startWorld({ allowedHosts: [new URL(shop.url).host] }));
const trade = forTheFile(() => aShopTrade(world, shop));

/** An order of three mugs and a shirt that its supplier has. */
async function atItsSupplier() {
  const placed = await shop.placeOrder({ lines: [{ sku: 'MUG-BLUE', quantity: 3 }, { sku: 'TEE-BLACK-M', quantity: 1 }] }); // prettier-ignore
  const order = await imported(trade, placed.code);
  const supplierOrder = await receivedByPersistence(trade, order.dropship!.id);
  const lineOf = ({ lines }: OrderAnswer, sku: string) => lines.find((line) => line.sku === sku)!.id;
  const [mugs, shirt] = [lineOf(supplierOrder, 'MUG-BLUE'), lineOf(supplierOrder, 'TEE-BLACK-M')];
  return { placed, orderId: order.id, supplierOrderId: supplierOrder.id, mugs, shirt };
}

const inShop = (id: string, state: string) =>
  waitUntil(async () => {
    const order = await shop.order(id);
    return order.state === state && order;
  }, { timeoutMs: 30_000, what: `the shop's order to be ${state}` }); // prettier-ignore
const shownInShop = (id: string, trackings: readonly string[]) =>
  waitUntil(async () => {
    const shown = unitsInShop(await shop.order(id));
    return Object.keys(shown).sort().join() === [...trackings].sort().join() && shown;
  }, { timeoutMs: 30_000, what: `${trackings.join()} in the shop` }); // prettier-ignore
const statuses = async ({ orderId, supplierOrderId }: { orderId: string; supplierOrderId: string }) =>
  [await orderOf(trade.merchant, orderId), await orderOf(trade.supplier, supplierOrderId)].map(({ status }) => status);

describe('two shipments of one order', () => {
  it('are two fulfillments in the shop, partial and then whole on all three sides', async () => {
    const order = await atItsSupplier();
    const { placed, supplierOrderId, mugs, shirt } = order;

    await ship(trade.supplier, supplierOrderId, { trackingNumber: '1Z-ONE', lines: [{ lineId: mugs, quantity: 2 }] });
    await inShop(placed.id, 'PartiallyShipped');
    expect(await statuses(order)).toEqual(['partially_shipped', 'partially_shipped']);
    const rest = [{ lineId: mugs, quantity: 1 }, { lineId: shirt, quantity: 1 }]; // prettier-ignore
    await ship(trade.supplier, supplierOrderId, { trackingNumber: '1Z-TWO', lines: rest });

    const shown = await inShop(placed.id, 'Shipped');
    expect(unitsInShop(shown)).toEqual({ '1Z-ONE': { 'MUG-BLUE': 2 }, '1Z-TWO': { 'MUG-BLUE': 1, 'TEE-BLACK-M': 1 } });
    expect(shown.fulfillments).toHaveLength(2);
    expect(await statuses(order)).toEqual(['shipped', 'shipped']);
  }, 120_000);
});

describe('a shipment that is in the shop already', () => {
  it('shows its corrected tracking, in the same fulfillment', async () => {
    const { placed, supplierOrderId } = await atItsSupplier();
    const { id } = await ship(trade.supplier, supplierOrderId, { trackingNumber: '1Z-WRONG' });
    const before = await inShop(placed.id, 'Shipped');

    await trade.supplier.rest.patch(`/shipments/${id}`, { trackingNumber: '1Z-RIGHT' });

    await shownInShop(placed.id, ['1Z-RIGHT']);
    const after = await shop.order(placed.id);
    expect(after.fulfillments.map((one) => one.id)).toEqual(before.fulfillments.map((one) => one.id));
    expect(await shipmentOf(trade.supplier, id)).toMatchObject({ trackingNumber: '1Z-RIGHT', status: 'recorded' });
  }, 120_000);

  it('that is voided is cancelled there; its units ship again, once', async () => {
    const order = await atItsSupplier();
    const { placed, supplierOrderId } = order;
    const { id } = await ship(trade.supplier, supplierOrderId, { trackingNumber: '1Z-NOT-SENT' });
    await inShop(placed.id, 'Shipped');

    await trade.supplier.rest.post(`/shipments/${id}/void`, { reason: 'not_sent' });
    await shownInShop(placed.id, []);
    expect(await statuses(order)).toEqual(['dropship_requested', 'awaiting_fulfillment']);
    await ship(trade.supplier, supplierOrderId, { trackingNumber: '1Z-SENT' });

    await shownInShop(placed.id, ['1Z-SENT']);
    expect((await shop.order(placed.id)).fulfillments.map(({ state }) => state).sort()).toEqual([
      'Cancelled',
      'Shipped',
    ]);
    await waitUntil(async () => (await statuses(order)).every((status) => status === 'shipped'));
  }, 120_000);
});

describe('an order that the customer cancels in the shop', () => {
  it('after its supplier has shipped stays shipped: the cancel is refused, the tracking is in the shop', async () => {
    const order = await atItsSupplier();
    await ship(trade.supplier, order.supplierOrderId, { trackingNumber: '1Z-FIRST' });
    await inShop(order.placed.id, 'Shipped');

    expect(await orCode(cancel(trade.merchant, order.orderId))).toBe('order_shipped');

    expect(await statuses(order)).toEqual(['shipped', 'shipped']);
    expect(unitsInShop(await shop.order(order.placed.id))).toHaveProperty('1Z-FIRST');
  }, 120_000);

  it('before its supplier ships, before we hear of it: the tracking stays and parks as shipped after the cancel', async () => {
    const order = await atItsSupplier();
    await shop.cancel(order.placed.id);

    const { id } = await ship(trade.supplier, order.supplierOrderId, { trackingNumber: '1Z-TOO-LATE' });

    const pushed = async () => {
      const { attention } = await orderOf(trade.merchant, order.orderId);
      // Import Orders may see the cancel before the shipment comes.
      return attention?.code !== 'cancelled_in_shop' && attention;
    };
    const attention = await waitUntil(pushed, { timeoutMs: 30_000 });
    expect(attention).toMatchObject({ code: 'shipped_after_cancellation', step: 'push' });
    expect(await statuses(order)).toEqual(['shipped', 'shipped']);
    expect(await shipmentOf(trade.merchant, id)).toMatchObject({ trackingNumber: '1Z-TOO-LATE', confirmedAt: null });
    expect((await shop.order(order.placed.id)).fulfillments).toEqual([]);
    await ranTask(trade.merchant, trade.channelId, 'cancel_orders');
    expect(await statuses(order)).toEqual(['shipped', 'shipped']);
  }, 120_000);
});
