import type { Actor } from '../../domain/account.ts';
import { unitsAsked, type CancelReason, type LeafUnits } from '../../domain/orders/cancel.ts';
import type { RejectReason } from '../../domain/orders/supplier-response.ts';
import { assertDropshipMayBecome } from '../../domain/dropships/dropship.ts';
import { unitsLeft } from '../../domain/orders/order.ts';
import { raiseAttention } from '../attentions.ts';
import { cancelParts, lockLeaf, noteReceived, takeOff } from '../orders/cancels.ts';
import { requireDropship } from './dropships.ts';
import { insertOrderEvent } from '../orders/events.ts';
import { forgetPromise, lockOrder, refreshStatus } from '../orders/orders.ts';
import { refreshShopCancel } from '../orders/shop-cancel-attention.ts';
import { returnLines } from '../stock/of-orders.ts';
import type { AccountDb } from '../engine/with-account.ts';

/** A promise to ship; without a time an earlier time stays. */
type Promised = { dropshipId: string; expectedShipAt?: string | undefined };

/** Notes on all leaves of the supplier's order that it will ship. Idempotent: a known promise gets no second entry. */
export async function acceptReceived(
  db: AccountDb,
  { dropshipId, expectedShipAt }: Promised,
  accepted: { orderId: string; actor: Actor },
): Promise<void> {
  const isNew = await promise(db, 'orders', { place: { dropship_id: dropshipId }, expectedShipAt });
  if (isNew) await noteAccepted(db, { ...accepted, dropshipId, expectedShipAt });
}

/** Shows the merchant that its supplier will ship. Idempotent. */
export async function acceptDropship(
  db: AccountDb,
  { dropshipId, expectedShipAt }: Promised,
  actor: Actor,
): Promise<void> {
  const { orderId } = await requireDropship(db, dropshipId);
  // Before the dropship's row, as all others lock the two: a shipment may be on its way to the same order.
  await lockOrder(db, orderId);
  const isNew = await promise(db, 'dropships', { place: { id: dropshipId }, expectedShipAt });
  await db('dropships').where({ id: dropshipId, status: 'imported' }).update({ status: 'accepted' });
  if (!isNew) return;
  // Only what this account got from its own channel: of a merchant's order the row has the promise to that merchant.
  await promise(db, 'orders', { place: { id: orderId, dropship_id: null }, expectedShipAt });
  await noteAccepted(db, { orderId, actor, dropshipId, expectedShipAt });
}

/** @returns whether the promise is new or has another time */
async function promise(
  db: AccountDb,
  table: 'orders' | 'dropships',
  { place, expectedShipAt }: { place: object; expectedShipAt: string | undefined },
): Promise<boolean> {
  const changed = await db(table)
    .where(place)
    .whereRaw('(accepted_at is null or expected_ship_at is distinct from coalesce(?::timestamptz, expected_ship_at))', [
      expectedShipAt ?? null,
    ])
    .update({
      accepted_at: db.raw('coalesce(accepted_at, now())'),
      expected_ship_at: db.raw('coalesce(?::timestamptz, expected_ship_at)', [expectedShipAt ?? null]),
    });
  return changed > 0;
}

const noteAccepted = (db: AccountDb, accepted: Promised & { orderId: string; actor: Actor }): Promise<void> =>
  insertOrderEvent(db, {
    orderId: accepted.orderId,
    type: 'order_accepted',
    actor: accepted.actor,
    data: {
      dropshipId: accepted.dropshipId,
      ...(accepted.expectedShipAt !== undefined && { expectedShipAt: accepted.expectedShipAt }),
    },
  });

/** Why units are rejected, for the timeline. `noteId`: the entry with the supplier's note. */
type RejectCause = { actor: Actor; dropshipId: string; reason: RejectReason; noteId?: string | undefined };

/** Takes units off the supplier's order and releases their stock. The caller holds the leaves' locks. */
export async function rejectParts(db: AccountDb, parts: readonly LeafUnits[], cause: RejectCause): Promise<void> {
  await takeOff(db, parts, { type: 'order_rejected', cause });
  if (parts.length > 0) await noteReceived(db, cause.dropshipId, { rejected_for: cause.reason });
}

/** `cancelReason`: why the merchant had asked to cancel units before; null where it had not. */
type Returned = RejectCause & { cancelReason: CancelReason | null };

/**
 * Gives the merchant its units back: the dropship is rejected, and an attention asks who ships its leaf now. Units that the
 * merchant had asked to cancel are cancelled, since no supplier can ship them any more. Idempotent.
 * @throws DomainError `dropship_transition_refused` while the merchant shows a shipment of it
 */
export async function returnDropship(db: AccountDb, { cancelReason, ...cause }: Returned): Promise<void> {
  const { dropshipId, actor, reason } = cause;
  const { orderId, supplierId } = await requireDropship(db, dropshipId);
  const [leaf] = await lockLeaf(db, orderId);
  const { status } = await requireDropship(db, dropshipId);
  if (status === 'rejected' || !leaf) return;
  assertDropshipMayBecome('rejected', status);
  const asked = leaf.lines.map((line) => ({ lineId: line.lineId, quantity: unitsAsked(line) })).filter(isSome);
  if (asked.length > 0) {
    const why = { actor, reason: cancelReason ?? 'other', dropshipId };
    await cancelParts(db, [{ orderId, lines: asked }], why);
  }
  await db('dropships').where({ id: dropshipId }).update({ status: 'rejected', ended_at: db.fn.now() });
  const back = leaf.lines
    .map((line) => ({ lineId: line.lineId, quantity: unitsLeft(line) - unitsAsked(line) }))
    .filter(isSome);
  await insertOrderEvent(db, {
    orderId,
    type: 'order_rejected',
    actor,
    data: { dropshipId, supplierId, reason, lines: back },
  });
  await forgetPromise(db, orderId);
  await returnLines(db, orderId);
  await refreshStatus(db, orderId);
  // No supplier may ship the leaf, until it is dropshipped again.
  await refreshShopCancel(db, { orderId, action: 'skip', actor });
  if (back.length > 0) await askWhoShips(db, { orderId, dropshipId });
}

const isSome = ({ quantity }: { quantity: number }): boolean => quantity > 0;

/** No supplier has the leaf now: it waits until a person, or a changed product, decides who ships it. */
async function askWhoShips(db: AccountDb, { orderId, dropshipId }: { orderId: string; dropshipId: string }) {
  const parked = { step: 'route', code: 'rejected_by_supplier' } as const;
  const { id } = await raiseAttention(db, { orderId, dropshipId, workflowId: null, ...parked });
  await insertOrderEvent(db, {
    orderId,
    type: 'attention_raised',
    actor: { kind: 'system', id: dropshipId },
    data: { attentionId: id, ...parked },
  });
}
