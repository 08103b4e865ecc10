import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  assertReceivable,
  assertShippable,
  isKnown,
  isComplete,
  newState,
  reserve,
  unreserve,
  type DropshipState,
  type StateLine,
  type ShipmentToRecord,
} from '../../../domain/dropships/state.ts';
import { codeOf, refusalOf } from '../../support/engine/refusal.ts';
import { aLine } from '../../support/trade/units.ts';

const aState = (...lines: StateLine[]): DropshipState => ({ ...newState(), opened: true, lines });
const aShipment = (id: string, lineId: string, quantity: number): ShipmentToRecord => ({
  shipmentId: id,
  trackingNumber: `T-${id}`,
  lines: [{ lineId, quantity }],
  carrier: 'ups',
  shippedAt: '2026-11-22T10:00:00.000Z',
  by: 'key_1',
});

describe('a dropship that takes shipments', () => {
  it('takes none before the supplier has the order', () => {
    expect(codeOf(() => assertShippable(newState(), aShipment('shp_1', 'A', 1)))).toBe('dropship_not_open');
  });

  it('receives one while the import is under way, when no field is missing', () => {
    const importing = { ...newState(), opened: true, released: true };
    const receive = (state: DropshipState, change: object = {}) =>
      codeOf(() => assertReceivable(state, { ...aShipment('shp_1', 'A', 1), ...change }));

    expect(receive(importing)).toBeNull();
    expect(receive(importing, { carrier: '' })).toBe('invalid_request');
    expect(receive({ ...importing, released: false })).toBe('dropship_not_open');
    expect(receive({ ...importing, cancelled: true })).toBe('dropship_not_open');
    expect(receive({ ...importing, lines: [] })).toBe('line_not_found');
  });

  it('lets one that it knows pass, whatever it says now', () => {
    const state = aState(aLine('A', 1));
    reserve(state, aShipment('shp_1', 'A', 1));

    expect(codeOf(() => assertShippable(state, aShipment('shp_1', 'nonsense', 99)))).toBeNull();
  });

  it.each<[ShipmentToRecord, string]>([
    [aShipment('shp_2', 'B', 1), 'line_not_found'],
    [aShipment('shp_2', 'A', 3), 'quantity_exceeds_open'],
    [{ ...aShipment('shp_2', 'A', 1), trackingNumber: 't SHP_1' }, 'tracking_already_recorded'],
  ])('refuses %j as %s', (shipment, code) => {
    const state = aState(aLine('A', 3));
    reserve(state, aShipment('shp_1', 'A', 1));

    expect(codeOf(() => assertShippable(state, shipment))).toBe(code);
  });

  // Support types JSON by hand: what is let in and breaks a handler would wedge the workflow.
  it.each<[string, string, object]>([
    ['no lines', '/lines', { lines: undefined }],
    ['lines that are no list', '/lines', { lines: { lineId: 'A', quantity: 1 } }],
    ['an empty list', '/lines', { lines: [] }],
    ['an empty line', '/lines/0/quantity', { lines: [null] }],
    ['a quantity that is text', '/lines/0/quantity', { lines: [{ lineId: 'A', quantity: '1' }] }],
    ['negative units', '/lines/0/quantity', { lines: [{ lineId: 'A', quantity: -1 }] }],
    ['half a unit', '/lines/0/quantity', { lines: [{ lineId: 'A', quantity: 0.5 }] }],
    ['no id', '/shipmentId', { shipmentId: undefined }],
    ['no tracking number', '/trackingNumber', { trackingNumber: undefined }],
    ['an empty tracking number', '/trackingNumber', { trackingNumber: ' ' }],
    ['a carrier that is no text', '/carrier', { carrier: 7 }],
    ['a time that is none', '/shippedAt', { shippedAt: 'yesterday' }],
    ['nobody who says so', '/by', { by: undefined }],
  ])('refuses %s, naming %s', (_what, pointer, wrong) => {
    const shipment = { ...aShipment('shp_1', 'A', 1), ...wrong } as ShipmentToRecord;

    expect(refusalOf(() => assertShippable(aState(aLine('A', 3)), shipment))).toEqual({
      code: 'invalid_request',
      pointers: [pointer],
    });
  });

  it('is complete when every unit has shipped or is cancelled, not before', () => {
    const state = aState(aLine('A', 2), aLine('B', 1, { cancelled: 1 }));
    expect(isComplete(newState())).toBe(false);

    reserve(state, aShipment('shp_1', 'A', 1));
    expect(isComplete(state)).toBe(false);

    reserve(state, aShipment('shp_2', 'A', 1));
    expect(isComplete(state)).toBe(true);
  });

  it('is as before when a reservation is given back', () => {
    const state = aState(aLine('A', 2));
    const before = structuredClone(state);

    reserve(state, aShipment('shp_1', 'A', 2));
    unreserve(state, aShipment('shp_1', 'A', 2));

    expect(state).toEqual(before);
  });

  it('stays plain JSON, so that it travels over continue-as-new', () => {
    const state = aState(aLine('A', 2));
    reserve(state, aShipment('shp_1', 'A', 2));

    expect(JSON.parse(JSON.stringify(state))).toEqual(state);
  });
});

describe('any sequence of shipments, repeats and failures', () => {
  type Command = { id: number; line: number; quantity: number; fails: boolean };
  const command: fc.Arbitrary<Command> = fc.record({
    id: fc.integer({ min: 0, max: 7 }),
    line: fc.integer({ min: 0, max: 2 }),
    quantity: fc.integer({ min: 1, max: 4 }),
    fails: fc.boolean(),
  });

  it('never ships more than was ordered, and counts exactly what it knows', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 40 }), (commands) => {
        const state = aState(aLine('L0', 5), aLine('L1', 3, { cancelled: 1 }), aLine('L2', 1));
        const remaining = new Map<string, ShipmentToRecord>();

        for (const { id, line, quantity, fails } of commands) {
          const shipment = aShipment(`shp_${id}`, `L${line}`, quantity);
          if (codeOf(() => assertShippable(state, shipment)) !== null || isKnown(state, shipment.shipmentId)) continue;
          reserve(state, shipment);
          if (fails) unreserve(state, shipment);
          else remaining.set(shipment.shipmentId, shipment);
        }

        expect(state.shipments.map((known) => known.shipmentId)).toEqual([...remaining.keys()]);
        for (const line of state.lines!) {
          const sent = [...remaining.values()]
            .flatMap((shipment) => shipment.lines)
            .filter((one) => one.lineId === line.lineId);
          expect(line.shipped).toBe(sent.reduce((sum, one) => sum + one.quantity, 0));
          expect(line.shipped).toBeGreaterThanOrEqual(0);
          expect(line.shipped + line.cancelled).toBeLessThanOrEqual(line.quantity);
        }
      }),
      { numRuns: 500 },
    );
  });
});
