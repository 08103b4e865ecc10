import { DomainError } from '../errors.ts';
import { isOfGoods, type AnyLine, type OrderStatus } from '../orders/order.ts';
import { assertTakesShipments, type ShippingPlace } from '../shipments/route.ts';
import { linesToShip, type ShipmentLine } from '../shipments/shipment.ts';

type ParcelOrder = Pick<ShippingPlace, 'status' | 'dropship'> & { lines: readonly (AnyLine & { lineId: string })[] };

/**
 * The units that a parcel contains: of an order that the account ships, open ones; of a return, units that have shipped.
 * @param asked.requested null for all of them
 * @returns each line once, quantities in units
 * @throws DomainError `order_is_split`, `order_cancelled`, `order_dropshipped`, and as `linesToShip`
 */
export function unitsInParcel(
  order: ParcelOrder,
  { requested, isReturn }: { requested: readonly ShipmentLine[] | null; isReturn: boolean },
): ShipmentLine[] {
  if (isReturn) assertIsLeaf(order.status);
  else assertTakesShipments(order);
  return linesToShip(linesForParcel(order.lines, isReturn), requested ?? undefined);
}

/** What may lie in a parcel, as open units; for a return, what has shipped. A gift card never lies in one. */
export function linesForParcel<Line extends AnyLine>(lines: readonly Line[], isReturn: boolean): Line[] {
  const goods = lines.filter(isOfGoods);
  return isReturn ? goods.map((line) => ({ ...line, quantity: line.shipped, shipped: 0, cancelled: 0 })) : goods;
}

function assertIsLeaf(status: OrderStatus): void {
  if (status === 'split') throw new DomainError('order_is_split', 'The order is split; name one of its leaves.');
}
