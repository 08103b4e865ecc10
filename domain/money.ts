import { DomainError } from './errors.ts';

/** Decimals of a currency, of ISO 4217. @throws RangeError for a code that is not three letters */
export const minorDigits = (currency: string): number =>
  new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;

const decimalForm = /^(-?)(\d{1,15})(?:\.(\d{1,15}))?$/;

/**
 * A decimal amount, as shops write it, in minor units: `14.50` USD is 1450, `1450` JPY is 1450. Zeros beyond the decimals of
 * the currency are no fault. Without floats, so that no cent is lost.
 * @throws DomainError `invalid_request` for another form, for what is finer than the currency, and beyond a safe integer
 */
export function toMinor(decimal: string, currency: string): number {
  const [, sign = '', whole = '', fraction = ''] = decimalForm.exec(decimal) ?? [];
  const digits = minorDigits(currency);
  const isFiner = /[1-9]/.test(fraction.slice(digits));
  const amount = Number(`${whole}${fraction.slice(0, digits).padEnd(digits, '0')}`);
  if (whole === '' || isFiner || !Number.isSafeInteger(amount)) {
    throw new DomainError('invalid_request', `An amount is no decimal number in minor units of ${currency}.`);
  }
  return sign === '-' && amount !== 0 ? -amount : amount;
}

/** Null for an amount that is finer than its currency: it is unknown then. */
export function minorOrNull(decimal: string, currency: string): number | null {
  try {
    return toMinor(decimal, currency);
  } catch {
    return null;
  }
}
