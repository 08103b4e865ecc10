import { z } from 'zod';
import { minorOrNull } from '../../../domain/money.ts';
import type { Address } from '../../../domain/orders/order.ts';
import { unitsWanted, type Cancellation, type RemoteLine, type RemoteOrder, type RemoteShipment } from '../channel.ts';
import { optional } from '../optional.ts';
import type { ImportWhen } from '../kind.ts';
import { pageOf } from './api.ts';
import { trackingOf } from './tracking.ts';

const textOrNull = z.string().nullable();
const addressSchema = z
  .object({
    name: textOrNull,
    company: textOrNull,
    address1: textOrNull,
    address2: textOrNull,
    city: textOrNull,
    provinceCode: textOrNull,
    zip: textOrNull,
    countryCodeV2: textOrNull,
    phone: textOrNull,
  })
  .nullable();
const moneySchema = z.object({ shopMoney: z.object({ amount: z.string(), currencyCode: z.string() }) });
export const lineSchema = z.object({
  id: z.string(),
  sku: textOrNull,
  name: z.string(),
  quantity: z.int(),
  currentQuantity: z.int(),
  requiresShipping: z.boolean(),
  // Null for a product that was deleted, and for a line that never was a product.
  variant: z.object({ id: z.string() }).nullable(),
  originalUnitPriceSet: moneySchema,
});
export const shipmentLineSchema = z.object({ quantity: z.int(), lineItem: z.object({ id: z.string() }) });
export const shipmentSchema = z.object({
  id: z.string(),
  status: z.string(),
  trackingInfo: z.array(z.object({ company: textOrNull, number: textOrNull, url: textOrNull })),
  fulfillmentLineItems: pageOf(shipmentLineSchema),
});
/** An order with the fields of our documents. */
export const orderSchema = z.object({
  id: z.string(),
  name: z.string(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  cancelledAt: textOrNull,
  displayFinancialStatus: textOrNull,
  currencyCode: z.string(),
  email: textOrNull,
  phone: textOrNull,
  note: textOrNull,
  tags: z.array(z.string()),
  shippingAddress: addressSchema,
  billingAddress: addressSchema,
  totalRefundedSet: moneySchema,
  shippingLines: z.object({ nodes: z.array(z.object({ title: z.string() })) }),
  lineItems: pageOf(lineSchema),
  fulfillments: z.array(shipmentSchema),
});
export type ShopifyOrder = z.infer<typeof orderSchema>;

/**
 * Reads an order whose lists are whole. Amounts are the shop's, never those that the buyer saw in another currency.
 * @see shopify.dev, "Order"
 */
export function toRemoteOrder(order: ShopifyOrder, importWhen: ImportWhen): RemoteOrder {
  const shipments = order.fulfillments.map(toShipment);
  const billTo = toAddress(order.billingAddress);
  const buyer = { ...optional('email', order.email), ...optional('phone', order.phone) };
  const refundedMinor = minorOf(order.totalRefundedSet);
  return {
    remoteId: order.id,
    number: order.name,
    placedAt: order.createdAt,
    currency: order.currencyCode,
    state: stateOf(order, importWhen),
    shipTo: { ...toAddress(order.shippingAddress), ...optional('email', order.email) },
    ...(billTo.address1 !== '' && { billTo }),
    ...(billTo.name !== '' && { customer: { name: billTo.name, ...buyer } }),
    ...(order.note && { notes: { customer: order.note } }),
    ...(order.tags.length > 0 && { tags: order.tags }),
    shippingMethod: order.shippingLines.nodes[0]?.title ?? null,
    lines: order.lineItems.nodes.map((line) => toLine(line, shipments)),
    ...(refundedMinor !== null && { refundedMinor }),
    shipments,
  };
}

/** A status that we do not know, and none, count as unpaid: nothing is shipped by mistake. */
const paid = new Set(['PAID', 'PARTIALLY_REFUNDED', 'REFUNDED']);

function stateOf(order: ShopifyOrder, importWhen: ImportWhen): RemoteOrder['state'] {
  const { cancelledAt, displayFinancialStatus: status } = order;
  if (cancelledAt !== null || status === 'VOIDED') return 'cancelled';
  // The authorization, or the time for paying, is over: also an order that needs no payment first waits.
  if (status === 'EXPIRED') return 'waiting';
  return paid.has(status ?? '') || importWhen === 'placed' ? 'ready' : 'waiting';
}

function toLine(line: z.infer<typeof lineSchema>, shipments: RemoteShipment[]): RemoteLine {
  const shipped = shipments
    .filter(({ state }) => state === 'shipped')
    .flatMap(({ units }) => units)
    .filter(({ remoteLineId }) => remoteLineId === line.id)
    .reduce((sum, { quantity }) => sum + quantity, 0);
  // A refund of shipped units lowers the current quantity too: those units stay shipped.
  const cancelled = Math.max(0, Math.min(line.quantity - line.currentQuantity, line.quantity - shipped));
  return {
    remoteLineId: line.id,
    remoteProductId: line.variant?.id ?? null,
    sku: line.sku ?? '',
    name: line.name,
    ordered: line.quantity,
    shipped,
    cancelled,
    priceMinor: minorOf(line.originalUnitPriceSet),
    ...(!line.requiresShipping && { requiresShipping: false }),
  };
}

const minorOf = ({ shopMoney: { amount, currencyCode } }: z.infer<typeof moneySchema>): number | null =>
  minorOrNull(amount, currencyCode);

function toShipment({
  id,
  status,
  trackingInfo,
  fulfillmentLineItems,
}: z.infer<typeof shipmentSchema>): RemoteShipment {
  const isVoid = status === 'CANCELLED' || status === 'ERROR' || status === 'FAILURE';
  return {
    remoteId: id,
    state: status === 'SUCCESS' ? 'shipped' : isVoid ? 'voided' : 'pending',
    units: fulfillmentLineItems.nodes.map(({ quantity, lineItem }) => ({ remoteLineId: lineItem.id, quantity })),
    tracking: trackingInfo.map(trackingOf),
  };
}

function toAddress(address: z.infer<typeof addressSchema>): Address {
  return {
    name: address?.name ?? '',
    ...optional('company', address?.company),
    address1: address?.address1 ?? '',
    ...optional('address2', address?.address2),
    city: address?.city ?? '',
    ...optional('province', address?.provinceCode),
    postalCode: address?.zip ?? '',
    country: address?.countryCodeV2 ?? '',
    ...optional('phone', address?.phone),
  };
}

/** Undefined for an order of which no unit is cancelled. */
export function toCancellation(order: RemoteOrder): Cancellation | undefined {
  if (order.lines.every(({ cancelled }) => cancelled === 0)) return undefined;
  return { remoteOrderId: order.remoteId, whole: order.state === 'cancelled', left: unitsWanted(order) };
}
