import { restClient, type Rest } from '../tests/support/engine/rest.ts';
import { until } from './measure.ts';
import { pooled, type Service } from './service.ts';

/** A merchant with an api channel and one product, and the product's supplier. */
export type Market = { merchant: Rest; supplier: Rest; supplierId: string; portalId: string; channelId: string };
export type Order = { id: string; dropship: { id: string } | null; origin: { dropshipId: string } | null };

export async function openMarket({ url, operatorKey }: Service): Promise<Market> {
  const operator = restClient(url, operatorKey);
  const side = async (name: string) => {
    const { id } = await operator.post<{ id: string }>('/accounts', { name });
    const { key } = await operator.post<{ key: string }>('/keys', { accountId: id, name, scopes: ['admin'] });
    return { id, rest: restClient(url, key) };
  };
  const [merchant, supplier] = [await side('Merchant'), await side('Supplier')];
  await operator.post('/connections', { merchantAccountId: merchant.id, supplierAccountId: supplier.id });
  const first = (rest: Rest, path: string) =>
    until(async () => (await rest.get<{ data: { id: string }[] }>(path)).data[0]?.id);
  const supplierId = await first(merchant.rest, '/suppliers');
  const portalId = await first(supplier.rest, '/channels');
  const { id: channelId } = await merchant.rest.post<{ id: string }>('/channels', {
    kind: 'api',
    name: 'Shop',
    settings: {},
  });
  await merchant.rest.post('/products', {
    sku: 'SKU-1',
    name: 'One',
    fulfillmentType: 'automatically_dropshipped',
    suppliers: [{ supplierId }],
  });
  return { merchant: merchant.rest, supplier: supplier.rest, supplierId, portalId, channelId };
}

export const placeOrders = (market: Market, count: number, atOnce: number): Promise<Order[]> =>
  pooled(
    Array.from({ length: count }, (_, index) => `${Date.now()}-${index}`),
    atOnce,
    (name) => market.merchant.post<Order>('/orders', orderBody(market, name)),
  );

/** Runs Import Orders of the supplier's portal by Sync. @returns the supplier's orders, once all are imported */
export async function importOrders({ supplier, portalId }: Market, placed: readonly Order[]): Promise<Order[]> {
  const wanted = new Set(placed.map((order) => order.dropship!.id));
  await supplier.post(`/channels/${portalId}/sync`, { tasks: ['import_orders'] });
  return until(async () => {
    const mine = (await listAll(supplier, '/orders')).filter((order) => wanted.has(order.origin?.dropshipId ?? ''));
    return mine.length === placed.length && mine;
  });
}

function orderBody({ channelId }: Market, name: string) {
  const shipTo = { name: 'B. Ench', address1: '1 Main St', city: 'Town', postalCode: '10000', country: 'US' };
  const lines = [
    { remoteLineId: `${name}-1`, sku: 'SKU-1', name: 'One', quantity: 1, unitPrice: { amount: 100, currency: 'USD' } },
  ];
  return {
    channelId,
    remoteId: name,
    number: name,
    placedAt: new Date().toISOString(),
    currency: 'USD',
    shipTo,
    lines,
  };
}

async function listAll(rest: Rest, path: string): Promise<Order[]> {
  const all: Order[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const page: { data: Order[]; nextCursor: string | null } = await rest.get(
      `${path}?limit=200${cursor && `&cursor=${cursor}`}`,
    );
    all.push(...page.data);
    cursor = page.nextCursor;
  }
  return all;
}
