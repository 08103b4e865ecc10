import type { Actor } from '../../domain/account.ts';
import type { ChannelKind } from '../../domain/channel.ts';
import { assertDropshipMayBecome, dropshipStatusOf, type DropshipStatus } from '../../domain/dropships/dropship.ts';
import { DomainError } from '../../domain/errors.ts';
import type { CancelReason } from '../../domain/orders/cancel.ts';
import type { LineUnits } from '../../domain/orders/order.ts';
import { newId } from '../engine/ids.ts';
import { insertOrderEvent } from '../orders/events.ts';
import { forgetPromise, lockOrder, refreshStatus } from '../orders/orders.ts';
import { refreshShopCancel } from '../orders/shop-cancel-attention.ts';
import { bindLines } from '../stock/of-orders.ts';
import type { AccountDb, SystemDb } from '../engine/with-account.ts';

/** Inserts the dropship of a leaf; its workflow is started after the commit. @returns the dropship's id */
export async function insertDropship(
  db: AccountDb,
  dropship: { orderId: string; supplierId: string; actor: Actor },
): Promise<string> {
  const { orderId, supplierId, actor } = dropship;
  const id = newId('dropship');
  await db.raw(
    `insert into dropships (account_id, id, order_id, supplier_id, connection_id, status)
     select account_id, :id, :orderId, id, connection_id, 'requested' from suppliers where id = :supplierId`,
    { id, orderId, supplierId },
  );
  await insertOrderEvent(db, { orderId, type: 'dropship_requested', actor, data: { dropshipId: id, supplierId } });
  return id;
}

export type Dropship = {
  id: string;
  orderId: string;
  supplierId: string;
  connectionId: string;
  status: DropshipStatus;
  supplierOrderId: string | null;
};
type Row = {
  id: string;
  order_id: string;
  supplier_id: string;
  connection_id: string;
  status: DropshipStatus;
  supplier_order_id: string | null;
};
const columns = ['id', 'order_id', 'supplier_id', 'connection_id', 'status', 'supplier_order_id'];

const toDropship = (row: Row): Dropship => ({
  id: row.id,
  orderId: row.order_id,
  supplierId: row.supplier_id,
  connectionId: row.connection_id,
  status: row.status,
  supplierOrderId: row.supplier_order_id,
});

/** @throws DomainError `dropship_not_found` */
export async function requireDropship(db: AccountDb, id: string): Promise<Dropship> {
  const row = await db('dropships').where({ id }).first<Row | undefined>(columns);
  if (!row) throw notFound();
  return toDropship(row);
}

const notFound = () => new DomainError('dropship_not_found', 'There is no dropship with this id.');

export async function listDropships(db: AccountDb, ids: readonly string[]): Promise<Dropship[]> {
  const rows = await db('dropships').whereIn('id', ids).orderBy('id').select<Row[]>(columns);
  return rows.map(toDropship);
}

/** The input of a dropship's workflow, and what support sees of it: ids, the order's number and its channel's kind. */
export type DropshipStart = {
  dropshipId: string;
  merchantId: string;
  supplierId: string;
  connectionId: string;
  channelId: string;
  channelKind: ChannelKind;
  orderNumber: string;
  /** Given for a dropship that was made just now: nothing has happened to it yet, so its workflow reads no rows. */
  fresh?: Fresh;
};

/** `released`: Import Orders of the supplier's portal is instant, so the dropship does not wait for it. */
export type Fresh = { released: boolean };

/** `supplierId` here is the supplier's account, as support searches for it. */
export async function listDropshipStarts(db: AccountDb, ids: readonly string[]): Promise<DropshipStart[]> {
  if (ids.length === 0) return [];
  return db('dropships as d')
    .join('orders as o', 'o.id', 'd.order_id')
    .join('channels as c', 'c.id', 'o.channel_id')
    .join('connections as n', 'n.id', 'd.connection_id')
    .whereIn('d.id', ids)
    .select<DropshipStart[]>({
      dropshipId: 'd.id',
      merchantId: 'n.merchant_account_id',
      supplierId: 'n.supplier_account_id',
      connectionId: 'n.id',
      channelId: 'c.id',
      channelKind: 'c.kind',
      orderNumber: 'o.number',
    });
}

/** Notes that the workflows have started: the sweep need not look at them again. */
export async function confirmStarted(db: AccountDb, ids: readonly string[]): Promise<void> {
  await db('dropships').whereIn('id', ids).whereNull('started_at').update({ started_at: db.fn.now() });
}

/** How many of these the supplier has imported. */
export async function countImported(db: AccountDb, ids: readonly string[]): Promise<number> {
  const [row] = await db('dropships')
    .whereIn('id', ids)
    .whereNot('status', 'requested')
    .count<{ count: string }[]>('id');
  return Number(row!.count);
}

/** Cancels a dropship before the supplier has the order; the leaf awaits fulfillment again. Idempotent. */
export async function cancelDropship(db: AccountDb, dropshipId: string, actor: Actor): Promise<void> {
  const dropship = await requireDropship(db, dropshipId);
  if (dropship.status === 'cancelled') return;
  assertDropshipMayBecome('cancelled', dropship.status);
  await lockOrder(db, dropship.orderId);
  await db('dropships').where({ id: dropshipId }).update({ status: 'cancelled', ended_at: db.fn.now() });
  await forgetPromise(db, dropship.orderId);
  await refreshStatus(db, dropship.orderId);
  await bindLines(db, [dropship.orderId]);
  await insertOrderEvent(db, { orderId: dropship.orderId, type: 'dropship_cancelled', actor, data: { dropshipId } });
  await refreshShopCancel(db, { orderId: dropship.orderId, action: 'skip', actor });
}

/** The merchant asks its supplier to cancel units. Idempotent: the first time stays. */
export async function markCancelRequested(db: AccountDb, id: string): Promise<void> {
  await db('dropships').where({ id }).whereNull('cancel_requested_at').update({ cancel_requested_at: db.fn.now() });
}

/** Notes why it last asked, for a run that must know it again. */
export async function noteCancelReason(db: AccountDb, id: string, reason: CancelReason): Promise<void> {
  await db('dropships').where({ id }).update({ cancel_requested_for: reason });
}

/** Why the merchant last asked its supplier to cancel units; null where it never did. */
export async function findCancelReason(db: AccountDb, id: string): Promise<CancelReason | null> {
  const row = await db('dropships')
    .where({ id })
    .first<{ reason: CancelReason | null } | undefined>({ reason: 'cancel_requested_for' });
  return row?.reason ?? null;
}

/** The supplier has declined. @returns whether a request was open */
export async function closeCancelRequest(db: AccountDb, id: string): Promise<boolean> {
  const closed = await db('dropships')
    .where({ id })
    .whereNotNull('cancel_requested_at')
    .update({ cancel_requested_at: null, cancel_requested_for: null });
  return closed > 0;
}

/**
 * Derives the dropship's status again from its leaf's lines, after units shipped or were cancelled. Units that the shop
 * shipped itself, and lines that need no shipping, do not count. @returns the new status
 */
export async function refreshDropshipStatus(db: AccountDb, dropshipId: string): Promise<DropshipStatus> {
  const { rows } = await db.raw<{ rows: { status: DropshipStatus; isAccepted: boolean; lines: LineUnits[] }[] }>(
    `select d.status, d.accepted_at is not null as "isAccepted",
            (select coalesce(json_agg(json_build_object('quantity', l.quantity - l.shipped + sent.units, 'shipped', sent.units,
                                                        'cancelled', l.cancelled)), '[]')
             from order_lines l
             cross join lateral (
               select coalesce(sum(u.quantity), 0)::int as units
               from shipments s join shipment_lines u on u.shipment_id = s.id
               where s.order_id = l.order_id and s.status = 'recorded' and u.line_id = l.id) sent
             where l.order_id = d.order_id and l.requires_shipping) as lines
     from dropships d where d.id = :dropshipId`,
    { dropshipId },
  );
  if (!rows[0]) throw notFound();
  const { status, isAccepted, lines } = rows[0];
  const next = dropshipStatusOf(lines, status, isAccepted);
  assertDropshipMayBecome(next, status);
  const isOver = next === 'shipped' || next === 'cancelled';
  await db('dropships')
    .where({ id: dropshipId })
    .update({ status: next, ended_at: isOver ? db.raw('coalesce(ended_at, now())') : null });
  return next;
}

export async function accountOfDropship(db: SystemDb, id: string): Promise<string | undefined> {
  const row = await db('dropships').where({ id }).first<{ account_id: string } | undefined>('account_id');
  return row?.account_id;
}

/** Dropships whose workflow a crash left unstarted: committed `seconds` ago and not started. */
export async function listUnstartedDropships(
  db: SystemDb,
  filter: { seconds: number; limit: number },
): Promise<{ accountId: string; dropshipId: string }[]> {
  const rows = await db('dropships')
    .whereNull('started_at')
    .whereRaw(`created_at < now() - make_interval(secs => ?)`, [filter.seconds])
    .orderBy('created_at')
    .limit(filter.limit)
    .select<{ account_id: string; id: string }[]>('account_id', 'id');
  return rows.map((row) => ({ accountId: row.account_id, dropshipId: row.id }));
}
