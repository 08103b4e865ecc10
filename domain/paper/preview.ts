import { whatCrosses, type MerchantSide } from '../dropships/crossing.ts';
import type { PrintedOrder } from './printed-order.ts';

/** A merchant's order as its supplier prints it: the fields that cross, and the units as the merchant sees them. */
export function asSupplierPrints(order: PrintedOrder, side: MerchantSide): PrintedOrder {
  // The slip also has lines with nothing open, which do not cross any more.
  const crossing = whatCrosses({ ...side, lines: side.lines.map((line) => ({ ...line, openUnits: 1 })) });
  const crossed = new Map(crossing.lines.map((line) => [line.lineId, line]));
  return {
    ...order,
    number: crossing.number,
    merchantNumber: crossing.number,
    shipTo: crossing.shipTo,
    shippingMethod: crossing.shippingMethod,
    note: crossing.notes?.customer ?? null,
    lines: order.lines.flatMap((line) => {
      const there = crossed.get(line.lineId);
      return there ? [{ ...line, sku: there.sku, bin: null, unitPriceMinor: there.unitPriceMinor ?? null }] : [];
    }),
  };
}
