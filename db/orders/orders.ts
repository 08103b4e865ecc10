import { endedStatuses, type DropshipStatus } from '../../domain/dropships/dropship.ts';
import { DomainError } from '../../domain/errors.ts';
import { statusOf, type Address, type LineUnits, type OrderStatus } from '../../domain/orders/order.ts';
import type { ShippingPlace } from '../../domain/shipments/route.ts';
import { isTopOfRemote, upFrom } from './family.ts';
import type { AccountDb, SystemDb } from '../engine/with-account.ts';

export const orderNotFound = () => new DomainError('order_not_found', 'There is no order with this id.');

/** Takes the order's row lock: until the transaction ends no other can decide about it. @throws DomainError `order_not_found` */
export async function lockOrder(db: AccountDb, id: string): Promise<void> {
  const row = await db('orders').where({ id }).forUpdate().first<{ id: string } | undefined>('id');
  if (!row) throw orderNotFound();
}

/** Takes the lock as `lockOrder`. @returns what decides who ships the order */
export async function lockToShip(db: AccountDb, id: string): Promise<Pick<ShippingPlace, 'status' | 'dropship'>> {
  await lockOrder(db, id);
  // A statement of its own: one that waits for the lock does not see a dropship that was made meanwhile.
  const { rows } = await db.raw<{ rows: { status: OrderStatus; dropshipStatus: DropshipStatus | null }[] }>(
    `select o.status, d.status as "dropshipStatus" from orders o
     left join dropships d on d.order_id = o.id and d.status <> all(:ended) where o.id = :id`,
    { id, ended: [...endedStatuses] },
  );
  const { status, dropshipStatus } = rows[0]!;
  return { status, dropship: dropshipStatus === null ? null : { status: dropshipStatus } };
}

/** The dropship of an order that has not ended; there is at most one. */
export async function findLivingDropship(db: AccountDb, orderId: string): Promise<string | undefined> {
  const row = await db('dropships')
    .where({ order_id: orderId })
    .whereNotIn('status', endedStatuses)
    .first<{ id: string } | undefined>('id');
  return row?.id;
}

type StatusLine = LineUnits & { cancelledInShop: number; isLive: boolean; isQuestioned: boolean };

/**
 * `isAsked`: something may be to decide, a question about this order or one that it is a leaf of, or units cancelled in the
 * shop. @see closeDecisions
 */
export type Refreshed = { status: OrderStatus; isAsked: boolean };

/** Derives the status of a leaf again from its lines and its dropship (rules §4). */
export async function refreshStatus(db: AccountDb, orderId: string): Promise<Refreshed> {
  const { rows: lines } = await db.raw<{ rows: StatusLine[] }>(
    `select l.quantity, l.shipped, l.cancelled, l.requires_shipping as "requiresShipping",
            l.cancelled_in_shop as "cancelledInShop",
            exists (select from dropships d where d.order_id = :orderId and d.status <> all(:ended)) as "isLive",
            exists (select from ${upFrom('o.id = :orderId')} up
                    join attentions a on a.order_id = up.id and a.resolved_at is null and a.workflow_id is null) as "isQuestioned"
     from order_lines l where l.order_id = :orderId`,
    { orderId, ended: [...endedStatuses] },
  );
  const status = statusOf(lines, lines[0]?.isLive ?? false);
  await db('orders').where({ id: orderId }).update({ status });
  return { status, isAsked: lines.some((line) => line.isQuestioned || line.cancelledInShop > 0) };
}

/** The packing slips of these orders were printed now. @throws DomainError `order_not_found`; then none is noted */
export async function notePrinted(db: AccountDb, ids: readonly string[]): Promise<void> {
  const wanted = new Set(ids);
  // In one order: of two batches with the same orders, one waits for the other.
  await db('orders')
    .whereIn('id', [...wanted])
    .orderBy('id')
    .forUpdate()
    .select('id');
  const noted = await db('orders')
    .whereIn('id', [...wanted])
    .update({ printed_at: db.fn.now() });
  if (noted < wanted.size) throw orderNotFound();
}

/** What the supplier of the order promised is no more about this order: its dropship has ended, or its leaves have the units. */
export async function forgetPromise(db: AccountDb, orderId: string): Promise<void> {
  const promised = db('orders').where({ id: orderId, dropship_id: null }).whereNotNull('accepted_at');
  await promised.update({ accepted_at: null, expected_ship_at: null });
}

export type OrderChange = {
  shipTo?: Address | undefined;
  notes?: { customer?: string | undefined; internal?: string | undefined } | undefined;
};

export async function updateOrder(db: AccountDb, id: string, change: OrderChange): Promise<void> {
  const row = {
    ...(change.shipTo && { ship_to: JSON.stringify(change.shipTo) }),
    ...(change.notes?.customer !== undefined && { customer_note: change.notes.customer }),
    ...(change.notes?.internal !== undefined && { internal_note: change.notes.internal }),
  };
  if (Object.keys(row).length > 0) await db('orders').where({ id }).update(row);
}

export async function accountOfOrder(db: SystemDb, id: string): Promise<string | undefined> {
  const row = await db('orders').where({ id }).first<{ account_id: string } | undefined>('account_id');
  return row?.account_id;
}

export async function channelOfOrder(db: AccountDb, id: string): Promise<string> {
  const row = await db('orders').where({ id }).first<{ channel_id: string } | undefined>('channel_id');
  if (!row) throw orderNotFound();
  return row.channel_id;
}

/** The supplier's order that came by this dropship, if it was imported. */
export async function findReceivedOrder(db: AccountDb, dropshipId: string): Promise<string | undefined> {
  const row = await db('orders')
    .where({ dropship_id: dropshipId })
    .whereRaw(isTopOfRemote('orders'))
    .first<{ id: string } | undefined>('id');
  return row?.id;
}
