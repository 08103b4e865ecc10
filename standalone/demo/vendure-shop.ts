import { graphQl, refusal, type GraphQl } from './vendure-shop-graphql.ts';
import { startShopProcess, type ShopOptions } from './vendure-shop-process.ts';

type ShopLine = { id: string; quantity: number; orderPlacedQuantity: number; productVariant: { sku: string } };
export type ShopFulfillment = {
  id: string;
  state: string;
  method: string;
  trackingCode: string;
  lines: { orderLineId: string; quantity: number }[];
  /** Not there in a shop without the companion. */
  customFields?: { shipmentId: string | null; trackingUrl: string | null };
};
/** An order of the shop's admin API. */
export type ShopOrder = {
  id: string;
  code: string;
  state: string;
  orderPlacedAt: string | null;
  lines: ShopLine[];
  fulfillments: ShopFulfillment[];
};
type ShopStock = { stockOnHand: number; stockAllocated: number; available: number };
type ShipTo = Partial<Record<keyof typeof home, string>>;
type NewShopOrder = {
  lines: { sku: string; quantity: number }[];
  shipTo?: ShipTo;
  /** `false`: authorized only, see `settlePayment`. */
  paid?: boolean;
  currency?: string;
};
type Units = { lineId: string; quantity: number }[];

const home = {
  fullName: 'Ada Lovelace',
  company: '',
  streetLine1: '12 Harbour Street',
  streetLine2: '',
  city: 'Portland',
  province: 'OR',
  postalCode: '97201',
  countryCode: 'US',
  phoneNumber: '+1 503 555 0100',
};

const orderFields = `id code state orderPlacedAt lines { id quantity orderPlacedQuantity productVariant { sku } }
  fulfillments { id state method trackingCode lines { orderLineId quantity } REFERENCE }`;
const reference = 'customFields { shipmentId trackingUrl }';

/** A shop, with the calls that customers and the merchant make in the demo and in tests. */
export type VendureShop = Awaited<ReturnType<typeof startVendureShop>>;

/**
 * Starts a real Vendure shop with eight variants (100 units each, `GIFT-CARD-25` untracked), logged in as superadmin.
 * @param options `dataDir` to reuse a shop's data, `port` to get a certain one, `bulk` for that many more variants
 */
export async function startVendureShop(options: ShopOptions = {}) {
  const shop = await startShopProcess(options);
  const admin = graphQl(`${shop.url}/admin-api`);
  await login(admin);
  const order = orderReader(admin, options.companion === false ? '' : reference);
  return {
    ...shop,
    adminUrl: `${shop.url}/admin-api`,
    admin,
    ...customer(shop.url, admin, order),
    ...orderCalls(admin, order),
    ...stockRoom(admin),
    ...access(admin),
  };
}

async function login(admin: GraphQl) {
  await admin(`mutation { login(username: "superadmin", password: "superadmin") { __typename ${refusal} } }`);
}

type ReadOrder = (id: string) => Promise<ShopOrder>;

function customer(url: string, admin: GraphQl, order: ReadOrder) {
  return {
    /** Buys through the shop API, as a customer. */
    async placeOrder(wanted: NewShopOrder): Promise<ShopOrder> {
      const currency = wanted.currency ? `?currencyCode=${wanted.currency}` : '';
      const shop = graphQl(`${url}/shop-api${currency}`);
      for (const { sku, quantity } of wanted.lines) {
        const id = await variantId(admin, sku);
        const add = `mutation ($id: ID!, $quantity: Int!) {
          addItemToOrder(productVariantId: $id, quantity: $quantity) { __typename ${refusal} } }`;
        await shop(add, { id, quantity });
      }
      const placed = await shop<{ addPaymentToOrder: { id: string } }>(checkout, {
        address: { ...home, ...wanted.shipTo },
        method: wanted.paid === false ? 'pay-later' : 'standard-payment',
      });
      return order(placed.addPaymentToOrder.id);
    },
  };
}

const checkout = `mutation ($address: CreateAddressInput!, $method: String!) {
  setCustomerForOrder(input: { emailAddress: "ada@example.com", firstName: "Ada", lastName: "Lovelace" }) { __typename ${refusal} }
  setOrderShippingAddress(input: $address) { __typename ${refusal} }
  setOrderShippingMethod(shippingMethodId: ["1"]) { __typename ${refusal} }
  transitionOrderToState(state: "ArrangingPayment") { __typename ... on OrderStateTransitionError { errorCode message: transitionError } }
  addPaymentToOrder(input: { method: $method, metadata: {} }) { __typename ... on Order { id } ${refusal} }
}`;

function orderReader(admin: GraphQl, referenceFields: string): ReadOrder {
  const fields = orderFields.replace('REFERENCE', referenceFields);
  return async (id) => {
    const { order } = await admin<{ order: ShopOrder | null }>(`query ($id: ID!) { order(id: $id) { ${fields} } }`, {
      id,
    });
    if (!order) throw new Error(`The shop has no order ${id}.`);
    return order;
  };
}

function orderCalls(admin: GraphQl, order: ReadOrder) {
  const transition = async (id: string, state: string) => {
    const move = `mutation ($id: ID!, $state: String!) {
      transitionFulfillmentToState(id: $id, state: $state) { __typename ... on FulfillmentStateTransitionError { errorCode message: transitionError } } }`;
    await admin(move, { id, state });
  };
  return {
    order,
    /** Moves a fulfillment to `Shipped`, `Delivered` or `Cancelled`. */
    transition,
    /** Captures the payment of an order that was placed with `paid: false`. */
    async settlePayment(orderId: string): Promise<void> {
      const read = `query ($id: ID!) { order(id: $id) { payments { id } } }`;
      const found = await admin<{ order: { payments: { id: string }[] } }>(read, { id: orderId });
      const finish = `mutation ($id: ID!) { settlePayment(id: $id) { __typename ${refusal} } }`;
      for (const { id } of found.order.payments) await admin(finish, { id });
    },
    /** Pays money back, in the shop's amounts, and changes no units. */
    async refund(orderId: string, amount: number): Promise<void> {
      const read = `query ($id: ID!) { order(id: $id) { payments { id } } }`;
      const found = await admin<{ order: { payments: { id: string }[] } }>(read, { id: orderId });
      const create = `mutation ($input: RefundOrderInput!) {
        refundOrder(input: $input) { __typename ... on Refund { id state } ${refusal} } }`;
      type Made = { refundOrder: { id: string; state: string } };
      const nothingElse = { lines: [], shipping: 0, adjustment: 0 };
      const input = { paymentId: found.order.payments[0]?.id, amount, reason: 'a scratch', ...nothingElse };
      const { refundOrder: made } = await admin<Made>(create, { input });
      if (made.state === 'Settled') return;
      const finish = `mutation ($input: SettleRefundInput!) { settleRefund(input: $input) { __typename ${refusal} } }`;
      await admin(finish, { input: { id: made.id, transactionId: '1' } });
    },
    /** Cancels the order, or some units of it. */
    async cancel(orderId: string, units?: Units): Promise<ShopOrder> {
      const lines = units?.map(({ lineId, quantity }) => ({ orderLineId: lineId, quantity }));
      const cancel = `mutation ($input: CancelOrderInput!) { cancelOrder(input: $input) { __typename ${refusal} } }`;
      await admin(cancel, { input: { orderId, reason: 'customer asked', ...(lines && { lines }) } });
      return order(orderId);
    },
    /** Ships by hand, as a merchant's clerk does in the shop, without our reference. */
    async fulfill(by: { units: Units; trackingCode?: string; method?: string; state?: 'Pending' | 'Shipped' }) {
      const { method = 'By hand', trackingCode = 'HAND-1', state = 'Shipped' } = by;
      const create = `mutation ($input: FulfillOrderInput!) {
        addFulfillmentToOrder(input: $input) { __typename ... on Fulfillment { id } ${refusal} } }`;
      const lines = by.units.map(({ lineId, quantity }) => ({ orderLineId: lineId, quantity }));
      const args = Object.entries({ method, trackingCode }).map(([name, value]) => ({ name, value }));
      const input = { lines, handler: { code: 'manual-fulfillment', arguments: args } };
      const { addFulfillmentToOrder: made } = await admin<{ addFulfillmentToOrder: { id: string } }>(create, { input });
      if (state === 'Shipped') await transition(made.id, 'Shipped');
      return made.id;
    },
  };
}

async function variantId(admin: GraphQl, sku: string): Promise<string> {
  const find = `query ($sku: String!) { productVariants(options: { filter: { sku: { eq: $sku } } }) { items { id } } }`;
  const { productVariants } = await admin<{ productVariants: { items: { id: string }[] } }>(find, { sku });
  const [variant] = productVariants.items;
  if (!variant) throw new Error(`The shop has no variant ${sku}.`);
  return variant.id;
}

type Level = { stockOnHand: number; stockAllocated: number };

/** The sum of all locations. */
function totalOf(levels: readonly Level[]): ShopStock {
  const total = (field: keyof Level) => levels.reduce((sum, level) => sum + level[field], 0);
  const [stockOnHand, stockAllocated] = [total('stockOnHand'), total('stockAllocated')];
  return { stockOnHand, stockAllocated, available: stockOnHand - stockAllocated };
}

function stockRoom(admin: GraphQl) {
  const update = async (input: Record<string, unknown>[]) => {
    const save = `mutation ($input: [UpdateProductVariantInput!]!) { updateProductVariants(input: $input) { id } }`;
    await admin(save, { input });
  };
  const updateBySku = async (sku: string, changes: Record<string, unknown>) => {
    await update([{ id: await variantId(admin, sku), ...changes }]);
  };
  return {
    variantId: (sku: string) => variantId(admin, sku),
    /** Changes any field of a variant, for example `{ enabled: false }` or `{ prices: [{ currencyCode, price }] }`. */
    updateVariant: updateBySku,
    setStock: (sku: string, stockOnHand: number) => updateBySku(sku, { stockOnHand }),
    async stockOf(sku: string): Promise<ShopStock> {
      const read = `query ($id: ID!) { productVariant(id: $id) { stockLevels { stockOnHand stockAllocated } } }`;
      const id = await variantId(admin, sku);
      const { productVariant } = await admin<{ productVariant: { stockLevels: Level[] } }>(read, { id });
      return totalOf(productVariant.stockLevels);
    },
    /** The units that the shop can sell of each variant, by SKU. */
    async available(): Promise<Map<string, number>> {
      const read = `query { productVariants(options: { take: 1000 }) { items { sku stockLevels { stockOnHand stockAllocated } } } }`;
      const { productVariants } = await admin<{ productVariants: { items: { sku: string; stockLevels: Level[] }[] } }>(
        read,
      );
      return new Map(productVariants.items.map((variant) => [variant.sku, totalOf(variant.stockLevels).available]));
    },
    /** Adds a product with `count` variants, SKUs `<prefix>-1` …, ten units each. */
    async createVariants(count: number, prefix = 'BULK'): Promise<{ id: string; sku: string }[]> {
      const options = Array.from({ length: count }, (_, index) => `${prefix}-${index + 1}`);
      const { productId, optionIds } = await createProduct(admin, prefix, options);
      const input = options.map((sku, index) => ({
        productId,
        sku,
        price: 1000,
        stockOnHand: 10,
        trackInventory: 'TRUE',
        optionIds: [optionIds[index]],
        translations: [{ languageCode: 'en', name: `Bulk ${sku}` }],
      }));
      const create = `mutation ($input: [CreateProductVariantInput!]!) { createProductVariants(input: $input) { id sku } }`;
      type Created = { createProductVariants: { id: string; sku: string }[] };
      return (await admin<Created>(create, { input })).createProductVariants;
    },
  };
}

async function createProduct(admin: GraphQl, name: string, options: string[]) {
  const translated = (text: string) => [{ languageCode: 'en', name: text }];
  const create = `mutation ($product: CreateProductInput!, $group: CreateProductOptionGroupInput!) {
    createProduct(input: $product) { id }
    createProductOptionGroup(input: $group) { id options { id name } } }`;
  type Option = { id: string; name: string };
  type Made = { createProduct: { id: string }; createProductOptionGroup: { id: string; options: Option[] } };
  const made = await admin<Made>(create, {
    product: { translations: [{ languageCode: 'en', name, slug: name.toLowerCase(), description: '' }] },
    group: {
      code: `${name}-options`,
      translations: translated(name),
      options: options.map((option) => ({ code: option.toLowerCase(), translations: translated(option) })),
    },
  });
  const { id: productId } = made.createProduct;
  const { id: optionGroupId, options: created } = made.createProductOptionGroup;
  const join = `mutation ($productId: ID!, $optionGroupId: ID!) {
    addOptionGroupToProduct(productId: $productId, optionGroupId: $optionGroupId) { id } }`;
  await admin(join, { productId, optionGroupId });
  return { productId, optionIds: options.map((option) => created.find(({ name: made }) => made === option)?.id) };
}

function access(admin: GraphQl) {
  const createRole = async (code: string, permissions: string[]) => {
    const create = `mutation ($input: CreateRoleInput!) { createRole(input: $input) { id } }`;
    const input = { code, description: code, permissions };
    return (await admin<{ createRole: { id: string } }>(create, { input })).createRole.id;
  };
  return {
    /** Sets where the companion sends its webhooks. */
    async setWebhookTarget(url: string, secret: string): Promise<void> {
      const set = `mutation ($url: String!, $secret: String!) { setWebhookTarget(url: $url, secret: $secret) }`;
      await admin(set, { url, secret });
    },
    /** @returns the key and how to revoke it */
    async createApiKey(permissions: string[]) {
      const roleId = await createRole(`key-${permissions.join('-').toLowerCase()}`, permissions);
      const create = `mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { apiKey entityId } }`;
      const input = { roleIds: [roleId], translations: [{ languageCode: 'en', name: 'test' }] };
      type Created = { createApiKey: { apiKey: string; entityId: string } };
      const { createApiKey: made } = await admin<Created>(create, { input });
      const revoke = async () => {
        await admin(`mutation ($ids: [ID!]!) { deleteApiKeys(ids: $ids) { result } }`, { ids: [made.entityId] });
      };
      return { apiKey: made.apiKey, revoke };
    },
    /** Makes a second administrator with some permissions. @returns also how to change its password and how to delete it */
    async createAdmin(name: string, permissions: string[]) {
      const [username, password] = [`${name}@example.com`, `pass-${name}`];
      const roleId = await createRole(`role-${name}`, permissions);
      const create = `mutation ($input: CreateAdministratorInput!) { createAdministrator(input: $input) { id } }`;
      const input = { firstName: name, lastName: name, emailAddress: username, password, roleIds: [roleId] };
      const { createAdministrator: made } = await admin<{ createAdministrator: { id: string } }>(create, { input });
      const changePassword = async (next: string) => {
        const change = `mutation ($input: UpdateAdministratorInput!) { updateAdministrator(input: $input) { id } }`;
        await admin(change, { input: { id: made.id, password: next } });
      };
      const dismiss = async () => {
        await admin(`mutation ($id: ID!) { deleteAdministrator(id: $id) { result } }`, { id: made.id });
      };
      return { username, password, changePassword, dismiss };
    },
  };
}
