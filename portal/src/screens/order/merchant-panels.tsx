import type { OrderDetail } from '../../api/queries/orders.ts';

/** What only the merchant of an order does with it. */
export function MerchantPanels(_: { readonly order: OrderDetail }) {
  return null;
}
