import { expect, it } from '@jest/globals';
import { forTheFile } from '../support/engine/for-the-file.ts';
import { waitUntil } from '../support/engine/wait-until.ts';
import { startShopifyShop } from '../support/fakes/shopify/shopify-shop.ts';
import { subscriptionsOf } from '../support/fakes/shopify/webhooks.ts';
import { aCompany, aConnection, aProduct } from '../support/trade/trade.ts';
import { startWorld } from '../support/trade/world.ts';
import { findOrder, receivedByPersistence, shipPersistently } from './shop-trade.ts';

const shop = forTheFile(() => startShopifyShop());
const world = forTheFile(() =>
  startWorld({ allowedHosts: [new URL(shop.url).host], addresses: { [`https://${shop.state.domain}`]: shop.url } }),
);

/** A merchant with a simulated Shopify shop of two locations, and a supplier of all its products. */
async function aTrade() {
  const [merchant, supplier] = [await aCompany(world), await aCompany(world)];
  const trade = await aConnection(world, merchant, supplier);
  const [main, second] = [shop.customer.location('Main'), shop.customer.location('Second')];
  for (const [sku, at] of [
    ['MUG', main],
    ['TEE', second],
  ] as const) {
    shop.customer.product(sku, [sku], { stock: { [at]: 10 } });
    await aProduct(merchant, { sku, supplierId: trade.supplierId });
  }
  const { domain, clientId, clientSecret } = shop.state;
  const { id } = await merchant.rest.post<{ id: string }>('/channels', {
    kind: 'shopify',
    name: 'Shop',
    settings: { shop: domain, stockLocationId: main },
    credentials: { clientId, clientSecret },
  });
  subscriptionsOf(shop.state).create({
    topic: 'ORDERS_PAID',
    webhookSubscription: { uri: `${world.url}/v1/hooks/${id}`, includeFields: ['admin_graphql_api_id'] },
  });
  return { merchant, supplier, trade };
}

it('an order of a Shopify shop comes by its message, and its tracking is at both locations that ship it', async () => {
  const { merchant, supplier, trade } = await aTrade();

  const placed = shop.customer.place({ lines: [['MUG', 2], ['TEE', 1]] }); // prettier-ignore
  const order = await waitUntil(() => findOrder(merchant, encodeURIComponent(placed.name)), { timeoutMs: 60_000 });
  const supplierOrder = await receivedByPersistence({ supplier, trade }, order.dropship!.id);
  await shipPersistently(supplier, supplierOrder.id, '1Z-SUPPLIER');
  await waitUntil(() => placed.fulfillments.length === 2, { timeoutMs: 60_000 });

  const shown = placed.fulfillments.map(({ units, tracking }) => ({
    units: units.map(({ item, quantity }) => [item.line.name, quantity]),
    number: tracking[0]?.number,
  }));
  expect(shown).toEqual([
    { units: [['MUG', 2]], number: '1Z-SUPPLIER' },
    { units: [['TEE', 1]], number: '1Z-SUPPLIER' },
  ]);
});
