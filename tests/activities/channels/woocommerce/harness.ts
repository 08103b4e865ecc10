import type { Channel } from '../../../../activities/channels/channel.ts';
import { createSafeFetch } from '../../../../activities/channels/safe-fetch.ts';
import { openWooCommerce } from '../../../../activities/channels/woocommerce/woocommerce.ts';
import { startFaultProxy } from '../../../support/fakes/fault-proxy.ts';
import { signedHeaders } from '../../../support/fakes/woocommerce/hooks.ts';
import { nowhereUrl, overHttps, shopUrl } from '../../../support/fakes/woocommerce/over-https.ts';
import type { Fulfillment, Order } from '../../../support/fakes/woocommerce/records.ts';
import { startWooCommerceServer, type WooCommerceServer } from '../../../support/fakes/woocommerce/server.ts';
import type { ShopOptions } from '../../../support/fakes/woocommerce/shop.ts';
import { readingAs, type Clerk, type Harness, type ShopShipment, type Wanted } from '../harness.ts';

type Opening = Parameters<Harness['open']>[0];

const webhookSecret = 'the secret of the webhooks';
const previousWebhookSecret = 'the secret of the webhooks before';

/** A simulated WooCommerce shop behind the fault proxy. */
export async function startWooCommerceHarness(options: ShopOptions = {}) {
  const server = await startWooCommerceServer(options);
  const proxy = await startFaultProxy({ target: server.url });
  const { revoke: _, ...key } = server.makeKey();
  const fetch = overHttps(createSafeFetch({ allowedPrivateHosts: [proxy.host, '127.0.0.1:1'] }), proxy.url);
  const openAt = (url: string, { signal, credentials, connectedAt, now, settings }: Opening = {}): Channel =>
    openWooCommerce({ url, ...settings }, credentials ?? { ...key, webhookSecret, previousWebhookSecret }, {
      fetch,
      now: () => now ?? new Date(server.shop.now()),
      connectedAt: connectedAt ?? new Date(0),
      signal: signal ?? new AbortController().signal,
      renewCredentials: async (used) => used,
      ownProducts: async () => [],
    });
  const open = (opening?: Opening) => openAt(shopUrl, opening);
  const harness: Harness = {
    open,
    openNowhere: () => ({ channel: openAt(nowhereUrl), orderId: '1' }),
    tick: async () => server.shop.tick(),
    proxy,
    is,
    productCount: 8 + (options.bulk ?? 0),
    price: { USD: 1450, JPY: 1450, KWD: 14500 },
    secrets: [key.consumerKey, key.consumerSecret, webhookSecret, '12 Harbour Street', 'Ada', 'ada@example.com'],
    ...peopleOf(server, options),
    clerk: clerkOf(server),
    ...keys(server),
    webhooks: webhooks(open),
    stop: async () => {
      await proxy.close();
      await server.stop();
    },
  };
  return { ...harness, server, shop: server.shop, webhookSecret };
}

const is: Harness['is'] = {
  create: ({ method, path }) => method === 'POST' && /\/orders\/\d+\/(fulfillments|notes)$/.test(path),
  finish: ({ method, path }) => method === 'PUT' && /\/fulfillments\/\d+$/.test(path),
  stock: ({ method, path }) => method === 'POST' && path.endsWith('/batch'),
  readOrder: ({ method, path }) => method === 'GET' && /\/orders\/\d+$/.test(path),
};

function peopleOf({ shop }: WooCommerceServer, { fulfillments = true }: ShopOptions) {
  /** Without the feature a clerk completes the order, and the shop has no record of what was shipped. */
  const byHand = new Map<string, ShopShipment[]>();
  return {
    async place({ skus = [['MUG-BLUE', 2]], paid = true, name, currency }: Wanted = {}) {
      const status = paid ? 'processing' : 'on-hold';
      const order = shop.buy({ skus, status, ...(name && { name }), ...(currency && { currency }) });
      const units = order.lines.map(({ id, quantity }) => ({ remoteLineId: String(id), quantity }));
      return { remoteId: String(order.id), number: String(order.id), units };
    },
    pay: async (remoteId: string) => shop.setStatus(shop.order(remoteId), 'processing'),
    shipByHand: async (remoteId: string, units: ShopShipment['units'], number: string) => {
      if (fulfillments) return void shop.fulfill(remoteId, { _items: itemsOf(units), _tracking_number: number });
      byHand.set(remoteId, [{ remoteId, state: 'shipped', units, carrierName: '', number, url: null }]);
      shop.setStatus(shop.order(remoteId), 'completed');
    },
    cancel: async (remoteId: string, units?: ShopShipment['units']) => {
      if (units) shop.refund(remoteId, refunded(units));
      else shop.setStatus(shop.order(remoteId), 'cancelled');
    },
    refund: async (remoteId: string, amount: number) => void shop.refund(remoteId, [], amount / 100),
    shipments: async (remoteId: string) => {
      const { fulfillments: records, notes } = shop.order(remoteId);
      return [...records.map(toShipment), ...notes.map(toNoted), ...(byHand.get(remoteId) ?? [])];
    },
    stock: async (sku: string) => {
      const { id, stock } = shop.catalogue.bySku(sku);
      const held = [...shop.orders.values()].filter(({ status }) => ['processing', 'on-hold'].includes(status));
      const reserved = held.reduce((sum, order) => sum + heldBy(order, id), 0);
      return { onHand: (stock ?? 0) + reserved, reserved, available: stock ?? 0 };
    },
    productId: async (sku: string) => {
      const { id, parent } = shop.catalogue.bySku(sku);
      return parent === null ? String(id) : `${parent}/${id}`;
    },
    changeProduct: async (sku: string, { active, ...to }: { sku?: string; name?: string; active?: boolean }) =>
      void shop.catalogue.change(sku, { ...to, ...(active !== undefined && { status: active ? 'publish' : 'draft' }) }),
  };
}

function clerkOf({ shop }: WooCommerceServer): Partial<Clerk> {
  return {
    edit: async (remoteId, lineId, quantity) => shop.editLine(remoteId, Number(lineId), quantity),
    add: async (remoteId, sku, quantity) => void shop.addLine(remoteId, sku, quantity),
    giveBack: async (remoteId, units) => void shop.refund(remoteId, refunded(units), 10),
    deleteProduct: async (sku) => void shop.catalogue.remove(sku),
  };
}

const refunded = (units: ShopShipment['units']) =>
  units.map(({ remoteLineId: id, quantity }) => ({ lineId: Number(id), quantity }));

const itemsOf = (units: ShopShipment['units']) =>
  units.map(({ remoteLineId, quantity }) => ({ item_id: Number(remoteLineId), qty: quantity }));

function heldBy({ lines, fulfillments }: Order, productId: number): number {
  const ids = lines.filter((line) => (line.variation_id || line.product_id) === productId).map(({ id }) => id);
  const shipped = fulfillments
    .flatMap(({ meta }) => meta['_items'] as { item_id: number; qty: number }[])
    .filter(({ item_id }) => ids.includes(item_id))
    .reduce((sum, { qty }) => sum + qty, 0);
  return lines.filter(({ id }) => ids.includes(id)).reduce((sum, { quantity }) => sum + quantity, 0) - shipped;
}

function toShipment({ id, isFulfilled, deleted, meta }: Fulfillment): ShopShipment {
  return {
    remoteId: String(id),
    state: deleted !== null ? 'voided' : isFulfilled ? 'shipped' : 'pending',
    units: (meta['_items'] as { item_id: number; qty: number }[]).map(({ item_id, qty }) => ({
      remoteLineId: String(item_id),
      quantity: qty,
    })),
    carrierName: (meta['_provider_name'] as string | undefined) ?? '',
    number: (meta['_tracking_number'] as string | undefined) ?? '',
    url: (meta['_tracking_url'] as string | undefined) || null,
  };
}

/** As a person reads it. */
function toNoted({ id, note }: Order['notes'][number]): ShopShipment {
  const after = (label: string) => new RegExp(`^${label}: (.+)$`, 'm').exec(note)?.[1];
  const units = [...(after('Reference') ?? '').matchAll(/ (\d+)x(\d+)/g)];
  return {
    remoteId: String(id),
    state: 'shipped',
    units: units.map(([, remoteLineId, quantity]) => ({ remoteLineId: remoteLineId!, quantity: Number(quantity) })),
    carrierName: after('Carrier') ?? '',
    number: after('Tracking number') ?? '',
    url: after('Track it') ?? null,
  };
}

const marks = { payment: '"status":"processing"', cancel: '"status":"cancelled"', refund: '"refunds":[{' };

function webhooks(open: () => Channel): Harness['webhooks'] {
  return {
    connect: (url) => open().ensureWebhooks(url),
    signed: (body, { secret = 'current', at }) => {
      const hook = { id: 1, secret: secret === 'current' ? webhookSecret : previousWebhookSecret };
      return new Headers(
        signedHeaders({ hook, topic: 'order.updated', body, second: Math.floor(at.getTime() / 1_000) }),
      );
    },
    isOf: (what, body) => body.includes(marks[what]),
    isTimed: false,
    hasBuyer: true,
    naming: (orderIds) => `{"id":${orderIds[0]},"status":"processing"}`,
    read: readingAs('woocommerce', [webhookSecret, previousWebhookSecret]),
  };
}

function keys(server: WooCommerceServer) {
  return {
    wrong: { consumerKey: `ck_${'0'.repeat(40)}`, consumerSecret: `cs_${'0'.repeat(40)}` },
    repeatsSkus: false,
    async revocable() {
      const { revoke, ...credentials } = server.makeKey();
      return { credentials, revoke };
    },
    async narrow() {
      const { revoke: _, ...credentials } = server.makeKey('read');
      return { credentials, missing: 'Read/Write' };
    },
  };
}
