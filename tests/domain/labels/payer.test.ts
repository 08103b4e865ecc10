import { describe, expect, it } from '@jest/globals';
import type { Money } from '../../../domain/orders/order.ts';
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

const usd = (amount: number) => ({ amount, currency: 'USD' });
const eur = (amount: number) => ({ amount, currency: 'EUR' });
const offer = (carrier: string, service: string, cost: Money) => ({ carrier, service, cost });

describe('what a supplier may buy with a lent account', () => {
  it.each([
    [{}, true],
    [{ services: ['ups'] }, true],
    [{ services: ['UPS/ground'] }, true],
    [{ services: ['fedex', 'ups/Ground'] }, true],
    [{ services: ['ups/Next Day'] }, false],
    [{ services: ['fedex'] }, false],
    [{ maxCost: { amount: 800, currency: 'USD' } }, true],
    [{ maxCost: { amount: 799, currency: 'USD' } }, false],
    [{ maxCost: { amount: 9_000, currency: 'EUR' } }, false],
  ])('UPS Ground for 8.00 USD, where the terms are %j: %s', (lent, isAllowed) => {
    expect(isLent(terms(lent), offer('ups', 'Ground', usd(800)))).toBe(isAllowed);
  });
});

it('the cheapest quote comes first, and each currency stays together', () => {
  const offers = [
    offer('a', '1', usd(900)),
    offer('b', '2', eur(100)),
    offer('c', '3', usd(500)),
    offer('d', '4', eur(950)),
  ];

  expect(cheapestFirst(offers).map(({ carrier }) => carrier)).toEqual(['b', 'd', 'c', 'a']);
});
