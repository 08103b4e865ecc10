import { describe, expect, it } from '@jest/globals';
import { assertLends, cheapestFirst, isLent, payerOf, type LabelTerms } from '../../../domain/labels/payer.ts';

const terms = (change: Partial<LabelTerms> = {}): LabelTerms => ({
  policy: 'merchant_pays',
  lentLabelAccountId: 'lacc_lent',
  services: [],
  maxCost: null,
  ...change,
});

describe('who pays a label', () => {
  it.each([
    ['supplier_pays', undefined, 'account'],
    ['supplier_pays', 'lacc_own', 'account'],
    ['merchant_pays', undefined, 'merchant'],
    ['supplier_choice', undefined, 'merchant'],
    ['supplier_choice', 'lacc_own', 'account'],
  ] as const)('with %s and the label account %s: the %s', (policy, named, payer) => {
    expect(payerOf(terms({ policy }), named)).toBe(payer);
  });

  it('is not the supplier where the merchant pays', () => {
    expect(() => payerOf(terms(), 'lacc_own')).toThrow(expect.objectContaining({ code: 'carrier_not_allowed' }));
  });

  it('is nobody where the merchant pays and lends nothing', () => {
    const none = terms({ lentLabelAccountId: null });

    expect(() => payerOf(none, undefined)).toThrow(expect.objectContaining({ code: 'label_account_missing' }));
    expect(() => assertLends(none)).toThrow(
      expect.objectContaining({ faults: [expect.objectContaining({ pointer: '/lentLabelAccountId' })] }),
    );
    expect(() => assertLends({ ...none, policy: 'supplier_pays' })).not.toThrow();
  });
});

const offer = (carrier: string, service: string, amount: number, currency = 'USD') => ({
  carrier,
  service,
  cost: { amount, currency },
});

describe('what a supplier may buy with a lent account', () => {
  it.each([
    [[], null, true],
    [['ups'], null, true],
    [['UPS/ground'], null, true],
    [['fedex', 'ups/Ground'], null, true],
    [['ups/Next Day'], null, false],
    [['fedex'], null, false],
    [[], { amount: 800, currency: 'USD' }, true],
    [[], { amount: 799, currency: 'USD' }, false],
    [[], { amount: 9_000, currency: 'EUR' }, false],
  ])('UPS Ground for 8.00 USD, where it lends %j up to %j: %s', (services, maxCost, isAllowed) => {
    expect(isLent({ services, maxCost }, offer('ups', 'Ground', 800))).toBe(isAllowed);
  });
});

it('the cheapest quote comes first, and each currency stays together', () => {
  const offers = [offer('a', '1', 900), offer('b', '2', 100, 'EUR'), offer('c', '3', 500), offer('d', '4', 950, 'EUR')];

  expect(cheapestFirst(offers).map(({ carrier }) => carrier)).toEqual(['b', 'd', 'c', 'a']);
});
