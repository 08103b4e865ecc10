import { z } from 'zod';
import { ChannelError, unitsWanted, type Cancellation, type Cursor, type Page, type RemoteOrder } from '../channel.ts';
import { noRoute, type WooCommerceApi } from './api.ts';
import { fulfillmentSchema, toShipment, type Fulfillment } from './fulfillments.ts';
import { noteSchema, toNotedShipment } from './notes.ts';
import { orderSchema, toRemoteOrder, unplaced, type Reading, type SeenOrder, type WooCommerceOrder } from './orders.ts';
import { instantOf, walkOn, walkQuery, type Walk } from './walk.ts';

/** `records`: the shop's own of shipments; null where it has none and notes stand for them. */
export type ReadOrder = SeenOrder & { records: Fulfillment[] | null };
export type OrderReads = ReturnType<typeof createOrderReads>;

type Reads = { api: WooCommerceApi; reading: Reading; startOfOrders: () => Date };

const refundSchema = z.object({
  line_items: z.array(
    z.object({
      quantity: z.number(),
      meta_data: z.array(z.object({ key: z.string(), value: z.union([z.string(), z.number()]).catch('') })),
    }),
  ),
});
/** Calls at one time. A small shop has few processes. */
const atOnce = 4;

export function createOrderReads({ api, reading, startOfOrders }: Reads) {
  const see = createSee(api);
  const readOrder = async (remoteId: string): Promise<ReadOrder> => see(await fetchOrder(api, remoteId));
  const toRemote = (seen: SeenOrder) => toRemoteOrder(seen, reading);
  /** The first answer shows the shop's clock, by which the start is known. */
  const orderWalk = async (after: Cursor | null): Promise<Walk<WooCommerceOrder>> => ({
    from: after === null ? await listFulfillments(api, '0').then(startOfOrders) : startOfOrders(),
    read: (query) => api.call({ path: 'orders', query: walkQuery(query), answer: z.array(orderSchema) }),
    idOf: ({ id }) => String(id),
    timeOf: (order) => instantOf(order.date_modified_gmt),
  });
  /** The walk is by change: older orders that changed since the start are in it. */
  const isWanted = (order: WooCommerceOrder): boolean =>
    Date.parse(instantOf(order.date_created_gmt)) >= Math.floor(startOfOrders().getTime() / 1_000) * 1_000;
  const seePage = async ({ items, ...page }: Page<WooCommerceOrder>): Promise<Page<SeenOrder>> => ({
    ...page,
    items: await eachOf(items.filter(isWanted), see),
  });
  return {
    readOrder,
    see,
    toRemote,
    hasFulfillments: async () => (await listFulfillments(api, '0')) !== null,
    getOrder: async (remoteId: string): Promise<RemoteOrder> => toRemote(await readOrder(remoteId)),
    getOrders: async (remoteIds: readonly string[]): Promise<RemoteOrder[]> => {
      const orders = await fetchOrders(
        api,
        [...new Set(remoteIds)].filter((id) => /^\d{1,19}$/.test(id)),
      );
      return (await eachOf(orders, see)).map(toRemote);
    },
    importOrders: async (after: Cursor | null): Promise<Page<RemoteOrder>> => {
      const { items, ...page } = await seePage(await walkOn(await orderWalk(after), after));
      return { ...page, items: items.filter(({ order }) => !unplaced.has(order.status)).map(toRemote) };
    },
    listCancelled: async (after: Cursor | null): Promise<Page<Cancellation>> => {
      const { items, ...page } = await seePage(await walkOn(await orderWalk(after), after));
      return { ...page, items: items.map(toRemote).map(toCancellation) };
    },
  };
}

async function fetchOrder(api: WooCommerceApi, remoteId: string): Promise<WooCommerceOrder> {
  if (!/^\d{1,19}$/.test(remoteId)) throw new ChannelError({ kind: 'gone', what: 'order' });
  return api.call({ path: `orders/${remoteId}`, answer: orderSchema, missing: 'order' });
}

/** A list has no orders of the trash; one by its id is there. */
async function fetchOrders(api: WooCommerceApi, remoteIds: string[]): Promise<WooCommerceOrder[]> {
  if (remoteIds.length === 0) return [];
  const query = { include: remoteIds.join(','), per_page: String(remoteIds.length) };
  const listed = await api.call({ path: 'orders', query, answer: z.array(orderSchema) });
  const missing = remoteIds.filter((remoteId) => !listed.some(({ id }) => String(id) === remoteId));
  const others = await eachOf(missing, async (remoteId) => fetchOrder(api, remoteId).catch(unlessGone));
  return [...listed, ...others.filter((order) => order !== undefined)];
}

function unlessGone(error: unknown): undefined {
  const isGone = error instanceof ChannelError && error.fault.kind === 'gone' && error.fault.what === 'order';
  if (!isGone) throw error;
}

/** Reads what the shop has of an order at other addresses. A shop without the feature is asked for it once. */
function createSee(api: WooCommerceApi): (order: WooCommerceOrder) => Promise<ReadOrder> {
  let isOff = false;
  return async (order) => {
    const id = String(order.id);
    const refunded = (order.refunds ?? []).length === 0 ? new Map<string, number>() : await readRefunded(api, id);
    const records = isOff ? null : await listFulfillments(api, id);
    isOff = records === null;
    const lineIds = new Set(order.line_items.map((line) => String(line.id)));
    const shipments = records?.map((record) => toShipment(record, lineIds)) ?? (await readNotes(api, id));
    return { order, refunded, records, shipments };
  };
}

/** @returns null where the shop does not have the feature; an unknown order is an empty list */
async function listFulfillments(api: WooCommerceApi, orderId: string): Promise<Fulfillment[] | null> {
  const path = `orders/${orderId}/fulfillments`;
  const attempt = await api.attempt({ path, answer: z.array(fulfillmentSchema), missing: 'order' });
  if ('data' in attempt) return attempt.data;
  if (attempt.code === noRoute) return null;
  if (orderId === '0' && attempt.fault.kind === 'gone') return [];
  throw new ChannelError(attempt.fault);
}

async function readNotes(api: WooCommerceApi, orderId: string) {
  const notes = await api.call({ path: `orders/${orderId}/notes`, answer: z.array(noteSchema), missing: 'order' });
  return notes.flatMap((note) => toNotedShipment(note) ?? []);
}

/** Refunded units by line. Each is negative in the shop, and names its line in its meta data. */
async function readRefunded(api: WooCommerceApi, orderId: string): Promise<Map<string, number>> {
  const query = { per_page: '100' };
  const refunds = await api.call({ path: `orders/${orderId}/refunds`, query, answer: z.array(refundSchema), missing: 'order' }); // prettier-ignore
  const units = new Map<string, number>();
  for (const { quantity, meta_data } of refunds.flatMap(({ line_items }) => line_items)) {
    const lineId = String(meta_data.find(({ key }) => key === '_refunded_item_id')?.value ?? '');
    units.set(lineId, (units.get(lineId) ?? 0) + Math.abs(quantity));
  }
  return units;
}

/** The results in the order of the items; a few calls at a time. */
async function eachOf<Item, Result>(items: readonly Item[], work: (item: Item) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = [];
  for (let start = 0; start < items.length; start += atOnce) {
    results.push(...(await Promise.all(items.slice(start, start + atOnce).map(work))));
  }
  return results;
}

/** An edit lowers the quantity itself, so each order that changed is compared with what is here. */
const toCancellation = (order: RemoteOrder): Cancellation => ({
  remoteOrderId: order.remoteId,
  whole: order.state === 'cancelled',
  left: unitsWanted(order),
});
