import { z } from 'zod';
import type { Shipment } from '../../db/shipments/shipments.ts';
import type { Attention } from '../../db/attentions.ts';
import { voidReasons } from '../../domain/shipments/corrections.ts';
import { methodFaults, shipmentMethods, type ShipmentMethod } from '../../domain/shipments/method.ts';
import { shipmentStatuses } from '../../domain/shipments/shipment.ts';
import { longestCell } from '../../domain/shipments/tracking-cell.ts';
import { attention, toAttention } from './attentions.ts';
import { idOf, longText, money, ownNote, pageQuery, quantity, text, time, timeOut } from './common.ts';

const webPage = z
  .url({ protocol: /^https?$/, error: 'must be an http or https URL' })
  .max(1_000)
  .describe('A page for people. We never call it.');

type MethodFields = {
  method?: ShipmentMethod | undefined;
  carrier?: string | undefined;
  carrierName?: string | undefined;
  trackingNumber?: string | undefined;
  trackingUrl?: string | undefined;
};

/** A field that the method needs, or one that does not go with it. */
export function checkMethod(fields: MethodFields, context: z.RefinementCtx): void {
  for (const { pointer, detail } of methodFaults(fields.method ?? 'tracked', fields)) {
    context.addIssue({ code: 'custom', path: [pointer.slice(1)], message: detail });
  }
}

const method = z
  .enum(shipmentMethods)
  .optional()
  .describe(
    '`tracked` (also when left out) needs `carrier` and `trackingNumber`. The others have no number: `untracked` (a letter, ' +
      'an own van) may name a carrier; `digital` (by mail or download) and `pickup` (the buyer fetches it) have none.',
  );

export const newShipment = z
  .strictObject({
    method,
    carrier: text(100)
      .optional()
      .describe(
        'A code (see /docs/carriers), a name or another spelling, perhaps with a service: `ups`, `United Parcel Service`, ' +
          '`UPS Ground`. A carrier that we do not know is recorded as `other`, with this name. Needed by `tracked`.',
      ),
    carrierName: text(100).optional().describe('The name of a carrier that we do not know. Needed with `other`.'),
    trackingNumber: longText(longestCell)
      .optional()
      .describe(
        'As it stands on the label, at most 100 characters. What spreadsheets put around a number is taken off. Needed by ' +
          '`tracked`; the other methods refuse it.',
      ),
    trackingUrl: webPage.optional().describe('Left out: the public page of the carrier.'),
    service: text(100).optional().describe('Left out: what stands behind the name of the carrier, such as `Ground`.'),
    shippedAt: time.optional().describe('Left out: now.'),
    lines: z
      .array(z.strictObject({ lineId: idOf('line').describe('A line of the order.'), quantity }))
      .min(1)
      .max(500)
      .optional()
      .describe('Left out: all open units.'),
    labelCost: money.optional(),
  })
  .superRefine(checkMethod)
  .meta({ id: 'NewShipment' });
export type NewShipmentBody = z.output<typeof newShipment>;

const { carrier, carrierName, trackingNumber, trackingUrl, service } = newShipment.shape;
export const correction = z
  .strictObject({
    method: method.describe('Left out: as it is. A `trackingNumber` alone makes it `tracked`.'),
    carrier,
    carrierName,
    trackingNumber,
    trackingUrl,
    service,
  })
  .partial()
  .refine((change) => Object.values(change).some((field) => field !== undefined), 'must change something')
  .meta({ id: 'ShipmentCorrection' });
export type CorrectionBody = z.output<typeof correction>;

export const newVoid = z
  .strictObject({
    reason: z.enum(voidReasons).describe('Why the shipment does not count. The merchant sees it.'),
    note: ownNote,
  })
  .meta({ id: 'NewVoid' });
export type NewVoid = z.output<typeof newVoid>;

export const shipmentQuery = pageQuery.extend({
  recordedAfter: time.optional().describe('Only those that were recorded after this time.'),
});

export const shipment = z
  .object({
    id: z.string(),
    orderId: z.string(),
    method: z.enum(shipmentMethods),
    carrier: z
      .string()
      .nullable()
      .describe('A code; `other`: a carrier that is not in our table. Null only where the method is not `tracked`.'),
    carrierName: z.string().nullable().describe('Our name for people; with `other` the name as it was given.'),
    trackingNumber: z.string().nullable().describe('Null where the method is not `tracked`.'),
    trackingUrl: z.string().nullable(),
    service: z.string().nullable(),
    shippedAt: timeOut,
    labelCost: money.nullable().describe('Of a supplier’s shipment only where the supplier shares it.'),
    lines: z.array(z.object({ lineId: z.string(), quantity: z.int() })),
    status: z.enum(shipmentStatuses),
    voidReason: z.enum(voidReasons).nullable(),
    revision: z.int().describe('Begins at 1, and grows by 1 with each correction and with the void.'),
    relayedAt: timeOut.nullable().describe('When the merchant got this revision.'),
    pushedAt: timeOut.nullable().describe('When this revision was sent to the shop.'),
    confirmedAt: timeOut
      .nullable()
      .describe('When the shop was known to show this revision; of a voided shipment, to have none.'),
    remoteIds: z.array(z.string()),
    attention: attention.nullable(),
  })
  .meta({ id: 'Shipment' });

/** @param row may be a stored answer: the row as it was when it was recorded */
export function toShipment(row: Shipment, parked?: Attention | null): z.input<typeof shipment> {
  return {
    id: row.id,
    orderId: row.orderId,
    method: row.method,
    carrier: row.carrier,
    carrierName: row.carrierName,
    trackingNumber: row.trackingNumber,
    trackingUrl: row.trackingUrl,
    service: row.service,
    shippedAt: row.shippedAt,
    // An answer that an earlier release has stored has no such field.
    labelCost: row.labelCost ?? null,
    lines: row.lines,
    status: row.status,
    voidReason: row.voidReason ?? null,
    revision: row.revision,
    relayedAt: row.relayedAt,
    pushedAt: row.pushedAt,
    confirmedAt: row.confirmedAt,
    remoteIds: row.remoteIds,
    attention: parked ? toAttention(parked) : null,
  };
}
