import { describe, expect, it } from '@jest/globals';
import { codeOfCarrier as easyPostCode } from '../../../../activities/labels/providers/easypost/wire.ts';
import { faultOfPurchase } from '../../../../activities/labels/providers/easypost/refusals.ts';
import { Refusal } from '../../../../activities/labels/providers/faults.ts';
import { decimal, sumOf, toMoney, toText } from '../../../../activities/labels/providers/money.ts';
import { reasonFor } from '../../../../activities/labels/providers/reason.ts';
import { codeOfCarrier as shippoCode } from '../../../../activities/labels/providers/shippo/wire.ts';
import { faultOfMessages } from '../../../../activities/labels/providers/shippo/refusals.ts';
import { aRating, customer } from './harness.ts';

describe('an amount of a provider', () => {
  it.each([
    ['5.93', 'USD', 593],
    ['5.93000', 'USD', 593],
    ['0.29', 'USD', 29],
    ['7', 'USD', 700],
    ['0.005', 'USD', 1],
    ['0.0049', 'USD', 0],
    ['1250', 'JPY', 1_250],
    ['1.234', 'KWD', 1_234],
    ['999999999.99', 'EUR', 99_999_999_999],
  ])('%s %s is %i minor units', (text, currency, amount) => {
    expect(toMoney(text, currency)).toEqual({ amount, currency });
  });

  it('is rounded once, as a sum of fees', () => {
    expect(sumOf(['5.93000', '0.00400', '0.00400'], 'USD').amount).toBe(594);
  });

  it.each(['', '-1', '1,50', '1e3', 'NaN', '5.', ' 5'])('is not %j', (text) => {
    expect(decimal.safeParse(text).success).toBe(false);
  });

  it('is written in the decimals of its currency', () => {
    const amounts = [
      { amount: 593, currency: 'USD' },
      { amount: 5, currency: 'USD' },
      { amount: 1_250, currency: 'JPY' },
      { amount: 1_234, currency: 'KWD' },
    ];

    expect(amounts.map(toText)).toEqual(['5.93', '0.05', '1250', '1.234']);
  });
});

describe('a carrier’s name', () => {
  it.each([
    ['USPS', 'usps'],
    ['UPSDAP', 'ups'],
    ['FedExDefault', 'fedex'],
    ['DHLExpress', 'dhl_express'],
    ['DHL Express', 'dhl_express'],
    ['DhlEcs', 'dhl_ecommerce'],
    ['CanadaPost', 'canada_post'],
    ['Möwe Kurier', 'other'],
  ])('of EasyPost, %s, is %s', (name, code) => expect(easyPostCode(name)).toBe(code));

  it.each([
    ['usps', 'usps'],
    ['dhl_express', 'dhl_express'],
    ['DHL Express', 'dhl_express'],
    ['canada_post', 'canada_post'],
    ['nobody', 'other'],
  ])('of Shippo, %s, is %s', (name, code) => expect(shippoCode(name)).toBe(code));
});

describe('a carrier’s reason', () => {
  it('loses what the carrier quotes of the addresses, however it is written', () => {
    const said = `No rate for ${customer.name.toUpperCase()} at ${customer.address1}, ${customer.postalCode} (US): too heavy.`;

    expect(reasonFor(said, aRating())).toBe('No rate for … at …, … (US): too heavy.');
  });

  it('is short, on one line, and takes odd signs in an address as they are', () => {
    const to = { ...customer, address1: '(1+1)*[Road]', address2: '$&' };

    expect(reasonFor(`(1+1)*[Road]\n\tis   unknown ${'x'.repeat(400)}`, aRating({ to }))).toMatch(
      /^… is unknown x{187}$/,
    );
  });
});

describe('a refusal of EasyPost', () => {
  const faultOf = (code: string, text = '') => faultOfPurchase(new Refusal({ status: 422, code, text })).fault;

  it.each([
    ['ADDRESS.VERIFY.FAILURE', '', 'address_not_deliverable'],
    ['SHIPMENT.POSTAGE.FAILURE', 'Insufficient funds', 'balance_too_low'],
    ['SHIPMENT.POSTAGE.FAILURE', 'Invalid ZIP Code', 'address_not_deliverable'],
    ['SHIPMENT.PURCHASE.FAILURE', 'Maximum weight', 'label_refused'],
    ['SHIPMENT.RATES.UNAVAILABLE', '', 'rate_expired'],
    ['PARAMETER.REQUIRED', '', 'invalid_request'],
    ['', '', 'invalid_request'],
  ])('%s %s is %s', (code, text, meant) => expect(faultOf(code, text)).toEqual({ kind: 'refused', code: meant }));
});

describe('a failed transaction of Shippo', () => {
  it.each([
    ['The recipient address is invalid', 'address_not_deliverable'],
    ['Your account balance is insufficient', 'balance_too_low'],
    ['This rate has expired', 'rate_expired'],
    ['Package exceeds the maximum weight', 'label_refused'],
    ['', 'label_refused'],
  ])('“%s” is %s', (text, code) => expect(faultOfMessages([{ text }]).fault).toEqual({ kind: 'refused', code }));
});
