import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { unitsAsked } from '../../../domain/orders/cancel.ts';
import {
  assertAcceptable,
  assertDeclinable,
  assertRequestable,
  decline,
  follow,
  giveUp,
  request,
  takeBack,
  type CancelRequest,
} from '../../../domain/dropships/cancels.ts';
import {
  assertShippable,
  isComplete,
  newState,
  reserve,
  type DropshipState,
  type StateLine,
} from '../../../domain/dropships/state.ts';
import { unitsLeft } from '../../../domain/orders/order.ts';
import { codeOf } from '../../support/engine/refusal.ts';
import { aLine } from '../../support/trade/units.ts';

const aState = (...lines: StateLine[]): DropshipState => ({ ...newState(), opened: true, released: true, lines });
const sent = { reason: 'fraud', actor: { kind: 'account', id: 'key_1' } } as const;
const aRequest = (...lines: { lineId: string; remaining: number }[]): CancelRequest => ({
  ...sent,
  lines: lines.length > 0 ? lines : null,
});
const aShipment = (id: string, lineId: string, quantity: number) => ({
  shipmentId: id,
  trackingNumber: `T-${id}`,
  lines: [{ lineId, quantity }],
  carrier: 'ups',
  shippedAt: '2026-11-22T10:00:00.000Z',
  by: 'key_1',
});

describe('a request', () => {
  it('keeps so many units, whatever else ships or is asked for', () => {
    const state = aState(aLine('A', 5), aLine('B', 2));

    expect(request(state, aRequest({ lineId: 'A', remaining: 3 }))).toBe(true);
    expect(state.lines!.map(unitsAsked)).toEqual([2, 0]);
    expect(request(state, aRequest({ lineId: 'A', remaining: 4 }))).toBe(false);
    reserve(state, aShipment('shp_1', 'A', 4));
    expect(state.lines!.map(unitsAsked)).toEqual([1, 0]);
    expect(request(state, aRequest())).toBe(true);
    expect(state.lines!.map(unitsAsked)).toEqual([1, 2]);
    expect(state.cancelReason).toBe('fraud');
  });

  it.each<[string, DropshipState, CancelRequest]>([
    ['dropship_not_open', { ...newState(), cancelled: true }, aRequest()],
    ['line_not_found', aState(aLine('A', 1)), aRequest({ lineId: 'Z', remaining: 0 })],
    ['order_shipped', aState(aLine('A', 1, { shipped: 1 })), aRequest()],
    ['order_shipped', aState(aLine('A', 2, { shipped: 2 }), aLine('B', 1)), aRequest({ lineId: 'A', remaining: 1 })],
    ['order_cancelled', aState(aLine('A', 1, { cancelled: 1 })), aRequest()],
  ])('is refused as %s', (code, state, wish) => {
    expect(codeOf(() => assertRequestable(state, wish))).toBe(code);
  });

  it('is welcome before the supplier has the order, whatever it names', () => {
    expect(codeOf(() => assertRequestable(newState(), aRequest({ lineId: 'Z', remaining: 0 })))).toBeNull();
  });
});

describe('units that the supplier gives up', () => {
  it('are those asked for, out of reach at once', () => {
    const state = aState(aLine('A', 3), aLine('B', 1));
    request(state, aRequest({ lineId: 'A', remaining: 1 }));

    expect(giveUp(state, null)).toEqual([{ lineId: 'A', quantity: 2, remaining: 1 }]);

    expect(codeOf(() => assertShippable(state, aShipment('shp_1', 'A', 2)))).toBe('quantity_exceeds_open');
    expect(codeOf(() => assertAcceptable(state, { ...sent, lines: null }))).toBe('no_cancel_requested');
    expect(isComplete(state)).toBe(false);
  });

  it('are open again as far as they were dropshipped further', () => {
    const state = aState(aLine('A', 3), aLine('B', 2));
    request(state, aRequest());
    const givenUp = giveUp(state, null);

    expect(takeBack(state, givenUp, [{ lineId: 'A', remaining: 2 }, { lineId: 'B', remaining: 0 }])).toBe(true); // prettier-ignore

    expect(state.lines!.map((line) => line.cancelled)).toEqual([1, 2]);
    expect(state.lines!.map(unitsAsked)).toEqual([2, 0]);
    expect(follow(state, [{ lineId: 'A', remaining: 0 }, { lineId: 'B', remaining: 0 }])).toEqual([{ lineId: 'A', remaining: 0 }]); // prettier-ignore
    expect(isComplete(state)).toBe(true);
  });

  it('are all open again when nothing could be written', () => {
    const state = aState(aLine('A', 3));
    request(state, aRequest());
    const before = structuredClone(state);

    expect(takeBack(state, giveUp(state, null))).toBe(false);

    expect(state).toEqual(before);
  });
});

describe('any sequence of shipments, requests and consents', () => {
  type Command =
    | { do: 'ship'; line: number; quantity: number }
    | { do: 'request'; line: number; remaining: number }
    | { do: 'accept'; line: number; quantity: number; remains: number };
  const line = fc.integer({ min: 0, max: 2 });
  const units = fc.integer({ min: 1, max: 4 });
  const command: fc.Arbitrary<Command> = fc.oneof(
    fc.record({ do: fc.constant('ship' as const), line, quantity: units }),
    fc.record({ do: fc.constant('request' as const), line, remaining: fc.nat(5) }),
    fc.record({ do: fc.constant('accept' as const), line, quantity: units, remains: fc.nat(2) }),
  );

  it('never ships or cancels a unit twice, and cancels none that nobody asked for', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 40 }), (commands) => {
        const state = aState(aLine('L0', 5), aLine('L1', 3), aLine('L2', 1));
        const wanted = new Map<string, number>();

        for (const [index, step] of commands.entries()) {
          const lineId = `L${step.line}`;
          if (step.do === 'ship') {
            const shipment = aShipment(`shp_${index}`, lineId, step.quantity);
            if (codeOf(() => assertShippable(state, shipment)) === null) reserve(state, shipment);
          } else if (step.do === 'request') {
            const wish = aRequest({ lineId, remaining: step.remaining });
            if (codeOf(() => assertRequestable(state, wish)) !== null) continue;
            request(state, wish);
            const quantity = state.lines!.find((known) => known.lineId === lineId)!.quantity;
            wanted.set(lineId, Math.max(wanted.get(lineId) ?? 0, quantity - step.remaining));
          } else {
            const givenUp = giveUp(state, [{ lineId, quantity: step.quantity }]);
            const remaining = givenUp.map((one) => ({ lineId: one.lineId, remaining: one.remaining + step.remains }));
            takeBack(state, givenUp, remaining);
          }
        }

        for (const known of state.lines!) {
          expect(unitsLeft(known)).toBeGreaterThanOrEqual(0);
          expect(known.cancelled).toBeGreaterThanOrEqual(0);
          expect(known.cancelled).toBeLessThanOrEqual(wanted.get(known.lineId) ?? 0);
          expect(unitsAsked(known)).toBeLessThanOrEqual(unitsLeft(known));
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('a decline', () => {
  const declined = { reason: 'packed', actor: sent.actor } as const;

  it('closes the request: nothing is asked for any more, also after a void, until the merchant asks again', () => {
    const state = aState(aLine('A', 5));
    expect(codeOf(() => assertDeclinable(state, declined))).toBe('no_cancel_requested');
    request(state, aRequest({ lineId: 'A', remaining: 3 }));
    giveUp(state, [{ lineId: 'A', quantity: 1 }]);
    expect(codeOf(() => assertDeclinable(state, declined))).toBeNull();

    decline(state);

    expect(state).toMatchObject({ cancelReason: null, lines: [{ cancelled: 1, cancelRequested: 1 }] });
    expect(state.lines!.map(unitsAsked)).toEqual([0]);
    expect(request(state, aRequest({ lineId: 'A', remaining: 3 }))).toBe(true);
  });

  it('that does not say why or who is refused', () => {
    const state = aState(aLine('A', 5));
    request(state, aRequest());

    expect(codeOf(() => assertDeclinable(state, { ...declined, reason: 'fraud' as never }))).toBe('invalid_request');
    expect(codeOf(() => assertDeclinable(state, { ...declined, actor: {} as never }))).toBe('invalid_request');
  });
});
