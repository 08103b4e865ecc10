import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { addCounts, noCounts, outcomeOf, type TaskCounts } from '../../domain/task.ts';

const count = fc.nat(1_000);
const someCounts: fc.Arbitrary<TaskCounts> = fc.record({
  seen: count,
  created: count,
  updated: count,
  unchanged: count,
  waiting: count,
  cancelled: count,
  written: count,
  failed: count,
});

describe('what a run did', () => {
  it.each<[string, Partial<TaskCounts>, string | null, string]>([
    ['nothing to do', {}, null, 'succeeded'],
    ['orders came in', { seen: 2, created: 2 }, null, 'succeeded'],
    ['orders wait for payment', { seen: 2, waiting: 2 }, null, 'succeeded'],
    ['one of many failed', { seen: 9, created: 8, failed: 1 }, null, 'partly_failed'],
    ['the channel did not answer', {}, 'channel_unreachable', 'failed'],
    ['the channel did not answer in the middle', { seen: 3, created: 2, failed: 1 }, 'channel_unreachable', 'failed'],
  ])('%s', (...[_what, counts, cause, status]) => {
    expect(outcomeOf(addCounts(noCounts(), counts), cause)).toBe(status);
  });

  it('adds up the same, however its pages are cut', () => {
    fc.assert(
      fc.property(fc.array(someCounts), fc.nat(10), (pages, cut) => {
        const sum = (some: readonly TaskCounts[]) => some.reduce<TaskCounts>(addCounts, noCounts());

        expect(addCounts(sum(pages.slice(0, cut)), sum(pages.slice(cut)))).toEqual(sum(pages));
      }),
    );
  });

  it('adds each count to its own kind, and leaves what is not given', () => {
    const before = addCounts({ seen: 1, created: 2, updated: 3, unchanged: 4, failed: 5 }, {});

    expect(addCounts(before, { seen: 10, waiting: 20, cancelled: 30, written: 40, failed: 50 })).toEqual({
      seen: 11,
      created: 2,
      updated: 3,
      unchanged: 4,
      waiting: 20,
      cancelled: 30,
      written: 40,
      failed: 55,
    });
    expect(addCounts(before, {})).toEqual(before);
  });
});
