import { describe, expect, it } from '@jest/globals';
import { assertCorrectable, assertVoidable, followShipment } from '../../../domain/dropships/corrections.ts';
import { changedBy, isComplete, newState, type DropshipState } from '../../../domain/dropships/state.ts';
import { codeOf, refusalOf } from '../../support/engine/refusal.ts';

/** Three units of one line; two shipments of one unit each. */
function aState(): DropshipState {
  const shipment = (n: number) => ({
    shipmentId: `shp_${n}`,
    trackingNumber: `T${n}`,
    lines: [{ lineId: 'L1', quantity: 1 }],
    revision: 1,
    voided: false,
  });
  const lines = [{ lineId: 'L1', quantity: 3, shipped: 2, cancelled: 0 }];
  return { ...newState(), opened: true, released: true, lines, shipments: [shipment(1), shipment(2)] };
}
const sent = { shipmentId: 'shp_1', by: 'key_1' };
const voidedShipment = { shipmentId: 'shp_1', revision: 2, trackingNumber: 'T1', voided: true };

describe('a correction of a dropship’s shipment', () => {
  it.each([
    ['another number', { ...sent, trackingNumber: 'T9' }, null],
    ['its own number, spelt otherwise', { ...sent, trackingNumber: 't-1' }, null],
    ['another shipment’s number', { ...sent, trackingNumber: 't 2' }, 'tracking_already_recorded'],
    ['of a shipment that is not there', { ...sent, shipmentId: 'shp_9', trackingNumber: 'T9' }, 'shipment_not_found'],
    ['of nothing', sent, 'invalid_request'],
    ['by nobody', { shipmentId: 'shp_1', trackingNumber: 'T9' } as never, 'invalid_request'],
    ['with no text', { ...sent, trackingNumber: 7 as never }, 'invalid_request'],
  ])('with %s', (_what, correction, code) => {
    expect(codeOf(() => assertCorrectable(aState(), correction))).toBe(code);
  });

  it('waits until it is known what the supplier has, but for its shape', () => {
    const undecided = { ...aState(), opened: false, lines: null };

    expect(codeOf(() => assertCorrectable(undecided, { ...sent, trackingNumber: 'T9' }))).toBeNull();
    expect(refusalOf(() => assertCorrectable(undecided, sent))).toEqual({ code: 'invalid_request', pointers: [''] });
    expect(
      codeOf(() => assertCorrectable({ ...undecided, opened: true, released: false }, { ...sent, textsId: 'txt_1' })),
    ).toBe('dropship_not_open');
  });
});

describe('a void', () => {
  it('gives its units back once; the shipment’s number is free again', () => {
    const state = aState();

    expect(followShipment(state, voidedShipment)).toBe(true);
    expect(followShipment(state, voidedShipment)).toBe(false);

    expect(state.lines![0]!.shipped).toBe(1);
    expect(codeOf(() => assertVoidable(state, { ...sent, reason: 'other' }))).toBe('shipment_voided');
    expect(codeOf(() => assertCorrectable(state, { ...sent, textsId: 'txt_1' }))).toBe('shipment_voided');
    expect(codeOf(() => assertCorrectable(state, { ...sent, shipmentId: 'shp_2', trackingNumber: 'T1' }))).toBeNull();
    expect(isComplete(state)).toBe(false);
  });

  it('sent again from further down is harmless, also of a shipment that never came', () => {
    const state = aState();
    followShipment(state, voidedShipment);

    expect(codeOf(() => assertVoidable(state, { ...sent, revision: 2, reason: 'other' }))).toBeNull();
    expect(
      codeOf(() => assertVoidable(state, { by: 'a', shipmentId: 'shp_9', revision: 2, reason: 'other' })),
    ).toBeNull();
    expect(codeOf(() => assertVoidable(state, { ...sent, reason: 'bored' as never }))).toBe('invalid_request');
    expect(followShipment(state, { ...voidedShipment, shipmentId: 'shp_9' })).toBe(false);
  });
});

it('a shipment gives way to what was changed of it, and of no other', () => {
  const state = aState();
  const shipment = (shipmentId: string, by?: string) => ({
    kind: 'shipment' as const,
    shipmentId,
    orderId: 'o',
    ...(by && { by }),
  });
  const first = shipment('shp_1');
  state.backlog = [first, shipment('shp_2', 'key_2')];
  expect(changedBy(state, first)).toBeUndefined();

  state.backlog.push(shipment('shp_1', 'key_1'));

  expect(changedBy(state, first)).toBe('key_1');
});
