import type { Listing } from '../../../db/catalogue/listings.ts';
import { storeOrder } from '../../../db/orders/store-order.ts';
import { withAccount } from '../../../db/engine/with-account.ts';
import type { TestApi } from '../engine/test-api.ts';
import { anApiChannel, type OrderJson } from './api-orders.ts';
import { delist, named, storePage } from './database-catalogue.ts';
import { anIncomingOrder } from './database-trade.ts';

export type Skus = Record<string, string>;
type Attention = { id: string; listingId?: string; code: string; step: string; channelId?: string; actions: string[] };

/** A shop with the variants a, b, … whose SKUs are POT, CUP, …: each is a product of a supplier, dropshipped automatically. */
export async function aShopOf(api: TestApi, skus: Skus = { a: 'POT', b: 'CUP' }) {
  const merchant = await api.anAccount();
  const channelId = await anApiChannel(merchant);
  const { supplierId } = await api.aConnection(merchant, await api.anAccount());
  const place = { accountId: merchant.accountId, channelId };
  for (const sku of Object.values(skus).filter((one) => one !== '')) {
    const body = { sku, name: sku, fulfillmentType: 'automatically_dropshipped', suppliers: [{ supplierId }] };
    await merchant.post('/v1/products', body);
  }
  const lists = (now: Skus) =>
    storePage(
      api.pool,
      place,
      Object.entries(now).map(([remoteId, sku]) => named(remoteId, sku)),
    );
  await lists(skus);
  const listings = async () => (await merchant.get('/v1/listings')).json<{ data: Listing[] }>().data;
  const attentions = async () =>
    (await merchant.get('/v1/attentions?code=sku_changed')).json<{ data: Attention[] }>().data;
  return {
    merchant,
    channelId,
    lists,
    attentions,
    gone: (...rest: string[]) => delist(api.pool, place, { after: null, upTo: null, named: rest }),
    products: async () =>
      (await merchant.get('/v1/products'))
        .json<{ data: { sku: string }[] }>()
        .data.map(({ sku }) => sku)
        .sort(),
    productId: async (sku: string) =>
      (await merchant.get(`/v1/products?sku=${sku}`)).json<{ data: { id: string }[] }>().data[0]!.id,
    /** Our SKU of each variant, and its change. */
    async shown() {
      const rows = (await listings()).map((one) => {
        const { from, to } = one.skuChanged ?? {};
        return [one.remoteId, from === undefined ? one.sku : `${one.sku}: ${from} > ${to}`];
      });
      return Object.fromEntries(rows) as Record<string, string | null>;
    },
    listingOf: async (remoteId: string) => (await listings()).find((one) => one.remoteId === remoteId)!,
    /** Variants that an attention asks about. */
    async asked() {
      const known = new Map((await listings()).map(({ id, remoteId }) => [id, remoteId]));
      return (await attentions()).map(({ listingId }) => known.get(listingId!)).sort();
    },
    async decide(remoteId: string, body: object) {
      const { id } = await this.listingOf(remoteId);
      const { id: attentionId } = (await attentions()).find(({ listingId }) => listingId === id)!;
      return merchant.post(`/v1/attentions/${attentionId}/resolve`, { reason: 'other', ...body });
    },
    /** An order of the shop for one unit. @returns where it went */
    async sell(line: { remoteProductId?: string; sku: string }): Promise<string> {
      const { remoteProductId, sku } = line;
      const order = anIncomingOrder([{ sku }]);
      const lines = [{ ...order.lines[0]!, ...(remoteProductId && { remoteProductId }) }];
      const { orderId } = await withAccount(api.pool, merchant.accountId, (db) =>
        storeOrder(db, { channelId, order: { ...order, lines }, actor: { kind: 'channel', id: channelId } }),
      );
      const sold = (await merchant.get(`/v1/orders/${orderId}`)).json<OrderJson>();
      const linked = await withAccount(api.pool, merchant.accountId, (db) =>
        db('order_lines as l')
          .join('products as p', 'p.id', 'l.product_id')
          .where('l.order_id', orderId)
          .pluck<string[]>('p.sku'),
      );
      return [...linked, sold.dropship && 'dropshipped', sold.attention && 'waits'].filter(Boolean).join(', ');
    },
  };
}
