import type { Actor } from '../../domain/account.ts';
import type { ResolutionAction } from '../../domain/attention.ts';
import type { OrderStatus } from '../../domain/orders/order.ts';
import { closeRouteAttention } from '../attentions.ts';
import { downFrom, upFrom } from './family.ts';
import type { Refreshed } from './orders.ts';
import { onlyShopCancelled, refreshShopCancel } from './shop-cancel-attention.ts';
import { isUnmapped } from './unmapped-lines.ts';
import type { AccountDb, SystemDb } from '../engine/with-account.ts';

type Changed = Refreshed & { orderId: string; action: ResolutionAction; actor: Actor };

/**
 * Closes what needs no decision any more after units of a leaf have shipped, were cancelled or went to other hands: about
 * its shop's cancel, with that `action`, and on who ships it or an order that it is a leaf of.
 */
export async function closeDecisions(db: AccountDb, changed: Changed): Promise<void> {
  const { orderId, status, isAsked, action, actor } = changed;
  if (!isAsked) return;
  await refreshShopCancel(db, { orderId, action, actor });
  if (status === 'cancelled' || status === 'shipped') await closeRouteAttention(db, { orderId, action: 'skip', actor });
  await closeRouted(db, { orderId, actor });
}

/** Closes what asks who ships units that have shipped, are cancelled or have a supplier by now. */
export async function closeRouted(
  db: AccountDb,
  { orderId, actor }: Pick<Changed, 'orderId' | 'actor'>,
): Promise<void> {
  for (const id of await listRouted(db, orderId)) await closeRouteAttention(db, { orderId: id, action: 'skip', actor });
}

/** The lines of the leaves that attention `a` is about. */
const leavesOf = `${downFrom('o.id = a.order_id')} f join orders leaf on leaf.id = f.id and leaf.status <> 'split'
  join order_lines l on l.order_id = leaf.id`;

const waits: OrderStatus = 'awaiting_fulfillment';

/** Whether attention `a` asks who ships units of `parked` that are gone. */
const isAnswered = `a.resolved_at is null and a.workflow_id is null and a.step = 'route' and case a.code
  when 'unmapped_sku' then not exists (select from ${leavesOf} where leaf.status = :waits or ${isUnmapped('l')})
  when 'cancelled_in_shop' then not exists (
    select from ${leavesOf} where leaf.status = :waits and ${onlyShopCancelled('l')} > l.let_ship)
  else parked.status = 'split' and not exists (select from ${leavesOf} where leaf.status = :waits) end`;

/**
 * This order, or orders that it is a leaf of, whose attention asks who ships units that are gone; takes their row locks.
 * Locks go from an order to its leaves, so an order that another transaction holds is left out: `closeAnswered` finds it
 * later. Where leaves still wait beside an unmapped line that is gone, the sweep routes them and closes it (`listMapped`).
 */
async function listRouted(db: AccountDb, orderId: string): Promise<string[]> {
  const { rows } = await db.raw<{ rows: { id: string }[] }>(
    `select parked.id from ${upFrom('o.id = :orderId')} up
     join orders parked on parked.id = up.id
     join attentions a on a.order_id = up.id
     where ${isAnswered}
     for update of parked skip locked`,
    { orderId, waits },
  );
  return rows.map(({ id }) => id);
}

/** Accounts in which a person is asked who ships an order. */
export async function listAccountsThatRoute(db: SystemDb): Promise<string[]> {
  const asked = db('attentions').whereNull('resolved_at').where({ step: 'route' });
  return asked.distinct().pluck<string[]>('account_id');
}

/**
 * Closes what still asks who ships units that are gone: another transaction held its order when they went. Waits for no
 * lock. Idempotent.
 * @param most at most so many
 */
export async function closeAnswered(db: AccountDb, { most, actor }: { most: number; actor: Actor }): Promise<void> {
  const { rows } = await db.raw<{ rows: { id: string }[] }>(
    `select parked.id from attentions a join orders parked on parked.id = a.order_id
     where ${isAnswered}
     order by a.since, a.id limit :most
     for update of parked skip locked`,
    { most, waits },
  );
  for (const { id } of rows) await closeRouteAttention(db, { orderId: id, action: 'skip', actor });
}
