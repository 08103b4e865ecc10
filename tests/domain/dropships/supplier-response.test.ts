import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  assertMayAccept,
  assertMayReject,
  type SupplierResponsePlace,
} from '../../../domain/orders/supplier-response.ts';
import { assertAcceptance, assertRejection, groupsOf, takeAway } from '../../../domain/dropships/supplier-response.ts';
import {
  assertShippable,
  isComplete,
  newState,
  type DropshipState,
  type StateLine,
} from '../../../domain/dropships/state.ts';
import { unitsLeft } from '../../../domain/orders/order.ts';
import { codeOf } from '../../support/engine/refusal.ts';

const line = (lineId: string, quantity: number, rest: Partial<StateLine> = {}): StateLine => ({
  lineId,
  quantity,
  shipped: 0,
  cancelled: 0,
  ...rest,
});
const state = (lines: StateLine[] | null, rest: Partial<DropshipState> = {}): DropshipState => ({
  ...newState(),
  opened: true,
  released: lines !== null,
  lines,
  ...rest,
});
const sent = { orderId: 'ord_1', actor: { kind: 'account', id: 'key_1' } };
const rejection = (lines: { lineId: string; quantity: number }[] | null = null) => ({
  ...sent,
  reason: 'other' as const,
  lines,
});

describe('an order that may be accepted or rejected', () => {
  const place = (change: Partial<SupplierResponsePlace> = {}): SupplierResponsePlace => ({
    status: 'awaiting_fulfillment',
    originDropshipId: 'drop_1',
    dropship: null,
    lines: [line('L1', 2)],
    ...change,
  });

  it.each<[string, Partial<SupplierResponsePlace>, string | null, string | null]>([
    ['is open and came from a merchant', {}, null, null],
    ['not one of an own shop', { originDropshipId: null }, 'order_not_received', 'order_not_received'],
    ['not cancelled', { status: 'cancelled' }, 'order_cancelled', 'order_cancelled'],
    ['not shipped', { status: 'shipped', lines: [line('L1', 2, { shipped: 2 })] }, 'order_shipped', 'order_shipped'],
    ['not shipped in part', { lines: [line('L1', 2, { shipped: 1 })] }, 'order_shipped', 'order_shipped'],
    ['if divided, only rejected as a whole', { status: 'split' }, 'order_is_split', null],
    ['if dropshipped, only accepted', { dropship: { status: 'imported' } }, null, 'order_dropshipped'],
    ['not dropshipped any more', { dropship: { status: 'rejected' } }, null, null],
  ])('%s', (...[, change, accepting, rejecting]) => {
    expect(codeOf(() => assertMayAccept(place(change)))).toBe(accepting);
    expect(codeOf(() => assertMayReject(place(change)))).toBe(rejecting);
  });
});

describe('a dropship', () => {
  it.each<[string, DropshipState, string | null]>([
    ['with open units takes a decision', state([line('L1', 2, { cancelled: 1 })]), null],
    ['that nobody has opened yet takes it, and judges later', { ...newState() }, null],
    ['that is being imported too', state(null, { released: true }), null],
    ['that waits for its import does not', state(null), 'dropship_not_open'],
    ['of which units have shipped does not', state([line('L1', 2, { shipped: 1 })]), 'order_shipped'],
    ['that is cancelled does not', state([line('L1', 2, { cancelled: 2 })]), 'order_cancelled'],
    ['that was split does not', state([line('L1', 2)], { ended: 'split' }), 'order_is_split'],
    ['that was rejected does not', state([line('L1', 2)], { ended: 'rejected' }), 'order_cancelled'],
  ])('%s', (...[, now, refusal]) => {
    expect(codeOf(() => assertAcceptance(now, sent))).toBe(refusal);
    expect(codeOf(() => assertRejection(now, rejection()))).toBe(refusal);
  });

  it.each<[string, object]>([
    ['no actor', { actor: undefined }],
    ['an actor without id', { actor: { kind: 'account' } }],
    ['no order', { orderId: undefined }],
    ['a time that is none', { expectedShipAt: 'soon' }],
    ['a time that is no text', { expectedShipAt: 4 }],
  ])('refuses an acceptance with %s', (_, change) => {
    expect(codeOf(() => assertAcceptance(state(null, { opened: false }), { ...sent, ...change }))).toBe('invalid_request'); // prettier-ignore
  });

  it.each<[string, object]>([
    ['a reason that is none', { reason: 'whim' }],
    ['no lines', { lines: undefined }],
    ['lines that are no list', { lines: {} }],
  ])('refuses a rejection with %s, whatever is known', (_, change) => {
    const wrong = { ...rejection(), ...change };

    expect(codeOf(() => assertRejection(state(null, { opened: false }), wrong))).toBe('invalid_request');
  });

  it.each<[string, { lineId: string; quantity: number }[], string]>([
    ['a line it does not have', [{ lineId: 'L9', quantity: 1 }], 'line_not_found'],
    ['more units than are open', [{ lineId: 'L1', quantity: 3 }], 'quantity_exceeds_open'],
    ['no units', [{ lineId: 'L1', quantity: 0 }], 'invalid_request'],
    ['nothing', [], 'invalid_request'],
    ['what is no line', [null as never], 'invalid_request'],
  ])('refuses a rejection of %s', (_, lines, refusal) => {
    expect(codeOf(() => assertRejection(state([line('L1', 3, { cancelled: 1 })]), rejection(lines)))).toBe(refusal);
  });
});

describe('rejected units', () => {
  it('and remaining ones are together what was open; without remaining ones nothing is split', () => {
    const anyLine = fc
      .record({ quantity: fc.integer({ min: 1, max: 5 }), cancelled: fc.nat(4), back: fc.nat(5) })
      .filter(({ quantity, cancelled, back }) => cancelled < quantity && back <= quantity - cancelled);
    fc.assert(
      fc.property(fc.array(anyLine, { minLength: 1, maxLength: 4 }), (lines) => {
        const now = state(lines.map(({ quantity, cancelled }, index) => line(`L${index}`, quantity, { cancelled })));
        const back = lines.map((one, index) => ({ lineId: `L${index}`, quantity: one.back })).filter((one) => one.quantity > 0); // prettier-ignore
        fc.pre(back.length > 0);

        const groups = groupsOf(now, back);

        const unitsOf = (units: { lineId: string; quantity: number }[], lineId: string) => units.find((one) => one.lineId === lineId)?.quantity ?? 0; // prettier-ignore
        if (!groups) return lines.forEach((one) => expect(one.back).toBe(one.quantity - one.cancelled));
        expect(groups.remaining.length).toBeGreaterThan(0);
        expect(groups.rejected).toEqual(back);
        for (const one of now.lines!)
          expect(unitsOf(groups.remaining, one.lineId) + unitsOf(groups.rejected, one.lineId)).toBe(unitsLeft(one));
      }),
    );
  });

  it('are all units where none are named', () => {
    expect(groupsOf(state([line('L1', 3)]), null)).toBeNull();
  });

  it('are out of reach at once, and come back where the supplier could not be written', () => {
    const now = state([line('L1', 3, { cancelled: 1 }), line('L2', 1)]);
    const before = structuredClone(now);
    const shipment = {
      shipmentId: 'shp_1',
      trackingNumber: 'T1',
      carrier: 'ups',
      shippedAt: '2026-11-22T10:00:00.000Z',
      by: 'key_1',
      lines: [{ lineId: 'L2', quantity: 1 }],
    };

    const giveBack = takeAway(now, 'rejected');

    expect(isComplete(now)).toBe(true);
    expect(codeOf(() => assertShippable(now, shipment))).toBe('order_cancelled');
    giveBack();
    expect(now).toEqual(before);
    expect(codeOf(() => assertShippable(now, shipment))).toBeNull();
  });
});
