import { locale } from '../words/language.ts';

/** 2 of USD, 0 of JPY. 2 of what is no currency. */
export function digitsOf(currency: string): number {
  try {
    return (
      new Intl.NumberFormat(locale(), { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2
    );
  } catch {
    return 2;
  }
}

/** Minor units of an amount as people type it: `9.50` and `9,50` USD are 950. Undefined for what is no amount. */
export function minorOf(text: string, currency: string): number | undefined {
  const [, whole, fraction = ''] = /^(\d{1,9})(?:[.,](\d+))?$/.exec(text.trim()) ?? [];
  const digits = digitsOf(currency);
  if (whole === undefined || fraction.length > digits) return undefined;
  return Number(whole + fraction.padEnd(digits, '0'));
}
