import { z } from 'zod';
import { minorDigits } from '../../../domain/money.ts';
import type { Address } from '../../../domain/orders/order.ts';
import { unitsWanted, type Cancellation, type RemoteLine, type RemoteOrder, type RemoteShipment } from '../channel.ts';
import { optional } from '../optional.ts';
import type { ImportWhen } from '../kind.ts';
import { trackingOf } from '../tracking-text.ts';

const addressSchema = z
  .object({
    fullName: z.string().nullish(),
    company: z.string().nullish(),
    streetLine1: z.string().nullish(),
    streetLine2: z.string().nullish(),
    city: z.string().nullish(),
    province: z.string().nullish(),
    postalCode: z.string().nullish(),
    countryCode: z.string().nullish(),
    phoneNumber: z.string().nullish(),
  })
  .nullish();
const fulfillmentSchema = z.object({
  id: z.string(),
  state: z.string(),
  method: z.string(),
  trackingCode: z.string(),
  lines: z.array(z.object({ orderLineId: z.string(), quantity: z.int() })),
  customFields: z.object({ shipmentId: z.string().nullish(), trackingUrl: z.string().nullish() }).nullish(),
});
const lineSchema = z.object({
  id: z.string(),
  quantity: z.int(),
  orderPlacedQuantity: z.int(),
  unitPriceWithTax: z.number(),
  productVariant: z.object({
    id: z.string(),
    sku: z.string(),
    name: z.string(),
    customFields: z.object({ digital: z.boolean().nullish() }).nullish(),
  }),
});
/** An order with the fields of `orderSelection`. */
export const orderSchema = z.object({
  id: z.string(),
  code: z.string(),
  state: z.string(),
  currencyCode: z.string(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  orderPlacedAt: z.iso.datetime().nullable(),
  customer: z.object({ firstName: z.string(), lastName: z.string(), emailAddress: z.string() }).nullish(),
  shippingAddress: addressSchema,
  billingAddress: addressSchema,
  lines: z.array(lineSchema),
  payments: z.array(z.object({ refunds: z.array(z.object({ state: z.string(), total: z.number() })) })).nullish(),
  fulfillments: z.array(fulfillmentSchema).nullish(),
  shippingLines: z.array(z.object({ shippingMethod: z.object({ name: z.string() }) })).nullish(),
});
export type VendureOrder = z.infer<typeof orderSchema>;

type KnownFields = { hasCompanion: boolean; digitalField: string | undefined };

const addressFields =
  'fullName company streetLine1 streetLine2 city province postalCode countryCode phoneNumber' as const;

/**
 * @param known.hasCompanion whether the shop knows the companion's fields
 * @param known.digitalField the custom field by which the shop marks variants that need no shipping
 */
export function orderSelection({ hasCompanion, digitalField }: KnownFields): string {
  const digital = digitalField === undefined ? '' : `customFields { digital: ${digitalField} }`;
  const reference = hasCompanion ? 'customFields { shipmentId trackingUrl }' : '';
  return `id code state currencyCode createdAt updatedAt orderPlacedAt
    customer { firstName lastName emailAddress }
    shippingAddress { ${addressFields} } billingAddress { ${addressFields} }
    lines { id quantity orderPlacedQuantity unitPriceWithTax productVariant { id sku name ${digital} } }
    payments { refunds { state total } }
    fulfillments { id state method trackingCode lines { orderLineId quantity } ${reference} }
    shippingLines { shippingMethod { name } }`;
}

/** States of placed orders, cancelled ones excluded. */
const placedStates = [
  'PaymentAuthorized',
  'PaymentSettled',
  'PartiallyShipped',
  'Shipped',
  'PartiallyDelivered',
  'Delivered',
] as const;

/** Also orders that a clerk is changing: by the time they are placed again the walk has passed them. */
export const walkedStates = [...placedStates, 'Modifying', 'ArrangingAdditionalPayment'] as const;

/** `precision`: the decimals of the shop's integer amounts, the same for each currency. `importWhen`: of the settings. */
type OrderReading = { precision: number; importWhen: ImportWhen };

export function toRemoteOrder(order: VendureOrder, { precision, importWhen }: OrderReading): RemoteOrder {
  const { customer } = order;
  const name = customer ? `${customer.firstName} ${customer.lastName}`.trim() : '';
  const shipments = (order.fulfillments ?? []).map(toShipment);
  const billTo = toAddress(order.billingAddress, '');
  const toMinor = minorUnits(order.currencyCode, precision);
  return {
    remoteId: order.id,
    number: order.code,
    placedAt: order.orderPlacedAt ?? order.createdAt,
    currency: order.currencyCode,
    state: stateOf(order.state, importWhen),
    shipTo: { ...toAddress(order.shippingAddress, name), ...optional('email', customer?.emailAddress) },
    ...(billTo.address1 !== '' && { billTo }),
    ...(customer && { customer: { name, ...optional('email', customer.emailAddress) } }),
    shippingMethod: order.shippingLines?.[0]?.shippingMethod.name ?? null,
    lines: order.lines.map((line) => toLine(line, { shipments, toMinor })),
    ...(order.payments && { refundedMinor: toMinor(refundedOf(order.payments)) }),
    shipments,
  };
}

/** A refund that is still pending, or has failed, has paid nothing back. */
const refundedOf = (payments: NonNullable<VendureOrder['payments']>): number =>
  payments
    .flatMap(({ refunds }) => refunds)
    .filter(({ state }) => state === 'Settled')
    .reduce((sum, { total }) => sum + total, 0);

function stateOf(state: string, importWhen: ImportWhen): RemoteOrder['state'] {
  if (state === 'Cancelled') return 'cancelled';
  // Authorized is not paid. Carts, and orders that a clerk is changing, must not be shipped either.
  const isPaid = state !== 'PaymentAuthorized' || importWhen === 'placed';
  return isPaid && (placedStates as readonly string[]).includes(state) ? 'ready' : 'waiting';
}

type Line = z.infer<typeof lineSchema>;

function toLine(line: Line, by: { shipments: RemoteShipment[]; toMinor: (amount: number) => number }): RemoteLine {
  const { id, sku, name, customFields } = line.productVariant;
  const shipped = by.shipments
    .filter(({ state }) => state === 'shipped')
    .flatMap(({ units }) => units)
    .filter(({ remoteLineId }) => remoteLineId === line.id)
    .reduce((sum, { quantity }) => sum + quantity, 0);
  // After a clerk's change an order may have more units than were placed.
  const ordered = Math.max(line.orderPlacedQuantity, line.quantity);
  // Units returned after shipping lower the quantity too; they count as shipped, not as cancelled.
  const cancelled = Math.max(0, Math.min(ordered - line.quantity, ordered - shipped));
  const priceMinor = by.toMinor(line.unitPriceWithTax);
  const units = { ordered, cancelled, shipped };
  const isDigital = customFields?.digital === true;
  return { remoteLineId: line.id, remoteProductId: id, sku, name, ...units, priceMinor, ...(isDigital && { requiresShipping: false }) }; // prettier-ignore
}

function toShipment(fulfillment: z.infer<typeof fulfillmentSchema>): RemoteShipment {
  const { id, state, method, trackingCode, lines, customFields } = fulfillment;
  const tracking = { ...trackingOf(method, trackingCode), ...optional('url', customFields?.trackingUrl) };
  return {
    remoteId: id,
    ...optional('shipmentId', customFields?.shipmentId),
    state: state === 'Cancelled' ? 'voided' : state === 'Shipped' || state === 'Delivered' ? 'shipped' : 'pending',
    units: lines.map(({ orderLineId, quantity }) => ({ remoteLineId: orderLineId, quantity })),
    tracking: [tracking],
  };
}

function toAddress(address: z.infer<typeof addressSchema>, fallbackName: string): Address {
  return {
    name: address?.fullName || fallbackName,
    ...optional('company', address?.company),
    address1: address?.streetLine1 ?? '',
    ...optional('address2', address?.streetLine2),
    city: address?.city ?? '',
    ...optional('province', address?.province),
    postalCode: address?.postalCode ?? '',
    country: address?.countryCode ?? '',
    ...optional('phone', address?.phoneNumber),
  };
}

/**
 * Converts the shop's amounts to minor units. Vendure has the same precision (2 unless the shop changed it) for each
 * currency: 1000 yen are 100000 there. @see MoneyStrategy.precision in Vendure's documentation
 */
function minorUnits(currency: string, precision: number): (amount: number) => number {
  const finer = minorDigits(currency) - precision;
  return (amount) => Math.round(amount * 10 ** finer);
}

/** Undefined for an order of which no unit is cancelled. */
export function toCancellation(order: RemoteOrder): Cancellation | undefined {
  if (order.lines.every(({ cancelled }) => cancelled === 0)) return undefined;
  return { remoteOrderId: order.remoteId, whole: order.state === 'cancelled', left: unitsWanted(order) };
}
