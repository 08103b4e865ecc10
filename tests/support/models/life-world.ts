import type { Client } from '@temporalio/client';
import type { Rest } from '../engine/rest.ts';
import type { CallbackShop } from '../fakes/callback-shop.ts';
import { persistently } from '../trade/stage.ts';
import {
  aCompany,
  aConnection,
  anApiChannel,
  aProduct,
  type Company,
  type OrderAnswer,
  type Trade,
} from '../trade/trade.ts';

/**
 * The accounts of the life model: a merchant with a shop that writes a ledger, and two suppliers. The portal of the first
 * is instant, that of the second waits for its Import Orders.
 */
export type Lane = {
  client: Client;
  shop: CallbackShop;
  /** The callback URL of this lane only. */
  callbackUrl: string;
  merchant: Company;
  suppliers: readonly [Company, Company];
  trades: readonly [Trade, Trade];
  channelId: string;
  /** `first`, `second`: routed to that supplier automatically. `either`: to both, by hand. `own`: in-house. */
  skus: Readonly<Record<Sku, string>>;
};
export const skuNames = ['first', 'second', 'either', 'own'] as const;
export type Sku = (typeof skuNames)[number];

export const shelf = 1_000_000;

type Places = { operator: Rest; as: (key: string) => Rest };
/** Where lanes are set up: a service, a client of its Temporal, and shops that it may call. */
type Ground = { places: Places; client: Client; shops: readonly CallbackShop[] };

export const setUpLanes = (ground: Ground, count: number): Promise<Lane[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => aLane(ground, ground.shops[index % ground.shops.length]!)));

async function aLane({ places, client }: Ground, shop: CallbackShop): Promise<Lane> {
  const [merchant, first, second] = await Promise.all([aCompany(places), aCompany(places), aCompany(places)]);
  const trades = [await aConnection(places, merchant, first), await aConnection(places, merchant, second)] as const;
  const schedule = `/channels/${trades[0].portalId}/schedules/import_orders`;
  await persistently(() => first.rest.patch(schedule, { interval: 'instant' }));
  const callbackUrl = `${shop.url}/${merchant.id}`;
  const channelId = await anApiChannel(merchant, { callbackUrl, callbackSecret: shop.secret });
  const [toFirst, toSecond] = trades.map(({ supplierId }) => ({ supplierId }));
  const either = await aProduct(merchant, { ...toFirst, fulfillmentType: 'dropshippable' });
  const { data } = await merchant.rest.get<{ data: { id: string }[] }>(`/products?sku=${either}`);
  await merchant.rest.patch(`/products/${data[0]!.id}`, { suppliers: [{ ...toFirst, isDefault: true }, toSecond] });
  const skus = {
    first: await aProduct(merchant, toFirst),
    second: await aProduct(merchant, toSecond),
    either,
    own: await aProduct(merchant),
  };
  for (const supplier of [first, second])
    for (const sku of [skus.first, skus.second, either]) {
      await aProduct(supplier, { sku });
      await supplier.rest.put('/stock', { sku, physicalOnHand: shelf });
    }
  return { client, shop, callbackUrl, merchant, suppliers: [first, second], trades, channelId, skus };
}

/** An order of the merchant as both sides have it now. */
export type Leaf = {
  order: OrderAnswer;
  /** The supplier's order, once imported; its leaves if the supplier split it by itself. */
  supplierOrder: OrderAnswer | null;
  supplier: Company | null;
};

/** An order, and all that it was split into, parents first. */
async function familyOf(company: Company, id: string): Promise<OrderAnswer[]> {
  const order = await company.rest.get<OrderAnswer>(`/orders/${id}`);
  const children = await Promise.all(order.childIds.map((childId) => familyOf(company, childId)));
  return [order, ...children.flat()];
}

export async function lookAt(lane: Lane, rootId: string): Promise<{ family: OrderAnswer[]; leaves: Leaf[] }> {
  const family = await familyOf(lane.merchant, rootId);
  const leaves = family.filter(({ status }) => status !== 'split');
  return { family, leaves: await Promise.all(leaves.map((order) => leafOf(lane, order))) };
}

async function leafOf({ suppliers, trades }: Lane, order: OrderAnswer): Promise<Leaf> {
  const index = trades.findIndex(({ supplierId }) => supplierId === order.dropship?.supplierId);
  const supplier = suppliers[index] ?? null;
  if (!supplier) return { order, supplierOrder: null, supplier };
  const { data } = await supplier.rest.get<{ data: OrderAnswer[] }>(`/orders?number=${order.number}`);
  return {
    order,
    supplier,
    supplierOrder: data.find(({ origin }) => origin?.dropshipId === order.dropship!.id) ?? null,
  };
}
