import { isLive, type DropshipStatus } from '../dropships/dropship.ts';
import { DomainError } from '../errors.ts';
import { unitsLeft, type LineUnits, type OrderStatus } from '../orders/order.ts';

/** What decides how a shipment of an order is recorded. */
export type ShippingPlace = {
  status: OrderStatus;
  /** The dropship that a supplier's order came by. */
  originDropshipId: string | null;
  /** The dropship by which the order is dropshipped. */
  dropship: { status: DropshipStatus } | null;
};

/**
 * `message`: the units belong to a dropship, whose workflow alone writes them (law 3). `own`: only this account is
 * concerned, so one transaction writes them.
 */
type ShipmentRoute = { via: 'message'; dropshipId: string } | { via: 'own' };

export const isDropshipped = ({ dropship }: Pick<ShippingPlace, 'dropship'>): boolean =>
  dropship !== null && isLive(dropship.status);

/** The lines with units that the account itself has to ship. `quantity`: those units alone. */
export const unitsToShip = <L extends LineUnits>(order: ShippingPlace & { lines: readonly L[] }): L[] =>
  isDropshipped(order) || order.status === 'split'
    ? []
    : order.lines
        .filter((line) => unitsLeft(line) > 0)
        .map((line) => ({ ...line, quantity: unitsLeft(line), shipped: 0, cancelled: 0 }));

/** How a shipment of this order is recorded. `assertTakesShipments` says whether it is possible. */
export function shipmentRoute(order: ShippingPlace): ShipmentRoute {
  if (order.originDropshipId === null || isDropshipped(order)) return { via: 'own' };
  return { via: 'message', dropshipId: order.originDropshipId };
}

/**
 * The account that has the goods enters the tracking, on the leaf that has the units.
 * @throws DomainError `order_is_split`, `order_cancelled`, `order_dropshipped`
 */
export function assertTakesShipments(order: Pick<ShippingPlace, 'status' | 'dropship'>): void {
  if (order.status === 'split') throw new DomainError('order_is_split', 'The order is split; ship one of its leaves.');
  if (order.status === 'cancelled') throw new DomainError('order_cancelled', 'The order is cancelled.');
  if (isDropshipped(order))
    throw new DomainError('order_dropshipped', 'The order is dropshipped: its supplier ships it.');
}
