import { locale } from '../words/language.ts';

/** `Nov 29, 2026, 12:46 AM` */
export const dateTime = (iso: string): string =>
  new Intl.DateTimeFormat(locale(), { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(iso));

/** `Nov 29, 2026` */
export const date = (iso: string): string =>
  new Intl.DateTimeFormat(locale(), { dateStyle: 'medium' }).format(new Date(iso));

/** `Nov 29` */
export const day = (iso: string): string =>
  new Intl.DateTimeFormat(locale(), { month: 'short', day: 'numeric' }).format(new Date(iso));

const steps: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

/** `5 min. ago`, `in 2 days`; within a minute `now`. */
export function ago(iso: string, now = Date.now()): string {
  const seconds = (new Date(iso).getTime() - now) / 1000;
  const [unit, size] = steps.find(([, length]) => Math.abs(seconds) >= length) ?? ['second', Infinity];
  const format = new Intl.RelativeTimeFormat(locale(), { numeric: 'auto', style: 'short' });
  return format.format(Math.round(seconds / size), unit);
}

/** `minor` units by the digits of the currency: 1999 USD is `$19.99`, 1999 JPY is `¥1,999`. */
export function money({ amount, currency }: { readonly amount: number; readonly currency: string }): string {
  const format = new Intl.NumberFormat(locale(), { style: 'currency', currency });
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
  return format.format(amount / 10 ** digits);
}

/** `1,204` */
export const count = (value: number): string => new Intl.NumberFormat(locale()).format(value);

/** `1 order`, `2 orders`; the forms are of the catalogue's own language. */
export const plural = (value: number, one: string, other: string): string =>
  `${count(value)} ${new Intl.PluralRules(locale()).select(value) === 'one' ? one : other}`;

/** `United States` for `US`. */
export function country(code: string): string {
  try {
    return new Intl.DisplayNames(locale(), { type: 'region' }).of(code.toUpperCase()) ?? code;
  } catch {
    return code;
  }
}

/** `DW` for `Dana Whitfield`. */
export const initials = (name: string): string =>
  name
    .split(' ')
    .flatMap((word) => word.slice(0, 1))
    .join('')
    .slice(0, 2)
    .toUpperCase();

/** Of a link from outside only http(s) is followed. */
export const webUrl = (url: string | null | undefined): string | undefined =>
  url != null && /^https?:\/\//i.test(url) ? url : undefined;
