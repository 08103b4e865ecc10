import type { Actor } from '../../domain/account.ts';
import {
  remainingUnits,
  shareUnits,
  unitsAbove,
  unitsAsked,
  type CancelLeaf,
  type CancelLine,
  type CancelReason,
  type DeclineReason,
  type Remaining,
  type LeafUnits,
} from '../../domain/orders/cancel.ts';
import type { RejectReason } from '../../domain/orders/supplier-response.ts';
import { endedStatuses } from '../../domain/dropships/dropship.ts';
import type { OrderEventType } from '../../domain/orders/event.ts';
import { unitsLeft } from '../../domain/orders/order.ts';
import { closeDecisions } from './decisions.ts';
import { insertOrderEvent } from './events.ts';
import { isTopOfRemote, leavesReceived } from './family.ts';
import { findReceivedOrder, refreshStatus } from './orders.ts';
import { refreshShopCancel } from './shop-cancel-attention.ts';
import { cancelUnits } from '../stock/of-orders.ts';
import type { AccountDb } from '../engine/with-account.ts';

/** Why units are cancelled, for the timeline. `noteId`: the entry with the caller's note. */
export type CancelCause = {
  actor: Actor;
  reason: CancelReason;
  dropshipId?: string | undefined;
  noteId?: string | undefined;
};

type Place = { id: string } | { channel_id: string; remote_id: string };
type LineRow = CancelLine & { orderId: string; remoteLineId: string };

/** Takes the row locks of leaves, in one order for all writers: until the transaction ends no other can decide about them. */
async function lockLeaves(db: AccountDb, place: Place, keyOf: (line: LineRow) => string): Promise<CancelLeaf[]> {
  // First lock all of them, parents too: if a split held the lock before us, the next statement sees its leaves.
  await db('orders').where(place).orderBy('id').forUpdate().select('id');
  const orders = await db('orders')
    .where(place)
    .whereNot({ status: 'split' })
    .orderBy('id')
    .forUpdate()
    .select<{ id: string; number: string }[]>('id', 'number');
  const ids = orders.map(({ id }) => id);
  const living = await db('dropships')
    .whereIn('order_id', ids)
    .whereNotIn('status', endedStatuses)
    .select<{ id: string; order_id: string }[]>('id', 'order_id');
  const lines = await readLines(db, ids);
  return orders.map(({ id: orderId, number }) => ({
    orderId,
    number,
    dropshipId: living.find((dropship) => dropship.order_id === orderId)?.id ?? null,
    lines: lines.filter((line) => line.orderId === orderId).map((line) => ({ ...line, key: keyOf(line) })),
  }));
}

async function readLines(db: AccountDb, orderIds: readonly string[]): Promise<LineRow[]> {
  const { rows } = await db.raw<{ rows: LineRow[] }>(
    `select l.order_id as "orderId", l.id as "lineId", l.remote_line_id as "remoteLineId", l.quantity, l.shipped,
            l.cancelled, l.cancel_requested as "cancelRequested", l.cancelled_in_shop as "cancelledInShop", l.let_ship as "letShip",
            (l.shipped - coalesce((
              select sum(u.quantity) from shipments s join shipment_lines u on u.shipment_id = s.id
              where s.order_id = l.order_id and s.status = 'recorded' and u.line_id = l.id and l.requires_shipping), 0))::int as "shippedBefore"
     from order_lines l where l.order_id = any(:orderIds) order by l.order_id, l.position`,
    { orderIds },
  );
  return rows;
}

/** A leaf, its lines keyed by their own ids; empty once it is split. */
export const lockLeaf = (db: AccountDb, orderId: string): Promise<CancelLeaf[]> =>
  lockLeaves(db, { id: orderId }, ({ lineId }) => lineId);

/** The leaves of an order that came in from a channel, their lines keyed by remote id. */
export const lockRemoteLeaves = (db: AccountDb, channelId: string, remoteId: string): Promise<CancelLeaf[]> =>
  lockLeaves(db, { channel_id: channelId, remote_id: remoteId }, ({ remoteLineId }) => remoteLineId);

/** The leaves of a supplier's order, their lines keyed by the merchant's line ids. */
export async function lockReceivedLeaves(db: AccountDb, dropshipId: string): Promise<CancelLeaf[]> {
  const orderId = await findReceivedOrder(db, dropshipId);
  if (orderId === undefined) return [];
  const { channel_id: channelId } = await db('orders')
    .where({ id: orderId })
    .first<{ channel_id: string }>('channel_id');
  return lockRemoteLeaves(db, channelId, dropshipId);
}

/**
 * Cancels units of leaves: releases their stock, derives their statuses, adds to their timelines. The caller holds the
 * leaves' locks and has checked the units; a CHECK constraint is the safety net.
 */
export async function cancelParts(db: AccountDb, parts: readonly LeafUnits[], cause: CancelCause): Promise<void> {
  await takeOff(db, parts, { type: 'order_cancelled', cause });
  await db('orders')
    .whereIn(
      'id',
      parts.map(({ orderId }) => orderId),
    )
    .update({ cancelled_at: db.raw('clock_timestamp()'), cancelled_for: cause.reason });
}

/** Takes units off leaves, as cancels and rejections do; the timeline shows it as `type`. */
export async function takeOff<Cause extends { actor: Actor }>(
  db: AccountDb,
  parts: readonly LeafUnits[],
  { type, cause }: { type: OrderEventType; cause: Cause },
): Promise<void> {
  if (parts.length === 0) return;
  await cancelUnits(
    db,
    parts.flatMap(({ lines }) => lines),
  );
  const { actor, ...why } = cause;
  for (const { orderId, lines } of parts) {
    const refreshed = await refreshStatus(db, orderId);
    await insertOrderEvent(db, { orderId, type, actor, data: { ...why, lines } });
    await closeDecisions(db, { ...refreshed, orderId, action: 'cancel', actor });
  }
}

/**
 * Notes on leaves that units are asked to be cancelled. Idempotent: units that are asked for already get no second entry.
 * @returns whether any units were asked for that were not before
 */
export async function askForParts(
  db: AccountDb,
  leaves: readonly CancelLeaf[],
  { parts, cause }: { parts: readonly LeafUnits[]; cause: CancelCause },
): Promise<boolean> {
  const { actor, ...why } = cause;
  let isNew = false;
  for (const { orderId, lines } of parts) {
    const known = leaves.find((leaf) => leaf.orderId === orderId)!.lines;
    const lineOf = (lineId: string) => known.find((line) => line.lineId === lineId)!;
    const wanted = lines.map(({ lineId, quantity }) => ({ lineId, requested: lineOf(lineId).cancelled + quantity }));
    const { rowCount } = await db.raw<{ rowCount: number }>(
      `update order_lines l set cancel_requested = x.requested
       from jsonb_to_recordset(:wanted::jsonb) as x("lineId" text, requested int)
       where l.id = x."lineId" and l.cancel_requested < x.requested`,
      { wanted: JSON.stringify(wanted) },
    );
    if (rowCount === 0) continue;
    isNew = true;
    const isFirst = known.every((line) => unitsAsked(line) === 0);
    const since = isFirst ? db.fn.now() : db.raw('coalesce(cancel_requested_at, now())');
    await db('orders').where({ id: orderId }).update({ cancel_requested_at: since });
    const askedLines = lines.map(({ lineId, quantity }) => ({
      lineId,
      quantity: Math.min(quantity, unitsLeft(lineOf(lineId))),
    }));
    await insertOrderEvent(db, { orderId, type: 'cancel_requested', actor, data: { ...why, lines: askedLines } });
    await refreshShopCancel(db, { orderId, action: 'cancel', actor });
  }
  return isNew;
}

/** Notes on a supplier's order that its merchant wants only so many units of these lines. Idempotent. */
export async function askReceived(
  db: AccountDb,
  { dropshipId, lines, cause }: { dropshipId: string; lines: readonly Remaining[] | null; cause: CancelCause },
): Promise<void> {
  const leaves = await lockReceivedLeaves(db, dropshipId);
  const parts = shareUnits(leaves, unitsAbove(leaves, lines), remainingUnits);
  const isNew = await askForParts(db, leaves, { parts, cause: { ...cause, dropshipId } });
  if (isNew) await noteReceived(db, dropshipId, { cancel_requested_for: cause.reason });
}

/** Notes a reason on the supplier's order that came by a dropship, for a run that must know it again. */
export async function noteReceived(
  db: AccountDb,
  dropshipId: string,
  reasons: { cancel_requested_for: CancelReason } | { rejected_for: RejectReason },
): Promise<void> {
  await db('orders').where({ dropship_id: dropshipId }).whereRaw(isTopOfRemote('orders')).update(reasons);
}

/** Why a request is declined, for the timeline. `noteId`: the entry with the supplier's words. */
type DeclineCause = { actor: Actor; dropshipId: string; reason: DeclineReason; noteId?: string | undefined };

/**
 * Closes the requests of leaves: nothing of them is asked to be cancelled any more. The caller holds their locks.
 * Idempotent. @param declined.keepsRequest changes the timelines alone
 */
export async function declineParts(
  db: AccountDb,
  leaves: readonly CancelLeaf[],
  { keepsRequest = false, actor, ...why }: DeclineCause & { keepsRequest?: boolean },
): Promise<void> {
  for (const { orderId, lines } of leaves) {
    const asked = lines
      .map((line) => ({ lineId: line.lineId, quantity: unitsAsked(line) }))
      .filter(({ quantity }) => quantity > 0);
    if (asked.length === 0) continue;
    if (!keepsRequest) {
      await db('order_lines')
        .where({ order_id: orderId })
        .update({ cancel_requested: db.ref('cancelled') });
      const declined = {
        cancel_declined_at: db.raw('clock_timestamp()'),
        cancel_declined_for: why.reason,
        cancel_requested_for: null,
      };
      await db('orders').where({ id: orderId }).update(declined);
    }
    await insertOrderEvent(db, { orderId, type: 'cancel_declined', actor, data: { ...why, lines: asked } });
    await refreshShopCancel(db, { orderId, action: 'skip', actor });
  }
}

/** The dropship that a supplier's order came by; undefined for an order that came from a shop. */
export async function findOrigin(db: AccountDb, orderId: string): Promise<string | undefined> {
  const row = await db('orders')
    .where({ id: orderId })
    .first<{ dropship_id: string | null } | undefined>('dropship_id');
  return row?.dropship_id ?? undefined;
}

/** The units of a received order that are not cancelled, by the merchant's line ids. */
export async function listRemaining(db: AccountDb, dropshipId: string): Promise<Remaining[]> {
  const { rows } = await db.raw<{ rows: Remaining[] }>(
    `select l.remote_line_id as "lineId", sum(l.quantity - l.cancelled)::int as remaining
     from order_lines l where l.order_id in (${leavesReceived})
     group by l.remote_line_id order by l.remote_line_id`,
    { dropshipId },
  );
  return rows;
}

/** Units of a line that are asked to be cancelled and still may be. @see unitsAsked */
const pending = 'greatest(0, least(l.cancel_requested, l.quantity - l.shipped) - l.cancelled)';

/** `left`: the units of each line that are neither cancelled nor asked to be. */
type PendingCancel = { dropshipId: string; left: { lineId: string; quantity: number }[] };

/** The merchant's pending requests to one supplier, by dropship id. `after`: the last id of the page before. */
export async function listPendingCancels(
  db: AccountDb,
  connectionId: string,
  page: { after: string | null; limit: number },
): Promise<PendingCancel[]> {
  const { rows } = await db.raw<{ rows: PendingCancel[] }>(
    `select p.id as "dropshipId",
            json_agg(json_build_object('lineId', l.id, 'quantity', l.quantity - l.cancelled - ${pending}) order by l.position) as left
     from (
       select distinct d.id, d.order_id from order_lines l
       join dropships d on d.order_id = l.order_id and d.status in ('imported', 'accepted', 'partially_shipped')
       where l.cancel_requested > l.cancelled and l.shipped + l.cancelled < l.quantity and ${pending} > 0
         and d.connection_id = :connectionId and d.cancel_requested_at is not null and d.id > :after
       order by d.id limit :limit
     ) p join order_lines l on l.order_id = p.order_id
     group by p.id order by p.id`,
    { connectionId, after: page.after ?? '', limit: page.limit },
  );
  return rows;
}

/** Counts requests: those that are still `pending`, and those that ended with units `cancelled`. */
export async function countCancels(
  db: AccountDb,
  dropshipIds: readonly string[],
): Promise<{ pending: number; cancelled: number }> {
  const { rows } = await db.raw<{ rows: { pending: number; cancelled: number }[] }>(
    `select count(*) filter (where asked > 0)::int as pending,
            count(*) filter (where asked = 0 and cancelled > 0)::int as cancelled
     from (select d.id, sum(${pending}) as asked, sum(least(l.cancelled, l.cancel_requested)) as cancelled
           from dropships d join order_lines l on l.order_id = d.order_id
           where d.id = any(:dropshipIds) group by d.id) x`,
    { dropshipIds },
  );
  return rows[0]!;
}
