import { z } from 'zod';
import type { Push, RemoteShipment } from '../channel.ts';
import { methodText } from '../tracking-text.ts';
import { providerOf, trackingOf } from './tracking.ts';

const itemSchema = z.object({ item_id: z.coerce.string(), qty: z.coerce.number().int() });
/** `is_fulfilled` is a boolean in the answer to a POST, a text later. */
export const fulfillmentSchema = z.object({
  id: z.int(),
  is_fulfilled: z.union([z.boolean(), z.string(), z.number()]),
  meta_data: z.array(z.object({ key: z.string(), value: z.unknown() })),
});
export type Fulfillment = z.infer<typeof fulfillmentSchema>;

const ourKey = '_vp_shipment_id';

function metaOf({ meta_data }: Fulfillment, key: string): unknown {
  return meta_data.find((meta) => meta.key === key)?.value;
}

function textOf(fulfillment: Fulfillment, key: string): string {
  const value = metaOf(fulfillment, key);
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/** The shop checks no items, so a record may name lines that the order does not have. */
export function toShipment(fulfillment: Fulfillment, lineIds: ReadonlySet<string>): RemoteShipment {
  const shipmentId = textOf(fulfillment, ourKey);
  const url = textOf(fulfillment, '_tracking_url');
  const carrier = textOf(fulfillment, '_provider_name') || textOf(fulfillment, '_shipment_provider');
  const items = z.array(itemSchema).safeParse(metaOf(fulfillment, '_items')).data ?? [];
  return {
    remoteId: String(fulfillment.id),
    ...(shipmentId !== '' && { shipmentId }),
    state: ['1', 'true'].includes(String(fulfillment.is_fulfilled)) ? 'shipped' : 'pending',
    units: items
      .filter(({ item_id }) => lineIds.has(item_id))
      .map(({ item_id, qty }) => ({ remoteLineId: item_id, quantity: qty })),
    tracking: [{ ...trackingOf(carrier, textOf(fulfillment, '_tracking_number')), ...(url !== '' && { url }) }],
  };
}

/** `current`: the record as it is. The shop drops each key that a change leaves out, so all of them are sent. */
export function bodyOf({ shipmentId, units, tracking, notifyBuyer }: Push, current?: Fulfillment) {
  const changed = {
    _tracking_number: tracking.number ?? '',
    _shipment_provider: providerOf(tracking),
    _provider_name: methodText(tracking),
    _tracking_url: tracking.url ?? '',
    [ourKey]: shipmentId,
  };
  const items = units.map(({ remoteLineId, quantity }) => ({ item_id: Number(remoteLineId), qty: quantity }));
  const before = Object.fromEntries((current?.meta_data ?? []).map(({ key, value }) => [key, value]));
  const meta = { _items: items, ...before, ...changed };
  return {
    status: 'fulfilled',
    is_fulfilled: true,
    notify_customer: notifyBuyer,
    meta_data: Object.entries(meta).map(([key, value]) => ({ key, value })),
  };
}
