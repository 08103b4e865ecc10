import { describe, expect, it } from '@jest/globals';
import {
  assertDropshipMayBecome,
  assertNoLoop,
  dropshipStatuses,
  dropshipStatusOf,
  endedStatuses,
  isLive,
  maximumHops,
  type DropshipStatus,
} from '../../../domain/dropships/dropship.ts';
import { codeOf } from '../../support/engine/refusal.ts';
import { aLine } from '../../support/trade/units.ts';

/** Every edge of the life of a dropship, spelled out anew: the table in the code is checked against it. */
const edges = new Set([
  ...['requested>imported', 'requested>cancelled', 'requested>split'],
  ...['imported>accepted', 'imported>partially_shipped', 'imported>shipped', 'imported>cancelled'],
  ...['imported>rejected', 'imported>split'],
  ...['accepted>partially_shipped', 'accepted>shipped', 'accepted>cancelled', 'accepted>rejected', 'accepted>split'],
  ...['partially_shipped>shipped', 'partially_shipped>imported', 'partially_shipped>accepted'],
  ...['shipped>partially_shipped', 'shipped>imported', 'shipped>accepted'],
]);
const pairs = dropshipStatuses.flatMap((from) => dropshipStatuses.map((to) => [from, to] as const));

describe('a dropship', () => {
  it.each(pairs)('that is %s, asked to become %s', (from, to) => {
    const allowed = from === to || edges.has(`${from}>${to}`);

    expect(codeOf(() => assertDropshipMayBecome(to, from))).toBe(allowed ? null : 'dropship_transition_refused');
  });

  it('that ended never lives again', () => {
    const ways = endedStatuses.flatMap((from) => dropshipStatuses.filter((to) => edges.has(`${from}>${to}`)));

    expect(ways).toEqual([]);
    expect(dropshipStatuses.filter((status) => !isLive(status))).toEqual([...endedStatuses]);
  });

  it.each<[string, [number, number, number], DropshipStatus, DropshipStatus]>([
    ['nothing shipped', [3, 0, 0], 'imported', 'imported'],
    ['nothing shipped yet of an accepted one', [3, 0, 1], 'accepted', 'accepted'],
    ['a unit shipped', [3, 1, 0], 'imported', 'partially_shipped'],
    ['all units shipped', [3, 3, 0], 'partially_shipped', 'shipped'],
    ['the rest was cancelled', [3, 1, 2], 'partially_shipped', 'shipped'],
    ['everything was cancelled', [3, 0, 3], 'imported', 'cancelled'],
    ['its only shipment was voided', [3, 0, 0], 'shipped', 'imported'],
    ['its only shipment was voided, the rest is cancelled', [3, 0, 1], 'shipped', 'imported'],
    ['one of two shipments was voided', [3, 1, 0], 'shipped', 'partially_shipped'],
  ])('follows its lines: %s', (...[_what, [quantity, shipped, cancelled], current, next]) => {
    expect(dropshipStatusOf([aLine('A', quantity, { shipped, cancelled })], current, false)).toBe(next);
  });

  it('is accepted again when the shipments of an accepted one were voided', () => {
    expect(dropshipStatusOf([aLine('A', 3)], 'partially_shipped', true)).toBe('accepted');
  });
});

describe('a chain of dropships', () => {
  const through = (count: number) => Array.from({ length: count }, (_, index) => `acct_${index}`);

  it('never returns to an account it came through', () => {
    expect(codeOf(() => assertNoLoop(['acct_a', 'acct_b'], 'acct_a'))).toBe('dropship_loop');
    expect(codeOf(() => assertNoLoop(['acct_a', 'acct_b'], 'acct_b'))).toBe('dropship_loop');
    expect(codeOf(() => assertNoLoop(['acct_a', 'acct_b'], 'acct_c'))).toBeNull();
  });

  it('ends after five hand-overs', () => {
    expect(codeOf(() => assertNoLoop(through(maximumHops), 'acct_next'))).toBeNull();
    expect(codeOf(() => assertNoLoop(through(maximumHops + 1), 'acct_next'))).toBe('dropship_loop');
    expect(maximumHops).toBe(5);
  });
});
