import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { unitsAsked, type CancelLeaf, type CancelLine } from '../../../domain/orders/cancel.ts';
import { awaitsDecision, cancelledUnitsToShip, shopCancelsOf } from '../../../domain/orders/shop-cancel.ts';
import { isCancelledInShop, type RoutableLine } from '../../../domain/orders/routing.ts';
import { aCancelLine, someUnits } from '../../support/trade/units.ts';

const aLine = (lineId: string, change: Partial<CancelLine> = {}): CancelLine =>
  aCancelLine(lineId, 'A', { quantity: 1, ...change });
const leavesOf = (...lines: [string | null, CancelLine][]): CancelLeaf[] =>
  lines.map(([dropshipId, line], index) => ({
    orderId: `ord_${index + 1}`,
    number: `1-${index + 1}`,
    dropshipId,
    lines: [line],
  }));
const marked = (leaves: CancelLeaf[], ordered: number, cancelled: number) => [
  ...shopCancelsOf(leaves, new Map([['A', ordered - cancelled]])).values(),
];

describe('units that the shop has cancelled', () => {
  it.each<[string, [string | null, CancelLine][], number[]]>([
    [
      'of leaves that no supplier has, before others',
      [
        ['d1', aLine('1')],
        [null, aLine('2')],
      ],
      [0, 1],
    ],
    [
      'of the first leaf, of suppliers alike',
      [
        ['d1', aLine('1')],
        ['d2', aLine('2')],
      ],
      [1, 0],
    ],
    [
      'where the merchant asks to cancel already',
      [
        ['d1', aLine('1')],
        ['d2', aLine('2', { cancelRequested: 1 })],
      ],
      [0, 1],
    ],
    [
      'not again where they are cancelled here',
      [
        ['d1', aLine('1')],
        ['d2', aLine('2', { cancelled: 1 })],
      ],
      [0, 1],
    ],
    [
      'of what may still ship, before what has shipped',
      [
        ['d1', aLine('1', { shipped: 1 })],
        ['d2', aLine('2')],
      ],
      [0, 1],
    ],
    [
      'of what has shipped, where nothing else is left',
      [
        ['d1', aLine('1', { shipped: 1 })],
        ['d2', aLine('2', { cancelled: 1, cancelRequested: 1 })],
      ],
      [0, 1],
    ],
  ])('are %s', (_what, lines, expected) => {
    expect(marked(leavesOf(...lines), 2, 1)).toEqual(expected);
  });

  it('are not asked about again on another leaf after those that a person let ship have shipped', () => {
    const x = aLine('1', { quantity: 2, cancelledInShop: 1, letShip: 1, shipped: 2 });
    const y = aLine('2', { quantity: 2 });
    const leaves = leavesOf(['d1', x], ['d2', y]);

    expect(marked(leaves, 4, 1)).toEqual([1, 0]);
    // Another one is.
    expect(marked(leaves, 4, 2)).toEqual([1, 1]);
    expect(marked(leaves, 4, 4)).toEqual([2, 2]);
  });

  it('are as many on a line as it has units, whatever a person lets ship', () => {
    const leaves = leavesOf(['d1', aLine('1', { quantity: 3, letShip: 1, cancelRequested: 1 })], ['d2', aLine('2')]);

    expect([1, 2, 3, 4].map((cancelled) => marked(leaves, 4, cancelled))).toEqual([
      [1, 0],
      [2, 0],
      [3, 0],
      [3, 1],
    ]);
  });

  it('are all found, as far as there are units, and none twice', () => {
    const someLines = fc.array(fc.tuple(fc.constantFrom(null, 'd'), someUnits, fc.nat({ max: 30 })), {
      minLength: 1,
      maxLength: 4,
    });
    fc.assert(
      fc.property(someLines, fc.nat({ max: 120 }), (lines, cancelled) => {
        const leaves = leavesOf(
          ...lines.map(([dropshipId, units, asked], index): [string | null, CancelLine] => [
            dropshipId,
            aLine(String(index), { ...units, cancelRequested: Math.min(asked, units.quantity) }),
          ]),
        );
        const own = leaves.flatMap((leaf) => leaf.lines);
        const sum = (of: (line: CancelLine) => number) => own.reduce((units, line) => units + of(line), 0);
        const ordered = sum((line) => line.quantity);
        const inShop = marked(leaves, ordered, cancelled);

        const beyond = Math.max(0, cancelled - sum((line) => line.cancelled));
        const left = sum((line) => line.quantity - line.cancelled);
        expect(inShop.reduce((units, one) => units + one, 0)).toBe(
          sum((line) => line.cancelled) + Math.min(beyond, left),
        );
        const now = own.map((line, index) => ({ ...line, cancelledInShop: inShop[index]! }));
        for (const line of now) expect(line.cancelledInShop).toBeLessThanOrEqual(line.quantity);
        // What may ship is shown, unless it is asked for already.
        const open = sum((line) => line.quantity - line.shipped - line.cancelled - unitsAsked(line));
        const toAsk = Math.max(0, beyond - sum(unitsAsked));
        expect(now.reduce((units, line) => units + cancelledUnitsToShip(line), 0)).toBe(Math.min(open, toAsk));
      }),
    );
  });
});

describe('a person who lets units ship', () => {
  it.each<[string, Partial<CancelLine>, boolean]>([
    ['decides about these', { cancelledInShop: 2, letShip: 2 }, false],
    ['does not decide about more', { cancelledInShop: 3, letShip: 2 }, true],
    [
      'does not decide about the last one, when as many have shipped',
      { cancelledInShop: 3, letShip: 2, shipped: 2 },
      true,
    ],
    ['has nothing to decide once all have shipped', { cancelledInShop: 3, shipped: 3 }, false],
    ['has nothing to decide while they are asked to be cancelled', { cancelledInShop: 2, cancelRequested: 2 }, false],
  ])('%s', (_what, change, expected) => {
    expect(awaitsDecision(aLine('1', { quantity: 3, ...change }))).toBe(expected);
  });
});

describe('automatic routing of what the shop has cancelled', () => {
  const line = (lineId: string, cancelledInShop: number, change: Partial<RoutableLine> = {}): RoutableLine => ({
    ...aLine(lineId, { quantity: 2 }),
    sku: lineId,
    productId: 'prod',
    fulfillmentType: 'automatically_dropshipped',
    supplierIds: ['s'],
    defaultSupplierId: 's',
    cancelledInShop,
    ...change,
  });
  const leaf = (...lineIds: string[]) => ({
    supplierId: 's',
    lines: lineIds.map((lineId) => ({ lineId, quantity: 2 })),
  });

  it('holds back a leaf whose goods are all cancelled, and no other', () => {
    const lines = [line('A', 2), line('B', 1), line('C', 0, { requiresShipping: false })];

    expect(isCancelledInShop(leaf('A'), lines)).toBe(true);
    expect(isCancelledInShop(leaf('A', 'C'), lines)).toBe(true);
    expect(isCancelledInShop(leaf('A', 'B'), lines)).toBe(false);
  });
});
