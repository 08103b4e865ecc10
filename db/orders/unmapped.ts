import type { Actor } from '../../domain/account.ts';
import { DomainError } from '../../domain/errors.ts';
import { linkNamed } from '../catalogue/listing-links.ts';
import { lockLinks } from '../catalogue/lock-links.ts';
import { requireProduct } from '../catalogue/products.ts';
import { bindLines } from '../stock/of-orders.ts';
import { insertOrderEvent } from './events.ts';
import { upFrom } from './family.ts';
import { lockOrder } from './orders.ts';
import { decideRoute, lockGoods } from './reroute.ts';
import { listUnmappedLines } from './unmapped-lines.ts';
import type { AccountDb } from '../engine/with-account.ts';

type Line = {
  productId: string | null;
  sku: string;
  remoteProductId: string | null;
  channelId: string;
  status: string;
};

/**
 * Chooses the product of a line that means none. Where the channel names its product, the listing is linked by hand, so that
 * the next orders find it. The order is routed by itself once its last line has a product. Idempotent.
 * @returns the dropships to start
 * @throws DomainError `order_not_found`, `line_not_found`, `order_is_split`, `line_has_product`, `product_not_found`
 */
export async function chooseProduct(
  db: AccountDb,
  { orderId, lineId, productId }: { orderId: string; lineId: string; productId: string },
  actor: Actor,
): Promise<string[]> {
  const before = await findWaiting(db, orderId);
  if (before !== undefined && before !== orderId) await lockOrder(db, before);
  await lockOrder(db, orderId);
  // Another person may have decided before these locks.
  const waiting = await findWaiting(db, orderId);
  const line = await requireLine(db, orderId, lineId);
  await requireProduct(db, productId);
  if (line.productId === productId) return [];
  assertUnmapped(line);
  const { channelId, remoteProductId, sku } = line;
  if (remoteProductId !== null) await lockLinks(db, [channelId]);
  await lockGoods(db, waiting ?? orderId, [productId]);
  await db('order_lines').where({ id: lineId }).update({ product_id: productId });
  await insertOrderEvent(db, { orderId, type: 'product_chosen', actor, data: { lineId, productId } });
  if (remoteProductId !== null) await linkNamed(db, { channelId, remoteId: remoteProductId, sku }, productId);
  if (waiting !== undefined && (await listUnmappedLines(db, [waiting])).length === 0) {
    return decideRoute(db, { orderId: waiting }, { action: 'retry', actor });
  }
  await bindLines(db, [orderId]);
  return [];
}

/** The order whose attention waits for this one: itself, or an order that it is a leaf of. */
async function findWaiting(db: AccountDb, orderId: string): Promise<string | undefined> {
  const { rows } = await db.raw<{ rows: { id: string }[] }>(
    `select a.order_id as id from ${upFrom('o.id = :orderId')} f join attentions a on a.order_id = f.id
     where a.resolved_at is null and a.workflow_id is null and a.code = 'unmapped_sku'`,
    { orderId },
  );
  return rows[0]?.id;
}

async function requireLine(db: AccountDb, orderId: string, lineId: string): Promise<Line> {
  const line = await db('order_lines as l')
    .join('orders as o', 'o.id', 'l.order_id')
    .where({ 'l.order_id': orderId, 'l.id': lineId })
    .first<Line | undefined>({
      productId: 'l.product_id',
      sku: 'l.sku',
      remoteProductId: 'l.remote_product_id',
      channelId: 'o.channel_id',
      status: 'o.status',
    });
  if (line) return line;
  throw new DomainError('line_not_found', `Line ${lineId} is not a line of this order.`);
}

function assertUnmapped({ status, productId }: Line): void {
  if (status === 'split')
    throw new DomainError('order_is_split', 'The order is split; choose for a line of its leaves.');
  if (productId === null) return;
  throw new DomainError(
    'line_has_product',
    `The line is the product ${productId}; relink its listing for later orders.`,
  );
}
