import { callsSomebody, type CalledChannel } from '../../domain/channel.ts';
import { nextPushAction, type PushAction, type PushProgress } from '../../domain/shipments/push.ts';
import type { Tracking } from '../../domain/shipments/shipment.ts';
import type { OrderEventType } from '../../domain/orders/event.ts';
import { insertOrderEvent } from '../orders/events.ts';
import { orderNotFound } from '../orders/orders.ts';
import { isTopOfRemote } from '../orders/family.ts';
import { markPushed, requireShipment, sentTracking, shipmentNotFound, type Shipment } from './shipments.ts';
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

/** The order that stands at the channel for the order `:orderId` and its other leaves. */
const remoteOrder = `from orders o
     where o.id = :orderId and top.channel_id = o.channel_id and top.remote_id = o.remote_id and ${isTopOfRemote('top')}`;

type Place = { channelId: string; remoteOrderId: string };

/**
 * Claims the remote order, so that its pushes run one at a time: at a shop that stores no reference, two pushes at once
 * could not distinguish their shipments. Notes what will be sent before it is sent. The holder may claim again.
 * @returns `undefined` while another shipment of the same remote order is being pushed
 */
export async function claimPush(db: AccountDb, orderId: string, shipmentId: string): Promise<PushJob | undefined> {
  const { rows } = await db.raw<{ rows: Place[] }>(
    `update orders top set push_claimed_by = :shipmentId, push_claimed_until = now() + make_interval(secs => :claimSeconds)
     ${remoteOrder} and (top.push_claimed_by is null or top.push_claimed_by = :shipmentId or top.push_claimed_until < now())
     returning top.channel_id as "channelId", top.remote_id as "remoteOrderId"`,
    { orderId, shipmentId, claimSeconds },
  );
  return rows[0] && prepareJob(db, rows[0], await lockToPush(db, rows[0], shipmentId));
}

/** Notes what will be sent, and that the push has started. */
async function prepareJob(db: AccountDb, place: Place, shipment: ToPush): Promise<PushJob> {
  const { id: shipmentId, dropshipId, shippedAt, remoteIds, units, taken } = shipment;
  const pushAction = nextPushAction(shipment);
  // A void names the tracking that the shop has: the one that was sent last.
  const repeatsSent = pushAction !== null && (pushAction.again || pushAction.kind === 'void');
  const tracking = (repeatsSent ? shipment.sentTracking : null) ?? sentTracking(shipment);
  const change = {
    ...(!shipment.isStarted && { push_started_at: db.fn.now() }),
    ...(pushAction !== null && !repeatsSent && asSent({ revision: pushAction.revision, tracking })),
  };
  if (Object.keys(change).length > 0) await db('shipments').where({ id: shipmentId }).update(change);
  return {
    ...place,
    shipmentId,
    dropshipId,
    pushAction,
    revision: pushAction?.revision ?? shipment.revision,
    instead: insteadOf(pushAction, shipment, tracking),
    units,
    taken,
    tracking,
    shippedAt: shippedAt.toISOString(),
    remoteIds,
  };
}

/** `taken`: the channel's ids of the other shipments of the remote order. */
type ToPush = PushProgress &
  Pick<Shipment, 'id' | 'dropshipId' | 'remoteIds' | 'method' | 'carrier' | 'carrierName' | 'trackingNumber'> &
  Pick<Shipment, 'trackingUrl'> &
  Pick<PushJob, 'units' | 'taken'> & { shippedAt: Date; sentTracking: Tracking | null; isStarted: boolean };

/** Takes the shipment's row lock. The caller has the claim: no other push of the remote order changes what is read here. */
async function lockToPush(db: AccountDb, place: Place, shipmentId: string): Promise<ToPush> {
  const { rows } = await db.raw<{ rows: ToPush[] }>(
    `select s.id, s.dropship_id as "dropshipId", s.method, s.carrier, s.carrier_name as "carrierName",
            s.tracking_number as "trackingNumber", s.tracking_url as "trackingUrl", s.shipped_at as "shippedAt",
            s.status, s.revision, s.remote_ids as "remoteIds", s.push_started_at is not null as "isStarted",
            s.sent_revision as "sentRevision", s.sent_tracking as "sentTracking", s.pushed_revision as "pushedRevision",
            (select coalesce(json_agg(json_build_object('remoteLineId', l.remote_line_id, 'quantity', u.quantity)
                                      order by l.position), '[]')
             from shipment_lines u join order_lines l on l.id = u.line_id where u.shipment_id = s.id) as units,
            array(select unnest(sister.remote_ids) from orders o join shipments sister on sister.order_id = o.id
                  where o.channel_id = :channelId and o.remote_id = :remoteOrderId and sister.id <> s.id) as taken
     from shipments s where s.id = :shipmentId for update of s`,
    { ...place, shipmentId },
  );
  if (!rows[0]) throw shipmentNotFound();
  return rows[0];
}

function insteadOf(pushAction: PushAction | null, shipment: ToPush, sent: Tracking): PushJob['instead'] {
  const { revision, status } = shipment;
  if (pushAction?.kind !== 'create' || revision === pushAction.revision) return null;
  return status === 'voided'
    ? { kind: 'void', revision, tracking: sent }
    : { kind: 'correct', revision, tracking: sentTracking(shipment) };
}

type Sent = { revision: number; tracking: Tracking };

/** Notes what will be sent, before the call: whether it arrived may never be known. */
export async function noteSent(db: AccountDb, id: string, sent: Sent): Promise<void> {
  await db('shipments').where({ id }).update(asSent(sent));
}

const asSent = ({ revision, tracking }: Sent) => ({
  sent_revision: revision,
  sent_tracking: JSON.stringify(tracking),
});

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
  { shipmentId, pushAction, channelId }: Pick<PushJob, 'shipmentId' | 'pushAction' | 'channelId'>,
  { orderId, remoteIds, found }: Confirmed,
): Promise<boolean> {
  if (pushAction === null) return confirmUnsent(db, { shipmentId, orderId, remoteIds });
  const { revision: reached } = pushAction;
  const noted = await markPushed(db, { shipmentId, revision: reached, remoteIds, isSent: true });
  if (noted) {
    await insertOrderEvent(db, {
      orderId,
      type: eventOf[pushAction.kind],
      actor: { kind: 'channel', id: channelId },
      data: { shipmentId, remoteIds, found, ...(pushAction.kind !== 'create' && { revision: reached }) },
    });
  }
  const { revision } = noted ?? (await requireShipment(db, shipmentId));
  return revision > reached ? false : endPush(db, orderId, shipmentId);
}

/** Nothing had to be sent. One that was voided before it was sent: the channel shows it correctly, as nothing. */
async function confirmUnsent(
  db: AccountDb,
  { shipmentId, orderId, remoteIds }: Omit<Confirmed, 'found'> & { shipmentId: string },
): Promise<true> {
  const { revision, status } = await requireShipment(db, shipmentId);
  if (status === 'voided') await markPushed(db, { shipmentId, revision, remoteIds, isSent: false });
  return endPush(db, orderId, shipmentId);
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
  await db.raw(
    `update orders top set push_claimed_by = null, push_claimed_until = null
     ${remoteOrder} and top.push_claimed_by = :shipmentId`,
    { orderId, shipmentId },
  );
}
