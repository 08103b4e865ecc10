import { z } from 'zod';
import { longestSku } from '../../domain/product.ts';
import { batchAnswers, idOf, quantity, text } from './common.ts';
import { checkMethod, newShipment } from './shipments.ts';

/** The most shipments of a request. */
export const shipmentsAtOnce = 500;

type Named = { orderId?: string | undefined; number?: string | undefined };
type NamedLine = { lineId?: string | undefined; sku?: string | undefined };

function checkOrder({ orderId, number }: Named, context: z.RefinementCtx): void {
  if (orderId === undefined && number === undefined) {
    context.addIssue({ code: 'custom', path: ['number'], message: 'is missing, and so is orderId' });
  }
  if (orderId !== undefined && number !== undefined) {
    context.addIssue({ code: 'custom', path: ['number'], message: 'does not go with orderId' });
  }
}

function checkLine({ lineId, sku }: NamedLine, context: z.RefinementCtx): void {
  if (lineId === undefined && sku === undefined) {
    context.addIssue({ code: 'custom', path: ['sku'], message: 'is missing, and so is lineId' });
  }
  if (lineId !== undefined && sku !== undefined) {
    context.addIssue({ code: 'custom', path: ['sku'], message: 'does not go with lineId' });
  }
}

const { method, carrier, carrierName, trackingNumber, trackingUrl, service, shippedAt } = newShipment.shape;

const onShipped = z
  .enum(['refuse', 'correct'])
  .optional()
  .describe(
    'What to do when all the units have shipped already. `correct`: the shipment that has exactly these units gets this ' +
      'tracking, instead of a refusal.',
  );

/** `?onShipped=` for all items and rows that do not say it themselves. */
export const batchQuery = z.strictObject({ onShipped });

export const shipmentItem = z
  .strictObject({
    orderId: idOf('ord').optional().describe('The order or leaf.'),
    number: text(100)
      .optional()
      .describe(
        'The number of the order or leaf, instead of `orderId`. If no order has it, one with or without a `#` in front, without ' +
          'blanks or in other case is meant. If several orders have it, the item is refused, with their ids.',
      ),
    method,
    carrier,
    carrierName,
    trackingNumber,
    trackingUrl,
    service,
    shippedAt,
    onShipped,
    lines: z
      .array(
        z
          .strictObject({
            lineId: idOf('line').optional().describe('A line of the order.'),
            sku: text(longestSku).optional().describe('Instead of `lineId`: all lines of the order with this SKU.'),
            quantity: quantity.optional().describe('Left out: all open units of it.'),
          })
          .superRefine(checkLine),
      )
      .min(1)
      .max(500)
      .optional()
      .describe('Left out: all open units of the order.'),
  })
  .superRefine(checkOrder)
  .superRefine(checkMethod);
export type ShipmentItem = z.output<typeof shipmentItem>;

export const shipmentBatch = z
  .strictObject({ items: z.array(shipmentItem).min(1).max(shipmentsAtOnce).describe('Each has its own outcome.') })
  .meta({ id: 'ShipmentBatch' });

export const fileColumns =
  'The first row names the columns, in any order: `order` (its number), `carrier`, `tracking`, and if wanted `sku`, ' +
  '`quantity`, `carrier_name`, `url`, `service`, `shipped_at` (a day, or a time with its offset), `method`, `correct` (`yes` or `no`). Usual other names ' +
  'and delimiters are known; other columns are not read. Rows with the same order and tracking number are one shipment, ' +
  'recorded whole or not at all; rows with one SKU add up. Without a SKU it contains all open units of the order, without a ' +
  'quantity all open units of the SKU. UTF-8, or the charset of the Content-Type. At most ' +
  `${shipmentsAtOnce} shipments. After a lost answer send the same file with the same Idempotency-Key. ` +
  'See [files](/docs/files).';

const fileAnswer = z
  .string()
  .describe(
    'For a file: `row,order,tracking,status,code,detail,shipment_id`, a line for each row, in their order; `row` is its ' +
      'number in a spreadsheet, `status` is `ok` or `failed`; the `detail` of an `ok` row says what you should know. A ' +
      'first line `ignored` names the columns that are not read.',
  );

export const batchAnswer = batchAnswers('The outcome of each shipment.', fileAnswer);
