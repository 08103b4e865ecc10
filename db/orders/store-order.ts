import { createHash } from 'node:crypto';
import type { Actor } from '../../domain/account.ts';
import { statusOf, type IncomingLine, type IncomingOrder } from '../../domain/orders/order.ts';
import { newId } from '../engine/ids.ts';
import { findLinkedToLines } from '../catalogue/sku-meanings.ts';
import { routeNew } from './routing.ts';
import type { AccountDb } from '../engine/with-account.ts';

/** Where an order of a supplier came from. */
export type Origin = { dropshipId: string; merchantName: string; via: string[] };

/** `isSame`: an order seen before has the same content. `dropshipIds`: the dropships that routing made, to be started. */
export type StoredIncoming = { orderId: string; isNew: boolean; isSame: boolean; dropshipIds: string[] };

/** `origin`: given for an order that came through a portal. */
type ToStore = { order: IncomingOrder; origin?: Origin };

/** As `storeOrders`, for one order. */
export async function storeOrder(
  db: AccountDb,
  { order, origin, ...place }: ToStore & { channelId: string; actor: Actor },
): Promise<StoredIncoming> {
  const [stored] = await storeOrders(db, { ...place, orders: [{ order, ...(origin && { origin }) }] });
  return stored!;
}

/**
 * Stores orders of a channel in an account and routes them in the same transaction. Idempotent: the key of an order is
 * (channel, remote id). Lines find their products by the channel's product id, else by SKU; a line of neither stays
 * unlinked.
 * @returns one for each order, in their order
 */
export async function storeOrders(
  db: AccountDb,
  given: { channelId: string; orders: readonly ToStore[]; actor: Actor },
): Promise<StoredIncoming[]> {
  const { channelId, actor } = given;
  const orders = given.orders.map((one) => ({ ...one, id: newId('order'), contentHash: hashOf(one.order) }));
  const inserted = await insertOrders(db, channelId, orders);
  const fresh = orders.filter(({ id }) => inserted.has(id));
  await insertLines(
    db,
    channelId,
    fresh.map(({ id, order }) => ({ orderId: id, from: 0, lines: order.lines })),
  );
  const received = fresh.map(({ id, origin }) => receivedEvent({ id, origin, channelId, actor }));
  const dropshipIds = await routeNew(db, received, actor);
  return Promise.all(
    orders.map(async ({ id, order, contentHash }) => {
      if (inserted.has(id)) return { orderId: id, isNew: true, isSame: true, dropshipIds: dropshipIds.get(id) ?? [] };
      const known = await requireKnown(db, channelId, order.remoteId);
      return { orderId: known.id, isNew: false, isSame: isSame(known, contentHash), dropshipIds: [] };
    }),
  );
}

type NewOrder = ToStore & { id: string; contentHash: string };

/** @returns the ids of those that were not known yet */
async function insertOrders(db: AccountDb, channelId: string, orders: readonly NewOrder[]): Promise<Set<string>> {
  const rows = await db('orders')
    .insert(
      // One order of locks for all writers of a channel.
      orders
        .toSorted((one, other) => (one.order.remoteId < other.order.remoteId ? -1 : 1))
        .map(({ id, order, origin, contentHash }) => ({
          ...toRow(order, origin),
          account_id: db.accountId,
          id,
          channel_id: channelId,
          content_hash: contentHash,
        })),
    )
    .onConflict(db.raw('(account_id, channel_id, remote_id) where parent_id is null') as never)
    .ignore()
    .returning<{ id: string }[]>('id');
  return new Set(rows.map((row) => row.id));
}

const requireKnown = (db: AccountDb, channelId: string, remoteId: string) =>
  db('orders')
    .where({ channel_id: channelId, remote_id: remoteId })
    .whereNull('parent_id')
    .first<Known>('id', 'content_hash', 'erased_at');

type Known = { id: string; content_hash: string; erased_at: Date | null };

/** The content of an erased order is not known any more. */
const isSame = ({ content_hash, erased_at }: Known, contentHash: string): boolean =>
  erased_at !== null || content_hash === contentHash;

const receivedEvent = (received: { id: string; origin: Origin | undefined; channelId: string; actor: Actor }) => {
  const { id: orderId, origin, channelId, actor } = received;
  const data = { channelId, ...(origin && { dropshipId: origin.dropshipId }) };
  return { orderId, type: origin ? 'order_received' : 'order_imported', actor, data } as const;
};

/** The same content gives the same hash, whatever the order of its keys. */
function hashOf(order: IncomingOrder): string {
  const canonical = JSON.stringify(order, (_key, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)))
      : value,
  );
  return createHash('sha256').update(canonical).digest('hex');
}

function toRow(order: IncomingOrder, origin: Origin | undefined) {
  const lines = order.lines.map((line) => ({
    quantity: line.quantity,
    shipped: line.shipped ?? 0,
    cancelled: line.cancelled ?? 0,
    requiresShipping: line.requiresShipping ?? true,
  }));
  return {
    remote_id: order.remoteId,
    number: order.number,
    status: statusOf(lines, false),
    placed_at: order.placedAt,
    currency: order.currency,
    ship_to: JSON.stringify(order.shipTo),
    bill_to: order.billTo ? JSON.stringify(order.billTo) : null,
    customer: order.customer ? JSON.stringify(order.customer) : null,
    customer_note: order.notes?.customer ?? null,
    internal_note: order.notes?.internal ?? null,
    tags: order.tags ?? [],
    shipping_method: order.shippingMethod,
    shop_facts: JSON.stringify({ shipTo: order.shipTo, shippingMethod: order.shippingMethod }),
    dropship_id: origin?.dropshipId ?? null,
    merchant_name: origin?.merchantName ?? null,
    via: origin?.via ?? [],
  };
}

type NewLines = { orderId: string; from: number; lines: readonly IncomingLine[] };

/** Adds lines to orders of one channel, each `from` a position on. A line that means no product stays unlinked. */
export async function insertLines(db: AccountDb, channelId: string, orders: readonly NewLines[]): Promise<void> {
  const lines = orders.flatMap(({ orderId, from, lines }) =>
    lines.map((line, index) => ({ ...line, orderId, position: from + index })),
  );
  if (lines.length === 0) return;
  const productIds = await findLinkedToLines(db, channelId, lines);
  await db('order_lines').insert(
    lines.map((line, index) => ({
      account_id: db.accountId,
      id: newId('line'),
      order_id: line.orderId,
      position: line.position,
      product_id: productIds[index] ?? null,
      remote_line_id: line.remoteLineId,
      remote_product_id: line.remoteProductId ?? null,
      sku: line.sku,
      name: line.name,
      quantity: line.quantity,
      shipped: line.shipped ?? 0,
      cancelled: line.cancelled ?? 0,
      requires_shipping: line.requiresShipping ?? true,
      unit_price_minor: line.unitPriceMinor,
      unit_cost_minor: line.unitCostMinor ?? null,
    })),
  );
}

/** Links lines that meant no product to products that exist, or are listed, by now. @returns how many were linked */
export async function linkLines(db: AccountDb, orderId: string): Promise<number> {
  type Unlinked = { id: string; sku: string; remoteProductId: string | null; channelId: string };
  const lines: Unlinked[] = await db('order_lines as l')
    .join('orders as o', 'o.id', 'l.order_id')
    .where('l.order_id', orderId)
    .whereNull('l.product_id')
    .select({ id: 'l.id', sku: 'l.sku', remoteProductId: 'l.remote_product_id', channelId: 'o.channel_id' });
  if (!lines[0]) return 0;
  const productIds = await findLinkedToLines(db, lines[0].channelId, lines);
  const linked = lines
    .map(({ id }, index) => ({ id, productId: productIds[index] ?? null }))
    .filter(({ productId }) => productId !== null);
  for (const { id, productId } of linked) await db('order_lines').where({ id }).update({ product_id: productId });
  return linked.length;
}
