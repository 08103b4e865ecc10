import { createHooks, type Hooks } from './hooks.ts';
import { createCatalogue, type Catalogue } from './catalogue.ts';
import { RestError, type Fulfillment, type Order, type OrderLine, type Refund } from './records.ts';

/** `posts`: the older storage of orders, in which only a change of status moves the time of change. */
export type ShopOptions = { storage?: 'tables' | 'posts'; fulfillments?: boolean; bulk?: number };
export type Shop = ReturnType<typeof createShop>;

/** These hold units of the stock; the others do not, or give them back. */
const holding = new Set(['processing', 'on-hold', 'completed']);
const ownStatuses = ['pending', 'processing', 'on-hold', 'completed', 'cancelled', 'refunded', 'failed', 'trash'];

type Bought = { skus: [string, number][]; status?: string; currency?: string; name?: string };

/** A WooCommerce shop without HTTP: its rules for orders, stock and messages, and its clerk. */
export function createShop({ storage = 'tables', fulfillments = true, bulk = 0 }: ShopOptions = {}) {
  let skewMs = 0;
  let lastId = 100;
  const now = () => Date.now() + skewMs;
  const nextId = () => (lastId += 1);
  const catalogue = createCatalogue({ now, nextId, bulk });
  const orders = new Map<number, Order>();
  const hooks = createHooks({ now, nextId });
  const switches = { storage, fulfillments, statuses: [...ownStatuses], hasVariationsRoute: true };
  /** A change that the tables of orders note; the older storage does not. */
  const touch = (order: Order, isStatus = false) => {
    if (isStatus || switches.storage === 'tables') order.modified = now();
  };
  const find = (id: number) => orders.get(id);
  const world = { now, nextId, catalogue, orders, hooks, switches, touch, find };
  return {
    ...world,
    ...statusCalls(world),
    ...clerkCalls(world),
    /** The next second begins, by the shop's clock and so by its answers. */
    tick: () => {
      skewMs += 1_000 - (now() % 1_000);
      return new Date(Math.floor(now() / 1_000) * 1_000);
    },
  };
}

type World = {
  now: () => number;
  nextId: () => number;
  catalogue: Catalogue;
  orders: Map<number, Order>;
  hooks: Hooks;
  switches: { storage: 'tables' | 'posts'; fulfillments: boolean; statuses: string[]; hasVariationsRoute: boolean };
  touch: (order: Order, isStatus?: boolean) => void;
  find: (id: number) => Order | undefined;
};

function moveStock(order: Order, { catalogue }: World) {
  const holds = holding.has(order.status);
  if (holds === order.holdsStock) return;
  order.holdsStock = holds;
  for (const line of order.lines) catalogue.sell(line, holds ? line.quantity : -line.quantity);
}

function statusCalls(world: World) {
  const { now, nextId, catalogue, orders, hooks, touch } = world;
  const setStatus = (order: Order, status: string) => {
    if (order.status === status) return;
    const wasTrash = order.status === 'trash';
    order.status = status;
    if (status === 'processing' || status === 'completed') order.paid ??= now();
    moveStock(order, world);
    touch(order, true);
    hooks.send(status === 'trash' ? 'order.deleted' : wasTrash ? 'order.restored' : 'order.updated', order);
  };
  return {
    setStatus,
    /** A customer buys; the order is pending first, as at a checkout. */
    buy: ({ skus, status = 'processing', currency = 'USD', name = 'Ada Lovelace' }: Bought): Order => {
      const [first = '', ...rest] = name.split(' ');
      const lines = skus.map(([sku, quantity]) => lineOf(catalogue, { id: nextId(), sku, quantity, currency }));
      const address = { ...addressOf(), first_name: first, last_name: rest.join(' ') };
      const order: Order = {
        id: nextId(),
        status: 'pending',
        currency,
        created: now(),
        modified: now(),
        paid: null,
        billing: { ...address, email: 'ada@example.com' },
        shipping: address,
        lines,
        refunds: [],
        fulfillments: [],
        notes: [],
        holdsStock: false,
      };
      orders.set(order.id, order);
      hooks.send('order.created', order);
      setStatus(order, status);
      return order;
    },
  };
}

const addressOf = () => ({
  company: '',
  address_1: '12 Harbour Street',
  address_2: '',
  city: 'Portland',
  state: 'OR',
  postcode: '97201',
  country: 'US',
  phone: '',
});

function lineOf(
  catalogue: Catalogue,
  { id, sku, quantity, currency }: { id: number; sku: string; quantity: number; currency: string },
): OrderLine {
  const product = catalogue.bySku(sku);
  // Two digits for each currency, as the shop's option has it.
  const price = currency === 'JPY' ? '1450.00' : '14.50';
  const subtotal = (Number(price) * quantity).toFixed(2);
  return {
    id,
    name: product.name,
    product_id: product.parent ?? product.id,
    variation_id: product.parent === null ? 0 : product.id,
    quantity,
    sku,
    subtotal,
    subtotal_tax: '0.00',
    total: subtotal,
  };
}

type Units = { lineId: number; quantity: number }[];

/** What a person does in the shop's admin pages. */
function clerkCalls(world: World) {
  const { nextId, catalogue, orders, hooks, touch } = world;
  const lineIn = (order: Order, lineId: number) => order.lines.find(({ id }) => id === lineId)!;
  const order = (id: string | number) => orders.get(Number(id))!;
  const changed = (one: Order) => {
    touch(one);
    hooks.send('order.updated', one);
  };
  return {
    order,
    /** A partial refund with restocking; the line's quantity stays. */
    refund: (id: string, units: Units, amount = 0): Refund => {
      const one = order(id);
      for (const { lineId, quantity } of units) catalogue.sell(lineIn(one, lineId), -quantity);
      const refund = { id: nextId(), amount: amount.toFixed(2), units };
      one.refunds.push(refund);
      changed(one);
      return refund;
    },
    /** An edit: the quantity falls or rises; a line of no units vanishes. */
    editLine: (id: string, lineId: number, quantity: number): void => {
      const one = order(id);
      const line = lineIn(one, lineId);
      line.subtotal = ((Number(line.subtotal) / line.quantity) * quantity).toFixed(2);
      line.total = line.subtotal;
      line.quantity = quantity;
      one.lines = one.lines.filter((candidate) => candidate.quantity > 0);
      changed(one);
    },
    addLine: (id: string, sku: string, quantity: number): OrderLine => {
      const one = order(id);
      const line = lineOf(catalogue, { id: nextId(), sku, quantity, currency: one.currency });
      one.lines.push(line);
      changed(one);
      return line;
    },
    fulfill: (id: string, meta: Record<string, unknown>): Fulfillment => addFulfillment(world, order(id), meta),
  };
}

/** Nothing is checked: the same one again, more units than there are, or a cancelled order. */
export function addFulfillment(
  { nextId, now, touch, hooks }: Pick<World, 'nextId' | 'now' | 'touch' | 'hooks'>,
  order: Order,
  meta: Record<string, unknown>,
): Fulfillment {
  assertItems(meta);
  const fulfillment = { id: nextId(), isFulfilled: true, meta, updated: now(), deleted: null };
  order.fulfillments.push(fulfillment);
  touch(order);
  hooks.send('order.updated', order);
  return fulfillment;
}

export function assertItems(meta: Record<string, unknown>): void {
  const items = meta['_items'];
  if (Array.isArray(items) && items.length > 0) return;
  throw new RestError(400, 0);
}
