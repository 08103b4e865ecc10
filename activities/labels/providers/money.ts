import { z } from 'zod';
import type { Money } from '../../../domain/orders/order.ts';

/** An amount as providers write it: `5.93`, and with more decimals than the currency has: `5.93000`. */
export const decimal = z.string().regex(/^\d{1,9}(\.\d{1,9})?$/);
export const currencyCode = z
  .string()
  .transform((code) => code.toUpperCase())
  .pipe(z.string().regex(/^[A-Z]{3}$/));

/** Half a minor unit is rounded up. */
export function toMoney(amount: string, currency: string): Money {
  return sumOf([amount], currency);
}

/** The sum is rounded, not its parts: fees may be less than a minor unit. */
export function sumOf(amounts: readonly string[], currency: string): Money {
  const parts = amounts.reduce((sum, amount) => sum + inParts(amount), 0n);
  const unit = 10n ** BigInt(decimals - digitsOf(currency));
  return { amount: Number((parts + unit / 2n) / unit), currency };
}

/** `{ amount: 593, currency: 'USD' }` is `5.93`. */
export function toText({ amount, currency }: Money): string {
  return (amount / 10 ** digitsOf(currency)).toFixed(digitsOf(currency));
}

const decimals = 9;

function inParts(amount: string): bigint {
  const [whole = '0', fraction = ''] = amount.split('.');
  return BigInt(`${whole}${fraction.padEnd(decimals, '0')}`);
}

/** Decimals of a currency, of ISO 4217. */
const digitsOf = (currency: string): number =>
  new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
