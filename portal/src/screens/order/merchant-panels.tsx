import type { OrderDetail } from '../../api/queries/orders.ts';

interface MerchantProps {
  readonly order: OrderDetail;
}

/** What only the merchant of an order does with it, in the head of its page. */
export function MerchantActions(_: MerchantProps) {
  return null;
}

/** What only the merchant of an order sees: the edit in its shop, what its supplier promised. */
export function MerchantPanels(_: MerchantProps) {
  return null;
}
