import type { Actor } from '../../domain/account.ts';
import { isSameTracking, type ShipmentTracking, type VoidReason } from '../../domain/shipments/corrections.ts';
import { insertOrderEvent } from '../orders/events.ts';
import { refreshStatus } from '../orders/orders.ts';
import { refreshShopCancel } from '../orders/shop-cancel-attention.ts';
import type { Shipment } from './shipments.ts';
import { returnShipped } from '../stock/of-orders.ts';
import type { AccountDb } from '../engine/with-account.ts';

/** Each revision goes the whole way: to the merchant, to the shop, and back. `push_started_at`: for the sweep. */
const travelsAnew = { relayed_at: null, pushed_at: null, confirmed_at: null, push_started_at: null };

/**
 * Gives a recorded shipment another tracking; the same tracking changes nothing. The caller holds the order's row lock
 * and has checked the tracking.
 * @param change.revision of the original, where the shipment is a copy; without it the next revision
 */
export async function correctShipment(
  db: AccountDb,
  shipment: Shipment,
  change: { tracking: ShipmentTracking; actor: Actor; revision?: number },
): Promise<void> {
  const { tracking, actor, revision = shipment.revision + 1 } = change;
  const isSame = isSameTracking(shipment, tracking);
  if (isSame && change.revision === undefined) return;
  const { id: shipmentId, orderId } = shipment;
  await db('shipments')
    .where({ id: shipmentId })
    .update({
      ...travelsAnew,
      method: tracking.method,
      carrier: tracking.carrier,
      carrier_name: tracking.carrierName,
      tracking_number: tracking.trackingNumber,
      tracking_url: tracking.trackingUrl,
      service: tracking.service,
      revision,
    });
  const trackingOf = ({ method, carrier, trackingNumber }: ShipmentTracking) => ({ method, carrier, trackingNumber });
  const data = { shipmentId, revision, ...trackingOf(tracking), before: trackingOf(shipment) };
  await insertOrderEvent(db, { orderId, type: 'shipment_corrected', actor, data });
}

/**
 * Voids a recorded shipment: its units are open again, and those that this account took from its stock are back. The
 * caller holds the order's row lock. Idempotent: a voided shipment stays as it is.
 * @param change.noteId the timeline entry that holds the caller's note
 * @param change.revision of the original, where the shipment is a copy; without it the next revision
 */
export async function voidShipment(
  db: AccountDb,
  shipment: Shipment,
  change: { reason: VoidReason; actor: Actor; noteId?: string | undefined; revision?: number },
): Promise<void> {
  const { reason, actor, noteId, revision = shipment.revision + 1 } = change;
  const { id: shipmentId, orderId, lines } = shipment;
  const voided = await db('shipments')
    .where({ id: shipmentId, status: 'recorded' })
    .update({ ...travelsAnew, status: 'voided', void_reason: reason, voided_at: db.fn.now(), revision });
  if (voided === 0) return;
  await db.raw(
    `update order_lines l set shipped = l.shipped - x.quantity
     from jsonb_to_recordset(:lines::jsonb) as x("lineId" text, quantity int) where l.id = x."lineId"`,
    { lines: JSON.stringify(lines) },
  );
  await refreshStatus(db, orderId);
  await returnShipped(db, shipmentId);
  const data = { shipmentId, revision, reason, lines, ...(noteId !== undefined && { noteId }) };
  await insertOrderEvent(db, { orderId, type: 'shipment_voided', actor, data });
  await refreshShopCancel(db, { orderId, action: 'skip', actor });
}
