import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  assertCancellable,
  assertOwnOrder,
  cancelRoute,
  remainingAfter,
  remainingUnits,
  linesToCancel,
  linesToGiveUp,
  shareUnits,
  unitsAbove,
  unitsAsked,
  type CancelLeaf,
  type CancelLine,
  type CancelPlace,
} from '../../../domain/orders/cancel.ts';
import { unitsLeft } from '../../../domain/orders/order.ts';
import { codeOf } from '../../support/engine/refusal.ts';
import { aLine, sumByLine, aCancelLine } from '../../support/trade/units.ts';

describe('which way a cancel goes', () => {
  const dropship = (status: NonNullable<CancelPlace['dropship']>['status']) => ({ id: 'drop_own', status });

  it.each<[string, CancelPlace, ReturnType<typeof cancelRoute>]>([
    ['an order of one’s own', { originDropshipId: null, dropship: null }, { via: 'own' }],
    ['one that came back', { originDropshipId: null, dropship: dropship('cancelled') }, { via: 'own' }],
    ['one that was rejected', { originDropshipId: null, dropship: dropship('rejected') }, { via: 'own' }],
    [
      'one that is dropshipped',
      { originDropshipId: null, dropship: dropship('requested') },
      { via: 'request', dropshipId: 'drop_own' },
    ],
    [
      'one that a supplier ships',
      { originDropshipId: null, dropship: dropship('partially_shipped') },
      { via: 'request', dropshipId: 'drop_own' },
    ],
    ['a supplier’s', { originDropshipId: 'drop_in', dropship: null }, { via: 'own' }],
    [
      'a supplier’s that it dropshipped',
      { originDropshipId: 'drop_in', dropship: dropship('imported') },
      { via: 'own' },
    ],
  ])('%s', (_what, place, route) => {
    expect(cancelRoute(place)).toEqual(route);
  });

  it('refuses an order that came from a merchant', () => {
    expect(codeOf(() => assertOwnOrder({ originDropshipId: 'drop_in' }))).toBe('order_received');
    expect(codeOf(() => assertOwnOrder({ originDropshipId: null }))).toBeNull();
  });

  it.each([
    ['split', 'order_is_split'],
    ['cancelled', 'order_cancelled'],
    ['shipped', 'order_shipped'],
    ['partially_shipped', null],
    ['dropship_requested', null],
    ['awaiting_fulfillment', null],
  ] as const)('an order that is %s: %s', (status, code) => {
    expect(codeOf(() => assertCancellable(status))).toBe(code);
  });
});

describe('units that are asked for', () => {
  it.each([
    [{ quantity: 5, shipped: 0, cancelled: 0 }, 0],
    [{ quantity: 5, shipped: 0, cancelled: 0, cancelRequested: 5 }, 5],
    [{ quantity: 5, shipped: 2, cancelled: 0, cancelRequested: 5 }, 3],
    [{ quantity: 5, shipped: 2, cancelled: 0, cancelRequested: 2 }, 2],
    [{ quantity: 5, shipped: 0, cancelled: 2, cancelRequested: 2 }, 0],
    [{ quantity: 5, shipped: 4, cancelled: 1, cancelRequested: 3 }, 0],
    // Cancelled before anybody asked, beyond what is asked for.
    [{ quantity: 5, shipped: 0, cancelled: 3, cancelRequested: 2 }, 0],
  ])('of %j are %i', (line, units) => {
    expect(unitsAsked(line)).toBe(units);
  });
});

describe('the lines of a cancel', () => {
  const lines = [aLine('A', 3, { shipped: 1 }), aLine('B', 2), aLine('C', 1, { cancelled: 1 })];

  it('are all that is open, when none are named', () => {
    expect(linesToCancel(lines)).toEqual([{ lineId: 'A', quantity: 2 }, { lineId: 'B', quantity: 2 }]); // prettier-ignore
  });

  it.each([
    [[{ lineId: 'A', quantity: 3 }], 'quantity_exceeds_open'],
    [[{ lineId: 'C', quantity: 1 }], 'quantity_exceeds_open'],
    [[{ lineId: 'Z', quantity: 1 }], 'line_not_found'],
    [[{ lineId: 'A', quantity: 2 }], null],
  ])('%j: %s', (named, code) => {
    expect(codeOf(() => linesToCancel(lines, named))).toBe(code);
  });

  it('are refused for what became of the units', () => {
    expect(codeOf(() => linesToCancel([aLine('A', 1, { shipped: 1 })]))).toBe('order_shipped');
    expect(codeOf(() => linesToCancel([aLine('A', 1, { cancelled: 1 })]))).toBe('order_cancelled');
  });

  it('that a supplier gives up are those it is asked for', () => {
    const asked = [{ ...aLine('A', 3), cancelRequested: 2 }, aLine('B', 2)];

    expect(linesToGiveUp(asked)).toEqual([{ lineId: 'A', quantity: 2 }]);
    expect(codeOf(() => linesToGiveUp(asked, [{ lineId: 'A', quantity: 3 }]))).toBe('quantity_exceeds_open');
    expect(codeOf(() => linesToGiveUp(asked, [{ lineId: 'B', quantity: 1 }]))).toBe('quantity_exceeds_open');
    expect(codeOf(() => linesToGiveUp([aLine('A', 3)]))).toBe('no_cancel_requested');
  });

  it('count what stays ordered: shipped by the supplier, and still to be shipped', () => {
    // Of A the shop had shipped one unit itself, and the supplier one.
    const order = [aLine('A', 5, { shipped: 2, cancelled: 1 }), aLine('B', 2)];

    const remaining = remainingAfter(order, {
      units: [{ lineId: 'A', quantity: 1 }, { lineId: 'B', quantity: 2 }], // prettier-ignore
      ownShipments: [{ lineId: 'A', quantity: 1 }],
    });

    expect(remaining).toEqual([{ lineId: 'A', remaining: 2 }, { lineId: 'B', remaining: 0 }]); // prettier-ignore
  });
});

const aLeaf = (number: string, dropshipId: string | null, ...lines: CancelLine[]): CancelLeaf => ({
  orderId: `ord_${number}`,
  number,
  dropshipId,
  lines,
});

describe('units to take from an order that was split', () => {
  it('are those above what remains, on all leaves together', () => {
    const leaves = [
      aLeaf('1-1', null, aCancelLine('A1', 'A', { cancelled: 1 })),
      aLeaf('1-2', null, aCancelLine('A2', 'A', { shippedBefore: 1, shipped: 1 }), aCancelLine('B2', 'B')),
    ];

    expect([...unitsAbove(leaves, [{ lineId: 'A', remaining: 1 }, { lineId: 'B', remaining: 9 }])]).toEqual([['A', 3], ['B', 0]]); // prettier-ignore
    expect([...unitsAbove(leaves, null)]).toEqual([['A', 4], ['B', 3]]); // prettier-ignore
    expect(codeOf(() => unitsAbove(leaves, [{ lineId: 'Z', remaining: 0 }]))).toBe('line_not_found');
  });

  it('come from what is in-house first, then by number', () => {
    const leaves = [
      aLeaf('1-10', null, aCancelLine('A10', 'A')),
      aLeaf('1-1', 'drop_1', aCancelLine('A1', 'A')),
      aLeaf('1-2', null, aCancelLine('A2', 'A', { shipped: 2 })),
    ];

    expect(shareUnits(leaves, new Map([['A', 6]]), unitsLeft)).toEqual([
      { orderId: 'ord_1-2', lines: [{ lineId: 'A2', quantity: 1 }] },
      { orderId: 'ord_1-10', lines: [{ lineId: 'A10', quantity: 3 }] },
      { orderId: 'ord_1-1', lines: [{ lineId: 'A1', quantity: 2 }] },
    ]);
  });

  it('are never more than a line has, never fewer than wanted while some line has any', () => {
    const someLine = fc.record({ key: fc.constantFrom('A', 'B'), quantity: fc.nat(6), shipped: fc.nat(6) });
    const someLeaf = fc.record({ isDropshipped: fc.boolean(), lines: fc.array(someLine, { maxLength: 3 }) });
    fc.assert(
      fc.property(fc.array(someLeaf, { maxLength: 5 }), fc.nat(20), fc.nat(20), (drawn, a, b) => {
        const leaves = drawn.map(({ isDropshipped, lines }, leaf) => {
          const made = lines.map(({ key, quantity, shipped }, index) =>
            aCancelLine(`${leaf}-${index}`, key, { quantity, shipped: Math.min(shipped, quantity) }),
          );
          return aLeaf(`1-${leaf}`, isDropshipped ? `drop_${leaf}` : null, ...made);
        });
        const lines = leaves.flatMap((leaf) => leaf.lines);

        const parts = shareUnits(leaves, new Map([['A', a], ['B', b]]), unitsLeft); // prettier-ignore

        const taken = sumByLine(parts.flatMap((part) => part.lines));
        for (const line of lines) expect(taken[line.lineId] ?? 0).toBeLessThanOrEqual(unitsLeft(line));
        for (const [key, wanted] of [['A', a], ['B', b]] as const) {
          const ofKey = lines.filter((line) => line.key === key);
          const open = ofKey.reduce((sum, line) => sum + unitsLeft(line), 0);
          const got = ofKey.reduce((sum, line) => sum + (taken[line.lineId] ?? 0), 0);
          expect(got).toBe(Math.min(wanted, open));
        } // prettier-ignore
      }),
      { numRuns: 300 },
    );
  });

  it('count the same for the merchant as for its supplier, whatever the shop did before', () => {
    const merchant = aCancelLine('A', 'A', { quantity: 7, cancelled: 2, shipped: 3, shippedBefore: 1 });
    const supplier = aCancelLine('S', 'A', { quantity: 4, shipped: 2 });

    expect(remainingUnits(merchant)).toBe(remainingUnits(supplier));
  });
});
