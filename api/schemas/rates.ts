import { z } from 'zod';
import type { Rating } from '../../db/labels/ratings.ts';
import { labelPayers, signatures, type AskedContent } from '../../domain/labels/label.ts';
import { idOf, money, openUnits, timeOut } from './common.ts';

const side = z.int().min(1).max(10_000).describe('In millimetres.');

export const parcel = z
  .strictObject({
    weightGrams: z.int().min(1).max(1_000_000).describe('With all that is in it.'),
    lengthMm: side,
    widthMm: side,
    heightMm: side,
  })
  .meta({ id: 'Parcel' });

/** What a label is for: of rates, and of a label that is bought without a quote. */
export const labelFields = {
  labelAccountId: idOf('lacc')
    .optional()
    .describe('Left out: your only one, or the one that the merchant of the order lends you.'),
  parcel: parcel.describe('The box: grams and millimetres.'),
  lines: openUnits('all open units; of a return label, all that has shipped.').describe('What lies in the parcel.'),
  shipFromWarehouseId: idOf('wh')
    .optional()
    .describe(
      'Your warehouse that the parcel leaves. Left out: that of the lines, else your first one with an address.',
    ),
  insuredValue: money.optional().describe('Left out: as the carrier insures by itself.'),
  signature: z.enum(signatures).default('none').describe('Who must sign for the parcel.'),
};

export const newRating = z
  .strictObject({
    ...labelFields,
    isReturn: z
      .boolean()
      .default(false)
      .describe('For a return label: from the customer to the warehouse. Units that have shipped may lie in it.'),
  })
  .meta({ id: 'NewRating' });
type LabelFields = Omit<z.output<typeof newRating>, 'isReturn' | 'labelAccountId'>;

export const contentOf = (body: LabelFields): AskedContent => ({
  parcel: body.parcel,
  lines: body.lines ?? null,
  shipFromWarehouseId: body.shipFromWarehouseId ?? null,
  insuredValue: body.insuredValue ?? null,
  signature: body.signature,
});

const quote = z
  .object({
    id: z.string(),
    carrier: z.string().describe('A code of /docs/carriers; `other`: a carrier that is not in our table.'),
    carrierName: z.string().describe('As the provider spells it.'),
    service: z.string().describe('As the provider spells it.'),
    deliveryDays: z.int().nullable(),
    cost: money.nullable().describe('Null where the merchant pays.'),
  })
  .meta({ id: 'Quote' });

export const rating = z
  .object({
    id: z.string(),
    orderId: z.string(),
    labelAccountId: z.string().nullable().describe('Null where the merchant pays.'),
    payer: z.enum(labelPayers).describe('`merchant`: with the label account that it lends.'),
    isReturn: z.boolean(),
    quotes: z.array(quote).describe('The cheapest first. One label is bought of one of them.'),
    failures: z
      .array(z.object({ carrier: z.string(), reason: z.string().nullable() }))
      .describe('Carriers without a quote, with the words of the provider; null where the merchant pays.'),
    expiresAt: timeOut,
  })
  .meta({ id: 'Rating' });

export const toRating = (row: Rating): z.input<typeof rating> => ({
  id: row.id,
  orderId: row.orderId,
  labelAccountId: row.payer === 'merchant' ? null : row.labelAccountId,
  payer: row.payer,
  isReturn: row.isReturn,
  quotes: row.quotes,
  failures: row.failures,
  expiresAt: row.expiresAt,
});
