import { z } from 'zod';
import { minorOrNull } from '../../../domain/money.ts';
import type { Address } from '../../../domain/orders/order.ts';
import type { RemoteLine, RemoteOrder, RemoteShipment } from '../channel.ts';
import { optional } from '../optional.ts';
import { instantOf } from './walk.ts';

const maybe = z.string().nullish();
const addressSchema = z.object({
  first_name: maybe,
  last_name: maybe,
  company: maybe,
  address_1: maybe,
  address_2: maybe,
  city: maybe,
  state: maybe,
  postcode: maybe,
  country: maybe,
  email: maybe,
  phone: maybe,
});
const lineSchema = z.object({
  id: z.int(),
  name: z.string().nullish(),
  product_id: z.int(),
  variation_id: z.int(),
  quantity: z.int(),
  sku: z.string().nullish(),
  subtotal: z.string(),
  subtotal_tax: z.string(),
});
export const orderSchema = z.object({
  id: z.int(),
  number: z.string(),
  status: z.string(),
  currency: z.string(),
  prices_include_tax: z.boolean(),
  date_created_gmt: z.string(),
  date_modified_gmt: z.string(),
  customer_note: maybe,
  billing: addressSchema,
  shipping: addressSchema,
  line_items: z.array(lineSchema),
  shipping_lines: z.array(z.object({ method_title: maybe })).nullish(),
  refunds: z.array(z.object({ total: z.string() })).nullish(),
});
export type WooCommerceOrder = z.infer<typeof orderSchema>;

/** An order with what the shop has at other addresses. `refunded`: units by line. */
export type SeenOrder = {
  order: WooCommerceOrder;
  shipments: RemoteShipment[];
  refunded: ReadonlyMap<string, number>;
};
/** `ready`: the statuses of orders that may be shipped. */
export type Reading = { ready: ReadonlySet<string> };

/** After these no unit is wanted any more. */
const ended = new Set(['cancelled', 'refunded', 'trash']);
/** A customer is still at the checkout, or never came to its end. */
export const unplaced: ReadonlySet<string> = new Set(['pending', 'failed', 'checkout-draft', 'auto-draft']);

export function stateOf({ status }: Pick<WooCommerceOrder, 'status'>, { ready }: Reading): RemoteOrder['state'] {
  if (ended.has(status)) return 'cancelled';
  return ready.has(status) || status === 'completed' ? 'ready' : 'waiting';
}

export function toRemoteOrder(seen: SeenOrder, reading: Reading): RemoteOrder {
  const { order, shipments } = seen;
  const billTo = toAddress(order.billing);
  const shipTo = order.shipping.address_1 ? toAddress(order.shipping) : billTo;
  const contact = { ...optional('email', order.billing.email), ...optional('phone', order.billing.phone) };
  return {
    remoteId: String(order.id),
    number: order.number,
    placedAt: instantOf(order.date_created_gmt),
    currency: order.currency,
    state: stateOf(order, reading),
    shipTo: { ...contact, ...shipTo },
    ...(billTo.address1 !== '' && { billTo }),
    ...(billTo.name !== '' && { customer: { name: billTo.name, ...contact } }),
    ...(order.customer_note && { notes: { customer: order.customer_note } }),
    shippingMethod: order.shipping_lines?.[0]?.method_title ?? null,
    lines: order.line_items.map((line) => toLine(line, seen, reading)),
    ...refundedOf(order),
    shipments,
  };
}

function refundedOf({ refunds, currency }: WooCommerceOrder): { refundedMinor?: number } {
  const amounts = (refunds ?? []).map(({ total }) => minorOrNull(total, currency));
  // The shop writes them as negative amounts.
  return amounts.includes(null) ? {} : { refundedMinor: amounts.reduce<number>((sum, amount) => sum + Math.abs(amount!), 0) }; // prettier-ignore
}

type Line = z.infer<typeof lineSchema>;

/** As the channel's listings have it: a variation by its product too, at which the shop has its stock. */
export const productIdOf = (productId: number, variationId: number): string =>
  variationId === 0 ? String(productId) : `${productId}/${variationId}`;

/**
 * A partial refund does not change a line's quantity: its units count as cancelled, unless they have shipped. An edit
 * changes the quantity itself.
 */
function toLine(line: Line, { order, shipments, refunded }: SeenOrder, reading: Reading): RemoteLine {
  const remoteLineId = String(line.id);
  const sent = shipments.filter(({ state }) => state === 'shipped');
  const recorded = Math.min(line.quantity, unitsIn(sent, remoteLineId));
  const isOver = stateOf(order, reading) === 'cancelled';
  const cancelled = Math.min(isOver ? line.quantity : (refunded.get(remoteLineId) ?? 0), line.quantity - recorded);
  // A clerk who completes an order says that all of it has shipped, with or without a record.
  const shipped = order.status === 'completed' ? line.quantity - cancelled : recorded;
  return {
    remoteLineId,
    remoteProductId: line.product_id === 0 ? null : productIdOf(line.product_id, line.variation_id),
    sku: line.sku ?? '',
    name: line.name ?? '',
    ordered: line.quantity,
    cancelled,
    shipped,
    priceMinor: priceOf(line, order),
  };
}

/** Units in the shop's records. It checks none of them: they may be more than were ordered. */
export const unitsIn = (shipments: readonly RemoteShipment[], remoteLineId: string): number =>
  shipments
    .flatMap(({ units }) => units)
    .filter((unit) => unit.remoteLineId === remoteLineId)
    .reduce((sum, { quantity }) => sum + quantity, 0);

/** Of one unit before discounts, with the tax where the shop's prices have it. */
function priceOf(line: Line, { currency, prices_include_tax }: WooCommerceOrder): number | null {
  const net = minorOrNull(line.subtotal, currency);
  const tax = prices_include_tax ? minorOrNull(line.subtotal_tax, currency) : 0;
  return net === null || tax === null || line.quantity === 0 ? null : Math.round((net + tax) / line.quantity);
}

function toAddress(address: z.infer<typeof addressSchema>): Address {
  return {
    name: [address.first_name, address.last_name].filter(Boolean).join(' '),
    ...optional('company', address.company),
    address1: address.address_1 ?? '',
    ...optional('address2', address.address_2),
    city: address.city ?? '',
    ...optional('province', address.state),
    postalCode: address.postcode ?? '',
    country: address.country ?? '',
    ...optional('phone', address.phone),
  };
}
