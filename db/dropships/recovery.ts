import type { StateLine, StateShipment } from '../../domain/dropships/state.ts';
import { familyReceived, isTopOfRemote, leavesReceived } from '../orders/family.ts';
import type { CancelReason } from '../../domain/orders/cancel.ts';
import type { RejectReason } from '../../domain/orders/supplier-response.ts';
import type { AccountDb } from '../engine/with-account.ts';

/** The lines of a received order by the merchant's line ids, over all its leaves. Shipped units follow from the shipments. */
export async function listReceivedLines(db: AccountDb, dropshipId: string): Promise<StateLine[]> {
  const { rows } = await db.raw<{ rows: StateLine[] }>(
    `select remote_line_id as "lineId", sum(quantity)::int as quantity, 0 as shipped, sum(cancelled)::int as cancelled,
            sum(greatest(cancelled, cancel_requested))::int as "cancelRequested"
     from order_lines where order_id in (${leavesReceived}) group by remote_line_id order by min(position), remote_line_id`,
    { dropshipId },
  );
  return rows;
}

/** `isOwn`: recorded by the supplier itself; otherwise it came from a supplier of the supplier. */
type ReceivedShipment = StateShipment & { isOwn: boolean };

/** The shipments of a received order, lines by the merchant's line ids. */
export async function listReceivedShipments(db: AccountDb, dropshipId: string): Promise<ReceivedShipment[]> {
  const { rows } = await db.raw<{ rows: ReceivedShipment[] }>(
    `select s.id as "shipmentId", s.tracking_number as "trackingNumber", s.revision, s.status = 'voided' as voided,
            coalesce(s.dropship_id = :dropshipId, true) as "isOwn",
            (select json_agg(json_build_object('lineId', l.remote_line_id, 'quantity', u.quantity) order by l.remote_line_id)
             from shipment_lines u join order_lines l on l.id = u.line_id where u.shipment_id = s.id) as lines
     from shipments s where s.order_id in (${leavesReceived}) order by s.created_at, s.id`,
    { dropshipId },
  );
  return rows;
}

/** `isShown`: its channel shows this revision. */
export type RelayedShipment = { shipmentId: string; orderId: string; revision: number; isShown: boolean };

/** The merchant's copies of a dropship's shipments, and whether the channel shows them. */
export async function listRelayedShipments(db: AccountDb, dropshipId: string): Promise<RelayedShipment[]> {
  const { rows } = await db.raw<{ rows: RelayedShipment[] }>(
    `select id as "shipmentId", order_id as "orderId", revision, pushed_revision is not distinct from revision as "isShown"
     from shipments where dropship_id = :dropshipId order by created_at, id`,
    { dropshipId },
  );
  return rows;
}

/**
 * Why the merchant last asked to cancel units of the order that came by a dropship, why units of it were last cancelled,
 * and why they were last sent back. Null where it never happened.
 */
type ReceivedReasons = {
  cancelReason: CancelReason | null;
  cancelledFor: CancelReason | null;
  rejectReason: RejectReason | null;
};

export async function readReceivedReasons(db: AccountDb, dropshipId: string): Promise<ReceivedReasons> {
  const { rows } = await db.raw<{ rows: ReceivedReasons[] }>(
    `select (select cancelled_for from orders where id in (${familyReceived}) and cancelled_for is not null
             order by cancelled_at desc, id limit 1) as "cancelledFor",
            top.cancel_requested_for as "cancelReason", top.rejected_for as "rejectReason"
     from (select 1) always
     left join orders top on top.dropship_id = :dropshipId and ${isTopOfRemote('top')}`,
    { dropshipId },
  );
  return rows[0]!;
}

/** The supplier's promise; undefined where it has not accepted the order that came by this dropship. */
export async function findPromise(
  db: AccountDb,
  dropshipId: string,
): Promise<{ expectedShipAt: string | undefined } | undefined> {
  const row = await db('orders')
    .where({ dropship_id: dropshipId })
    .whereRaw(isTopOfRemote('orders'))
    .whereNotNull('accepted_at')
    .first<{ expected_ship_at: Date | null } | undefined>('expected_ship_at');
  return row && { expectedShipAt: row.expected_ship_at?.toISOString() };
}
