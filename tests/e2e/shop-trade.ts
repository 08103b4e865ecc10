import type { NewProduct } from '../../clients/typescript/src/index.ts';
import {
  aCompany,
  aConnection,
  aProduct,
  type Company,
  type OrderAnswer,
  type ShipmentAnswer,
  type Trade,
} from '../support/trade/trade.ts';
import { persistently } from '../support/trade/stage.ts';
import { waitUntil } from '../support/engine/wait-until.ts';
import type { ShopOrder, VendureShop } from '../../standalone/demo/vendure-shop.ts';
import type { Rest } from '../support/engine/rest.ts';

type Places = { operator: Rest; as: (key: string) => Rest };

/** A merchant with a real Vendure shop, and a supplier for two of its products. */
export type ShopTrade = {
  merchant: Company;
  supplier: Company;
  trade: Trade;
  channelId: string;
  shop: VendureShop;
  supplied: string[];
  own: string;
};

export async function aShopTrade(
  places: Places,
  shop: VendureShop,
  wish: { shopUrl?: string; fulfillmentType?: NewProduct['fulfillmentType'] } = {},
): Promise<ShopTrade> {
  const merchant = await aCompany(places);
  const supplier = await aCompany(places);
  const trade = await aConnection(places, merchant, supplier);
  const supplied = ['MUG-BLUE', 'TEE-BLACK-M'];
  for (const sku of supplied)
    await aProduct(merchant, {
      sku,
      supplierId: trade.supplierId,
      ...(wish.fulfillmentType !== undefined && { fulfillmentType: wish.fulfillmentType }),
    });
  const own = await aProduct(merchant, { sku: 'POSTER-A2' });
  const channelId = await aVendureChannel(merchant, wish.shopUrl ?? shop.url);
  return { merchant, supplier, trade, channelId, shop, supplied, own };
}

export async function aVendureChannel(
  merchant: Company,
  url: string,
  credentials: object = { username: 'superadmin', password: 'superadmin' },
): Promise<string> {
  const { id } = await merchant.rest.post<{ id: string }>('/channels', {
    kind: 'vendure',
    name: 'Shop',
    settings: { url },
    credentials,
  });
  return id;
}

export const mixedLines = [
  { sku: 'MUG-BLUE', quantity: 2 },
  { sku: 'TEE-BLACK-M', quantity: 1 },
  { sku: 'POSTER-A2', quantity: 1 },
];

/** Presses Sync again and again until the merchant has the shop's order, routed. */
export async function imported({ merchant, channelId }: ShopTrade, code: string): Promise<OrderAnswer> {
  return waitUntil(
    async () => {
      await sync(merchant, channelId);
      return findOrder(merchant, code);
    },
    { timeoutMs: 60_000, everyMs: 300, what: `the import of ${code}` },
  );
}

export async function findOrder(company: Company, number: string): Promise<OrderAnswer | undefined> {
  const { data } = await persistently(() => company.rest.get<{ data: OrderAnswer[] }>(`/orders?number=${number}`));
  return data[0];
}

export const sync = (company: Company, channelId: string) =>
  persistently(() => company.rest.post(`/channels/${channelId}/sync`, { tasks: ['import_orders'] }));

/** Presses the supplier's Sync until it has the order of this dropship. */
export async function receivedByPersistence(
  { supplier, trade }: Pick<ShopTrade, 'supplier' | 'trade'>,
  dropshipId: string,
): Promise<OrderAnswer> {
  return waitUntil(
    async () => {
      await sync(supplier, trade.portalId);
      const { data } = await persistently(() => supplier.rest.get<{ data: OrderAnswer[] }>('/orders?limit=200'));
      return data.find((order) => order.origin?.dropshipId === dropshipId);
    },
    { timeoutMs: 60_000, everyMs: 300, what: `the supplier's order of ${dropshipId}` },
  );
}

/** Enters a tracking number, repeating with the same key until there is an answer. */
export const shipPersistently = (company: Company, orderId: string, trackingNumber: string) =>
  persistently(() =>
    company.rest.post<ShipmentAnswer>(
      `/orders/${orderId}/shipments`,
      { carrier: 'ups', trackingNumber },
      `ship-${orderId}`,
    ),
  );

/** Until the shop's own admin API says that the order is shipped. */
export const shippedInShop = (shop: VendureShop, orderId: string): Promise<ShopOrder> =>
  waitUntil(
    async () => {
      const order = await shop.order(orderId);
      return order.state === 'Shipped' ? order : undefined;
    },
    { timeoutMs: 90_000, everyMs: 200, what: `shop order ${orderId} to be shipped` },
  );

/** Units per SKU and tracking, as the shop's live fulfillments show them. */
export function unitsInShop(order: ShopOrder): Record<string, Record<string, number>> {
  const skuOf = (lineId: string) => order.lines.find((line) => line.id === lineId)!.productVariant.sku;
  return Object.fromEntries(
    order.fulfillments
      .filter((fulfillment) => fulfillment.state !== 'Cancelled')
      .map(({ trackingCode, lines }) => [
        trackingCode,
        Object.fromEntries(lines.map((line) => [skuOf(line.orderLineId), line.quantity])),
      ]),
  );
}

/** Drives an order of the mixed lines from the shop's payment to both shipments, whoever dies meanwhile. */
export async function driveMixedOrder(
  world: ShopTrade,
): Promise<{ shopOrder: ShopOrder; order: OrderAnswer; supplierOrder: OrderAnswer; trackings: [string, string] }> {
  const placed = await world.shop.placeOrder({ lines: mixedLines });
  const order = await imported(world, placed.code);
  const leaves = await Promise.all(
    order.childIds.map((id) => persistently(() => world.merchant.rest.get<OrderAnswer>(`/orders/${id}`))),
  );
  const dropshipped = leaves.find((leaf) => leaf.dropship)!;
  const inHouse = leaves.find((leaf) => !leaf.dropship)!;
  const supplierOrder = await receivedByPersistence(world, dropshipped.dropship!.id);
  const trackings: [string, string] = [`1ZS${placed.code}`, `1ZM${placed.code}`];
  await shipPersistently(world.supplier, supplierOrder.id, trackings[0]);
  await shipPersistently(world.merchant, inHouse.id, trackings[1]);
  const shopOrder = await shippedInShop(world.shop, placed.id);
  return {
    shopOrder,
    order: await persistently(() => world.merchant.rest.get<OrderAnswer>(`/orders/${order.id}`)),
    supplierOrder,
    trackings,
  };
}
