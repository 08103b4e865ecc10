import type { PrintedOrder } from '../../api/queries/slips.ts';

interface PackedLine {
  readonly id: string;
  readonly sku: string;
  readonly name: string;
  readonly units: number;
}

/** The lines with units that are to be packed; of an order without any, those that have shipped, for a slip printed again. */
export function toPack({ lines }: PrintedOrder): readonly PackedLine[] {
  const open = lines.map((line) => ({ ...line, units: line.quantity - line.shipped - line.cancelled }));
  const isOpen = open.some(({ units }) => units > 0);
  return open
    .map(({ id, sku, name, units, shipped }) => ({ id, sku, name, units: isOpen ? units : shipped }))
    .filter(({ units }) => units > 0);
}

interface Pick {
  readonly sku: string;
  readonly name: string;
  readonly units: number;
  readonly orders: number;
}

/** What to take from the shelves for these orders, by SKU; what has none, by its name. */
export function picksOf(orders: readonly PrintedOrder[]): readonly Pick[] {
  const picks = new Map<string, Pick>();
  for (const line of orders.flatMap(toPack)) {
    const what = line.sku === '' ? `\n${line.name}` : line.sku;
    const { units = 0, orders: before = 0 } = picks.get(what) ?? {};
    picks.set(what, { sku: line.sku, name: line.name, units: units + line.units, orders: before + 1 });
  }
  return [...picks.values()].sort((one, other) => one.sku.localeCompare(other.sku));
}
