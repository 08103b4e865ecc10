import type { Actor } from '../../domain/account.ts';
import type { ResolutionAction } from '../../domain/attention.ts';
import type { OrderStatus } from '../../domain/orders/order.ts';
import { closeRouteAttention } from '../attentions.ts';
import { productOfLine } from '../catalogue/sku-meanings.ts';
import { downFrom } from './family.ts';
import { linkLines } from './store-order.ts';
import { lockOrder } from './orders.ts';
import { routeAutomatically } from './routing.ts';
import { bindLines } from '../stock/of-orders.ts';
import { lockProducts } from '../stock/stock.ts';
import type { AccountDb } from '../engine/with-account.ts';

/**
 * Decides about an order that waits without a workflow. `retry` links lines whose SKU is a product by now, and routes the
 * leaves that no supplier has; a leaf that still cannot be routed waits again.
 * @returns the dropships to start
 */
export async function decideRoute(
  db: AccountDb,
  { orderId }: { orderId: string },
  decision: { action: ResolutionAction; actor: Actor },
): Promise<string[]> {
  const { action, actor } = decision;
  await lockOrder(db, orderId);
  await closeRouteAttention(db, { orderId, action, actor });
  return action === 'retry' ? reroute(db, orderId, actor) : [];
}

/**
 * A split order stays split: its leaves that are still in-house are routed one by one. A leaf of which this account has
 * shipped a part goes to no supplier any more; its other units leave the stock of their products, now that they have any.
 */
async function reroute(db: AccountDb, orderId: string, actor: Actor): Promise<string[]> {
  const open: OrderStatus[] = ['awaiting_fulfillment', 'partially_shipped'];
  const { rows: leaves } = await db.raw<{ rows: { id: string; status: OrderStatus }[] }>(
    `select leaf.id, leaf.status from ${downFrom('o.id = :orderId')} f
     join orders leaf on leaf.id = f.id and leaf.status = any(:open) order by leaf.number`,
    { orderId, open },
  );
  await lockGoods(db, orderId);
  const dropshipIds: string[] = [];
  for (const leaf of leaves) {
    await linkLines(db, leaf.id);
    if (leaf.status === 'partially_shipped') await bindLines(db, [leaf.id], { inHouse: true });
    else dropshipIds.push(...(await routeAutomatically(db, leaf.id, actor)).dropshipIds);
  }
  return dropshipIds;
}

/**
 * Locks the products of an order and its leaves at once, in the order of all writers: routing locks leaf by leaf.
 * @param also products that lines are about to have
 */
export async function lockGoods(db: AccountDb, orderId: string, also: readonly string[] = []): Promise<void> {
  const { rows } = await db.raw<{ rows: { id: string | null }[] }>(
    `select distinct coalesce(l.product_id, ${productOfLine(ofLine)}) as id
     from ${downFrom('o.id = :orderId')} f
     join orders leaf on leaf.id = f.id and leaf.status <> 'split'
     join order_lines l on l.order_id = leaf.id`,
    { orderId },
  );
  await lockProducts(db, [...rows.map(({ id }) => id).filter((id) => id !== null), ...also]);
}

const ofLine = { channel: 'leaf.channel_id', remoteId: 'l.remote_product_id', sku: 'l.sku' };
