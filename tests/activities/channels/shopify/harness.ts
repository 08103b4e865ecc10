import type { Channel, ChannelTools } from '../../../../activities/channels/channel.ts';
import { createSafeFetch } from '../../../../activities/channels/safe-fetch.ts';
import { openShopify } from '../../../../activities/channels/shopify/shopify.ts';
import { startFaultProxy } from '../../../support/fakes/fault-proxy.ts';
import type { Order } from '../../../support/fakes/shopify/model.ts';
import { startShopifyShop, type ShopifyShop } from '../../../support/fakes/shopify/shopify-shop.ts';
import { signatureOf } from '../../../support/fakes/shopify/webhooks.ts';
import { readingAs, type Clerk, type Harness, type ShopShipment, type Wanted } from '../harness.ts';

type Opening = NonNullable<Parameters<Harness['open']>[0]> & { renewCredentials?: ChannelTools['renewCredentials'] };
type Plan = NonNullable<Parameters<typeof startShopifyShop>[0]>['plan'];

const previousClientSecret = 'shpss_the-secret-of-the-app-before';

/** A simulated Shopify shop with two locations, behind the fault proxy. Stock is written to the first. */
export async function startShopifyHarness({ bulk = 0, plan }: { bulk?: number; plan?: Plan } = {}) {
  const shop = await startShopifyShop(plan && { plan });
  const places = stockOf(shop, bulk);
  const proxy = await startFaultProxy({ target: shop.url });
  const safe = createSafeFetch({ allowedPrivateHosts: [proxy.host, '127.0.0.1:1'] });
  const { domain, clientSecret } = shop.state;
  const withToken = (accessToken: string) => ({ accessToken, clientSecret, previousClientSecret });
  const token = shop.tokens.issue();
  const openAt = (url: string, { settings, credentials, ...tools }: Opening = {}): Channel =>
    openShopify({ shop: domain, stockLocationId: places.main, ...settings }, credentials ?? withToken(token), {
      fetch: (address, init) => safe(address.replace(`https://${domain}`, url), init),
      now: () => tools.now ?? new Date(),
      connectedAt: tools.connectedAt ?? new Date(0),
      signal: tools.signal ?? new AbortController().signal,
      renewCredentials: tools.renewCredentials ?? (async (used, next) => next(used)),
      ownProducts: async () => [],
    });
  const open = (opening?: Opening) => openAt(proxy.url, opening);
  return {
    shop,
    ...places,
    withToken,
    open,
    openNowhere: () => ({ channel: openAt('http://127.0.0.1:1'), orderId: 'gid://shopify/Order/1' }),
    tick: async () => new Date(shop.nextSecond()),
    proxy,
    is,
    productCount: 8 + bulk,
    price: { USD: 1450, JPY: 1450, KWD: 14500 },
    secrets: [token, clientSecret, '12 Harbour Street', 'Ada Lovelace', 'ada@example.com'],
    repeatsSkus: true,
    ...peopleOf(shop, places.main),
    ...keysOf(shop, withToken),
    webhooks: webhooksOf(shop, open),
    clerk: clerkOf(shop),
    stop: async () => {
      await proxy.close();
      await shop.stop();
    },
  };
}

const is: Harness['is'] = {
  create: ({ body }) => body.includes('fulfillmentCreate'),
  finish: () => false,
  stock: ({ body }) => body.includes('inventorySetQuantities'),
  readOrder: ({ body }) => body.includes('order(id: $id) { id name'),
};

function stockOf({ customer }: ShopifyShop, bulk: number) {
  const [main, second] = [customer.location('Main'), customer.location('Second')];
  const stock = { [main]: 1000, [second]: 0 };
  customer.product('Harbour Mug', ['MUG-BLUE', 'MUG-SAND'], { stock });
  customer.product('Everyday Tee', ['TEE-BLACK-M', 'TEE-BLACK-L'], { stock });
  for (const sku of ['POSTER-A2', 'NOTEBOOK-A5', 'TOTE-NATURAL']) customer.product(sku, [sku], { stock });
  customer.product('Gift card', ['GIFT-CARD-25'], { stock: { [main]: 0 }, isTracked: false });
  for (let number = 1; number <= bulk; number += 1) {
    customer.product(`Bulk ${number}`, [`BULK-${number}`], { stock: { [main]: 10 } });
  }
  return { main, second };
}

const prices: Readonly<Record<string, string>> = { USD: '14.50', JPY: '1450', KWD: '14.500' };

function peopleOf({ customer, clerk, fulfillments, state }: ShopifyShop, main: string) {
  const orderOf = (remoteId: string): Order => state.orders.get(remoteId)!;
  return {
    orderOf,
    async place({ skus = [['MUG-BLUE', 2]], paid = true, name, currency = 'USD' }: Wanted = {}) {
      const own = Object.fromEntries(skus.map(([sku]) => [sku, prices[currency]!]));
      const order = customer.place({ lines: skus, paid, currency, buyer: name, prices: own });
      const units = order.lines.map(({ id, quantity }) => ({ remoteLineId: id, quantity }));
      return { remoteId: order.id, number: order.name, units };
    },
    pay: async (remoteId: string) => customer.pay(orderOf(remoteId)),
    shipByHand: async (remoteId: string, units: ShopShipment['units'], number: string) =>
      fulfillments.shipByHand(
        orderOf(remoteId),
        units.map(({ remoteLineId, quantity }) => ({ lineId: remoteLineId, quantity })),
        number,
      ),
    cancel: async (remoteId: string, units?: ShopShipment['units']) => {
      const order = orderOf(remoteId);
      if (!units) return clerk.cancel(order);
      for (const { remoteLineId, quantity } of units)
        clerk.removeUnits(
          order,
          order.lines.find(({ id }) => id === remoteLineId)!,
          quantity,
        );
    },
    refund: async (remoteId: string, amount: number) => clerk.refundMoney(orderOf(remoteId), amount),
    shipments: async (remoteId: string): Promise<ShopShipment[]> => orderOf(remoteId).fulfillments.map(toShipment),
    stock: async (sku: string) => {
      const { available, committed } = clerk.variant(sku).levels.get(main)!;
      return { onHand: available + committed, reserved: committed, available };
    },
    productId: async (sku: string) => clerk.variant(sku).id,
    changeProduct: async (sku: string, to: { sku?: string; name?: string; active?: boolean }) =>
      clerk.changeProduct(sku, to),
  };
}

function clerkOf({ clerk, state }: ShopifyShop): Clerk {
  const orderOf = (remoteId: string) => state.orders.get(remoteId)!;
  const lineOf = (remoteId: string, lineId: string) => orderOf(remoteId).lines.find(({ id }) => id === lineId)!;
  return {
    edit: async (remoteId, lineId, quantity) => {
      const line = lineOf(remoteId, lineId);
      const more = quantity - line.current;
      if (more > 0) clerk.addUnits(orderOf(remoteId), line, more);
      else clerk.removeUnits(orderOf(remoteId), line, -more);
    },
    add: async (remoteId, sku, quantity) => void clerk.addLine(orderOf(remoteId), sku, quantity),
    giveBack: async (remoteId, units) => {
      for (const { remoteLineId, quantity } of units)
        clerk.refundShipped(orderOf(remoteId), lineOf(remoteId, remoteLineId), quantity);
    },
    hold: async (remoteId) => clerk.hold(orderOf(remoteId)),
    release: async (remoteId) => clerk.release(orderOf(remoteId)),
    deleteProduct: async (sku) => clerk.deleteProduct(sku),
  };
}

const toShipment = ({ id, status, units, tracking }: Order['fulfillments'][number]): ShopShipment => ({
  remoteId: id,
  state: status === 'CANCELLED' ? 'voided' : 'shipped',
  units: units.map(({ item, quantity }) => ({ remoteLineId: item.line.id, quantity })),
  carrierName: tracking[0]?.company ?? '',
  number: tracking[0]?.number ?? '',
  url: tracking[0]?.url ?? null,
});

function webhooksOf({ state }: ShopifyShop, open: () => Channel): Harness['webhooks'] {
  return {
    connect: async (url) => {
      state.subscriptions = [];
      await open().ensureWebhooks(url);
    },
    signed: (body, { secret = 'current' }) =>
      new Headers({
        'x-shopify-webhook-id': 'msg_1',
        'x-shopify-topic': 'orders/paid',
        'x-shopify-hmac-sha256': signatureOf(secret === 'current' ? state.clientSecret : previousClientSecret, body),
      }),
    // Each message names the order alone: the task reads what has happened.
    isOf: (_what, body) => body.includes('admin_graphql_api_id'),
    isTimed: false,
    naming: (orderIds) => `{"admin_graphql_api_id":"${orderIds[0]}"}`,
    read: readingAs('shopify', [state.clientSecret, previousClientSecret]),
  };
}

function keysOf({ tokens, state }: ShopifyShop, withToken: (token: string) => object) {
  return {
    wrong: withToken('shpat_wrong'),
    async revocable() {
      const token = tokens.issue();
      return { credentials: withToken(token), revoke: async () => void tokens.revoke(token) };
    },
    async narrow() {
      const scopes = state.scopes.filter((scope) => scope !== 'read_products');
      return { credentials: withToken(tokens.issue({ scopes })), missing: 'read_products' };
    },
  };
}
