import { z } from 'zod';
import type { OrderAttention } from '../../db/attentions.ts';
import type { Label } from '../../db/labels/labels.ts';
import { errorCodes } from '../../domain/errors.ts';
import { labelPayers, labelStatuses, refundStatuses, signatures } from '../../domain/labels/label.ts';
import { workflowIds } from '../../workflows/names.ts';
import { attention, toAttention } from './attentions.ts';
import { idOf, money, pageQuery, text, timeOut } from './common.ts';
import { labelFields, parcel } from './rates.ts';

const { labelAccountId, lines, shipFromWarehouseId, insuredValue } = labelFields;

export const newLabel = z
  .strictObject({
    quoteId: idOf('quo')
      .optional()
      .describe('A quote of `POST /orders/{id}/rates`: its parcel, lines and service are bought.'),
    maxCost: money
      .optional()
      .describe('Nothing is bought at a higher price. Left out: the price of the quote; without a quote, no limit.'),
    carrier: text(100).optional().describe('Instead of a quote: a code or a name, as of a shipment.'),
    service: text(100)
      .optional()
      .describe('With `carrier`, as the provider spells it. Left out: the cheapest of the carrier.'),
    labelAccountId,
    parcel: labelFields.parcel.optional(),
    lines,
    shipFromWarehouseId,
    insuredValue,
    signature: z.enum(signatures).optional().describe('Who must sign for the parcel. Left out: `none`.'),
  })
  .superRefine(({ quoteId, maxCost: _, ...rest }, context) => {
    const fault = (field: string, message: string) => context.addIssue({ code: 'custom', path: [field], message });
    if (quoteId !== undefined) {
      const given = Object.entries(rest).filter(([, value]) => value !== undefined);
      for (const [field] of given) fault(field, 'does not go with quoteId: the quote has it');
      return;
    }
    if (rest.carrier === undefined) fault('quoteId', 'is missing; or name carrier and parcel');
    if (rest.carrier !== undefined && rest.parcel === undefined) fault('parcel', 'is missing');
  })
  .meta({ id: 'NewLabel' });
export type NewLabelBody = z.output<typeof newLabel>;

export const labelQuery = pageQuery.extend({
  orderId: idOf('ord').optional().describe('Only the labels of this order.'),
  status: z.enum(labelStatuses).optional(),
});

export const label = z
  .object({
    id: z.string(),
    orderId: z.string(),
    shipmentId: z.string().nullable().describe('Null until it is recorded, and of a return label.'),
    isReturn: z.boolean(),
    status: z
      .enum(labelStatuses)
      .describe(
        '`requested`: not bought yet. `bought`: its shipment is not recorded yet; a return label stays so. `recorded`: merchant and ' +
          'shop have the tracking. `void_requested`, `voided`: see `refund` for the money. `failed`: nothing was bought.',
      ),
    carrier: z.string().nullable().describe('A code of /docs/carriers; `other`: a carrier that is not in our table.'),
    carrierName: z.string().nullable(),
    service: z.string().nullable(),
    trackingNumber: z.string().nullable(),
    trackingUrl: z.string().nullable(),
    payer: z
      .enum(labelPayers)
      .describe('`merchant`: bought with the label account that the merchant of the order lends.'),
    lentTo: z.string().nullable().describe('Your supplier that bought it with the label account that you lend.'),
    labelAccountId: z.string().nullable().describe('Yours that pays.'),
    cost: money.nullable().describe('Null until it is bought, and where the merchant pays.'),
    failure: z.enum(errorCodes).nullable().describe('Why nothing was bought, or why its shipment was refused.'),
    refund: z.enum(refundStatuses).describe('What became of the money of a void label. Carriers take weeks.'),
    parcel,
    lines: z.array(z.object({ lineId: z.string(), quantity: z.int() })).describe('What lies in the parcel.'),
    documentId: z.string().nullable().describe('To print it: `GET /documents/{id}`.'),
    createdAt: timeOut,
    boughtAt: timeOut.nullable(),
    recordedAt: timeOut.nullable(),
    voidedAt: timeOut.nullable(),
    attention: attention.nullable(),
  })
  .meta({ id: 'Label' });
export type LabelAnswer = z.input<typeof label>;

/**
 * Builds the answer in the order of its schema (api/plugins/as-built.ts).
 * @param attentions of the label's order; that of the label's workflow is shown
 */
export const toLabel = (row: Label, attentions: readonly OrderAttention[]): LabelAnswer => ({
  id: row.id,
  orderId: row.orderId,
  shipmentId: row.shipmentId,
  isReturn: row.isReturn,
  status: row.status,
  carrier: row.carrier,
  carrierName: row.carrierName,
  service: row.service,
  trackingNumber: row.trackingNumber,
  trackingUrl: row.trackingUrl,
  payer: row.payer,
  lentTo: row.lentTo,
  labelAccountId: row.payer === 'account' ? row.labelAccountId : null,
  cost: row.cost,
  failure: row.failure,
  refund: row.refund,
  parcel: parcelOf(row),
  lines: row.content.lines.map(({ lineId, quantity }) => ({ lineId, quantity })),
  documentId: row.documentId,
  createdAt: row.createdAt,
  boughtAt: row.boughtAt,
  recordedAt: row.recordedAt,
  voidedAt: row.voidedAt,
  attention: attentionOf(row, attentions),
});

/** Postgres has the fields in an order of its own. */
function parcelOf({ content: { parcel } }: Label): LabelAnswer['parcel'] {
  const { weightGrams, lengthMm, widthMm, heightMm } = parcel;
  return { weightGrams, lengthMm, widthMm, heightMm };
}

function attentionOf({ id }: Label, attentions: readonly OrderAttention[]): LabelAnswer['attention'] {
  const parked = attentions.find(({ workflowId }) => workflowId === workflowIds.label(id));
  return parked ? toAttention(parked) : null;
}
