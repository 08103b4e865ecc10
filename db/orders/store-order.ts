import { createHash } from 'node:crypto';
import type { Actor } from '../../domain/account.ts';
import { statusOf, type IncomingLine, type IncomingOrder } from '../../domain/orders/order.ts';
import { newId } from '../engine/ids.ts';
import { findLinkedToLines } from '../catalogue/listings.ts';
import { insertOrderEvent } from './events.ts';
import { routeAutomatically } from './routing.ts';
import type { AccountDb } from '../engine/with-account.ts';

/** Where an order of a supplier came from. */
export type Origin = { dropshipId: string; merchantName: string; via: string[] };

/** `isSame`: an order seen before has the same content. `dropshipIds`: the dropships that routing made, to be started. */
export type StoredIncoming = { orderId: string; isNew: boolean; isSame: boolean; dropshipIds: string[] };

/**
 * Stores an order in an account and routes it in the same transaction. Idempotent: the key is (channel, remote id). Lines
 * find their products by the channel's product id, else by SKU; a line of neither stays unlinked.
 */
export async function storeOrder(
  db: AccountDb,
  stored: { channelId: string; order: IncomingOrder; origin?: Origin; actor: Actor },
): Promise<StoredIncoming> {
  const { channelId, order, origin, actor } = stored;
  const contentHash = hashOf(order);
  const id = newId('order');
  const rows = await db('orders')
    .insert({ ...toRow(order, origin), account_id: db.accountId, id, channel_id: channelId, content_hash: contentHash })
    .onConflict(db.raw('(account_id, channel_id, remote_id) where parent_id is null') as never)
    .ignore()
    .returning<{ id: string }[]>('id');
  if (rows.length === 0) {
    const known = await db('orders')
      .where({ channel_id: channelId, remote_id: order.remoteId })
      .whereNull('parent_id')
      .first<{ id: string; content_hash: string }>('id', 'content_hash');
    return { orderId: known.id, isNew: false, isSame: known.content_hash === contentHash, dropshipIds: [] };
  }
  await insertLines(db, { orderId: id, channelId, from: 0 }, order.lines);
  await insertOrderEvent(db, {
    orderId: id,
    type: origin ? 'order_received' : 'order_imported',
    actor,
    data: { channelId, ...(origin && { dropshipId: origin.dropshipId }) },
  });
  const { dropshipIds } = await routeAutomatically(db, id, actor);
  return { orderId: id, isNew: true, isSame: true, dropshipIds };
}

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

/** Adds lines to an order, `from` a position on. A line that means no product stays unlinked. */
export async function insertLines(
  db: AccountDb,
  { orderId, channelId, from }: { orderId: string; channelId: string; from: number },
  lines: readonly IncomingLine[],
): Promise<void> {
  if (lines.length === 0) return;
  const productIds = await findLinkedToLines(db, channelId, lines);
  await db('order_lines').insert(
    lines.map((line, index) => ({
      account_id: db.accountId,
      id: newId('line'),
      order_id: orderId,
      position: from + index,
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
