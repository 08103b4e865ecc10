import type { OrderRow } from '../../api/queries/orders.ts';

/** `Portland, OR, US` */
export const placeOf = ({ shipTo: { city, province, country } }: OrderRow): string =>
  [city, province, country].filter(Boolean).join(', ');

/** A buyer who paid for speed. Only a hint to the eye: shops name their methods as they like. */
export const isFast = ({ shippingMethod }: OrderRow): boolean =>
  /express|overnight|next.?day|same.?day|priority|eil/i.test(shippingMethod ?? '');
