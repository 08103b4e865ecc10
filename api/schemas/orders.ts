import { z } from 'zod';
import type { Order } from '../../db/orders/view.ts';
import type { OrderChange } from '../../db/orders/orders.ts';
import { declineReasons, unitsAsked } from '../../domain/orders/cancel.ts';
import { dropshipStatuses } from '../../domain/dropships/dropship.ts';
import { orderStatuses, type IncomingOrder } from '../../domain/orders/order.ts';
import { longestSku } from '../../domain/product.ts';
import { attention, toAttention } from './attentions.ts';
import {
  address,
  addressOut,
  currency,
  idOf,
  longText,
  money,
  onlyTrue,
  pageQuery,
  quantity,
  text,
  time,
  timeOut,
} from './common.ts';
import { pendingEdit } from './order-edits.ts';
import { shipment, toShipment } from './shipments.ts';

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

export const orderQuery = pageQuery.extend({
  status: z.enum(orderStatuses).optional(),
  channelId: idOf('chan').optional(),
  number: text(100).optional(),
  placedAfter: time.optional(),
  attention: onlyTrue,
});

const line = z.object({
  id: z.string(),
  remoteLineId: z.string(),
  sku: z.string(),
  name: z.string(),
  quantity: z.int(),
  shipped: z.int(),
  cancelled: z.int(),
  requiresShipping: z.boolean().describe('False: delivered by itself when the order is stored.'),
  cancelRequested: z.int().describe('Open units that are asked to be cancelled.'),
  unitPrice: z.object({ amount: z.int(), currency: z.string() }).optional(),
});

const promise = {
  acceptedAt: timeOut.optional().describe('When the supplier said that it will ship.'),
  expectedShipAt: timeOut.optional(),
};

const dropshipShown = z.object({
  id: z.string(),
  status: z.enum(dropshipStatuses),
  supplierId: z.string(),
  supplierOrderNumber: z.string().optional(),
  ...promise,
});

/** The same shape for merchant and supplier. A field that did not cross is absent. */
export const order = z
  .object({
    id: z.string(),
    number: z.string(),
    channelId: z.string(),
    remoteId: z.string(),
    parentId: z.string().nullable(),
    childIds: z.array(z.string()),
    status: z.enum(orderStatuses),
    overallStatus: z.enum(orderStatuses).describe('Of a parent: from its leaves.'),
    placedAt: timeOut,
    createdAt: timeOut,
    currency: z.string(),
    shipTo: addressOut,
    billTo: addressOut.optional(),
    customer: z.object({ name: z.string(), email: z.string().optional(), phone: z.string().optional() }).optional(),
    notes: z.object({ customer: z.string().optional(), internal: z.string().optional() }).optional(),
    tags: z.array(z.string()).optional(),
    shippingMethod: z.string().nullable(),
    refunded: z
      .object({ amount: z.int(), currency: z.string() })
      .nullable()
      .describe(
        'Money that the shop has paid back so far, in minor units, whatever for; it changes no units. Shown on the order of the ' +
          'shop, not on its leaves.',
      ),
    cancelRequestedAt: timeOut.nullable().describe('Set while open units are asked to be cancelled.'),
    cancelDeclined: z
      .object({ at: timeOut, reason: z.enum(declineReasons) })
      .nullable()
      .describe('When and why the supplier declined the last request to cancel units.'),
    attention: attention.nullable(),
    pendingEdit: pendingEdit.nullable().describe('An edit in its shop since the import, to accept or to dismiss.'),
    lines: z.array(line),
    dropship: dropshipShown.nullable().describe('The last dropship of the order, also after its end.'),
    origin: z
      .object({ dropshipId: z.string(), merchantName: z.string(), ...promise })
      .nullable()
      .describe('The merchant of an order that came by a portal.'),
    shipments: z.array(shipment),
  })
  .meta({ id: 'Order' });
export type OrderAnswer = z.input<typeof order>;

export const dropshipsMade = z
  .object({
    dropships: z.array(
      z.object({ id: z.string(), orderId: z.string(), supplierId: z.string(), status: z.enum(dropshipStatuses) }),
    ),
    orders: z.array(order).describe('The order, and the leaves it was split into.'),
  })
  .meta({ id: 'DropshipsMade' });
export type DropshipsMade = z.input<typeof dropshipsMade>;

export const lineProduct = z
  .strictObject({ productId: idOf('prod').describe('The product of the line from now on, whatever its SKU.') })
  .meta({ id: 'LineProduct' });

/** Builds the answer in the order of its schema (api/plugins/as-built.ts). */
export function toOrder(row: Order): OrderAnswer {
  return {
    id: row.id,
    number: row.number,
    channelId: row.channelId,
    remoteId: row.remoteId,
    parentId: row.parentId,
    childIds: row.childIds,
    status: row.status,
    overallStatus: row.overallStatus,
    placedAt: row.placedAt,
    createdAt: row.createdAt,
    currency: row.currency,
    shipTo: toAddress(row.shipTo),
    ...optionalParts(row),
    shippingMethod: row.shippingMethod,
    refunded: row.refundedMinor > 0 ? { amount: row.refundedMinor, currency: row.currency } : null,
    cancelRequestedAt: row.cancelRequestedAt,
    cancelDeclined: row.cancelDeclined,
    attention: row.attention && toAttention(row.attention),
    // A rare part, of many kinds: its schema puts its fields in order.
    pendingEdit: row.pendingEdit && pendingEdit.parse(row.pendingEdit),
    lines: row.lines.map((orderLine) => toLine(orderLine, row.currency)),
    dropship: toDropship(row),
    origin:
      row.originDropshipId === null
        ? null
        : { dropshipId: row.originDropshipId, merchantName: row.merchantName ?? '', ...promiseOf(row) },
    shipments: row.shipments.map((one) => toShipment(one, one.attention)),
  };
}

function optionalParts(row: Order): Pick<OrderAnswer, 'billTo' | 'customer' | 'notes' | 'tags'> {
  const written = {
    ...(row.customerNote !== null && { customer: row.customerNote }),
    ...(row.internalNote !== null && { internal: row.internalNote }),
  };
  return {
    ...(row.billTo && { billTo: toAddress(row.billTo) }),
    ...(row.customer && { customer: toCustomer(row.customer) }),
    ...(Object.keys(written).length > 0 && { notes: written }),
    ...(row.tags.length > 0 && { tags: row.tags }),
  };
}

/** Other fields that a shop has stored are not shown. */
const toAddress = (stored: Order['shipTo']): z.output<typeof addressOut> => ({
  name: stored.name,
  company: stored.company,
  address1: stored.address1,
  address2: stored.address2,
  city: stored.city,
  province: stored.province,
  postalCode: stored.postalCode,
  country: stored.country,
  phone: stored.phone,
  email: stored.email,
});

const toCustomer = ({ name, email, phone }: NonNullable<Order['customer']>) => ({ name, email, phone });

const toLine = (line: Order['lines'][number], orderCurrency: string) => ({
  id: line.lineId,
  remoteLineId: line.remoteLineId,
  sku: line.sku,
  name: line.name,
  quantity: line.quantity,
  shipped: line.shipped,
  cancelled: line.cancelled,
  requiresShipping: line.requiresShipping,
  cancelRequested: unitsAsked(line),
  unitPrice: line.unitPriceMinor === null ? undefined : { amount: line.unitPriceMinor, currency: orderCurrency },
});

/** A supplier's order has the number of the merchant's leaf. */
function toDropship({ dropship, number }: Order): OrderAnswer['dropship'] {
  if (!dropship) return null;
  const { id, status, supplierId, supplierOrderId } = dropship;
  return {
    id,
    status,
    supplierId,
    ...(supplierOrderId !== null && { supplierOrderNumber: number }),
    ...promiseOf(dropship),
  };
}

/** An answer that an earlier release has stored may have no promise. */
const promiseOf = ({ acceptedAt, expectedShipAt }: Promised) => ({
  ...(typeof acceptedAt === 'string' && { acceptedAt }),
  ...(typeof expectedShipAt === 'string' && { expectedShipAt }),
});
type Promised = { acceptedAt: string | null; expectedShipAt: string | null };
