import type { Actor } from '../../domain/account.ts';
import type { ResolutionAction } from '../../domain/attention.ts';
import { awaitsDecision, type ShopCancelLine } from '../../domain/orders/shop-cancel.ts';
import { closeStepAttention, raiseAttention } from '../attentions.ts';
import { insertOrderEvent } from './events.ts';
import { findLivingDropship, lockOrder } from './orders.ts';
import type { AccountDb } from '../engine/with-account.ts';

/** Units that only the shop has cancelled: nobody here has cancelled them or asks to. @see awaitsDecision */
export const onlyShopCancelled = (line: string): string =>
  `greatest(0, ${line}.cancelled_in_shop - greatest(${line}.cancelled, ${line}.cancel_requested))`;

/**
 * Makes the attention `cancelled_in_shop` of a leaf agree with its units: open while a supplier may ship units that the shop
 * has cancelled and no person lets ship. Part of the transaction of each change of the leaf's units or of its dropship; the
 * caller holds its lock.
 * @param change.action how the change closes it
 */
export async function refreshShopCancel(
  db: AccountDb,
  { orderId, action, actor }: { orderId: string; action: ResolutionAction; actor: Actor },
): Promise<void> {
  const lines = await readCancelled(db, orderId);
  if (lines.length === 0) return;
  // Units that are cancelled after all are not to ship any more, should they be open again.
  await db('order_lines')
    .where({ order_id: orderId })
    .update({ let_ship: db.raw(`least(let_ship, ${onlyShopCancelled('order_lines')})`) });
  const dropshipId = lines.some(awaitsDecision) ? await findLivingDropship(db, orderId) : undefined;
  if (dropshipId === undefined) return closeStepAttention(db, { orderId, step: 'cancel', action, actor });
  const parked = { step: 'cancel', code: 'cancelled_in_shop' } as const;
  const { id, isNew } = await raiseAttention(db, { orderId, dropshipId, workflowId: null, ...parked });
  if (!isNew) return;
  await insertOrderEvent(db, {
    orderId,
    type: 'attention_raised',
    actor: { kind: 'system', id: dropshipId },
    data: { attentionId: id, ...parked },
  });
}

const readCancelled = (db: AccountDb, orderId: string): Promise<ShopCancelLine[]> =>
  db('order_lines').where({ order_id: orderId }).where('cancelled_in_shop', '>', 0).select<ShopCancelLine[]>({
    quantity: 'quantity',
    shipped: 'shipped',
    cancelled: 'cancelled',
    cancelRequested: 'cancel_requested',
    cancelledInShop: 'cancelled_in_shop',
    letShip: 'let_ship',
  });

/** A person lets the supplier ship what the shop has cancelled so far. */
export async function letShip(db: AccountDb, { orderId, actor }: { orderId: string; actor: Actor }): Promise<void> {
  await lockOrder(db, orderId);
  await db('order_lines')
    .where({ order_id: orderId })
    .update({ let_ship: db.raw(onlyShopCancelled('order_lines')) });
  await closeStepAttention(db, { orderId, step: 'cancel', action: 'skip', actor });
}
