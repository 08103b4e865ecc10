import { callsSomebody, type CalledChannel } from '../../domain/channel.ts';
import { nextPushAction, type PushAction } from '../../domain/shipments/push.ts';
import type { Tracking } from '../../domain/shipments/shipment.ts';
import type { OrderEventType } from '../../domain/orders/event.ts';
import { insertOrderEvent } from '../orders/events.ts';
import { orderNotFound } from '../orders/orders.ts';
import { isTopOfRemote } from '../orders/family.ts';
import { markPushed, markPushStarted, requireShipment, sentTracking, type Shipment } from './shipments.ts';
import type { AccountDb } from '../engine/with-account.ts';

/** A shipment on its way to the channel of its order. `units` by the channel's line ids. */
export type PushJob = {
  shipmentId: string;
  dropshipId: string | null;
  /** The next step; null where the channel shows the shipment as it is. */
  pushAction: PushAction | null;
  /** Of the push action. */
  revision: number;
  /** The step instead, where the channel refuses a repeated push because the row has changed since. */
  instead: { kind: 'correct' | 'void'; revision: number; tracking: Tracking } | null;
  channelId: string;
  remoteOrderId: string;
  units: { remoteLineId: string; quantity: number }[];
  /** The tracking that the channel shall show. */
  tracking: Tracking;
  shippedAt: string;
  remoteIds: string[];
  taken: string[];
};

/** Longer than a push may take: a claim runs out only after its holder is gone. */
const claimSeconds = 45;

type Place = { channel_id: string; remote_id: string };

const placeOf = (db: AccountDb, orderId: string) =>
  db('orders').where({ id: orderId }).first<Place>('channel_id', 'remote_id');

/**
 * Claims the remote order, so that its pushes run one at a time: at a shop that stores no reference, two pushes at once
 * could not distinguish their shipments. Notes what will be sent before it is sent. The holder may claim again.
 * @returns `undefined` while another shipment of the same remote order is being pushed
 */
export async function claimPush(db: AccountDb, orderId: string, shipmentId: string): Promise<PushJob | undefined> {
  const place = await placeOf(db, orderId);
  const claimed = await db('orders')
    .where(place)
    .whereRaw(isTopOfRemote('orders'))
    .whereRaw('(push_claimed_by is null or push_claimed_by = ? or push_claimed_until < now())', [shipmentId])
    .update({
      push_claimed_by: shipmentId,
      push_claimed_until: db.raw('now() + make_interval(secs => ?)', [claimSeconds]),
    });
  if (claimed === 0) return undefined;
  await markPushStarted(db, shipmentId);
  return readJob(db, place, shipmentId);
}

type SentRow = { sent_revision: number | null; sent_tracking: Tracking | null; pushed_revision: number | null };

async function readJob(db: AccountDb, place: Place, shipmentId: string): Promise<PushJob> {
  const sent = await db('shipments')
    .where({ id: shipmentId })
    .forUpdate()
    .first<SentRow>('sent_revision', 'sent_tracking', 'pushed_revision');
  const shipment = await requireShipment(db, shipmentId);
  const { sent_revision: sentRevision, pushed_revision: pushedRevision } = sent;
  const pushAction = nextPushAction({ ...shipment, sentRevision, pushedRevision });
  // A void names the tracking that the shop has: the one that was sent last.
  const repeatsSent = pushAction !== null && (pushAction.again || pushAction.kind === 'void');
  const tracking = (repeatsSent ? sent.sent_tracking : null) ?? sentTracking(shipment);
  if (pushAction !== null && !repeatsSent) await noteSent(db, shipmentId, { revision: pushAction.revision, tracking });
  return {
    shipmentId,
    dropshipId: shipment.dropshipId,
    pushAction,
    revision: pushAction?.revision ?? shipment.revision,
    instead: insteadOf(pushAction, shipment, tracking),
    channelId: place.channel_id,
    remoteOrderId: place.remote_id,
    ...(await readUnits(db, place, shipmentId)),
    tracking,
    shippedAt: shipment.shippedAt,
    remoteIds: shipment.remoteIds,
  };
}

function insteadOf(pushAction: PushAction | null, shipment: Shipment, sent: Tracking): PushJob['instead'] {
  const { revision, status } = shipment;
  if (pushAction?.kind !== 'create' || revision === pushAction.revision) return null;
  return status === 'voided'
    ? { kind: 'void', revision, tracking: sent }
    : { kind: 'correct', revision, tracking: sentTracking(shipment) };
}

async function readUnits(db: AccountDb, place: Place, shipmentId: string): Promise<Pick<PushJob, 'units' | 'taken'>> {
  const units = await db('shipment_lines as s')
    .join('order_lines as l', 'l.id', 's.line_id')
    .where('s.shipment_id', shipmentId)
    .orderBy('l.position')
    .select<{ remoteLineId: string; quantity: number }[]>({ remoteLineId: 'l.remote_line_id', quantity: 's.quantity' });
  const sisters = await db('shipments as s')
    .join('orders as o', 'o.id', 's.order_id')
    .where({ 'o.channel_id': place.channel_id, 'o.remote_id': place.remote_id })
    .whereNot('s.id', shipmentId)
    .select<{ remote_ids: string[] }[]>('s.remote_ids');
  return { units, taken: sisters.flatMap((sister) => sister.remote_ids) };
}

/** Notes what will be sent, before the call: whether it arrived may never be known. */
export async function noteSent(
  db: AccountDb,
  id: string,
  { revision, tracking }: { revision: number; tracking: Tracking },
): Promise<void> {
  await db('shipments')
    .where({ id })
    .update({ sent_revision: revision, sent_tracking: JSON.stringify(tracking) });
}

/** The first push did not arrive: the next try is again the first. */
export async function forgetSent(db: AccountDb, id: string): Promise<void> {
  await db('shipments').where({ id }).whereNull('pushed_revision').update({ sent_revision: null, sent_tracking: null });
}

/** The result of a push. `found`: the channel showed the shipment already. */
type Confirmed = { orderId: string; remoteIds: readonly string[]; found: boolean };

const eventOf = { create: 'shipment_pushed', correct: 'shipment_correction_pushed', void: 'shipment_void_pushed' } as const satisfies Record<PushAction['kind'], OrderEventType>; // prettier-ignore

/**
 * Notes that the channel shows the shipment as the push action sent it. Idempotent. The claim ends unless the shipment was
 * changed meanwhile. @returns whether the channel shows the shipment as it is now
 */
export async function confirmPush(
  db: AccountDb,
  { shipmentId, pushAction }: Pick<PushJob, 'shipmentId' | 'pushAction'>,
  { orderId, remoteIds, found }: Confirmed,
): Promise<boolean> {
  const { revision, status } = await requireShipment(db, shipmentId);
  const reached = pushAction?.revision ?? revision;
  const isSent = pushAction !== null;
  // Voided and never sent: the channel shows it correctly, as nothing.
  if (!isSent && status !== 'voided') return endPush(db, orderId, shipmentId);
  const isNew = await markPushed(db, { shipmentId, revision: reached, remoteIds, isSent });
  if (isNew && isSent) {
    const { channel_id: channelId } = await placeOf(db, orderId);
    await insertOrderEvent(db, {
      orderId,
      type: eventOf[pushAction.kind],
      actor: { kind: 'channel', id: channelId },
      data: { shipmentId, remoteIds, found, ...(pushAction.kind !== 'create' && { revision: reached }) },
    });
  }
  return revision > reached ? false : endPush(db, orderId, shipmentId);
}

/**
 * Takes the row lock of a shipment's order. @returns its channel where a shipment needs no push, as nobody is to be called:
 * the merchant's shop shows it when the merchant has it; else null
 */
export async function lockToShow(db: AccountDb, orderId: string): Promise<string | null> {
  const { rows } = await db.raw<{ rows: (CalledChannel & { id: string })[] }>(
    `select c.id, c.kind, c.settings from orders o join channels c on c.id = o.channel_id
     where o.id = :orderId for update of o`,
    { orderId },
  );
  if (!rows[0]) throw orderNotFound();
  return callsSomebody(rows[0]) ? null : rows[0].id;
}

async function endPush(db: AccountDb, orderId: string, shipmentId: string): Promise<true> {
  await freePush(db, orderId, shipmentId);
  return true;
}

/** Lets the next push of the same remote order go ahead. */
export async function freePush(db: AccountDb, orderId: string, shipmentId: string): Promise<void> {
  const place = await placeOf(db, orderId);
  await db('orders')
    .where(place)
    .whereRaw(isTopOfRemote('orders'))
    .where({ push_claimed_by: shipmentId })
    .update({ push_claimed_by: null, push_claimed_until: null });
}
