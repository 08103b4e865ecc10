import { createHmac, randomBytes } from 'node:crypto';
import type { Channel } from '../../../../activities/channels/channel.ts';
import { createMedusaFactory } from '../../../../activities/channels/medusa/medusa.ts';
import { createSafeFetch } from '../../../../activities/channels/safe-fetch.ts';
import { startMedusaShop, type MedusaFulfillment, type MedusaShop } from '../../../../standalone/demo/medusa-shop.ts';
import { facts } from '../../../support/engine/facts.ts';
import { startFaultProxy } from '../../../support/fakes/fault-proxy.ts';
import { giveBack } from './clerk.ts';
import { readingAs, type Clerk, type Harness, type ShopShipment, type Wanted } from '../harness.ts';

type Opening = Parameters<Harness['open']>[0];

/** On a fresh clone the shop's packages are installed first; then the shop is made, in half a minute to two. */
export const firstStartLimitMs = 600_000;

const secretOf = (text: string) => `whsec_${Buffer.from(text).toString('base64')}`;
const webhookSecret = secretOf('the secret of the webhook');
const previousWebhookSecret = secretOf('the secret of the webhook before');
/** So that a few orders, which the shop takes a second for each, are several pages. */
const pageSize = 6;

/** A real Medusa shop behind the fault proxy. Its database is in the Postgres of the test run, and ends with it. */
export async function startMedusaHarness({ bulk = 0 }: { bulk?: number } = {}) {
  const database = new URL(facts().template.superuserUrl);
  database.pathname = `/medusa_${randomBytes(3).toString('hex')}`;
  const shop = await startMedusaShop({ databaseUrl: database.href, bulk });
  const proxy = await startFaultProxy({ target: shop.url });
  for (const sku of ['MUG-BLUE', 'TEE-BLACK-M', 'POSTER-A2']) await shop.setStock(sku, 2_000);
  const { apiKey } = await shop.createApiKey('vendor-portals');
  const factory = createMedusaFactory({ pageSize });
  const fetch = createSafeFetch({ allowedPrivateHosts: [proxy.host, '127.0.0.1:1'] });
  const openAt = (url: string, { signal, credentials, connectedAt, now, settings }: Opening = {}): Channel =>
    factory({ url, ...settings }, credentials ?? { apiKey, webhookSecret, previousWebhookSecret }, {
      fetch,
      now: () => now ?? new Date(),
      connectedAt: connectedAt ?? new Date(0),
      signal: signal ?? new AbortController().signal,
      renewCredentials: async (used: unknown) => used,
      ownProducts: async () => [],
    });
  const open: Harness['open'] = (opening) => openAt(proxy.url, opening);
  const harness: Harness = {
    open,
    openNowhere: () => ({ channel: openAt('http://127.0.0.1:1'), orderId: 'order_1' }),
    tick: async () => new Date(),
    proxy,
    is,
    productCount: 8 + bulk,
    price: { USD: 1450, JPY: 1450, KWD: 14500 },
    secrets: [apiKey, webhookSecret, 'Basic', '12 Harbour Street', 'Ada Lovelace', 'ada@example.com'],
    ...clerk(shop),
    ...keys(shop),
    webhooks: webhooks(open),
    clerk: besides(shop),
    stop: async () => {
      await proxy.close();
      await shop.stop();
    },
  };
  return { ...harness, shop, databaseUrl: database.href };
}

const is: Harness['is'] = {
  create: ({ method, path }) => method === 'POST' && /\/orders\/[^/]+\/fulfillments$/.test(path),
  finish: ({ method, path }) => method === 'POST' && path.endsWith('/shipments'),
  stock: ({ method, path }) => method === 'POST' && path.includes('/location-levels/'),
  readOrder: ({ method, path }) => method === 'GET' && /\/orders\/[^/?]+\?/.test(path),
};

function clerk(shop: MedusaShop) {
  return {
    async place({ skus = [['MUG-BLUE', 2]], paid = true, name, currency }: Wanted = {}) {
      const order = await shop.placeOrder({
        lines: skus.map(([sku, quantity]) => ({ sku, quantity })),
        paid,
        ...(name && { name }),
        ...(currency && { currency }),
      });
      const units = order.items.map(({ id, quantity }) => ({ remoteLineId: id, quantity }));
      return { remoteId: order.id, number: String(order.display_id), units };
    },
    pay: (remoteId: string) => shop.capture(remoteId),
    shipByHand: (remoteId: string, units: ShopShipment['units'], number: string) =>
      shop.fulfill(remoteId, toShopUnits(units), number),
    cancel: (remoteId: string, units?: ShopShipment['units']) => shop.cancel(remoteId, units && toShopUnits(units)),
    refund: (remoteId: string, amount: number) => shop.refund(remoteId, amount / 100),
    shipments: async (remoteId: string) => (await shop.order(remoteId)).fulfillments.map(toShipment),
    stock: (sku: string) => shop.stockOf(sku),
    productId: (sku: string) => shop.variantId(sku),
    async changeProduct(
      sku: string,
      { sku: renamed, name, active }: { sku?: string; name?: string; active?: boolean },
    ) {
      if (renamed !== undefined) await shop.updateVariant(sku, { sku: renamed === '' ? null : renamed });
      if (name !== undefined) await shop.updateProduct(sku, { title: name });
      if (active !== undefined) await shop.updateProduct(sku, { status: active ? 'published' : 'draft' });
    },
  };
}

const toShopUnits = (units: ShopShipment['units']) =>
  units.map(({ remoteLineId, quantity }) => ({ lineId: remoteLineId, quantity }));

function toShipment(fulfillment: MedusaFulfillment): ShopShipment {
  const { id, items, labels, metadata, shipped_at: shippedAt, canceled_at: cancelledAt } = fulfillment;
  return {
    remoteId: id,
    state: cancelledAt ? 'voided' : shippedAt ? 'shipped' : 'pending',
    units: items.map((item) => ({ remoteLineId: item.line_item_id, quantity: item.quantity })),
    carrierName: metadata?.carrier ?? '',
    number: labels[0]?.tracking_number ?? '',
    url: labels[0]?.tracking_url ?? null,
  };
}

const events = { payment: 'order.paid', cancel: 'order.cancelled', refund: 'order.refunded' };

function webhooks(open: Harness['open']): Harness['webhooks'] {
  return {
    connect: (url) => open().ensureWebhooks(url),
    signed: (body, { secret = 'current', at }) => {
      const key = Buffer.from((secret === 'current' ? webhookSecret : previousWebhookSecret).slice(6), 'base64');
      const timestamp = String(Math.floor(at.getTime() / 1000));
      const signature = createHmac('sha256', key).update(`msg_1.${timestamp}.${body}`).digest('base64');
      return new Headers({
        'webhook-id': 'msg_1',
        'webhook-timestamp': timestamp,
        'webhook-signature': `v1,bm90IHRoaXMgb25l v1,${signature}`,
      });
    },
    isOf: (what, body) => body.includes(events[what]),
    isTimed: true,
    naming: (orderIds) => JSON.stringify({ type: 'order.paid', orderIds }),
    read: readingAs('medusa', [webhookSecret, previousWebhookSecret]),
  };
}

function besides(shop: MedusaShop): Partial<Clerk> {
  return {
    edit: (remoteId, lineId, quantity) => shop.edit(remoteId, { quantities: { [lineId]: quantity } }),
    add: async (remoteId, sku, quantity) =>
      shop.edit(remoteId, { adds: [{ variantId: await shop.variantId(sku), quantity }] }),
    giveBack: (remoteId, units) => giveBack(shop, remoteId, toShopUnits(units)),
    deleteProduct: (sku) => shop.deleteProduct(sku),
  };
}

function keys(shop: MedusaShop) {
  return {
    wrong: { apiKey: 'sk_wrong' },
    repeatsSkus: false,
    async revocable() {
      const { apiKey, revoke } = await shop.createApiKey('for a while');
      return { credentials: { apiKey }, revoke };
    },
    narrow: async () => {
      throw new Error('A key of Medusa has all rights.');
    },
  };
}
