import type { Money } from '../../domain/orders/order.ts';
import type { PaperLanguage } from '../../domain/paper/language.ts';

/** Western digits and the Gregorian calendar in each language: numbers of orders and prices have them too. */
const localeOf = (language: PaperLanguage): string => `${language}-u-ca-gregory-nu-latn`;

/** The day of an instant, in UTC. */
export const localDate = (instant: string, language: PaperLanguage): string =>
  new Intl.DateTimeFormat(localeOf(language), { dateStyle: 'long', timeZone: 'UTC' }).format(new Date(instant));

/** Unknown codes stay as they are. */
export function localMoney({ amount, currency }: Money, language: PaperLanguage): string {
  const format = new Intl.NumberFormat(localeOf(language), { style: 'currency', currency });
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
  return format.format(amount / 10 ** digits);
}

/** The name of a country, by ISO 3166-1 alpha-2; a code without a name stays as it is. */
export function regionName(country: string, language: PaperLanguage): string {
  if (!/^[A-Z]{2}$/.test(country)) return country;
  return new Intl.DisplayNames([language], { type: 'region' }).of(country) ?? country;
}
