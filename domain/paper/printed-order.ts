import { unitsLeft, type Address } from '../orders/order.ts';
import type { ShipmentLine } from '../shipments/shipment.ts';

/** A line as it goes onto paper. Quantities in units, the price of one unit in minor units of the order's currency. */
export type PrintedLine = {
  lineId: string;
  sku: string;
  name: string;
  /** Where the product lies in the warehouse. */
  bin: string | null;
  quantity: number;
  shipped: number;
  cancelled: number;
  requiresShipping: boolean;
  unitPriceMinor: number | null;
};

/** A leaf as it goes onto paper: what slips and pick lists are made of. Nothing here is a cost. */
export type PrintedOrder = {
  id: string;
  number: string;
  /** As the customer knows it: the number that came from the shop or the merchant, before any split. */
  merchantNumber: string;
  /** An ISO 8601 instant. */
  placedAt: string;
  currency: string;
  shipTo: Address;
  shippingMethod: string | null;
  /** The customer's own words. */
  note: string | null;
  lines: PrintedLine[];
};

/** `here`: in this box. `toCome`: in a later one. */
type PackedLine = { line: PrintedLine; here: number; toCome: number };

/**
 * The units of an order's next box: those that are named, else all open ones. An order without any open unit is printed
 * again: its box has what has shipped. Lines that need no shipping, and lines with nothing here or to come, are left out.
 * @param parcel the units of a label's box; its shipment may be recorded already
 */
export function unitsToPack(
  { lines }: Pick<PrintedOrder, 'lines'>,
  parcel?: { lines: readonly ShipmentLine[]; isRecorded: boolean },
): PackedLine[] {
  const goods = lines.filter((line) => line.requiresShipping);
  const isAllSent = goods.every((line) => unitsLeft(line) <= 0);
  const packed = goods.map((line): PackedLine => {
    const open = Math.max(0, unitsLeft(line));
    if (!parcel) return { line, here: isAllSent ? line.shipped : open, toCome: 0 };
    const here = parcel.lines.reduce((sum, one) => sum + (one.lineId === line.lineId ? one.quantity : 0), 0);
    return { line, here, toCome: Math.max(0, parcel.isRecorded ? open : open - here) };
  });
  return packed.filter(({ here, toCome }) => here > 0 || toCome > 0);
}
