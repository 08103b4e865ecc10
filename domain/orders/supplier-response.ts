import { isLive, type DropshipStatus } from '../dropships/dropship.ts';
import { DomainError } from '../errors.ts';
import type { LineUnits, OrderStatus } from './order.ts';

/** Why a supplier rejects units. */
export const rejectReasons = ['out_of_stock', 'discontinued', 'cannot_ship_there', 'price_wrong', 'other'] as const;
export type RejectReason = (typeof rejectReasons)[number];

/** What decides whether an order may be accepted or rejected. */
export type SupplierResponsePlace = {
  status: OrderStatus;
  /** The dropship that a supplier's order came by. */
  originDropshipId: string | null;
  /** The dropship by which the order is dropshipped. */
  dropship: { status: DropshipStatus } | null;
  lines: readonly LineUnits[];
};

/**
 * A supplier may accept an order, which promises to ship it, as long as no unit has shipped.
 * @returns the dropship that the order came by
 * @throws DomainError `order_not_received`, `order_is_split`, `order_cancelled`, `order_shipped`
 */
export function assertMayAccept({ status, originDropshipId, lines }: SupplierResponsePlace): string {
  if (originDropshipId === null) throw new DomainError('order_not_received', 'The order did not come from a merchant.');
  if (status === 'split') throw new DomainError('order_is_split', 'The order is split; accept or reject its leaves.');
  if (status === 'cancelled') throw new DomainError('order_cancelled', 'The order is cancelled.');
  if (lines.some((line) => line.shipped > 0))
    throw new DomainError('order_shipped', 'Units of the order have shipped already.');
  return originDropshipId;
}

/**
 * A supplier may reject an order as long as no unit has shipped and it has not dropshipped the order itself.
 * @returns the dropship that the order came by
 * @throws DomainError `order_dropshipped`, and as `assertMayAccept`
 */
export function assertMayReject(order: SupplierResponsePlace): string {
  // An order that the supplier split by itself is rejected as a whole: the merchant does not know its leaves.
  const dropshipId = assertMayAccept({
    ...order,
    status: order.status === 'split' ? 'awaiting_fulfillment' : order.status,
  });
  if (order.dropship !== null && isLive(order.dropship.status))
    throw new DomainError('order_dropshipped', 'The order is dropshipped: cancel the dropship, then reject the order.');
  return dropshipId;
}
