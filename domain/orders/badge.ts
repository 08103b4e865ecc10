import type { OrderStatus } from './order.ts';

/** The one word that a list of orders shows of each. */
export const orderBadges = [
  'attention',
  'cancel_requested',
  'with_supplier',
  'accepted',
  'to_ship',
  'partly_shipped',
  'shipped',
  'cancelled',
] as const;
export type OrderBadge = (typeof orderBadges)[number];

const ofStatus: Record<OrderStatus, OrderBadge> = {
  awaiting_fulfillment: 'to_ship',
  dropship_requested: 'with_supplier',
  partially_shipped: 'partly_shipped',
  shipped: 'shipped',
  cancelled: 'cancelled',
  // A parent shows the status of its leaves, which is never this one.
  split: 'to_ship',
};

/**
 * The first that holds: what a person must look at comes before how far the order is.
 * @param order.overallStatus of a parent: from its leaves
 * @param order.acceptedAt when this account said to its merchant that it will ship
 */
export function badgeOf(order: {
  overallStatus: OrderStatus;
  attentionCode: string | null;
  cancelRequestedAt: string | null;
  acceptedAt: string | null;
}): OrderBadge {
  if (order.attentionCode !== null) return 'attention';
  if (order.cancelRequestedAt !== null) return 'cancel_requested';
  const badge = ofStatus[order.overallStatus];
  return badge === 'to_ship' && order.acceptedAt !== null ? 'accepted' : badge;
}
