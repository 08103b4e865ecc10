import type { Actor } from '../domain/account.ts';
import type { ResolutionAction } from '../domain/attention.ts';
import type { OrderStatus } from '../domain/order.ts';
import { settleAttention, type Attention } from './attentions.ts';
import { insertOrderEvent } from './order-events.ts';
import { linkLines } from './order-intake.ts';
import { lockOrder } from './orders.ts';
import { routeAutomatically } from './routing.ts';
import type { AccountDb } from './with-account.ts';

/**
 * Decides about an order that waits without a workflow. `retry` links what has become a product and routes what no
 * supplier has yet; what still cannot be routed waits anew.
 * @returns the dropships to start
 */
export async function decideRoute(
  db: AccountDb,
  attention: Attention,
  decision: { action: ResolutionAction; actor: Actor },
): Promise<string[]> {
  const { orderId } = attention;
  const { action, actor } = decision;
  await lockOrder(db, orderId);
  for (const { id } of await settleAttention(db, { workflowId: null, orderId, action, by: actor.id })) {
    await insertOrderEvent(db, {
      orderId,
      type: 'attention_resolved',
      actor,
      data: { attentionId: id, action },
    });
  }
  return action === 'retry' ? reroute(db, orderId, actor) : [];
}

/** An order that was split keeps its leaves: those still in-house are routed, one by one. */
async function reroute(db: AccountDb, orderId: string, actor: Actor): Promise<string[]> {
  const waiting: OrderStatus = 'awaiting_fulfillment';
  const leaves = await db('orders')
    .where({ status: waiting })
    .whereRaw('(id = :orderId or parent_id = :orderId)', { orderId })
    .orderBy('number')
    .select<{ id: string }[]>('id');
  const dropshipIds: string[] = [];
  for (const leaf of leaves) {
    await linkLines(db, leaf.id);
    dropshipIds.push(...(await routeAutomatically(db, leaf.id, actor)).dropshipIds);
  }
  return dropshipIds;
}
