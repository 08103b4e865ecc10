import { connectionOf, isFound, type ListArgs } from './connection.ts';
import {
  actionsOf,
  isoOf,
  levelOf,
  variantsOf,
  type Fulfillment,
  type FulfillmentOrder,
  type Line,
  type Order,
  type Product,
  type ShopState,
  type Variant,
} from './model.ts';
import { levelIdOf } from './stock.ts';

const sixtyDaysMs = 60 * 86_400_000;

/** What the API shows. Fields with arguments are functions, as graphql-js calls them. */
export function viewsOf(shop: ShopState) {
  /** Without a right of its own an app sees the orders of the last sixty days alone. */
  const isVisible = ({ createdAt }: Order, scopes: readonly string[]): boolean =>
    scopes.includes('read_all_orders') || createdAt >= shop.now() - sixtyDaysMs;
  return {
    order: (id: string, scopes: readonly string[]) => {
      const order = shop.orders.get(id);
      return order && isVisible(order, scopes) ? viewOrder(shop, order) : null;
    },
    orders: (args: ListArgs, scopes: readonly string[]) => {
      const orders = [...shop.orders.values()].filter(
        (order) =>
          isVisible(order, scopes) && isFound(args.query, { updated_at: order.updatedAt, created_at: order.createdAt }),
      );
      const sortOf = (order: Order) => (args.sortKey === 'UPDATED_AT' ? order.updatedAt : order.createdAt);
      return shown(connectionOf(orders, args, sortOf), (order) => viewOrder(shop, order));
    },
    products: (args: ListArgs) => {
      const products = shop.products.filter(({ updatedAt }) => isFound(args.query, { updated_at: updatedAt }));
      return shown(
        connectionOf(products, args, ({ updatedAt }) => updatedAt),
        viewProduct,
      );
    },
    product: (id: string) => {
      const product = shop.products.find((one) => one.id === id);
      return product ? viewProduct(product) : null;
    },
    variant: (id: string) => {
      const variant = variantsOf(shop).find((one) => one.id === id);
      return variant ? viewVariant(variant) : null;
    },
    fulfillment: (id: string) => {
      const all = [...shop.orders.values()].flatMap(({ fulfillments }) => fulfillments);
      const fulfillment = all.find((one) => one.id === id);
      return fulfillment ? viewFulfillment(fulfillment) : null;
    },
    fulfillmentOrder: (id: string) => {
      const all = [...shop.orders.values()].flatMap(({ fulfillmentOrders }) => fulfillmentOrders);
      const found = all.find((one) => one.id === id && !one.isAssigned);
      return found ? viewFulfillmentOrder(found) : null;
    },
  };
}

type Page<N> = { nodes: N[]; edges: { node: N; cursor: string }[]; pageInfo: object };
const shown = <N, V>({ nodes, edges, pageInfo }: Page<N>, view: (node: N) => V) => ({
  pageInfo,
  nodes: nodes.map(view),
  edges: edges.map(({ node, cursor }) => ({ cursor, node: view(node) })),
});

/** As Shopify writes amounts: at least one decimal, no zeros behind it. */
function amountOf(amount: number | string): string {
  const [whole, part = ''] = String(amount).split('.');
  return `${whole}.${part.replace(/0+$/, '') || '0'}`;
}

const moneyOf = ({ currency, presentment }: Order, amount: number | string) => ({
  shopMoney: { amount: amountOf(amount), currencyCode: currency },
  presentmentMoney: { amount: amountOf(Number(amount) * presentment.rate), currencyCode: presentment.currency },
});

function viewOrder(shop: ShopState, order: Order) {
  const address = addressOf(order);
  return {
    __typename: 'Order',
    id: order.id,
    name: order.name,
    createdAt: isoOf(order.createdAt),
    updatedAt: isoOf(order.updatedAt),
    cancelledAt: order.cancelledAt === null ? null : isoOf(order.cancelledAt),
    displayFinancialStatus: order.financial,
    currencyCode: order.currency,
    presentmentCurrencyCode: order.presentment.currency,
    email: 'ada@example.com',
    phone: null,
    note: null,
    tags: [],
    shippingAddress: address,
    billingAddress: address,
    totalRefundedSet: moneyOf(order, order.refunded),
    shippingLines: (args: ListArgs) =>
      connectionOf([{ id: 'gid://shopify/ShippingLine/1', title: 'Standard', code: 'standard' }], args),
    lineItems: (args: ListArgs) => shown(connectionOf(order.lines, args), (line) => viewLine(shop, order, line)),
    fulfillments: ({ first }: ListArgs) => order.fulfillments.slice(0, first ?? undefined).map(viewFulfillment),
    fulfillmentOrders: (args: ListArgs) =>
      shown(
        connectionOf(
          order.fulfillmentOrders.filter(({ isAssigned }) => !isAssigned),
          args,
        ),
        viewFulfillmentOrder,
      ),
  };
}

const addressOf = ({ buyer }: Order) => ({
  name: buyer,
  company: null,
  address1: '12 Harbour Street',
  address2: null,
  city: 'Portland',
  provinceCode: 'OR',
  zip: '97201',
  countryCodeV2: 'US',
  phone: null,
});

function viewLine(shop: ShopState, order: Order, { id, variant, name, quantity, current, price }: Line) {
  const isThere = variantsOf(shop).includes(variant);
  return {
    id,
    sku: variant.sku,
    name,
    title: name,
    quantity,
    currentQuantity: current,
    requiresShipping: variant.requiresShipping,
    variant: isThere ? viewVariant(variant) : null,
    originalUnitPriceSet: moneyOf(order, price),
  };
}

const viewFulfillment = ({ id, status, tracking, units, createdAt }: Fulfillment) => ({
  id,
  status,
  createdAt: isoOf(createdAt),
  trackingInfo: tracking,
  fulfillmentLineItems: (args: ListArgs) =>
    connectionOf(
      units.map(({ item, quantity }) => ({
        id: item.id.replace('FulfillmentOrderLineItem', 'FulfillmentLineItem'),
        quantity,
        lineItem: { id: item.line.id },
      })),
      args,
    ),
});

const viewFulfillmentOrder = ({ id, status, locationId, items }: FulfillmentOrder) => ({
  id,
  status,
  requestStatus: 'UNSUBMITTED',
  fulfillAt: null,
  assignedLocation: { name: 'A location', location: { id: locationId, name: 'A location' } },
  supportedActions: actionsOf[status].map((action) => ({ action, externalUrl: null })),
  lineItems: (args: ListArgs) =>
    connectionOf(
      items.map(({ id: itemId, line, total, remaining }) => ({
        id: itemId,
        totalQuantity: total,
        remainingQuantity: remaining,
        lineItem: { id: line.id },
      })),
      args,
    ),
});

const viewProduct = ({ id, title, status, updatedAt, variants }: Product) => ({
  id,
  title,
  status,
  updatedAt: isoOf(updatedAt),
  variants: (args: ListArgs) => shown(connectionOf(variants, args), viewVariant),
});

const viewVariant = (variant: Variant) => ({
  __typename: 'ProductVariant',
  id: variant.id,
  sku: variant.sku,
  title: variant.title,
  inventoryItem: {
    id: variant.itemId,
    sku: variant.sku,
    tracked: variant.isTracked,
    inventoryLevel: ({ locationId }: { locationId: string }) =>
      variant.levels.has(locationId)
        ? {
            id: levelIdOf(variant, locationId),
            location: { id: locationId },
            quantities: ({ names }: { names: string[] }) =>
              names.map((name) => ({ id: name, name, quantity: quantityOf(variant, locationId, name) })),
          }
        : null,
  },
});

function quantityOf(variant: Variant, locationId: string, name: string): number {
  const { available, committed } = levelOf(variant, locationId);
  return name === 'available' ? available : name === 'committed' ? committed : available + committed;
}
