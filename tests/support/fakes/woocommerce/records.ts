/** A refusal; `code` is 0 where the shop names none. */
export class RestError extends Error {
  readonly status: number;
  readonly code: string | number;

  constructor(status: number, code: string | number) {
    super(`Refused: ${code}`);
    this.status = status;
    this.code = code;
  }
}

export type OrderLine = {
  id: number;
  name: string;
  product_id: number;
  variation_id: number;
  quantity: number;
  sku: string;
  subtotal: string;
  subtotal_tax: string;
  total: string;
};
export type Refund = { id: number; amount: string; units: { lineId: number; quantity: number }[] };
export type Fulfillment = {
  id: number;
  isFulfilled: boolean;
  meta: Record<string, unknown>;
  updated: number;
  deleted: number | null;
};
type Note = { id: number; note: string; customer_note: boolean; created: number };
/** Times in milliseconds; answers show whole seconds. */
export type Order = {
  id: number;
  status: string;
  currency: string;
  created: number;
  modified: number;
  paid: number | null;
  billing: Record<string, string>;
  shipping: Record<string, string>;
  lines: OrderLine[];
  refunds: Refund[];
  fulfillments: Fulfillment[];
  notes: Note[];
  holdsStock: boolean;
};

export const gmt = (moment: number): string => new Date(moment).toISOString().slice(0, 19);
const gmtOrNull = (moment: number | null) => (moment === null ? null : gmt(moment));

/** An order as the REST API and the webhooks write it. */
export function orderJson(order: Order) {
  return {
    id: order.id,
    number: String(order.id),
    status: order.status,
    currency: order.currency,
    prices_include_tax: false,
    date_created_gmt: gmt(order.created),
    date_modified_gmt: gmt(order.modified),
    date_paid_gmt: gmtOrNull(order.paid),
    customer_note: '',
    billing: order.billing,
    shipping: order.shipping,
    line_items: order.lines,
    shipping_lines: [{ id: 1, method_title: 'Flat rate', method_id: 'flat_rate' }],
    refunds: order.refunds.map(({ id, amount }) => ({ id, reason: '', total: `-${amount}` })),
    meta_data: [],
  };
}

export const refundJson = ({ id, amount, units }: Refund) => ({
  id,
  amount,
  line_items: units.map(({ lineId, quantity }, index) => ({
    id: id * 100 + index,
    quantity: -quantity,
    meta_data: [{ id: index + 1, key: '_refunded_item_id', value: String(lineId) }],
  })),
});

/** `isNew`: the answer to the POST writes `is_fulfilled` as a boolean; later ones as a text. */
export const fulfillmentJson = (orderId: number, one: Fulfillment, { isNew = false } = {}) => ({
  id: one.id,
  entity_type: 'WC_Order',
  entity_id: String(orderId),
  status: one.isFulfilled ? 'fulfilled' : 'unfulfilled',
  is_fulfilled: isNew ? one.isFulfilled : one.isFulfilled ? '1' : '0',
  date_updated: gmt(one.updated),
  date_deleted: gmtOrNull(one.deleted),
  meta_data: Object.entries(one.meta).map(([key, value], index) => ({ id: one.id * 100 + index, key, value })),
});
