import type { Actor } from '../../domain/account.ts';
import type { ResolutionAction } from '../../domain/attention.ts';
import type { OrderStatus } from '../../domain/orders/order.ts';
import { closeRouteAttention } from '../attentions.ts';
import { downFrom } from './family.ts';
import { linkLines } from './store-order.ts';
import { lockOrder } from './orders.ts';
import { routeAutomatically } from './routing.ts';
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

/** A split order stays split: its leaves that are still in-house are routed one by one. */
async function reroute(db: AccountDb, orderId: string, actor: Actor): Promise<string[]> {
  const waiting: OrderStatus = 'awaiting_fulfillment';
  const { rows: leaves } = await db.raw<{ rows: { id: string }[] }>(
    `select leaf.id from ${downFrom('o.id = :orderId')} f
     join orders leaf on leaf.id = f.id and leaf.status = :waiting order by leaf.number`,
    { orderId, waiting },
  );
  const dropshipIds: string[] = [];
  for (const leaf of leaves) {
    await linkLines(db, leaf.id);
    dropshipIds.push(...(await routeAutomatically(db, leaf.id, actor)).dropshipIds);
  }
  return dropshipIds;
}
