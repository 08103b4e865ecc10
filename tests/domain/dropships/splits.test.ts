import { describe, expect, it } from '@jest/globals';
import { assertRequestable, assertAcceptable } from '../../../domain/dropships/cancels.ts';
import {
  assertReceivable,
  isComplete,
  newState,
  type DropshipState,
  type StateLine,
} from '../../../domain/dropships/state.ts';
import {
  assertDivisible,
  assertSplit,
  splitRoute,
  type SplitPlace,
  type SplitRoute,
  type SplitMessage,
} from '../../../domain/dropships/splits.ts';
import type { SplitGroup } from '../../../domain/orders/order.ts';
import { codeOf } from '../../support/engine/refusal.ts';
import { aLine } from '../../support/trade/units.ts';

const actor = { kind: 'account', id: 'key_1' } as const;
const aState = (...lines: StateLine[]): DropshipState => ({ ...newState(), opened: true, released: true, lines });
const units = (lineId: string, quantity: number) => ({ lineId, quantity });
const aSplit = (...groups: SplitGroup[]): SplitMessage => ({ side: 'supplier', groups, actor });
const halves = aSplit([units('A', 2)], [units('A', 1), units('B', 2)]);
const early: SplitMessage = { ...halves, side: 'merchant' };

describe('the way of a split', () => {
  const place = (change: Partial<SplitPlace>): SplitPlace => ({
    originDropshipId: null,
    isWholeOrigin: false,
    dropship: null,
    ...change,
  });
  const came = { originDropshipId: 'drop_up', isWholeOrigin: true };
  const live = { id: 'drop_down', status: 'requested' } as const;

  it.each<[string, SplitPlace, SplitRoute]>([
    ['an order that nobody else has is split by its account', place({}), { via: 'own' }],
    ['so is one whose dropship has ended', place({ dropship: { ...live, status: 'rejected' } }), { via: 'own' }],
    ['what is dropshipped is split by its dropship', place({ dropship: live }), { via: 'message', side: 'merchant', dropshipId: 'drop_down' }],
    ['what came through a portal too', place(came), { via: 'message', side: 'supplier', dropshipId: 'drop_up' }],
    ['its supplier may have tried to dropship it', place({ ...came, dropship: { ...live, status: 'cancelled' } }), { via: 'message', side: 'supplier', dropshipId: 'drop_up' }],
    ['a leaf that the supplier made of it is the supplier’s affair', place({ ...came, isWholeOrigin: false }), { via: 'own' }],
    ['what came and is dropshipped is refused there', place({ ...came, dropship: live }), { via: 'own' }],
  ])('%s', (...[, from, route]) => {
    expect(splitRoute(from)).toEqual(route);
  }); // prettier-ignore
});

describe('a split', () => {
  it('takes all open units, each in one group', () => {
    expect(() => assertSplit(aState(aLine('A', 3), aLine('B', 2)), halves)).not.toThrow();
    expect(() => assertSplit(aState(aLine('A', 4, { cancelled: 1 }), aLine('B', 2)), halves)).not.toThrow();
  });

  it.each<[string, DropshipState, SplitMessage]>([
    ['order_shipped', aState(aLine('A', 3, { shipped: 1 }), aLine('B', 2)), halves],
    ['order_cancelled', aState(aLine('A', 3, { cancelled: 3 })), halves],
    ['cancel_pending', aState({ ...aLine('A', 3), cancelRequested: 1 }, aLine('B', 2)), halves],
    ['split_refused', aState(aLine('A', 4), aLine('B', 2)), halves],
    ['split_refused', aState(aLine('A', 3), aLine('B', 2)), aSplit([units('A', 3), units('B', 2)])],
    ['split_refused', aState(aLine('A', 3), aLine('B', 2)), aSplit([units('A', 3), units('B', 2)], [])],
    ['split_refused', aState(aLine('A', 3)), aSplit([units('A', 1)], [units('A', 3)])],
    ['split_refused', aState(aLine('A', 3)), aSplit([units('A', 1.5)], [units('A', 1.5)])],
    ['split_refused', aState(aLine('A', 3)), aSplit([units('A', 4)], [units('A', -1)])],
    ['line_not_found', aState(aLine('A', 3)), halves],
    ['order_already_imported', aState(aLine('A', 3), aLine('B', 2)), early],
    ['dropship_not_open', { ...newState(), opened: true }, halves],
    ['dropship_not_open', { ...newState(), opened: true, cancelled: true }, early],
    ['order_is_split', { ...aState(aLine('A', 3)), ended: 'split' }, halves],
    ['dropship_not_open', { ...aState(aLine('A', 3)), ended: 'rejected' }, halves],
    ['invalid_request', aState(aLine('A', 3)), { ...halves, side: 'shop' as never }],
    ['invalid_request', aState(aLine('A', 3)), { ...halves, actor: {} as never }],
    ['invalid_request', aState(aLine('A', 3)), { ...halves, groups: [{ lines: [] }] as never }],
    ['invalid_request', aState(aLine('A', 3)), { ...halves, groups: [[null]] as never }],
  ])('is refused: %s', (code, state, split) => {
    expect(codeOf(() => assertSplit(state, split))).toBe(code);
  });

  it('names the line that is unknown where the caller wrote it', () => {
    const order = { status: 'awaiting_fulfillment', lines: [aLine('A', 3)] } as const;

    expect(() => assertDivisible(order, halves.groups)).toThrow(
      expect.objectContaining({ faults: [{ pointer: '/groups/1/lines/1/lineId', detail: 'Line B is not a line of this order.' }] }),
    ); // prettier-ignore
  });

  it.each<[string, DropshipState]>([
    ['the workflow has not read its rows yet', newState()],
    ['the import is under way', { ...newState(), opened: true, released: true }],
  ])('is not judged while nobody can say what the supplier has: %s', (...[, state]) => {
    expect(() => assertSplit(state, halves)).not.toThrow();
    expect(() => assertSplit(state, early)).not.toThrow();
  });

  it('is the merchant’s before the supplier has the order', () => {
    expect(() => assertSplit({ ...newState(), opened: true }, early)).not.toThrow();
  });
});

describe('a dropship that was split', () => {
  const state: DropshipState = { ...aState(aLine('A', 3)), ended: 'split' };
  const cancel = { reason: 'fraud', actor, lines: null } as const;

  it('is complete: its units are its leaves’', () => {
    expect(isComplete(state)).toBe(true);
  });

  it('takes no shipments and no cancels', () => {
    const shipment = {
      shipmentId: 'shp_1',
      trackingNumber: '1Z',
      lines: [units('A', 1)],
      carrier: 'ups',
      shippedAt: '2026-11-22T10:00:00.000Z',
      by: 'key_1',
    };

    expect(codeOf(() => assertReceivable(state, shipment))).toBe('order_is_split');
    expect(codeOf(() => assertRequestable(state, cancel))).toBe('order_is_split');
    expect(codeOf(() => assertAcceptable(state, cancel))).toBe('order_is_split');
  });
});
