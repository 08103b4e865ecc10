import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  assertEditable,
  assertSplittable,
  leafNumber,
  orderStatuses,
  overallStatusOf,
  statusOf,
  unitsLeft,
  type OrderStatus,
  type SplitGroup,
} from '../../../domain/orders/order.ts';
import { codeOf } from '../../support/engine/refusal.ts';
import { aLine, someLines, unshippedUnits } from '../../support/trade/units.ts';

describe('the status of a leaf', () => {
  it.each([
    ['nothing happened', [[3, 0, 0]], false, 'awaiting_fulfillment'],
    ['nothing happened, but a dropship lives', [[3, 0, 0]], true, 'dropship_requested'],
    ['some of a line shipped', [[3, 1, 0]], true, 'partially_shipped'],
    [
      'a line shipped, another is open',
      [
        [3, 3, 0],
        [1, 0, 0],
      ],
      false,
      'partially_shipped',
    ],
    [
      'everything shipped',
      [
        [3, 3, 0],
        [1, 1, 0],
      ],
      true,
      'shipped',
    ],
    ['the rest of what shipped is cancelled', [[3, 2, 1]], true, 'shipped'],
    [
      'one line shipped, the other is cancelled',
      [
        [3, 3, 0],
        [1, 0, 1],
      ],
      false,
      'shipped',
    ],
    [
      'everything is cancelled',
      [
        [3, 0, 3],
        [1, 0, 1],
      ],
      true,
      'cancelled',
    ],
    ['some units are cancelled', [[3, 0, 2]], false, 'awaiting_fulfillment'],
  ] as const)('when %s', (...[_when, units, hasLiveDropship, status]) => {
    const lines = units.map(([quantity, shipped, cancelled]) => ({ quantity, shipped, cancelled }));

    expect(statusOf(lines, hasLiveDropship)).toBe(status);
  });

  it('is `shipped` or `cancelled` exactly when no unit is left', () => {
    fc.assert(
      fc.property(someLines(), fc.boolean(), (lines, lives) => {
        const isOver = ['shipped', 'cancelled'].includes(statusOf(lines, lives));
        expect(isOver).toBe(lines.every((line) => unitsLeft(line) === 0));
      }),
    );
  });

  it('says that something shipped exactly when a unit has', () => {
    fc.assert(
      fc.property(someLines(), fc.boolean(), (lines, lives) => {
        const hasShipped = ['shipped', 'partially_shipped'].includes(statusOf(lines, lives));
        expect(hasShipped).toBe(lines.some((line) => line.shipped > 0));
      }),
    );
  });
});

describe('the status of a parent', () => {
  it.each<[OrderStatus[], OrderStatus]>([
    [['awaiting_fulfillment', 'awaiting_fulfillment'], 'awaiting_fulfillment'],
    [['dropship_requested', 'awaiting_fulfillment'], 'dropship_requested'],
    [['shipped', 'awaiting_fulfillment'], 'partially_shipped'],
    [['shipped', 'dropship_requested'], 'partially_shipped'],
    [['partially_shipped', 'shipped'], 'partially_shipped'],
    [['shipped', 'shipped'], 'shipped'],
    [['shipped', 'cancelled'], 'shipped'],
    [['awaiting_fulfillment', 'cancelled'], 'awaiting_fulfillment'],
    [['cancelled', 'cancelled'], 'cancelled'],
  ])('%j together are %s', (leaves, together) => {
    expect(overallStatusOf(leaves)).toBe(together);
  });

  it('is what all its leaves are when they are alike, and the order of leaves says nothing', () => {
    const leafStatus = fc.constantFrom(...orderStatuses.filter((status) => status !== 'split'));
    fc.assert(
      fc.property(leafStatus, fc.integer({ min: 1, max: 5 }), (status, count) => {
        expect(overallStatusOf(Array.from({ length: count }, () => status))).toBe(status);
      }),
    );
    fc.assert(
      fc.property(fc.array(leafStatus, { minLength: 1, maxLength: 5 }), (leaves) => {
        expect(overallStatusOf([...leaves].reverse())).toBe(overallStatusOf(leaves));
      }),
    );
  });
});

describe('a split', () => {
  const lines = [aLine('A', 3), aLine('B', 2, { cancelled: 1 })];
  const whole: SplitGroup[] = [[{ lineId: 'A', quantity: 3 }], [{ lineId: 'B', quantity: 1 }]];

  it('is accepted when the groups use up every open unit', () => {
    expect(codeOf(() => assertSplittable('awaiting_fulfillment', lines, whole))).toBeNull();
  });

  it.each<[string, SplitGroup[]]>([
    ['one group', [[...whole[0]!, ...whole[1]!]]],
    ['an empty group', [...whole, []]],
    ['a unit too few', [[{ lineId: 'A', quantity: 2 }], whole[1]!]],
    ['a unit too many', [...whole, [{ lineId: 'A', quantity: 1 }]]],
    ['a cancelled unit', [whole[0]!, [{ lineId: 'B', quantity: 2 }]]],
    ['a line left out', [[{ lineId: 'A', quantity: 1 }], [{ lineId: 'A', quantity: 2 }]]],
    ['a part of no units', [...whole, [{ lineId: 'A', quantity: 0 }]]],
    ['negative units that add up', [[{ lineId: 'A', quantity: 4 }], [{ lineId: 'A', quantity: -1 }, ...whole[1]!]]],
    ['half a unit', [[{ lineId: 'A', quantity: 1.5 }], [{ lineId: 'A', quantity: 1.5 }, ...whole[1]!]]],
  ])('is refused with %s', (_what, groups) => {
    expect(codeOf(() => assertSplittable('awaiting_fulfillment', lines, groups))).toBe('split_refused');
  });

  it('is refused with a line of another order', () => {
    const groups = [...whole, [{ lineId: 'C', quantity: 1 }]];

    expect(codeOf(() => assertSplittable('awaiting_fulfillment', lines, groups))).toBe('line_not_found');
  });

  it.each([
    ['split', lines, 'order_is_split'],
    ['cancelled', lines, 'order_cancelled'],
    ['partially_shipped', [aLine('A', 3, { shipped: 1 })], 'order_shipped'],
  ] as const)('of an order that is %s is refused by that name', (status, current, code) => {
    expect(codeOf(() => assertSplittable(status, current, whole))).toBe(code);
  });

  it('conserves units: whatever is dealt out entirely is accepted, one unit more or less is not', () => {
    const dealt = fc
      .tuple(someLines(unshippedUnits), fc.infiniteStream(fc.integer({ min: 0, max: 2 })))
      .map(([current, dice]) => ({ current, groups: deal(current, dice) }))
      .filter(({ groups }) => groups.length > 1);
    fc.assert(
      fc.property(dealt, fc.constantFrom(1, -1), ({ current, groups }, difference) => {
        expect(codeOf(() => assertSplittable('awaiting_fulfillment', current, groups))).toBeNull();

        const [first, ...rest] = groups;
        const [part, ...parts] = first!;
        const wrong = [[{ ...part!, quantity: part!.quantity + difference }, ...parts], ...rest];
        expect(codeOf(() => assertSplittable('awaiting_fulfillment', current, wrong))).toBe('split_refused');
      }),
    );
  });
});

/** Deals the open units of each line out to three groups, by the dice; groups that got nothing are left out. */
function deal(lines: Parameters<typeof assertSplittable>[1], dice: Iterator<number>): SplitGroup[] {
  const groups: { lineId: string; quantity: number }[][] = [[], [], []];
  for (const line of lines) {
    const counts = [0, 0, 0];
    for (let unit = 0; unit < unitsLeft(line); unit += 1) counts[dice.next().value as number]! += 1;
    counts.forEach((quantity, index) => quantity > 0 && groups[index]!.push({ lineId: line.lineId, quantity }));
  }
  return groups.filter((group) => group.length > 0);
}

describe('an edit of ship-to or notes', () => {
  it.each([
    ['awaiting_fulfillment', false, null],
    ['dropship_requested', false, null],
    ['partially_shipped', false, null],
    ['dropship_requested', true, 'order_already_imported'],
    ['split', false, 'order_is_split'],
    ['cancelled', false, 'order_cancelled'],
    ['shipped', false, 'order_shipped'],
  ] as const)('of a %s order, supplier has it: %s, is answered with %s', (status, isImported, code) => {
    expect(codeOf(() => assertEditable(status, isImported))).toBe(code);
  });
});

it('numbers leaves from the number of their root', () => {
  expect([1, 2, 11].map((position) => leafNumber('1001', position))).toEqual(['1001-1', '1001-2', '1001-11']);
});
