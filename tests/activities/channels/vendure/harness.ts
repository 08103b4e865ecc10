import { createHmac } from 'node:crypto';
import type { Channel } from '../../../../activities/channels/channel.ts';
import { createSafeFetch } from '../../../../activities/channels/safe-fetch.ts';
import { createVendureFactory } from '../../../../activities/channels/vendure/vendure.ts';
import { startFaultProxy } from '../../../support/fakes/fault-proxy.ts';
import { startVendureShop, type ShopFulfillment, type VendureShop } from '../../../../standalone/demo/vendure-shop.ts';
import { editByClerk, lowerByClerk } from '../../../support/fakes/shop-clerk.ts';
import { readingAs, type Clerk, type Harness, type ShopShipment, type Wanted } from '../harness.ts';

type Opening = Parameters<Harness['open']>[0];

/** On a fresh clone the shop's packages are installed and its template is made; later it takes four seconds. */
export const firstStartLimitMs = 300_000;

const secretOf = (text: string) => `whsec_${Buffer.from(text).toString('base64')}`;
const webhookSecret = secretOf('the secret of the webhook');
const previousWebhookSecret = secretOf('the secret of the webhook before');

/** A real Vendure shop behind the fault proxy. */
export async function startVendureHarness(options: { bulk?: number; companion?: boolean } = {}) {
  const shop = await startVendureShop(options);
  const proxy = await startFaultProxy({ target: shop.url });
  await sellIn(shop, { JPY: 145000, KWD: 1450 });
  const login = { username: 'superadmin', password: 'superadmin' };
  // One map for the file, as a worker has one for its life.
  const factory = createVendureFactory(new Map());
  const fetch = createSafeFetch({ allowedPrivateHosts: [proxy.host, '127.0.0.1:1'] });
  const openAt = (url: string, { signal, credentials, connectedAt, now, settings }: Opening = {}): Channel =>
    factory({ url, ...settings }, credentials ?? { ...login, webhookSecret, previousWebhookSecret }, {
      fetch,
      now: () => now ?? new Date(),
      connectedAt: connectedAt ?? new Date(0),
      signal: signal ?? new AbortController().signal,
      renewCredentials: async (used: unknown) => used,
      ownProducts: async () => [],
    });
  const harness: Harness = {
    open: (opening) => openAt(proxy.url, opening),
    openNowhere: () => ({ channel: openAt('http://127.0.0.1:1'), orderId: '1' }),
    tick: async () => new Date(),
    proxy,
    is,
    productCount: 8 + (options.bulk ?? 0),
    price: { USD: 1450, JPY: 1450, KWD: 14500 },
    secrets: ['superadmin', webhookSecret, 'Bearer', '12 Harbour Street', 'Ada Lovelace', 'ada@example.com'],
    ...clerk(shop),
    ...keys(shop),
    webhooks: webhooks(shop),
    clerk: besides(shop),
    stop: async () => {
      await proxy.close();
      await shop.stop();
    },
  };
  return { ...harness, shop };
}

const is: Harness['is'] = {
  create: ({ body }) => body.includes('addFulfillmentToOrder'),
  finish: ({ body }) => body.includes('transitionFulfillmentToState'),
  stock: ({ body }) => body.includes('updateProductVariants'),
  readOrder: ({ body }) => body.includes('order(id: $id)'),
};

/** Vendure's precision is 2 for every currency: 145000 is 1450 yen, 1450 is 14.500 dinars. */
async function sellIn(shop: VendureShop, prices: Record<string, number>): Promise<void> {
  const codes = Object.keys(prices);
  const currencies = `mutation ($codes: [CurrencyCode!]) {
    updateChannel(input: { id: "1", availableCurrencyCodes: $codes }) { __typename } }`;
  await shop.admin(currencies, { codes: ['USD', ...codes] });
  const list = codes.map((currencyCode) => ({ currencyCode, price: prices[currencyCode] }));
  await shop.updateVariant('MUG-BLUE', { prices: list });
}

function clerk(shop: VendureShop) {
  return {
    async place({ skus = [['MUG-BLUE', 2]], paid = true, name, currency }: Wanted = {}) {
      const order = await shop.placeOrder({
        lines: skus.map(([sku, quantity]) => ({ sku, quantity })),
        paid,
        ...(name && { shipTo: { fullName: name } }),
        ...(currency && { currency }),
      });
      const units = order.lines.map(({ id, quantity }) => ({ remoteLineId: id, quantity }));
      return { remoteId: order.id, number: order.code, units };
    },
    pay: (remoteId: string) => shop.settlePayment(remoteId),
    shipByHand: async (_remoteId: string, units: ShopShipment['units'], trackingCode: string) => {
      await shop.fulfill({ units: toShopUnits(units), trackingCode });
    },
    cancel: async (remoteId: string, units?: ShopShipment['units']) => {
      await shop.cancel(remoteId, units && toShopUnits(units));
    },
    refund: (remoteId: string, amount: number) => shop.refund(remoteId, amount),
    shipments: async (remoteId: string) => (await shop.order(remoteId)).fulfillments.map(toShipment),
    stock: async (sku: string) => {
      const { stockOnHand: onHand, stockAllocated: reserved, available } = await shop.stockOf(sku);
      return { onHand, reserved, available };
    },
    productId: (sku: string) => shop.variantId(sku),
    changeProduct: async (sku: string, to: { sku?: string; name?: string; active?: boolean }) => {
      await shop.updateVariant(sku, {
        ...(to.sku !== undefined && { sku: to.sku }),
        ...(to.name && { translations: [{ languageCode: 'en', name: to.name }] }),
        ...(to.active !== undefined && { enabled: to.active }),
      });
    },
  };
}

const toShopUnits = (units: ShopShipment['units']) =>
  units.map(({ remoteLineId, quantity }) => ({ lineId: remoteLineId, quantity }));

function toShipment({ id, state, lines, method, trackingCode, customFields }: ShopFulfillment): ShopShipment {
  return {
    remoteId: id,
    state: state === 'Shipped' ? 'shipped' : state === 'Cancelled' ? 'voided' : 'pending',
    units: lines.map(({ orderLineId, quantity }) => ({ remoteLineId: orderLineId, quantity })),
    carrierName: method,
    number: trackingCode,
    url: customFields?.trackingUrl ?? null,
  };
}

const events = { payment: 'order.paid', cancel: 'order.cancelled', refund: 'order.refunded' };

function webhooks(shop: VendureShop): Harness['webhooks'] {
  return {
    connect: (url) => shop.setWebhookTarget(url, webhookSecret),
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
    read: readingAs('vendure', [webhookSecret, previousWebhookSecret]),
  };
}

function besides(shop: VendureShop): Partial<Clerk> {
  return {
    edit: async (remoteId, orderLineId, quantity) => {
      const now = (await shop.order(remoteId)).lines.find(({ id }) => id === orderLineId)!.quantity;
      const change = quantity < now ? lowerByClerk : editByClerk;
      await change(shop, remoteId, { adjustOrderLines: [{ orderLineId, quantity }] });
    },
    add: async (remoteId, sku, quantity) =>
      editByClerk(shop, remoteId, { addItems: [{ productVariantId: await shop.variantId(sku), quantity }] }),
    giveBack: async (remoteId, units) => void (await shop.cancel(remoteId, toShopUnits(units))),
    deleteProduct: async (sku) => {
      const remove = `mutation ($id: ID!) { deleteProductVariant(id: $id) { result } }`;
      await shop.admin(remove, { id: await shop.variantId(sku) });
    },
  };
}

function keys(shop: VendureShop) {
  let made = 0;
  return {
    wrong: { username: 'nobody', password: 'wrong' },
    repeatsSkus: true,
    async revocable() {
      made += 1;
      const permissions = ['ReadOrder', 'UpdateOrder', 'ReadCatalog', 'UpdateCatalog'];
      const { username, password, dismiss } = await shop.createAdmin(`clerk-${made}`, permissions);
      return { credentials: { username, password }, revoke: dismiss };
    },
    async narrow() {
      const { username, password } = await shop.createAdmin('narrow', ['ReadOrder', 'UpdateOrder', 'UpdateCatalog']);
      return { credentials: { username, password }, missing: 'ReadCatalog' };
    },
  };
}
