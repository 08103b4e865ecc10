import { isLive, type DropshipStatus } from '../dropships/dropship.ts';
import { DomainError } from '../errors.ts';
import type { OrderStatus } from '../orders/order.ts';

/** What decides how a shipment of an order is recorded. */
export type ShippingPlace = {
  status: OrderStatus;
  /** The dropship a supplier's order came by. */
  originDropshipId: string | null;
  /** The dropship the order was handed on by. */
  dropship: { status: DropshipStatus } | null;
};

/**
 * `message`: the units are a dropship's, whose workflow is the only one to write them (law 3). `own`: they are the
 * account's alone, one transaction writes them.
 */
export type ShipmentRoute = { via: 'message'; dropshipId: string } | { via: 'own' };

export const isDropshipped = ({ dropship }: Pick<ShippingPlace, 'dropship'>): boolean =>
  dropship !== null && isLive(dropship.status);

/** Which way a shipment of this order goes; whether it may go at all is `assertTakesShipments`. */
export function shipmentRoute(order: ShippingPlace): ShipmentRoute {
  if (order.originDropshipId === null || isDropshipped(order)) return { via: 'own' };
  return { via: 'message', dropshipId: order.originDropshipId };
}

/**
 * Whoever has the goods enters the tracking, on the leaf the units are on.
 * @throws DomainError `order_is_split`, `order_cancelled`, `order_dropshipped`
 */
export function assertTakesShipments(order: ShippingPlace): void {
  if (order.status === 'split') throw new DomainError('order_is_split', 'The order is split; ship one of its leaves.');
  if (order.status === 'cancelled') throw new DomainError('order_cancelled', 'The order is cancelled.');
  if (isDropshipped(order))
    throw new DomainError('order_dropshipped', 'The order is handed on: its supplier ships it.');
}
