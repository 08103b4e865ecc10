import { setTimeout as delay } from 'node:timers/promises';
import { ProblemError, restClient, type Rest } from '../tests/support/engine/rest.ts';
import { until } from './measure.ts';
import { pooled, type Service } from './service.ts';
import type { Watch } from './watch.ts';

/** A merchant with a channel and products, and the products' supplier. */
export type Market = {
  merchant: Rest;
  supplier: Rest;
  merchantId: string;
  supplierAccountId: string;
  portalId: string;
  channelId: string;
  skus: string[];
  shop: Shop | undefined;
  /** How many requests got no answer in time. Above a few, the machine was too busy for a figure. */
  repeats: number;
};

/** A shop whose orders are imported, and which gets their shipments. Without it the channel is of the kind `api`. */
export type Shop = { url: string; buy(skus: readonly string[]): Promise<void> };
type Id = { id: string };

export async function openMarket(service: Service, wishes: { skus?: number; shop?: Shop } = {}): Promise<Market> {
  const operator = restClient(service.url, service.operatorKey);
  const side = async (name: string) => {
    const { id } = await operator.post<Id>('/accounts', { name });
    const { key } = await operator.post<{ key: string }>('/keys', { accountId: id, name, scopes: ['admin'] });
    return { id, rest: inTurn(service.urls().map((url) => restClient(url, key))) };
  };
  const [merchant, supplier] = [await side('Merchant'), await side('Supplier')];
  const connection = { merchantAccountId: merchant.id, supplierAccountId: supplier.id };
  const { id: connectionId } = await operator.post<Id>('/connections', connection);
  const first = (rest: Rest, path: string) => until(async () => (await rest.get<{ data: Id[] }>(path)).data[0]?.id);
  const supplierId = await first(merchant.rest, '/suppliers');
  const portalId = await first(supplier.rest, '/channels');
  await until(async () => (await operator.get<{ setUpAt: string | null }>(`/connections/${connectionId}`)).setUpAt);
  const skus = Array.from({ length: wishes.skus ?? 1 }, (_, index) => `SKU-${index + 1}`);
  const items = skus.map((sku) => ({ ...product(sku), suppliers: [{ supplierId }] }));
  await merchant.rest.post('/products/batch', { items });
  const { id: channelId } = await merchant.rest.post<Id>('/channels', channelBody(wishes.shop));
  return {
    merchant: merchant.rest,
    supplier: supplier.rest,
    merchantId: merchant.id,
    supplierAccountId: supplier.id,
    portalId,
    channelId,
    skus,
    shop: wishes.shop,
    repeats: 0,
  };
}

/** Calls one after the other, as a balancer before several api processes does. */
function inTurn(rests: readonly Rest[]): Rest {
  let turn = 0;
  const next = () => rests[(turn += 1) % rests.length]!;
  return { ...rests[0]!, get: (...call) => next().get(...call), post: (...call) => next().post(...call) };
}

const product = (sku: string) => ({ sku, name: sku, fulfillmentType: 'automatically_dropshipped' });

const channelBody = (shop: Shop | undefined) =>
  shop === undefined
    ? { kind: 'api', name: 'Shop', settings: {} }
    : {
        kind: 'vendure',
        name: 'Shop',
        settings: { url: shop.url },
        credentials: { username: 'superadmin', password: 'superadmin' },
      };

/** Where the rows of a round of orders are. A round begins when all orders before it are complete. */
type Round = { market: Market; watch: Watch; since: Date; orders: number };

export async function beginRound(market: Market, watch: Watch, orders: number): Promise<Round> {
  // Postgres' clock, which the rows have too.
  const [{ now } = { now: new Date() }] = await watch.rows<{ now: Date }>('select clock_timestamp() as now');
  return { market, watch, since: now, orders };
}

/** Ships a whole order of the supplier. */
export async function ship(market: Market, orderId: string): Promise<void> {
  const shipment = { carrier: 'ups', trackingNumber: `1Z${orderId}` };
  await patiently(market, () => market.supplier.post(`/orders/${orderId}/shipments`, shipment));
}

/** Repeats a request that the service was too busy to answer in its time. What took effect meanwhile is refused then. */
async function patiently(market: Market, call: () => Promise<unknown>): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      return void (await call());
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      if (tries > 1 && error.status === 409) return;
      if (error.status !== 503 || tries === 20) throw error;
      market.repeats += 1;
      await delay(500);
    }
  }
}

/** The orders come by REST, or the shop sells them and Import Orders fetches them. They then wait to be released. */
export async function placeOrders({ market, watch, since, orders }: Round, atOnce: number): Promise<void> {
  const { skus, shop, merchant, channelId, merchantId } = market;
  const numbers = Array.from({ length: orders }, (_, index) => index);
  const skuOf = (number: number) => skus[number % skus.length]!;
  if (shop === undefined)
    return void (await pooled(numbers, atOnce, (number) =>
      patiently(market, () =>
        merchant.post('/orders', orderBody(market, { name: `${since.getTime()}-${number}`, sku: skuOf(number) })),
      ),
    ));
  await shop.buy(numbers.map(skuOf));
  await patiently(market, () => merchant.post(`/channels/${channelId}/sync`, { tasks: ['import_orders'] }));
  const made = 'select count(*) from dropships where account_id = $1 and created_at >= $2';
  await watch.reached(orders, made, [merchantId, since]);
}

/** Runs Import Orders of the supplier's portal by Sync. @returns ids of the supplier's orders, once all are imported */
export async function importOrders({ market, watch, since, orders }: Round): Promise<string[]> {
  const { supplier, portalId } = market;
  await patiently(market, () => supplier.post(`/channels/${portalId}/sync`, { tasks: ['import_orders'] }));
  const ofRound = 'from dropships where account_id = $1 and created_at >= $2';
  const values = [market.merchantId, since];
  await watch.reached(orders, `select count(supplier_order_id) ${ofRound}`, values);
  const made = await watch.rows<{ id: string }>(`select supplier_order_id as id ${ofRound}`, values);
  return made.map(({ id }) => id);
}

/** Until the supplier sees for each shipment of this round that the merchant's channel has it. */
export async function untilConfirmed({ market, watch, since, orders }: Round): Promise<void> {
  const confirmed = 'select count(confirmed_at) from shipments where account_id = $1 and created_at >= $2';
  await watch.reached(orders, confirmed, [market.supplierAccountId, since]);
}

function orderBody({ channelId }: Market, { name, sku }: { name: string; sku: string }) {
  const shipTo = { name: 'B. Ench', address1: '1 Main St', city: 'Town', postalCode: '10000', country: 'US' };
  const unitPrice = { amount: 100, currency: 'USD' };
  return {
    channelId,
    remoteId: name,
    number: name,
    placedAt: new Date().toISOString(),
    currency: 'USD',
    shipTo,
    lines: [{ remoteLineId: `${name}-1`, sku, name: sku, quantity: 1, unitPrice }],
  };
}
