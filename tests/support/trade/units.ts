import type { CancelLine } from '../../../domain/orders/cancel.ts';
import fc from 'fast-check';
import type { LineUnits } from '../../../domain/orders/order.ts';

type UnitLine = LineUnits & { lineId: string };

/** A line with units as it could be: `0 <= shipped + cancelled <= quantity`. */
export const someUnits: fc.Arbitrary<LineUnits> = fc
  .tuple(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 30 }))
  .map(([quantity, one, other]) => {
    const shipped = one % (quantity + 1);
    return { quantity, shipped, cancelled: other % (quantity - shipped + 1) };
  });

/** Lines `L0`, `L1`, … of one order. */
export const someLines = (units: fc.Arbitrary<LineUnits> = someUnits): fc.Arbitrary<UnitLine[]> =>
  fc
    .array(units, { minLength: 1, maxLength: 6 })
    .map((all) => all.map((one, index) => ({ lineId: `L${index}`, ...one })));

/** Units of each line that nothing has shipped of. */
export const unshippedUnits: fc.Arbitrary<LineUnits> = someUnits.map((units) => ({ ...units, shipped: 0 }));

export const aLine = (lineId: string, quantity: number, units: Partial<LineUnits> = {}): UnitLine => ({
  lineId,
  quantity,
  shipped: 0,
  cancelled: 0,
  ...units,
});

/** Units by line of any list of parts. */
export function sumByLine(parts: readonly { lineId: string; quantity: number }[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const { lineId, quantity } of parts) sums[lineId] = (sums[lineId] ?? 0) + quantity;
  return sums;
}

/** A line of three open units, as cancels see it. */
export const aCancelLine = (lineId: string, key: string, change: Partial<CancelLine> = {}): CancelLine => ({
  lineId,
  key,
  quantity: 3,
  shipped: 0,
  cancelled: 0,
  cancelRequested: 0,
  shippedBefore: 0,
  cancelledInShop: 0,
  letShip: 0,
  ...change,
});
