import { randomUUID } from 'node:crypto';
import { ProblemError } from '../support/engine/rest.ts';
import type { VendureShop } from '../../standalone/demo/vendure-shop.ts';
import type { Dice } from '../support/models/dice.ts';
import {
  leavesOf,
  orderOf,
  ranTask,
  ship,
  type Company,
  type OrderAnswer,
  type TaskType,
  type Trade,
} from '../support/trade/trade.ts';
import { waitUntil } from '../support/engine/wait-until.ts';
import { open, type Book, type Ledger, type SoldLine, type SoldOrder } from './day-ledger.ts';

/** A merchant with its shop, its side of the connection and what the ledger knows of it. */
export type Trader = {
  company: Company;
  shop: VendureShop;
  trade: Trade;
  channelId: string;
  book: Book;
  isPaused: boolean;
};
export type Day = { dice: Dice; ledger: Ledger; supplier: Company; traders: readonly Trader[]; shipments: number };

/** What happened, in words; undefined where nothing of the kind can happen now. */
type Happened = string | undefined;
type Event = (day: Day, trader: Trader) => Promise<Happened>;

/** How often each happens, of a hundred or so. */
export const weights = {
  buy: 26,
  countAtSupplier: 8,
  portalImports: 12,
  portalReports: 12,
  catalogue: 2,
  shopImports: 7,
  supplierShips: 12,
  merchantShips: 5,
  customerCancels: 9,
  portalCancels: 4,
  countInMain: 5,
  pauseOrResume: 3,
} as const;
export type EventName = keyof typeof weights;

export const events: Record<EventName, Event> = {
  buy,
  countAtSupplier,
  portalImports: (day, trader) =>
    atPortal(day, trader, { task: 'import_orders', then: () => day.ledger.reserve(trader.book) }),
  portalReports: (day, trader) =>
    atPortal(day, trader, { task: 'write_inventory', then: () => day.ledger.report(trader.book) }),
  catalogue,
  shopImports: (_day, trader) => atShop(trader, 'import_orders'),
  supplierShips,
  merchantShips,
  customerCancels,
  portalCancels: (day, trader) =>
    atPortal(day, trader, { task: 'cancel_orders', then: () => giveUp(trader.book, (line) => line.isReserved) }),
  countInMain,
  pauseOrResume,
};

/** One to three products, as many as the shop has, a few at most; what the supplier ships is liked best. */
async function buy({ dice }: Day, trader: Trader): Promise<Happened> {
  const { book } = trader;
  const onSale = [...book.inShop].filter(([, units]) => units > 0);
  if (onSale.length === 0) return undefined;
  const liked = onSale.filter(([sku]) => book.suppliedAs.has(sku));
  const basket = new Map(dice.some([...onSale, ...liked, ...liked], dice.between(1, 3)));
  const order = await buys(
    trader,
    [...basket].map(([sku, units]) => ({ sku, quantity: dice.between(1, Math.min(4, units)) })),
  );
  return `a customer buys ${order.lines.map((line) => `${line.bought} × ${line.sku}`).join(', ')} (${order.code})`;
}

/** A customer at the shop; our service learns of it when it asks. */
export async function buys({ shop, book }: Trader, wanted: { sku: string; quantity: number }[]): Promise<SoldOrder> {
  const placed = await shop.placeOrder({ lines: wanted });
  const lines = placed.lines.map(({ id, quantity, productVariant: { sku } }): SoldLine => {
    book.inShop.set(sku, book.inShop.get(sku)! - quantity);
    const nothingYet = { unwanted: 0, cancelled: 0, shipped: 0, isReserved: false, isCovered: false };
    return { sku, shopLineId: id, bought: quantity, ...nothingYet };
  });
  const order = { code: placed.code, shopOrderId: placed.id, isKnown: false, lines };
  book.orders.push(order);
  return order;
}

async function countAtSupplier(day: Day): Promise<Happened> {
  const { dice, ledger, supplier, traders } = day;
  const sku = dice.pick([...new Set(traders.flatMap(({ book }) => [...book.suppliedAs.values()]))].filter(isCounted));
  const { physicalOnHand } = ledger.atSupplier(sku);
  if (dice.pick([true, false])) {
    const counted = dice.between(0, 40);
    await countAt(day, sku, counted);
    return `the supplier counts ${counted} × ${sku}`;
  }
  const adjustBy = dice.between(-Math.min(physicalOnHand, 6), 12);
  const change = { sku, adjustBy, reason: adjustBy < 0 ? 'damaged' : 'received' };
  await supplier.rest.post('/stock/adjustments', change, randomUUID());
  ledger.count(sku, physicalOnHand + adjustBy);
  return `the supplier adjusts ${sku} by ${adjustBy}`;
}

export async function countAt({ supplier, ledger }: Day, sku: string, physicalOnHand: number): Promise<void> {
  await supplier.rest.put('/stock', { sku, physicalOnHand });
  ledger.count(sku, physicalOnHand);
}

/** The supplier never counts this one, so that no figure of it is ever sent. */
export const neverCounted = 'TOTE-NATURAL';
const isCounted = (sku: string) => sku !== neverCounted;

async function atPortal(
  { supplier }: Day,
  { trade, isPaused, company }: Trader,
  { task, then }: { task: TaskType; then: () => void },
): Promise<Happened> {
  const what = `${task} on the portal of ${company.name}`;
  if (isPaused) {
    const refused = await ranTask(supplier, trade.portalId, task).catch((error: unknown) => error);
    if (!(refused instanceof ProblemError) || refused.problem.code !== 'connection_paused') throw refused;
    return `${what}: paused`;
  }
  await ranTask(supplier, trade.portalId, task);
  then();
  return what;
}

async function atShop({ company, channelId }: Trader, task: TaskType): Promise<Happened> {
  await ranTask(company, channelId, task);
  return `${task} of ${company.name}'s shop`;
}

/** Whatever the numbers are, the catalogue leaves them alone. */
async function catalogue(day: Day, trader: Trader): Promise<Happened> {
  if (day.dice.pick([true, false])) return atShop(trader, 'import_products');
  return atPortal(day, trader, { task: 'import_products', then: () => undefined });
}

/** Also what the merchant asked to cancel, as far as the supplier has not given it up. */
async function supplierShips(day: Day, trader: Trader): Promise<Happened> {
  const { dice, supplier } = day;
  const { company, book } = trader;
  const chosen = openLines(known(book), (line) => line.isReserved);
  if (chosen.length === 0) return undefined;
  const { order, lines } = dice.pick(chosen);
  const leaf = (await leavesOf(company, await idOf(trader, order))).find(({ dropship }) => dropship !== null)!;
  const { data } = await supplier.rest.get<{ data: OrderAnswer[] }>(`/orders?number=${leaf.number}`);
  const received = data.find(({ origin }) => origin?.dropshipId === leaf.dropship!.id)!;
  const shipment = lines.map((line) => ({ line, units: dice.between(1, open(line)) }));
  const skuOf = ({ sku }: SoldLine) => book.suppliedAs.get(sku)!;
  await shipAndSee(day, trader, { company: supplier, order, leafId: leaf.id, received, shipment, skuOf });
  return `the supplier ships ${sentOf(shipment)} of ${order.code}`;
}

async function merchantShips(day: Day, trader: Trader): Promise<Happened> {
  const { company, book } = trader;
  const chosen = openLines(known(book), (line) => !book.suppliedAs.has(line.sku));
  if (chosen.length === 0) return undefined;
  const { order, lines } = day.dice.pick(chosen);
  const leaf = (await leavesOf(company, await idOf(trader, order))).find(({ dropship }) => dropship === null)!;
  const shipment = lines.map((line) => ({ line, units: open(line) }));
  await shipAndSee(day, trader, { company, order, leafId: leaf.id, received: leaf, shipment, skuOf: ({ sku }) => sku });
  return `${company.name} ships ${sentOf(shipment)} of ${order.code}`;
}

type Sent = { line: SoldLine; units: number }[];
/** `received`: the order of whoever ships, `company`, whose SKUs are by `skuOf`; `leafId`: the merchant's leaf. */
type Shipping = {
  company: Company;
  order: SoldOrder;
  leafId: string;
  received: OrderAnswer;
  shipment: Sent;
  skuOf: (line: SoldLine) => string;
};

/** Until the shop has the fulfillment, or will not have it, as the customer has cancelled. */
async function shipAndSee(day: Day, trader: Trader, shipping: Shipping): Promise<void> {
  const { company, order, leafId, received, shipment, skuOf } = shipping;
  day.shipments += 1;
  const trackingNumber = `1Z-DAY-${day.shipments}`;
  const lines = shipment.map(({ line, units }) => ({
    lineId: received.lines.find(({ sku }) => sku === skuOf(line))!.id,
    quantity: units,
  }));
  await ship(company, received.id, { trackingNumber, lines, key: trackingNumber });
  for (const { line, units } of shipment) day.ledger.ship(trader.book, line, units);
  await waitUntil(
    async () => {
      const { fulfillments } = await trader.shop.order(order.shopOrderId);
      const isThere = fulfillments.some((one) => one.trackingCode === trackingNumber && one.state === 'Shipped');
      return isThere || (await orderOf(trader.company, leafId)).attention;
    },
    { timeoutMs: 30_000, everyMs: 50, what: `${trackingNumber} in the shop's order ${order.code}` },
  );
}

/** What was not shipped of an order, or some of it. */
async function customerCancels({ dice }: Day, trader: Trader): Promise<Happened> {
  const chosen = openLines(trader.book.orders, (line) => line.unwanted <= line.cancelled);
  if (chosen.length === 0) return undefined;
  const { order, lines } = dice.pick(chosen);
  const some = lines.slice(0, dice.between(1, lines.length));
  const shipment = some.map((line) => ({ line, units: dice.between(1, open(line)) }));
  const what = `the customer cancels ${sentOf(shipment)} of ${order.code}`;
  await cancelInShop(trader, order, shipment);
  return what;
}

/** The shop has the units to sell again at once; then our service learns of it, as far as it has the order. */
export async function cancelInShop(trader: Trader, order: SoldOrder, shipment: Sent): Promise<void> {
  const { shop, book } = trader;
  await shop.cancel(
    order.shopOrderId,
    shipment.map(({ line, units }) => ({ lineId: line.shopLineId, quantity: units })),
  );
  for (const { line, units } of shipment) {
    line.unwanted += units;
    if (!order.isKnown) line.cancelled += units;
  }
  // Of a line that was partly shipped, Vendure takes shipped units back too: what it counts by itself is its own affair.
  book.inShop = await shop.available();
  await atShop(trader, 'cancel_orders');
  giveUp(book, (line) => !line.isReserved);
}

function giveUp(book: Book, whose: (line: SoldLine) => boolean): void {
  for (const line of book.orders.flatMap(({ lines }) => lines).filter(whose)) {
    line.cancelled += Math.max(0, Math.min(line.unwanted - line.cancelled, open(line)));
  }
}

async function countInMain({ dice }: Day, { company, book }: Trader): Promise<Happened> {
  const sku = dice.pick([...book.main.keys()]);
  const physicalOnHand = dice.between(0, 25);
  await company.rest.put('/stock', { sku, physicalOnHand });
  book.main.set(sku, physicalOnHand);
  return `${company.name} counts ${physicalOnHand} × ${sku} in Main`;
}

async function pauseOrResume(_day: Day, trader: Trader): Promise<Happened> {
  const status = trader.isPaused ? 'active' : 'paused';
  await trader.company.rest.patch(`/connections/${trader.trade.connectionId}`, { status });
  trader.isPaused = !trader.isPaused;
  return `the connection with ${trader.company.name} is ${status}`;
}

const known = (book: Book): SoldOrder[] => book.orders.filter(({ isKnown }) => isKnown);

/** Those with open lines of the kind, and the lines. */
const openLines = (orders: readonly SoldOrder[], which: (line: SoldLine) => boolean) =>
  orders
    .map((order) => ({ order, lines: order.lines.filter((line) => open(line) > 0 && which(line)) }))
    .filter(({ lines }) => lines.length > 0);

const idOf = async ({ company }: Trader, { code }: SoldOrder): Promise<string> =>
  (await company.rest.get<{ data: OrderAnswer[] }>(`/orders?number=${code}`)).data[0]!.id;

const sentOf = (shipment: Sent): string =>
  shipment.map(({ line, units }) => `${units} × ${line.sku}${line.isReserved ? ' (imported)' : ''}`).join(', ');
