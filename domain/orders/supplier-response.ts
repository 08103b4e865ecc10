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

/** `message`: the workflow of the dropship that the order came by writes the response (law 3). `own`: it came from no merchant. */
type SupplierResponseRoute = { via: 'message'; dropshipId: string } | { via: 'own' };

/** Whether the response is allowed is `assertMayAccept` or `assertMayReject`. */
export const responseRoute = ({
  originDropshipId,
}: Pick<SupplierResponsePlace, 'originDropshipId'>): SupplierResponseRoute =>
  originDropshipId === null ? { via: 'own' } : { via: 'message', dropshipId: originDropshipId };

/** @throws DomainError `order_not_received` */
export function assertReceived({ originDropshipId }: Pick<SupplierResponsePlace, 'originDropshipId'>): void {
  if (originDropshipId !== null) return;
  throw new DomainError('order_not_received', 'The order did not come from a merchant; no answer is awaited.');
}

/**
 * A supplier promises to ship what it was sent, before any of it has shipped.
 * @throws DomainError `order_not_received`, `order_is_split`, `order_cancelled`, `order_shipped`
 */
export function assertMayAccept(order: SupplierResponsePlace): void {
  const { status, lines } = order;
  assertReceived(order);
  if (status === 'split') throw new DomainError('order_is_split', 'The order is split; accept or reject its leaves.');
  if (status === 'cancelled') throw new DomainError('order_cancelled', 'The order is cancelled.');
  if (lines.some((line) => line.shipped > 0))
    throw new DomainError('order_shipped', 'Units of the order have shipped already.');
}

/**
 * A supplier sends back what it was sent. What it has dropshipped itself, its own supplier decides about first.
 * @throws DomainError `order_dropshipped`, and as `assertMayAccept`
 */
export function assertMayReject(order: SupplierResponsePlace): void {
  // A supplier that has split the order by itself rejects it as a whole: its leaves are none of the merchant's.
  assertMayAccept({ ...order, status: order.status === 'split' ? 'awaiting_fulfillment' : order.status });
  if (order.dropship !== null && isLive(order.dropship.status))
    throw new DomainError('order_dropshipped', 'The order is dropshipped: cancel it there, then reject it.');
}
