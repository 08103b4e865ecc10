import { locale } from '../words/language.ts';

/** 2 of USD, 0 of JPY. 2 of what is no currency. */
function digitsOf(currency: string): number {
  try {
    return (
      new Intl.NumberFormat(locale(), { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2
    );
  } catch {
    return 2;
  }
}

/** For a field: 950 minor units of USD are `9.50`. */
export const amountText = ({ amount, currency }: { readonly amount: number; readonly currency: string }): string =>
  (amount / 10 ** digitsOf(currency)).toFixed(digitsOf(currency));

/** Minor units of an amount as people type it: `9.50` and `9,50` USD are 950. Undefined for what is no amount. */
export function minorOf(text: string, currency: string): number | undefined {
  const [, whole, fraction = ''] = /^(\d{1,9})(?:[.,](\d+))?$/.exec(text.trim()) ?? [];
  const digits = digitsOf(currency);
  if (whole === undefined || fraction.length > digits) return undefined;
  return Number(whole + fraction.padEnd(digits, '0'));
}
