import type { Tracking } from '../domain/shipment.ts';
import { insertOrderEvent } from './order-events.ts';
import { isTopOfRemote } from './orders.ts';
import { markPushed, markPushStarted, requireShipment } from './shipments.ts';
import type { AccountDb } from './with-account.ts';

/** A shipment on its way to the channel of its order. `units` by the channel's line ids. */
export type PushJob = {
  shipmentId: string;
  dropshipId: string | null;
  revision: number;
  channelId: string;
  remoteOrderId: string;
  units: { remoteLineId: string; quantity: number }[];
  tracking: Tracking;
  shippedAt: string;
  remoteIds: string[];
  taken: string[];
  isConfirmed: boolean;
};

/** Longer than one push may take, so that a claim ends by itself only after its holder is gone. */
const claimSeconds = 45;

type Place = { channel_id: string; remote_id: string };

const placeOf = (db: AccountDb, orderId: string) =>
  db('orders').where({ id: orderId }).first<Place>('channel_id', 'remote_id');

/**
 * Claims the remote order for one push at a time: two at once could not tell their parcels apart at a shop that keeps
 * no reference. @returns `undefined` while another shipment of the same remote order is being pushed
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

async function readJob(db: AccountDb, place: Place, shipmentId: string): Promise<PushJob> {
  const shipment = await requireShipment(db, shipmentId);
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
  return {
    shipmentId,
    dropshipId: shipment.dropshipId,
    revision: shipment.revision,
    channelId: place.channel_id,
    remoteOrderId: place.remote_id,
    units,
    tracking: {
      carrier: shipment.carrier,
      carrierName: shipment.carrierName,
      number: shipment.trackingNumber,
      ...(shipment.trackingUrl !== null && { url: shipment.trackingUrl }),
    },
    shippedAt: shipment.shippedAt,
    remoteIds: shipment.remoteIds,
    taken: sisters.flatMap((sister) => sister.remote_ids),
    isConfirmed: shipment.confirmedAt !== null,
  };
}

/** The shop has the shipment, and it was read back. Repeatable. */
export async function confirmPush(
  db: AccountDb,
  pushed: { orderId: string; shipmentId: string; remoteIds: readonly string[]; found: boolean },
): Promise<void> {
  const { orderId, shipmentId, remoteIds, found } = pushed;
  const isFirst = await markPushed(db, shipmentId, remoteIds);
  await freePush(db, orderId, shipmentId);
  if (!isFirst) return;
  const { channel_id: channelId } = await placeOf(db, orderId);
  await insertOrderEvent(db, {
    orderId,
    type: 'shipment_pushed',
    actor: { kind: 'channel', id: channelId },
    data: { shipmentId, remoteIds, found },
  });
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
