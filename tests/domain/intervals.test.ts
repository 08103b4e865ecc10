import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  defaultInterval,
  intervalMs,
  intervalOfMs,
  intervals,
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

it('starts cancelling at the supplier only when someone turned it on', () => {
  expect(taskTypes.filter(startsPaused)).toEqual(['cancel_orders']);
});
