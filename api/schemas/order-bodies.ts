import { z } from 'zod';
import type { OrderChange } from '../../db/orders/orders.ts';
import type { IncomingOrder } from '../../domain/orders/order.ts';
import { longestSku } from '../../domain/product.ts';
import { address, currency, idOf, longText, money, quantity, text, time } from './common.ts';

const notes = z.strictObject({
  customer: longText(5_000).optional().describe('What the buyer wrote.'),
  internal: longText(5_000).optional().describe('For your own people.'),
});

export const newOrder = z
  .strictObject({
    channelId: idOf('chan').describe('Your `api` channel that the order belongs to.'),
    remoteId: text(200).describe("Your shop's id of the order. The same id means the same order."),
    number: text(100).describe('The order number that people use.'),
    placedAt: time.describe('When the buyer placed the order.'),
    currency: currency.describe('ISO 4217, such as USD. Of all prices of the order.'),
    shipTo: address,
    billTo: address.optional(),
    customer: z
      .strictObject({
        name: text(200).describe('The buyer.'),
        email: text(254).optional().describe('Crosses only where you share it.'),
        phone: text(50).optional().describe('Crosses only where you share it.'),
      })
      .optional()
      .describe('The buyer, where it is not the ship-to.'),
    shippingMethod: text(200).optional().describe("The method that the buyer chose, by your shop's name."),
    notes: notes.optional().describe('They cross to a supplier only where you share them.'),
    tags: z.array(text(100)).max(100).optional().describe('Your own labels.'),
    lines: z
      .array(
        z.strictObject({
          remoteLineId: text(200).describe("Your shop's id of the line."),
          sku: text(longestSku).describe('As your shop has it. Case and blanks count.'),
          name: text(500).describe('The product as the buyer saw it.'),
          quantity,
          unitPrice: money.describe(
            'Of one unit, after discounts and with the taxes that your shop shows. We only show it.',
          ),
          requiresShipping: z
            .boolean()
            .optional()
            .describe(
              'Left out: true. With false (a gift card, a download, a tip, a fee) the SKU need not be a product, the line goes ' +
                'to no supplier, and its units are delivered at once by a shipment of the method `digital`.',
            ),
        }),
      )
      .min(1)
      .max(500)
      .describe('The ordered products.'),
  })
  .meta({ id: 'NewOrder' });
export type NewOrder = z.output<typeof newOrder>;

/** An order that is posted twice must give the same content, however it writes its time. */
export function toIncoming({ channelId: _, placedAt, lines, shippingMethod, ...order }: NewOrder): IncomingOrder {
  return {
    ...(order as Omit<IncomingOrder, 'placedAt' | 'lines' | 'shippingMethod'>),
    placedAt: new Date(placedAt).toISOString(),
    shippingMethod: shippingMethod ?? null,
    lines: lines.map(({ unitPrice, requiresShipping, ...line }) => ({
      ...line,
      ...(requiresShipping === false && { requiresShipping }),
      unitPriceMinor: unitPrice.amount,
    })),
  };
}

export const orderChange = z
  .strictObject({
    shipTo: address.optional(),
    notes: notes.optional().describe('They replace the old notes.'),
  })
  .meta({ id: 'OrderChange' });

export type OrderChangeBody = z.output<typeof orderChange>;
/** JSON has no `undefined`, so a field that is not given is absent. */
export const toChange = (body: OrderChangeBody): OrderChange => body as OrderChange;

export const newDropship = z
  .strictObject({
    supplierId: idOf('sup').describe('Your supplier that ships the lines.'),
    lines: z
      .array(idOf('line'))
      .min(1)
      .max(500)
      .optional()
      .describe('Left out: all lines that are assigned to the supplier.'),
  })
  .meta({ id: 'NewDropship' });

export const lineProduct = z
  .strictObject({ productId: idOf('prod').describe('The product of the line from now on, whatever its SKU.') })
  .meta({ id: 'LineProduct' });
