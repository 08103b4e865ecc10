import { z } from 'zod';
import { minorOrNull } from '../../../domain/money.ts';
import type { Address } from '../../../domain/orders/order.ts';
import { unitsWanted, type Cancellation, type RemoteLine, type RemoteOrder, type RemoteShipment } from '../channel.ts';
import { optional } from '../optional.ts';
import type { ImportWhen } from '../kind.ts';
import { trackingOf } from '../tracking-text.ts';

const optionalText = z.string().nullish();
const addressSchema = z
  .object({
    first_name: optionalText,
    last_name: optionalText,
    company: optionalText,
    address_1: optionalText,
    address_2: optionalText,
    city: optionalText,
    province: optionalText,
    postal_code: optionalText,
    country_code: optionalText,
    phone: optionalText,
  })
  .nullish();
/** The exact amount. The number beside it is a float. */
const amountSchema = z.object({ value: z.union([z.string(), z.number()]).transform(String) });
const itemSchema = z.object({
  id: z.string(),
  variant_id: optionalText,
  variant_sku: optionalText,
  title: z.string(),
  product_title: optionalText,
  variant_title: optionalText,
  requires_shipping: z.boolean().nullish(),
  raw_unit_price: amountSchema,
  detail: z.object({ quantity: z.number(), shipped_quantity: z.number() }),
});
const fulfillmentSchema = z.object({
  id: z.string(),
  shipped_at: optionalText,
  canceled_at: optionalText,
  metadata: z.record(z.string(), z.unknown()).nullish(),
  items: z.array(z.object({ line_item_id: optionalText, quantity: z.number() })).nullish(),
  labels: z.array(z.object({ tracking_number: z.string(), tracking_url: optionalText })).nullish(),
});
const refundSchema = z.object({ raw_amount: amountSchema });
export const orderSchema = z.object({
  id: z.string(),
  display_id: z.number(),
  status: z.string(),
  payment_status: z.string(),
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
  currency_code: z.string().transform((code) => code.toUpperCase()),
  email: optionalText,
  items: z.array(itemSchema),
  shipping_address: addressSchema,
  billing_address: addressSchema,
  shipping_methods: z.array(z.object({ name: z.string() })).nullish(),
  fulfillments: z.array(fulfillmentSchema).nullish(),
  payment_collections: z
    .array(z.object({ payments: z.array(z.object({ refunds: z.array(refundSchema).nullish() })).nullish() }))
    .nullish(),
});
export type MedusaOrder = z.infer<typeof orderSchema>;

/** Without `*items.detail` the units shipped in part are in no answer. */
export const orderFields = [
  ...['id', 'display_id', 'status', 'payment_status', 'created_at', 'updated_at', 'currency_code', 'email'],
  ...['*items', '*items.detail', '*shipping_address', '*billing_address', '*shipping_methods'],
  ...['*fulfillments', '*fulfillments.items', '*fulfillments.labels', '*payment_collections.payments.refunds'],
].join(',');

/** The shop lists orders that a clerk drafts for a customer as well. */
export const isPlaced = ({ status }: MedusaOrder): boolean => status !== 'draft';

export function toRemoteOrder(order: MedusaOrder, importWhen: ImportWhen): RemoteOrder {
  const { currency_code: currency, email } = order;
  const billTo = toAddress(order.billing_address);
  const contact = optional('email', email);
  return {
    remoteId: order.id,
    number: String(order.display_id),
    placedAt: order.created_at,
    currency,
    state: stateOf(order, importWhen),
    shipTo: { ...toAddress(order.shipping_address), ...contact },
    ...(billTo.address1 !== '' && { billTo }),
    customer: { name: billTo.name || nameIn(order.shipping_address), ...contact },
    shippingMethod: order.shipping_methods?.[0]?.name ?? null,
    lines: linesOf(order),
    refundedMinor: refundsOf(order).reduce((sum, { raw_amount: amount }) => sum + (minorOf(amount, currency) ?? 0), 0),
    shipments: (order.fulfillments ?? []).map(toShipment),
  };
}

/** An order that was edited upwards after its payment is `partially_captured`; its buyer has paid for the rest. */
const paid = ['captured', 'partially_captured', 'partially_refunded', 'refunded'];

function stateOf({ status, payment_status: payment }: MedusaOrder, importWhen: ImportWhen): RemoteOrder['state'] {
  if (status === 'canceled') return 'cancelled';
  return importWhen === 'placed' || paid.includes(payment) ? 'ready' : 'waiting';
}

const refundsOf = ({ payment_collections: collections }: MedusaOrder) =>
  (collections ?? []).flatMap(({ payments }) => payments ?? []).flatMap(({ refunds }) => refunds ?? []);

/** Medusa takes prices that are finer than the currency. */
const minorOf = ({ value }: z.infer<typeof amountSchema>, currency: string): number | null =>
  minorOrNull(value, currency);

/** After two fulfillments at the same moment the shop lists a line twice. A line that an edit removed has no units. */
function linesOf({ items, status, currency_code: currency }: MedusaOrder): RemoteLine[] {
  const once = [...new Map(items.map((item) => [item.id, item])).values()];
  return once
    .filter(({ detail }) => detail.quantity > 0)
    .map((item) => {
      const { quantity: ordered, shipped_quantity: shipped } = item.detail;
      return {
        remoteLineId: item.id,
        remoteProductId: item.variant_id ?? null,
        sku: item.variant_sku ?? '',
        name: nameOf(item.product_title ?? item.title, item.variant_title),
        ordered,
        // An edit lowers `ordered` itself.
        cancelled: status === 'canceled' ? ordered - shipped : 0,
        shipped,
        priceMinor: minorOf(item.raw_unit_price, currency),
        ...(item.requires_shipping === false && { requiresShipping: false }),
      };
    });
}

/** A product without options has a variant all the same. */
export function nameOf(product: string, variant: string | null | undefined): string {
  const isOnly = !variant || variant === product || /^default( title| variant)?$/i.test(variant);
  return isOnly ? product : `${product} ${variant}`;
}

function toShipment(fulfillment: z.infer<typeof fulfillmentSchema>): RemoteShipment {
  const { id, metadata, items, labels, shipped_at: shippedAt, canceled_at: cancelledAt } = fulfillment;
  const { shipmentId, carrier } = textsOf(metadata);
  const [label] = labels ?? [];
  const url = label?.tracking_url === noUrl ? undefined : label?.tracking_url;
  return {
    remoteId: id,
    ...optional('shipmentId', shipmentId),
    state: cancelledAt ? 'voided' : shippedAt ? 'shipped' : 'pending',
    units: (items ?? []).map((item) => ({ remoteLineId: item.line_item_id ?? '', quantity: item.quantity })),
    tracking: [{ ...trackingOf(carrier ?? '', label?.tracking_number ?? ''), ...optional('url', url) }],
  };
}

/** A label of the shop has a link; this stands for none. */
export const noUrl = '#';

/** Anybody may write into metadata. */
const metadataSchema = z.object({ shipmentId: z.string().optional().catch(undefined), carrier: z.string().optional().catch(undefined) }); // prettier-ignore
const textsOf = (metadata: unknown) => metadataSchema.parse(metadata ?? {});

type ShopAddress = z.infer<typeof addressSchema>;

const nameIn = (address: ShopAddress): string =>
  [address?.first_name, address?.last_name].filter((part) => part).join(' ');

function toAddress(address: ShopAddress): Address {
  return {
    name: nameIn(address),
    ...optional('company', address?.company),
    address1: address?.address_1 ?? '',
    ...optional('address2', address?.address_2),
    city: address?.city ?? '',
    ...optional('province', address?.province),
    postalCode: address?.postal_code ?? '',
    country: (address?.country_code ?? '').toUpperCase(),
    ...optional('phone', address?.phone),
  };
}

/** An edit shows no cancelled units. So each changed order says what is still wanted, and the task compares. */
export const toCancellation = (order: RemoteOrder): Cancellation => ({
  remoteOrderId: order.remoteId,
  whole: order.state === 'cancelled',
  left: unitsWanted(order),
});
