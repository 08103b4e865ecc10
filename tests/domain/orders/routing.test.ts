import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { assertSplittable, unitsLeft } from '../../../domain/orders/order.ts';
import {
  fulfillmentTypes,
  planAutomatic,
  planManual,
  unmappedSkus,
  type Leaf,
  type RoutableLine,
} from '../../../domain/orders/routing.ts';
import { codeOf } from '../../support/engine/refusal.ts';
import { aLine, someUnits, sumByLine, unshippedUnits } from '../../support/trade/units.ts';

const automatic = (lineId: string, supplierId: string, quantity = 1): RoutableLine => ({
  ...aLine(lineId, quantity),
  sku: `SKU-${lineId}`,
  productId: `prod_${lineId}`,
  fulfillmentType: 'automatically_dropshipped',
  supplierIds: [supplierId],
  defaultSupplierId: supplierId,
});
const byHand = (lineId: string, supplierIds: string[], quantity = 1): RoutableLine => ({
  ...automatic(lineId, '', quantity),
  fulfillmentType: 'dropshippable',
  supplierIds,
  defaultSupplierId: supplierIds[0] ?? null,
});
const inHouse = (lineId: string, quantity = 1): RoutableLine => ({
  ...automatic(lineId, '', quantity),
  fulfillmentType: 'in_house',
  supplierIds: [],
  defaultSupplierId: null,
});

const shape = (leaves: readonly Leaf[]) =>
  leaves.map(({ supplierId, lines }) => [supplierId, ...lines.map(({ lineId, quantity }) => `${lineId}:${quantity}`)]);

describe('automatic routing', () => {
  it.each<[string, RoutableLine[], unknown[]]>([
    [
      'one supplier and nothing else: no split',
      [automatic('A', 's1', 2), automatic('B', 's1')],
      [['s1', 'A:2', 'B:1']],
    ],
    ['nothing dropshipped: no split', [inHouse('A'), inHouse('B')], [[null, 'A:1', 'B:1']]],
    [
      'the rest stays in-house, last',
      [inHouse('A'), automatic('B', 's1')],
      [
        ['s1', 'B:1'],
        [null, 'A:1'],
      ],
    ],
    [
      'suppliers in the order of their first line',
      [automatic('A', 's2'), automatic('B', 's1'), automatic('C', 's2')],
      [
        ['s2', 'A:1', 'C:1'],
        ['s1', 'B:1'],
      ],
    ],
    ['dropshippable by hand stays', [byHand('A', ['s1'])], [[null, 'A:1']]],
    ['without a default supplier stays', [{ ...automatic('A', 's1'), defaultSupplierId: null }], [[null, 'A:1']]],
    [
      'cancelled and shipped units are not dropshipped',
      [{ ...automatic('A', 's1', 5), shipped: 1, cancelled: 2 }],
      [['s1', 'A:2']],
    ],
    [
      'a line without open units is nowhere',
      [{ ...automatic('A', 's1'), cancelled: 1 }, inHouse('B')],
      [[null, 'B:1']],
    ],
    ['nothing open: no leaf', [{ ...automatic('A', 's1'), cancelled: 1 }], []],
  ])('%s', (_what, lines, leaves) => {
    expect(shape(planAutomatic(lines))).toEqual(leaves);
  });
});

describe('dropshipping by hand', () => {
  const lines = [byHand('A', ['s1', 's2'], 2), byHand('B', ['s2']), automatic('C', 's1'), inHouse('D')];

  it.each<[string, string, string[] | undefined, unknown[]]>([
    [
      'passes all that is assigned',
      's1',
      undefined,
      [
        ['s1', 'A:2', 'C:1'],
        [null, 'B:1', 'D:1'],
      ],
    ],
    [
      'passes the lines that are named',
      's1',
      ['A'],
      [
        ['s1', 'A:2'],
        [null, 'B:1', 'C:1', 'D:1'],
      ],
    ],
    [
      'never passes a line of another supplier',
      's1',
      ['A', 'B', 'D'],
      [
        ['s1', 'A:2'],
        [null, 'B:1', 'C:1', 'D:1'],
      ],
    ],
    ['has no leaf when nothing may pass', 's3', undefined, []],
    ['has no leaf when what is named may not pass', 's1', ['B', 'D'], []],
  ])('%s', (...[_what, supplierId, wanted, leaves]) => {
    expect(shape(planManual(lines, supplierId, wanted))).toEqual(leaves);
  });

  it('does not split an order that passes whole', () => {
    expect(shape(planManual([byHand('A', ['s1']), byHand('B', ['s1'])], 's1'))).toEqual([['s1', 'A:1', 'B:1']]);
  });

  it('never passes a product that is in-house, even when it is assigned', () => {
    expect(planManual([{ ...inHouse('A'), supplierIds: ['s1'] }], 's1')).toEqual([]);
  });
});

describe('any plan', () => {
  const suppliers = ['s1', 's2', 's3'];
  const routable = (units: typeof someUnits) =>
    fc
      .array(
        fc.record({
          units,
          fulfillmentType: fc.constantFrom(...fulfillmentTypes),
          supplierIds: fc.subarray(suppliers),
        }),
        { minLength: 1, maxLength: 6 },
      )
      .map((all) =>
        all.map(({ units: own, fulfillmentType, supplierIds }, index): RoutableLine => ({
          ...own,
          lineId: `L${index}`,
          sku: `SKU-${index}`,
          productId: `prod_${index}`,
          fulfillmentType,
          supplierIds,
          defaultSupplierId: supplierIds[0] ?? null,
        })),
      );
  const openUnits = (lines: readonly RoutableLine[]) =>
    sumByLine(
      lines.map((line) => ({ lineId: line.lineId, quantity: unitsLeft(line) })).filter(({ quantity }) => quantity > 0),
    );

  it('conserves every open unit, in no leaf twice, none empty', () => {
    fc.assert(
      fc.property(routable(someUnits), (lines) => {
        const leaves = planAutomatic(lines);

        expect(sumByLine(leaves.flatMap((leaf) => leaf.lines))).toEqual(openUnits(lines));
        expect(leaves.every((leaf) => leaf.lines.length > 0)).toBe(true);
        expect(new Set(leaves.map((leaf) => leaf.supplierId)).size).toBe(leaves.length);
      }),
    );
  });

  it('by hand conserves them too, or dropships nothing', () => {
    fc.assert(
      fc.property(routable(someUnits), fc.constantFrom(...suppliers), (lines, supplierId) => {
        const leaves = planManual(lines, supplierId);

        const isNothing = leaves.length === 0;
        expect(sumByLine(leaves.flatMap((leaf) => leaf.lines))).toEqual(isNothing ? {} : openUnits(lines));
        expect(isNothing || leaves[0]!.supplierId === supplierId).toBe(true);
      }),
    );
  });

  it('of an order that has not shipped is a split that the split rule accepts', () => {
    fc.assert(
      fc.property(routable(unshippedUnits), (lines) => {
        const groups = planAutomatic(lines).map((leaf) => leaf.lines);

        fc.pre(groups.length > 1);
        expect(codeOf(() => assertSplittable('awaiting_fulfillment', lines, groups))).toBeNull();
      }),
    );
  });
});

it('names the SKUs that are no product', () => {
  const gone = { ...inHouse('C'), productId: null, cancelled: 1 };

  expect(unmappedSkus([automatic('A', 's1'), { ...inHouse('B'), productId: null }, gone])).toEqual(['SKU-B']);
});
