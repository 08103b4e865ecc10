import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  defaultInterval,
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

describe('a run that was due', () => {
  const due = { everyMs: 60 * minute, nextRunAt: 160 * minute, lastRunAt: 40 * minute, since: 0, now: 110 * minute };

  it('is overdue when it never began, some time after its moment', () => {
    expect(isOverdue(due)).toBe(true);
    expect(isOverdue({ ...due, now: 101.5 * minute })).toBe(true);
    expect(isOverdue({ ...due, now: 100.5 * minute })).toBe(false);
    // A daily one is not left until tomorrow, one of ten seconds not for a minute.
    expect(isOverdue({ everyMs: 10_000, nextRunAt: 20_000, lastRunAt: 0, since: 0, now: 11_100 })).toBe(true);
  });

  it.each([
    ['has begun', { lastRunAt: 100.1 * minute }],
    ['was due before the Schedule was as it is now', { since: 105 * minute }],
    ['belongs to a rhythm that is not one interval', { everyMs: 0 }],
    ['may still be caught up by Temporal, which has not looked since it is back', { nextRunAt: 109 * minute }],
  ])('is not when it %s', (_why, change) => {
    expect(isOverdue({ ...due, ...change })).toBe(false);
  });
});

it('starts cancelling at the supplier only when someone turned it on', () => {
  expect(taskTypes.filter(startsPaused)).toEqual(['cancel_orders']);
});
