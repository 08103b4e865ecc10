import { callAt, type MedusaCall } from './medusa-shop-call.ts';
import { startMedusaProcess, type MedusaOptions } from './medusa-shop-process.ts';
import { medusaCatalogue } from './medusa-shop-catalogue.ts';

type ShopLine = { id: string; variant_sku: string | null; quantity: number; detail: { quantity: number } };
export type MedusaFulfillment = {
  id: string;
  shipped_at: string | null;
  canceled_at: string | null;
  metadata: { carrier?: string } | null;
  items: { line_item_id: string; quantity: number }[];
  labels: { tracking_number: string; tracking_url: string }[];
};
/** An order of the shop's Admin API. */
type MedusaShopOrder = {
  id: string;
  display_id: number;
  status: string;
  fulfillment_status: string;
  items: ShopLine[];
  fulfillments: MedusaFulfillment[];
  payment_collections: { payments: { id: string }[] }[];
};
type NewShopOrder = {
  lines: { sku: string; quantity: number }[];
  /** `false`: authorized only, see `capture`. */
  paid?: boolean;
  name?: string;
  currency?: string;
};
type Units = { lineId: string; quantity: number }[];
/** `quantities` and `prices` (in major units) by line. */
type Edit = {
  quantities?: Readonly<Record<string, number>>;
  prices?: Readonly<Record<string, number>>;
  adds?: { variantId: string; quantity: number }[];
};

const admin = { email: 'admin@example.com', password: 'supersecret' };

/** A shop, with the calls that customers and the merchant make in the demo and in tests. */
export type MedusaShop = Awaited<ReturnType<typeof startMedusaShop>>;

/** Starts a real Medusa shop with eight variants (100 units each, `GIFT-CARD-25` untracked). */
export async function startMedusaShop(options: MedusaOptions) {
  const shop = await startMedusaProcess(options);
  const { token } = await callAt(shop.url, {})<{ token: string }>('/auth/user/emailpass', admin);
  const call = callAt(shop.url, { authorization: `Bearer ${token}` });
  const order = async (id: string) =>
    (await call<{ order: MedusaShopOrder }>(`/admin/orders/${id}?fields=${orderFields}`)).order;
  const orders = orderCalls(call, order);
  const catalogue = medusaCatalogue(call);
  return {
    ...shop,
    adminUrl: `${shop.url}/admin`,
    call,
    ...orders,
    ...catalogue,
    ...(await customer(shop.url, call, { ...orders, ...catalogue })),
    ...access(call),
  };
}

const orderFields =
  'id,display_id,status,fulfillment_status,*items,*items.detail,*fulfillments,*fulfillments.items,*fulfillments.labels,*payment_collections.payments';

const home = { last_name: '', address_1: '12 Harbour Street', city: 'Portland', postal_code: '97201' };
const countries: Readonly<Record<string, string>> = { usd: 'us', jpy: 'jp', kwd: 'kw' };

type ShopCalls = ReturnType<typeof orderCalls> & ReturnType<typeof medusaCatalogue>;

type Named = { title: string; token: string };

async function customer(url: string, call: MedusaCall, { order, capture, variantId }: ShopCalls) {
  const { api_keys: keys } = await call<{ api_keys: Named[] }>('/admin/api-keys?type=publishable');
  // Medusa makes another one by itself.
  const key = keys.find(({ title }) => title === 'Web shop')!.token;
  const { regions } = await call<{ regions: { id: string; currency_code: string }[] }>('/admin/regions');
  const { shipping_options: shipping } = await call<{ shipping_options: { id: string }[] }>('/admin/shipping-options');
  const store = callAt(url, { 'x-publishable-api-key': key });
  return {
    /** Buys in the storefront, as a customer. Two at a time would wait for the same stock, so one after the other. */
    async placeOrder({ lines, paid = true, name = 'Ada Lovelace', currency = 'usd' }: NewShopOrder) {
      const code = currency.toLowerCase();
      const [first, ...rest] = name.split(' ');
      const address = { ...home, first_name: first, last_name: rest.join(' '), country_code: countries[code] };
      const items = [];
      for (const { sku, quantity } of lines) items.push({ variant_id: await variantId(sku), quantity });
      const { cart } = await store<{ cart: { id: string } }>('/store/carts', {
        region_id: regions.find((region) => region.currency_code === code)?.id,
        email: 'ada@example.com',
        shipping_address: address,
        billing_address: address,
        items,
      });
      await store(`/store/carts/${cart.id}/shipping-methods`, { option_id: shipping[0]!.id });
      const { payment_collection: payment } = await store<{ payment_collection: { id: string } }>(
        '/store/payment-collections',
        { cart_id: cart.id },
      );
      const sessions = `/store/payment-collections/${payment.id}/payment-sessions`;
      await store(sessions, { provider_id: 'pp_system_default' });
      const { order: placed } = await store<{ order: { id: string } }>(`/store/carts/${cart.id}/complete`, {});
      if (paid) await capture(placed.id);
      return order(placed.id);
    },
  };
}

function orderCalls(call: MedusaCall, order: (id: string) => Promise<MedusaShopOrder>) {
  const paymentOf = async (id: string) => (await order(id)).payment_collections[0]!.payments[0]!.id;
  /** Edits an order as a clerk does, and confirms it for the customer. */
  const edit = async (orderId: string, { quantities = {}, prices = {}, adds = [] }: Edit) => {
    const { items } = await order(orderId);
    const path = `/admin/order-edits/${orderId}`;
    await call('/admin/order-edits', { order_id: orderId });
    for (const id of new Set([...Object.keys(quantities), ...Object.keys(prices)])) {
      const quantity = quantities[id] ?? items.find((item) => item.id === id)!.detail.quantity;
      await call(`${path}/items/item/${id}`, { quantity, ...(prices[id] !== undefined && { unit_price: prices[id] }) });
    }
    const added = adds.map((add) => ({ variant_id: add.variantId, quantity: add.quantity }));
    if (added.length > 0) await call(`${path}/items`, { items: added });
    await call(`${path}/request`, {});
    await call(`${path}/confirm`, {});
  };
  return {
    order,
    edit,
    /** Takes the payment of an order that was placed with `paid: false`. */
    capture: async (id: string) => void (await call(`/admin/payments/${await paymentOf(id)}/capture`, {})),
    /** Pays money back, in major units, and changes no units. */
    refund: async (id: string, amount: number) =>
      void (await call(`/admin/payments/${await paymentOf(id)}/refund`, { amount })),
    /** Cancels the order, or some units of it. */
    async cancel(orderId: string, units?: Units): Promise<void> {
      if (!units) return void (await call(`/admin/orders/${orderId}/cancel`, {}));
      const { items } = await order(orderId);
      const left = ({ lineId, quantity }: Units[number]) =>
        items.find(({ id }) => id === lineId)!.detail.quantity - quantity;
      await edit(orderId, { quantities: Object.fromEntries(units.map((unit) => [unit.lineId, left(unit)])) });
    },
    /** Ships by hand, as a merchant's clerk does in the shop, without our reference. */
    async fulfill(orderId: string, units: Units, trackingNumber: string): Promise<void> {
      const items = units.map(({ lineId, quantity }) => ({ id: lineId, quantity }));
      const before = new Set((await order(orderId)).fulfillments.map(({ id }) => id));
      await call(`/admin/orders/${orderId}/fulfillments`, { items });
      const made = (await order(orderId)).fulfillments.find(({ id }) => !before.has(id))!;
      const labels = [{ tracking_number: trackingNumber, tracking_url: '#', label_url: '#' }];
      await call(`/admin/orders/${orderId}/fulfillments/${made.id}/shipments`, { items, labels });
    },
  };
}

function access(call: MedusaCall) {
  return {
    /** Sets where the companion sends its webhooks. */
    setWebhookTarget: async (url: string, secret: string) =>
      void (await call('/admin/vendor-portals/webhook', { url, secret })),
    /** @returns a secret key, which has all rights, and how to revoke it */
    async createApiKey(title: string) {
      const { api_key: key } = await call<{ api_key: { id: string; token: string } }>('/admin/api-keys', {
        title,
        type: 'secret',
      });
      const revoke = async () => void (await call(`/admin/api-keys/${key.id}/revoke`, {}));
      return { apiKey: key.token, revoke };
    },
  };
}
