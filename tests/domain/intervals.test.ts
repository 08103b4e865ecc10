import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  defaultInterval,
  dueAt,
  intervalMs,
  intervalOfMs,
  intervals,
  isOverdue,
  offsetMs,
  startsPaused,
} from '../../domain/intervals.ts';
import { taskTypes } from '../../domain/task.ts';

const minute = 60_000;

describe('an interval', () => {
  it.each([
    ['10m', 10 * minute],
    ['1h', 60 * minute],
    ['6h', 6 * 60 * minute],
    ['24h', 24 * 60 * minute],
    ['instant', 15 * minute],
  ] as const)('of %s runs every %i ms', (interval, ms) => {
    expect(intervalMs(interval)).toBe(ms);
  });

  it('is known again by its length, and a length that ops made up is none', () => {
    expect(intervals.map((interval) => intervalOfMs(intervalMs(interval)))).toEqual([...intervals]);
    expect(intervalOfMs(7 * minute)).toBeUndefined();
    expect(intervalOfMs(0)).toBeUndefined();
  });

  it('is an hour unless changed', () => {
    expect(defaultInterval).toBe('1h');
  });
});

describe('the place of a task in its interval', () => {
  it('is a whole number of milliseconds in the interval, the same each time', () => {
    fc.assert(
      fc.property(fc.string(), fc.constantFrom(...intervals), (id, interval) => {
        const offset = offsetMs(id, intervalMs(interval));

        expect(Number.isInteger(offset) && offset >= 0 && offset < intervalMs(interval)).toBe(true);
        expect(offsetMs(id, intervalMs(interval))).toBe(offset);
      }),
    );
  });

  it('spreads 1,200 hourly channels over the hour: no minute gets three times its share', () => {
    const perMinute = Array.from({ length: 60 }, () => 0);
    for (let index = 0; index < 1_200; index += 1) {
      perMinute[Math.floor(offsetMs(`import_orders/chan_${index}`, 60 * minute) / minute)]! += 1;
    }

    expect(Math.max(...perMinute)).toBeLessThan(60);
    expect(Math.min(...perMinute)).toBeGreaterThan(0);
  });
});

describe('the moments of a rhythm', () => {
  it('lie on its grid, in whole seconds, as Temporal has them', () => {
    const rhythm = { everyMs: 60_000, offsetMs: 10_429 };

    expect(dueAt(100 * minute + 10_000, rhythm)).toBe(100 * minute + 10_000);
    expect(dueAt(100 * minute + 9_999, rhythm)).toBe(99 * minute + 10_000);
    expect(dueAt(dueAt(123_456_789, rhythm), rhythm)).toBe(dueAt(123_456_789, rhythm));
  });
});

describe('a run that was due', () => {
  // Due at minute 100 and 160; looked at in minute 115.
  const rhythm = { everyMs: 60 * minute, offsetMs: 40 * minute };
  const due = { ...rhythm, windowMs: 10 * minute, lastRunAt: 40 * minute, since: 0, now: 115 * minute };

  it('is overdue when it never began and its window is over', () => {
    expect(isOverdue(due)).toBe(true);
  });

  it.each([
    ['has begun', { lastRunAt: 100 * minute }],
    ['was due before the Schedule was as it is now', { since: 105 * minute }],
    ['belongs to a rhythm that is not one interval', { everyMs: 0 }],
    ['may still be made up for by Temporal', { now: 109 * minute }],
    [
      'has the window that we give, its interval, at the last moment too',
      { windowMs: 60 * minute, now: 160 * minute - 1 },
    ],
  ])('is not when it %s', (_why, change) => {
    expect(isOverdue({ ...due, ...change })).toBe(false);
  });
});

it('starts cancelling at the supplier only when someone turned it on', () => {
  expect(taskTypes.filter(startsPaused)).toEqual(['cancel_orders']);
});
