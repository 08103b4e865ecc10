import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { unitsLeft } from '../../../domain/orders/order.ts';
import {
  assertNotRecorded,
  assertShipDate,
  linesToShip,
  sameUnits,
  unitsOfShipment,
  type ShipmentLine,
} from '../../../domain/shipments/shipment.ts';
import { codeOf, refusalOf } from '../../support/engine/refusal.ts';
import { aLine, someLines, sumByLine } from '../../support/trade/units.ts';

const lines = [aLine('A', 3), aLine('B', 2, { shipped: 1 }), aLine('C', 1, { cancelled: 1 })];

describe('the units of a shipment', () => {
  it('are all that is left when none are named', () => {
    expect(linesToShip(lines)).toEqual([
      { lineId: 'A', quantity: 3 },
      { lineId: 'B', quantity: 1 },
    ]);
  });

  it('are those named, each line once', () => {
    const requested = [
      { lineId: 'B', quantity: 1 },
      { lineId: 'A', quantity: 1 },
      { lineId: 'A', quantity: 2 },
    ];

    expect(linesToShip(lines, requested)).toEqual([
      { lineId: 'B', quantity: 1 },
      { lineId: 'A', quantity: 3 },
    ]);
  });

  it.each<[string, ShipmentLine[], string, string]>([
    [
      'a line of another order',
      [
        { lineId: 'A', quantity: 1 },
        { lineId: 'X', quantity: 1 },
      ],
      'line_not_found',
      '/lines/1/lineId',
    ],
    ['more than is left', [{ lineId: 'A', quantity: 4 }], 'quantity_exceeds_open', '/lines/0/quantity'],
    [
      'more than is left in two parts',
      [
        { lineId: 'A', quantity: 2 },
        { lineId: 'A', quantity: 2 },
      ],
      'quantity_exceeds_open',
      '/lines/0/quantity',
    ],
    ['units that shipped', [{ lineId: 'B', quantity: 2 }], 'quantity_exceeds_open', '/lines/0/quantity'],
    ['units that are cancelled', [{ lineId: 'C', quantity: 1 }], 'quantity_exceeds_open', '/lines/0/quantity'],
    ['no line at all', [], 'invalid_request', '/lines'],
    ['no units', [{ lineId: 'A', quantity: 0 }], 'invalid_request', '/lines/0/quantity'],
    ['negative units', [{ lineId: 'A', quantity: -1 }], 'invalid_request', '/lines/0/quantity'],
    ['half a unit', [{ lineId: 'A', quantity: 0.5 }], 'invalid_request', '/lines/0/quantity'],
    [
      'too many hidden by negative ones',
      [
        { lineId: 'A', quantity: 5 },
        { lineId: 'A', quantity: -2 },
      ],
      'invalid_request',
      '/lines/1/quantity',
    ],
  ])('cannot be %s', (...[_what, requested, code, pointer]) => {
    expect(refusalOf(() => linesToShip(lines, requested))).toEqual({ code, pointers: [pointer] });
  });

  it('cannot be none: when nothing is left it says so', () => {
    const over = [aLine('A', 3, { shipped: 3 }), aLine('B', 1, { cancelled: 1 })];

    expect(codeOf(() => linesToShip(over))).toBe('nothing_left_to_ship');
  });

  it('are accepted exactly when no line gets more than it has left, and their sums stay the same', () => {
    const part = fc.record({
      lineId: fc.constantFrom('L0', 'L1', 'L2', 'L3', 'L4', 'L5'),
      quantity: fc.integer({ min: 1, max: 12 }),
    });
    fc.assert(
      fc.property(someLines(), fc.array(part, { minLength: 1, maxLength: 8 }), (current, requested) => {
        const fits = Object.entries(sumByLine(requested)).every(([lineId, units]) => {
          const line = current.find((candidate) => candidate.lineId === lineId);
          return line !== undefined && units <= unitsLeft(line);
        });

        expect(codeOf(() => linesToShip(current, requested)) === null).toBe(fits);
        if (fits) expect(sumByLine(linesToShip(current, requested))).toEqual(sumByLine(requested));
      }),
      { numRuns: 500 },
    );
  });
});

describe('the same shipment sent twice', () => {
  const known = [{ shipmentId: 'shp_1', trackingNumber: '1Z 999-AA1', lines: [{ lineId: 'A', quantity: 2 }] }];

  it.each<[string, string, ShipmentLine[], string | null]>([
    ['the same', '1Z 999-AA1', [{ lineId: 'A', quantity: 2 }], 'tracking_already_recorded'],
    [
      'typed without blanks and in small letters',
      '1z999aa1',
      [{ lineId: 'A', quantity: 2 }],
      'tracking_already_recorded',
    ],
    [
      'in two parts',
      '1Z999AA1',
      [
        { lineId: 'A', quantity: 1 },
        { lineId: 'A', quantity: 1 },
      ],
      'tracking_already_recorded',
    ],
    ['another number', '1Z999AA2', [{ lineId: 'A', quantity: 2 }], null],
    ['other units of the line', '1Z999AA1', [{ lineId: 'A', quantity: 1 }], null],
    ['another line', '1Z999AA1', [{ lineId: 'B', quantity: 2 }], null],
  ])('%s', (...[_what, trackingNumber, sent, code]) => {
    expect(codeOf(() => assertNotRecorded(known, trackingNumber, sent))).toBe(code);
  });
});

it('a shipment of all that is left is not recorded twice under one number, though another line is open by now', () => {
  const known = [{ shipmentId: 'shp_1', trackingNumber: 'T1', lines: [{ lineId: 'A', quantity: 1 }] }];
  const lines = [
    { lineId: 'A', quantity: 1, shipped: 1, cancelled: 0 },
    { lineId: 'B', quantity: 1, shipped: 0, cancelled: 0 },
  ];

  expect(codeOf(() => unitsOfShipment(lines, known, { trackingNumber: 'T1' }))).toBe('tracking_already_recorded');
  expect(unitsOfShipment(lines, known, { trackingNumber: 'T2' })).toEqual([{ lineId: 'B', quantity: 1 }]);
});

describe('a ship date', () => {
  const at = { placedAt: '2026-03-10T23:30:00Z', now: new Date('2026-03-20T12:00:00Z') };

  it.each([
    ['2026-04-19T12:00:00Z', null],
    ['2026-04-19T12:00:01Z', 'ship_date_not_acceptable'],
    ['2026-03-09T00:00:00Z', null],
    ['2026-03-08T23:59:59Z', 'ship_date_not_acceptable'],
    ['2026-03-09T01:00:00+02:00', 'ship_date_not_acceptable'],
  ])('%s has the outcome %j', (shippedAt, code) => {
    expect(codeOf(() => assertShipDate(shippedAt, at))).toBe(code);
  });

  it('of this moment is never before its order, whose shop may have another clock', () => {
    const { now } = at;
    expect(codeOf(() => assertShipDate(now.toISOString(), { placedAt: '2026-06-01T00:00:00Z', now }))).toBeNull();
  });
});

it('compares units whatever their order and parts', () => {
  const part = fc.record({ lineId: fc.constantFrom('A', 'B'), quantity: fc.integer({ min: 1, max: 3 }) });
  fc.assert(
    fc.property(fc.array(part), fc.array(part), (one, other) => {
      expect(sameUnits(one, [...one].reverse())).toBe(true);
      expect(sameUnits(one, other)).toBe(JSON.stringify(sorted(one)) === JSON.stringify(sorted(other)));
    }),
  );
});

const sorted = (parts: readonly ShipmentLine[]) =>
  Object.entries(sumByLine(parts)).sort(([one], [other]) => one.localeCompare(other));
