import type { Actor } from '../../domain/account.ts';
import { derivedId } from '../engine/ids.ts';
import { insertShipment } from './shipments.ts';
import type { AccountDb } from '../engine/with-account.ts';

type Row = { orderId: string; nth: string; lines: { lineId: string; quantity: number }[] };

/**
 * Records the open units of lines that need no shipping as shipped, by a digital shipment that is pushed like any other: no
 * person would ship them. The caller holds the orders' locks. Idempotent: shipped units are not open any more. A
 * person who voids the shipment decides about the line from then on, also on a leaf of a later split.
 */
export async function shipDigitalLines(db: AccountDb, orderIds: readonly string[], actor: Actor): Promise<void> {
  const { rows } = await db.raw<{ rows: Row[] }>(
    `select l.order_id as "orderId", (select count(*) from shipments s where s.order_id = l.order_id)::text as nth,
            json_agg(json_build_object('lineId', l.id, 'quantity', l.quantity - l.shipped - l.cancelled) order by l.position) as lines
     from order_lines l
     where l.order_id = any(:orderIds) and not l.requires_shipping and l.quantity > l.shipped + l.cancelled
       and not exists (
         select from orders mine
         join orders family on family.channel_id = mine.channel_id and family.remote_id = mine.remote_id
         join order_lines same on same.order_id = family.id and same.remote_line_id = l.remote_line_id
         join shipment_lines sent on sent.line_id = same.id
         join shipments s on s.id = sent.shipment_id
         where mine.id = l.order_id and s.method = 'digital' and s.status = 'voided')
     group by l.order_id`,
    { orderIds },
  );
  const none = { carrier: null, carrierName: null, trackingNumber: null };
  for (const { orderId, nth, lines } of rows) {
    const id = derivedId('shipment', db.accountId, orderId, 'digital', nth);
    const shippedAt = new Date().toISOString();
    await insertShipment(db, { ...none, id, orderId, dropshipId: null, method: 'digital', shippedAt, lines }, actor);
  }
}
