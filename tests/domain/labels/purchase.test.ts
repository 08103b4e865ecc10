import { describe, expect, it } from '@jest/globals';
import { assertWithin, linesOfLabel } from '../../../domain/labels/purchase.ts';
import { asksAgain, isLookedUp, voidOfLabel } from '../../../domain/labels/void.ts';
import { codeOf } from '../../support/engine/refusal.ts';

const usd = (amount: number) => ({ amount, currency: 'USD' });
const aLine = (lineId: string, quantity: number, units: { shipped?: number; cancelled?: number } = {}) => ({
  lineId,
  quantity,
  shipped: 0,
  cancelled: 0,
  ...units,
});

describe('the price of a label', () => {
  it.each([
    ['as agreed', usd(593), usd(593)],
    ['without a limit', usd(593), null],
    ['that the merchant pays', null, usd(1)],
  ])('is accepted: %s', (_what, cost, highest) => {
    expect(() => assertWithin(cost, highest)).not.toThrow();
  });

  it.each([
    ['a cent more', usd(594), usd(593)],
    ['another currency', { amount: 1, currency: 'EUR' }, usd(593)],
  ])('is refused: %s', (_what, cost, highest) => {
    expect(codeOf(() => assertWithin(cost, highest))).toBe('rate_changed');
  });
});

describe('the units of a label', () => {
  const mugs = [aLine('mug', 5, { shipped: 1, cancelled: 1 }), aLine('tee', 2)];

  it('are all that are open and that no other label holds', () => {
    expect(linesOfLabel(mugs, [{ lineId: 'mug', quantity: 2 }])).toEqual([
      { lineId: 'mug', quantity: 1 },
      { lineId: 'tee', quantity: 2 },
    ]);
  });

  it('are refused where another label holds them', () => {
    const held = [{ lineId: 'mug', quantity: 2 }];

    expect(codeOf(() => linesOfLabel(mugs, held, [{ lineId: 'mug', quantity: 2 }]))).toBe('quantity_exceeds_open');
    expect(linesOfLabel(mugs, held, [{ lineId: 'mug', quantity: 1 }])).toEqual([{ lineId: 'mug', quantity: 1 }]);
  });

  it('are never fewer than none, where more are held than are open', () => {
    const held = [
      { lineId: 'mug', quantity: 9 },
      { lineId: 'tee', quantity: 9 },
    ];

    expect(codeOf(() => linesOfLabel(mugs, held))).toBe('nothing_left_to_ship');
  });
});

describe('a void', () => {
  it.each([
    ['bought', 'new'],
    ['recorded', 'new'],
    ['void_requested', 'again'],
    ['voided', 'again'],
  ] as const)('of a label that is %s is %s', (status, outcome) => {
    expect(voidOfLabel({ status, lentTo: null })).toBe(outcome);
  });

  it.each(['requested', 'failed'] as const)('of a label that is %s is refused', (status) => {
    expect(codeOf(() => voidOfLabel({ status, lentTo: null }))).toBe('label_not_bought');
  });

  it('is not the merchant’s, whose supplier bought the label', () => {
    expect(codeOf(() => voidOfLabel({ status: 'recorded', lentTo: 'sup_1' }))).toBe('order_dropshipped');
  });
});

describe('a refund', () => {
  const day = 86_400_000;

  it.each([
    ['submitted', 1, true],
    ['submitted', 34, true],
    ['submitted', 35, false],
    ['rejected', 29, true],
    ['rejected', 30, false],
    ['refunded', 1, false],
    ['not_applicable', 1, false],
  ] as const)('that is %s after %i days is looked up again: %s', (refund, days, expected) => {
    expect(isLookedUp(refund, 0, days * day)).toBe(expected);
  });

  it('is asked for again only while it is rejected and young', () => {
    expect(asksAgain('rejected', 0, 29 * day)).toBe(true);
    expect(asksAgain('rejected', 0, 30 * day)).toBe(false);
    expect(asksAgain('submitted', 0, day)).toBe(false);
  });
});
