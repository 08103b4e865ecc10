import { describe, expect, it } from '@jest/globals';
import { startVendureShop } from '../../standalone/demo/vendure-shop.ts';
import { editByClerk } from '../support/fakes/shop-clerk.ts';
import { orderOf, ranTask, type OrderAnswer } from '../support/trade/trade.ts';
import { waitUntil } from '../support/engine/wait-until.ts';
import { startWorld } from '../support/trade/world.ts';
import {
  aShopTrade,
  imported,
  receivedByPersistence,
  shipPersistently,
  shippedInShop,
  unitsInShop,
  type ShopTrade,
} from './shop-trade.ts';
import { forTheFile } from '../support/engine/for-the-file.ts';

const shop = forTheFile(startVendureShop);
const world = forTheFile(() => startWorld({ allowedHosts: [new URL(shop.url).host] }));

/** Two MUG-BLUE of a supplier, bought in a real shop and imported. */
async function aSale(): Promise<ShopTrade & { placedId: string; lineId: string; order: OrderAnswer }> {
  const trade = await aShopTrade(world, shop);
  const placed = await shop.placeOrder({ lines: [{ sku: 'MUG-BLUE', quantity: 2 }] });
  const order = await imported(trade, placed.code);
  return { ...trade, placedId: placed.id, lineId: placed.lines[0]!.id, order };
}

async function edited({ merchant, channelId, placedId, lineId, order }: Awaited<ReturnType<typeof aSale>>) {
  await editByClerk(shop, placedId, {
    adjustOrderLines: [{ orderLineId: lineId, quantity: 5 }],
    addItems: [{ productVariantId: await shop.variantId('TEE-BLACK-M'), quantity: 1 }],
    updateShippingAddress: { streetLine1: '1 New Road', countryCode: 'US' },
  });
  // Sync may join a run that has read the shop just before the edit.
  return waitUntil(async () => {
    await ranTask(merchant, channelId, 'import_orders');
    return (await orderOf(merchant, order.id))['pendingEdit'];
  });
}

const unitsOf = ({ lines }: OrderAnswer) =>
  Object.fromEntries(lines.map(({ sku, quantity, cancelled }) => [sku, quantity - cancelled]));

describe('an order edited in a real shop after it was imported', () => {
  it('is accepted before the supplier has it, who ships what the shop has', async () => {
    const sale = await aSale();
    const { merchant, supplier, order } = sale;

    const edit = await edited(sale);
    expect(edit.changes.map(({ kind }) => kind)).toEqual(['quantity_changed', 'line_added', 'ship_to_changed']);
    expect(unitsOf(await orderOf(merchant, order.id))).toEqual({ 'MUG-BLUE': 2 });
    await merchant.rest.post(`/orders/${order.id}/edit/accept`, { editId: edit.id });
    const taken = await receivedByPersistence(sale, order.dropship!.id);
    await shipPersistently(supplier, taken.id, '1Z-EDITED');

    expect(unitsOf(taken)).toEqual({ 'MUG-BLUE': 5, 'TEE-BLACK-M': 1 });
    expect(taken).toMatchObject({ shipTo: { address1: '1 New Road' } });
    const shipped = await shippedInShop(shop, sale.placedId);
    expect(unitsInShop(shipped)).toEqual({ '1Z-EDITED': { 'MUG-BLUE': 5, 'TEE-BLACK-M': 1 } });
    await waitUntil(async () => (await orderOf(merchant, order.id)).status === 'shipped');
    await ranTask(merchant, sale.channelId, 'import_orders');
    expect(await orderOf(merchant, order.id)).toMatchObject({ pendingEdit: null, attention: null });
  });

  it('is refused once the supplier has it, and dismissed: what was ordered first is shipped', async () => {
    const sale = await aSale();
    const { merchant, supplier, order } = sale;
    const taken = await receivedByPersistence(sale, order.dropship!.id);

    const edit = await edited(sale);
    const url = `/orders/${order.id}/edit`;
    const accepting = merchant.rest.post(`${url}/accept`, { editId: edit.id });
    await expect(accepting).rejects.toMatchObject({ problem: { code: 'order_already_imported' } });
    await merchant.rest.post(`${url}/dismiss`, { editId: edit.id, reason: 'handled_by_hand' });
    await ranTask(merchant, sale.channelId, 'import_orders');
    await shipPersistently(supplier, taken.id, '1Z-FIRST');

    expect(await orderOf(merchant, order.id)).toMatchObject({ pendingEdit: null, attention: null });
    const inShop = await waitUntil(
      async () => {
        const units = unitsInShop(await shop.order(sale.placedId));
        return Object.keys(units).length > 0 && units;
      },
      { timeoutMs: 60_000 },
    );
    expect(inShop).toEqual({ '1Z-FIRST': { 'MUG-BLUE': 2 } });
    expect(unitsOf(await orderOf(merchant, order.id))).toEqual({ 'MUG-BLUE': 2 });
  });
});
