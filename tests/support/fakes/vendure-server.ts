import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * The admin API of a Vendure with our companion plugin, as far as orders and shipments need it, for many orders. On a
 * machine with few cores a real shop's own work would be part of each figure. It obeys the shop's rules: an order's units
 * are fulfilled once, a reference is taken once, and a fulfillment is shipped once.
 */
export async function startVendureServer(port = 0, password?: string) {
  const ledger = createLedger();
  const server = createServer((request, response) => void answer({ ledger, password }, request, response));
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    host,
    url: `http://${host}`,
    ...ledger,
    stop: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}

type Fulfillment = {
  id: string;
  state: string;
  method: string;
  trackingCode: string;
  lines: { orderLineId: string; quantity: number }[];
  customFields: { shipmentId: string | null; trackingUrl: string | null };
};
type Order = ReturnType<typeof newOrder> & { fulfillments: Fulfillment[] };
type Variables = {
  password?: string;
  id?: string;
  state?: string;
  input?: { lines: Fulfillment['lines']; handler: { arguments: { name: string; value: string }[] } };
  options?: { filter: Filter; take: number };
};
type Filter = {
  state?: { in: string[] };
  orderPlacedAt?: { after?: string };
  updatedAt?: { after: string };
  id?: { notIn: string[] };
};

function createLedger() {
  const orders: Order[] = [];
  const fulfillments = new Map<string, { fulfillment: Fulfillment; order: Order }>();
  const references = new Set<string>();

  const fulfill = (input: NonNullable<Variables['input']>) => {
    const given = new Map(input.handler.arguments.map(({ name, value }) => [name, value]));
    const reference = given.get('shipmentId') ?? null;
    const order = orders.find(({ lines }) => lines.some(({ id }) => id === input.lines[0]?.orderLineId));
    if (order === undefined) return failed('ENTITY_NOT_FOUND');
    if (input.lines.some(({ orderLineId, quantity }) => quantity > openUnits(order, orderLineId)))
      return done({ __typename: 'ItemsAlreadyFulfilledError', errorCode: 'ITEMS_ALREADY_FULFILLED_ERROR' });
    if (reference !== null && references.has(reference)) return failed('INTERNAL_SERVER_ERROR');
    if (reference !== null) references.add(reference);
    const fulfillment = {
      id: String(fulfillments.size + 1),
      state: 'Pending',
      method: given.get('method') ?? '',
      trackingCode: given.get('trackingCode') ?? '',
      lines: input.lines,
      customFields: { shipmentId: reference, trackingUrl: given.get('trackingUrl') || null },
    };
    order.fulfillments.push(fulfillment);
    fulfillments.set(fulfillment.id, { fulfillment, order });
    return done({ __typename: 'Fulfillment', id: fulfillment.id });
  };

  const transition = (id: string, state: string) => {
    const found = fulfillments.get(id);
    if (found === undefined) return failed('ENTITY_NOT_FOUND');
    const { fulfillment, order } = found;
    const fromState = fulfillment.state;
    if (fromState !== 'Pending') {
      const errorCode = 'FULFILLMENT_STATE_TRANSITION_ERROR';
      return done({ __typename: 'FulfillmentStateTransitionError', errorCode, fromState });
    }
    fulfillment.state = state;
    const isWhole = order.lines.every((line) => openUnits(order, line.id) === 0);
    if (state === 'Shipped') order.state = isWhole ? 'Shipped' : 'PartiallyShipped';
    order.updatedAt = new Date().toISOString();
    return done({ __typename: 'Fulfillment', id });
  };

  return {
    /** Customers buy one unit of each of these SKUs, an order for each. */
    buy: (skus: readonly string[]) => void orders.push(...skus.map((sku, index) => ({ ...newOrder(orders.length + index + 1, sku), fulfillments: [] }))), // prettier-ignore
    /** `shipped`: orders that are shipped whole, by one fulfillment with a reference. `fulfillments`: all of the shop. */
    totals: () => ({
      orders: orders.length,
      shipped: orders.filter(isShippedOnce).length,
      fulfillments: fulfillments.size,
    }),
    run: (query: string, { input, id, state, options }: Variables) => {
      if (query.includes('addFulfillmentToOrder')) return fulfill(input!);
      if (query.includes('transitionFulfillmentToState')) return transition(id!, state!);
      if (query.includes('order(id: $id)')) return { data: { order: orders.find((order) => order.id === id) ?? null } };
      if (query.includes('list: orders')) return { data: { list: { items: pageOf(orders, options!) } } };
      if (query.includes('list: productVariants')) return { data: { list: { items: [] } } };
      return { data: about };
    },
  };
}

const done = (result: object) => ({ data: { result } });
const failed = (code: string) => ({ data: null, errors: [{ message: code, extensions: { code } }] });

const isShippedOnce = ({ state, fulfillments }: Order): boolean =>
  state === 'Shipped' && fulfillments.length === 1 && fulfillments[0]!.customFields.shipmentId !== null;

function openUnits(order: Order, lineId: string): number {
  const ordered = order.lines.find(({ id }) => id === lineId)?.quantity ?? 0;
  const taken = order.fulfillments
    .filter(({ state }) => state !== 'Cancelled')
    .flatMap(({ lines }) => lines)
    .filter(({ orderLineId }) => orderLineId === lineId);
  return taken.reduce((open, { quantity }) => open - quantity, ordered);
}

function pageOf(orders: readonly Order[], { filter, take }: NonNullable<Variables['options']>): Order[] {
  const without = new Set(filter.id?.notIn);
  const isLater = (time: string, after: string | undefined) => after === undefined || Date.parse(time) > Date.parse(after); // prettier-ignore
  return orders
    .filter(
      ({ id, state, orderPlacedAt, updatedAt }) =>
        !without.has(id) &&
        (filter.state === undefined || filter.state.in.includes(state)) &&
        isLater(orderPlacedAt, filter.orderPlacedAt?.after) &&
        isLater(updatedAt, filter.updatedAt?.after),
    )
    .toSorted((one, other) =>
      filter.updatedAt === undefined
        ? Date.parse(one.orderPlacedAt) - Date.parse(other.orderPlacedAt)
        : Date.parse(one.updatedAt) - Date.parse(other.updatedAt),
    )
    .slice(0, take);
}

const address = {
  fullName: 'B. Ench',
  company: '',
  streetLine1: '1 Main St',
  streetLine2: '',
  city: 'Town',
  province: '',
  postalCode: '10000',
  countryCode: 'US',
  phoneNumber: '',
};

function newOrder(position: number, sku: string) {
  const now = new Date().toISOString();
  const productVariant = { id: `v-${sku}`, sku, name: sku };
  return {
    id: String(position),
    code: `SHOP${position}`,
    state: 'PaymentSettled',
    currencyCode: 'USD',
    createdAt: now,
    updatedAt: now,
    orderPlacedAt: now,
    customer: { firstName: 'B.', lastName: 'Ench', emailAddress: 'b@example.com' },
    shippingAddress: address,
    billingAddress: address,
    lines: [{ id: `l-${position}`, quantity: 1, orderPlacedQuantity: 1, unitPriceWithTax: 100, productVariant }],
    payments: [{ refunds: [] }],
    shippingLines: [{ shippingMethod: { name: 'Standard' } }],
  };
}

const about = {
  globalSettings: { trackInventory: true, serverConfig: { moneyStrategyPrecision: 2 } },
  vendorPortalsCompanion: { version: '1' },
  me: {
    identifier: 'superadmin',
    channels: [{ permissions: ['ReadOrder', 'ReadCatalog', 'ReadStockLocation', 'UpdateOrder', 'UpdateCatalog'] }],
  },
  stockLocations: { items: [{ id: '1', name: 'Default' }] },
};

/** `password`: the only one that it takes; left out, any. */
type Shop = { ledger: ReturnType<typeof createLedger>; password: string | undefined };

/** `/admin-api` is the shop's. `/buy` and `/totals` are for a benchmark, which runs the shop as a process of its own. */
async function answer({ ledger, password }: Shop, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await bodyOf(request);
  if (request.url === '/buy') ledger.buy((JSON.parse(body) as { skus: string[] }).skus);
  if (request.url !== '/admin-api') return send(response, ledger.totals());
  const { query, variables } = JSON.parse(body) as { query: string; variables?: Variables };
  if (query.includes('login(')) {
    if (password !== undefined && variables?.password !== password)
      return send(response, { data: { login: { __typename: 'InvalidCredentialsError' } } });
    response.setHeader('vendure-auth-token', token);
    return send(response, { data: { login: { __typename: 'CurrentUser' } } });
  }
  const isKnown = request.headers.authorization === `Bearer ${token}`;
  send(response, isKnown ? ledger.run(query, variables ?? {}) : failed('FORBIDDEN'));
}

const token = 'session';

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}

const send = (response: ServerResponse, body: object): void =>
  void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
