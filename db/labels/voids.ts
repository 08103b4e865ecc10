import type { ErrorCode } from '../../domain/errors.ts';
import type { RefundStatus } from '../../domain/labels/label.ts';
import type { AccountDb, SystemDb } from '../engine/with-account.ts';

/** The shipment of the label is recorded. A void that was asked for meanwhile stays asked for. @returns whether it is new */
export async function noteRecorded(db: AccountDb, id: string, shipmentId: string): Promise<boolean> {
  const changed = await db('labels')
    .where({ id })
    .whereNull('recorded_at')
    .update({
      shipment_id: shipmentId,
      recorded_at: db.fn.now(),
      status: db.raw(`case when status = 'bought' then 'recorded' else status end`),
    });
  return changed > 0;
}

/** @param failure why its shipment was refused; left out where a person voids the label */
export async function noteVoidRequested(db: AccountDb, id: string, failure?: ErrorCode): Promise<void> {
  await db('labels')
    .where({ id })
    .whereIn('status', ['bought', 'recorded'])
    .update({ status: 'void_requested', void_requested_at: db.fn.now(), ...(failure && { failure }) });
}

/** The carrier has the parcel, so that the label stays as it was. */
export async function withdrawVoid(db: AccountDb, id: string): Promise<void> {
  await db('labels')
    .where({ id, status: 'void_requested' })
    .update({
      status: db.raw(`case when recorded_at is null then 'bought' else 'recorded' end`),
      void_requested_at: null,
    });
}

/** @returns whether it is new */
export async function noteVoided(db: AccountDb, id: string): Promise<boolean> {
  const changed = await db('labels')
    .where({ id, status: 'void_requested' })
    .update({ status: 'voided', voided_at: db.fn.now() });
  return changed > 0;
}

/** What the provider says of the money. @param lookAt when to look again; null for an end */
export async function noteRefund(
  db: AccountDb,
  id: string,
  { refund, lookAt }: { refund: RefundStatus; lookAt: Date | null },
): Promise<void> {
  const askedAt = db.raw('coalesce(refund_asked_at, now())');
  await db('labels').where({ id }).update({ refund, refund_look_at: lookAt, refund_asked_at: askedAt });
}

/** Labels whose refund is to be looked up, in the accounts that paid, the longest waiting first. */
export async function listDueRefunds(
  db: SystemDb,
  limit: number,
): Promise<{ accountId: string; labelId: string; orderId: string }[]> {
  return db('labels')
    .whereRaw('refund_look_at <= now()')
    .orderBy('refund_look_at')
    .limit(limit)
    .select<{ accountId: string; labelId: string; orderId: string }[]>({
      accountId: 'account_id',
      labelId: 'id',
      orderId: 'order_id',
    });
}

/**
 * Claims a look-up of a refund, for a day.
 * @returns when the money was asked for, in milliseconds; undefined where it is not due any more
 */
export async function postponeRefundLook(db: AccountDb, id: string): Promise<number | undefined> {
  const [row] = await db('labels')
    .where({ id })
    .whereRaw('refund_look_at <= now()')
    .update({ refund_look_at: db.raw(`now() + interval '1 day'`) })
    .returning<{ refund_asked_at: Date }[]>('refund_asked_at');
  return row?.refund_asked_at.getTime();
}
