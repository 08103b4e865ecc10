import type { TrackingTexts } from '../../domain/shipments/texts.ts';
import type { AccountDb } from '../engine/with-account.ts';

/** Stores what a person wrote about a shipment, before the message that names it. Idempotent. */
export async function storeTexts(
  db: AccountDb,
  { id, orderId, texts }: { id: string; orderId: string; texts: TrackingTexts },
): Promise<void> {
  const row = {
    account_id: db.accountId,
    id,
    order_id: orderId,
    carrier_name: texts.carrierName ?? null,
    tracking_url: texts.trackingUrl ?? null,
    service: texts.service ?? null,
  };
  await db('shipment_texts').insert(row).onConflict(['account_id', 'id']).ignore();
}

/** Nothing where the row is pruned or erased. */
export async function readTexts(db: AccountDb, id: string): Promise<TrackingTexts> {
  const row = await db('shipment_texts').where({ id }).first('carrier_name', 'tracking_url', 'service');
  return {
    ...(row?.carrier_name != null && { carrierName: row.carrier_name }),
    ...(row?.tracking_url != null && { trackingUrl: row.tracking_url }),
    ...(row?.service != null && { service: row.service }),
  };
}
