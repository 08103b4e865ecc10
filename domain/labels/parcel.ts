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
  const goods = order.lines.filter(isOfGoods);
  if (!isReturn) {
    assertTakesShipments(order);
    return linesToShip(goods, requested ?? undefined);
  }
  assertIsLeaf(order.status);
  const shipped = goods.map((line) => ({ ...line, quantity: line.shipped, shipped: 0, cancelled: 0 }));
  return linesToShip(shipped, requested ?? undefined);
}

function assertIsLeaf(status: OrderStatus): void {
  if (status === 'split') throw new DomainError('order_is_split', 'The order is split; name one of its leaves.');
}
