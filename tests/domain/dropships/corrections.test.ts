import { describe, expect, it } from '@jest/globals';
import { assertCorrectable, assertVoidable, followParcel } from '../../../domain/dropships/corrections.ts';
import { changedBy, isSettled, newState, type DropshipState } from '../../../domain/dropships/state.ts';
import { codeOf, refusalOf } from '../../support/engine/refusal.ts';

/** Three units of one line; two parcels of one unit each. */
function aLife(): DropshipState {
  const parcel = (n: number) => ({
    shipmentId: `shp_${n}`,
    trackingNumber: `T${n}`,
    lines: [{ lineId: 'L1', quantity: 1 }],
    revision: 1,
    voided: false,
  });
  const lines = [{ lineId: 'L1', quantity: 3, shipped: 2, cancelled: 0 }];
  return { ...newState(), opened: true, released: true, lines, shipments: [parcel(1), parcel(2)] };
}
const told = { shipmentId: 'shp_1', by: 'key_1' };
const voidedParcel = { shipmentId: 'shp_1', revision: 2, trackingNumber: 'T1', voided: true };

describe('a correction of a dropship’s parcel', () => {
  it.each([
    ['another number', { ...told, trackingNumber: 'T9' }, null],
    ['its own number, spelt otherwise', { ...told, trackingNumber: 't-1' }, null],
    ['another parcel’s number', { ...told, trackingNumber: 't 2' }, 'tracking_already_recorded'],
    ['of a parcel that is not there', { ...told, shipmentId: 'shp_9', trackingNumber: 'T9' }, 'shipment_not_found'],
    ['of nothing', told, 'invalid_request'],
    ['by nobody', { shipmentId: 'shp_1', trackingNumber: 'T9' } as never, 'invalid_request'],
    ['with no text', { ...told, trackingNumber: 7 as never }, 'invalid_request'],
  ])('with %s', (_what, correction, code) => {
    expect(codeOf(() => assertCorrectable(aLife(), correction))).toBe(code);
  });

  it('waits until it is known what the supplier has, but for its shape', () => {
    const undecided = { ...aLife(), opened: false, lines: null };

    expect(codeOf(() => assertCorrectable(undecided, { ...told, trackingNumber: 'T9' }))).toBeNull();
    expect(refusalOf(() => assertCorrectable(undecided, told))).toEqual({ code: 'invalid_request', pointers: [''] });
    expect(
      codeOf(() => assertCorrectable({ ...undecided, opened: true, released: false }, { ...told, service: 'Air' })),
    ).toBe('dropship_not_open');
  });
});

describe('a void', () => {
  it('gives its units back once; the parcel’s number is free again', () => {
    const state = aLife();

    expect(followParcel(state, voidedParcel)).toBe(true);
    expect(followParcel(state, voidedParcel)).toBe(false);

    expect(state.lines![0]!.shipped).toBe(1);
    expect(codeOf(() => assertVoidable(state, { ...told, reason: 'other' }))).toBe('shipment_voided');
    expect(codeOf(() => assertCorrectable(state, { ...told, service: 'x' }))).toBe('shipment_voided');
    expect(codeOf(() => assertCorrectable(state, { ...told, shipmentId: 'shp_2', trackingNumber: 'T1' }))).toBeNull();
    expect(isSettled(state)).toBe(false);
  });

  it('told again from further down is harmless, also of a parcel that never came', () => {
    const state = aLife();
    followParcel(state, voidedParcel);

    expect(codeOf(() => assertVoidable(state, { ...told, revision: 2, reason: 'other' }))).toBeNull();
    expect(
      codeOf(() => assertVoidable(state, { by: 'a', shipmentId: 'shp_9', revision: 2, reason: 'other' })),
    ).toBeNull();
    expect(codeOf(() => assertVoidable(state, { ...told, reason: 'bored' as never }))).toBe('invalid_request');
    expect(followParcel(state, { ...voidedParcel, shipmentId: 'shp_9' })).toBe(false);
  });
});

it('a parcel gives way to what was changed of it, and of no other', () => {
  const state = aLife();
  const parcel = (shipmentId: string, by?: string) => ({
    kind: 'parcel' as const,
    shipmentId,
    orderId: 'o',
    ...(by && { by }),
  });
  const first = parcel('shp_1');
  state.backlog = [first, parcel('shp_2', 'key_2')];
  expect(changedBy(state, first)).toBeUndefined();

  state.backlog.push(parcel('shp_1', 'key_1'));

  expect(changedBy(state, first)).toBe('key_1');
});
