import { z } from 'zod';
import type { Order } from '../../db/orders/view.ts';
import { declineReasons, unitsAsked } from '../../domain/orders/cancel.ts';
import { dropshipStatuses } from '../../domain/dropships/dropship.ts';
import { orderSides } from '../../domain/orders/list.ts';
import { orderStatuses } from '../../domain/orders/order.ts';
import { attention, toAttention } from './attentions.ts';
import { addressOut, timeOut } from './common.ts';
import { pendingEdit } from './order-edits.ts';
import { shipment, toShipment } from './shipments.ts';

export const orderLine = z.object({
  id: z.string(),
  remoteLineId: z.string(),
  productId: z.string().nullable().describe('Your product; null where the line has none.'),
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

export const counterpart = z
  .object({ id: z.string().optional().describe('Of your supplier; a merchant has none.'), name: z.string() })
  .nullable()
  .describe('Of an order that you supply: its merchant. Else the supplier of its last dropship.');

/** The same shape for merchant and supplier. A field that did not cross is absent. */
export const order = z
  .object({
    id: z.string(),
    number: z.string(),
    side: z.enum(orderSides).describe('`supplying`: an order of a merchant of yours.'),
    channelId: z.string(),
    channelName: z.string(),
    counterpart,
    remoteId: z.string(),
    parentId: z.string().nullable(),
    childIds: z.array(z.string()),
    status: z.enum(orderStatuses),
    overallStatus: z.enum(orderStatuses).describe('Of a parent: from its leaves.'),
    placedAt: timeOut,
    createdAt: timeOut,
    shipBy: timeOut.nullable().describe('The promised date.'),
    printedAt: timeOut.nullable().describe('When its packing slip was last printed.'),
    erasedAt: timeOut.nullable().describe('When its personal data were erased; `shipTo` then has its country alone.'),
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
    lines: z.array(orderLine),
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

/** Builds the answer in the order of its schema (api/plugins/as-built.ts). */
export function toOrder(row: Order): OrderAnswer {
  return {
    id: row.id,
    number: row.number,
    side: row.side,
    channelId: row.channelId,
    channelName: row.channelName,
    counterpart: row.counterpart,
    remoteId: row.remoteId,
    parentId: row.parentId,
    childIds: row.childIds,
    status: row.status,
    overallStatus: row.overallStatus,
    placedAt: row.placedAt,
    createdAt: row.createdAt,
    shipBy: row.shipBy,
    printedAt: row.printedAt,
    erasedAt: row.erasedAt,
    currency: row.currency,
    shipTo: toAddress(row.shipTo),
    // JSON leaves out what is undefined. Parts that are spread in would cost more than all fields.
    billTo: row.billTo ? toAddress(row.billTo) : undefined,
    customer: row.customer ? toCustomer(row.customer) : undefined,
    notes: toNotes(row),
    tags: row.tags.length > 0 ? row.tags : undefined,
    shippingMethod: row.shippingMethod,
    refunded: row.refundedMinor > 0 ? { amount: row.refundedMinor, currency: row.currency } : null,
    cancelRequestedAt: row.cancelRequestedAt,
    cancelDeclined: row.cancelDeclined,
    attention: row.attention && toAttention(row.attention),
    // A rare part, of many kinds: its schema puts its fields in order.
    pendingEdit: row.pendingEdit && pendingEdit.parse(row.pendingEdit),
    lines: row.lines.map((one) => toLine(one, row.currency)),
    dropship: toDropship(row),
    origin:
      row.originDropshipId === null
        ? null
        : { dropshipId: row.originDropshipId, merchantName: row.merchantName ?? '', ...promiseOf(row) },
    shipments: row.shipments.map((one) => toShipment(one, one.attention)),
  };
}

function toNotes({ customerNote, internalNote }: Order): OrderAnswer['notes'] {
  if (customerNote === null && internalNote === null) return undefined;
  return { customer: customerNote ?? undefined, internal: internalNote ?? undefined };
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
  productId: line.productId,
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
