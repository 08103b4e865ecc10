import type { Money } from '../../domain/orders/order.ts';
import type { PaperLanguage } from '../../domain/paper/language.ts';

/** Western digits and the Gregorian calendar in each language: numbers of orders and prices have them too. */
const localeOf = (language: PaperLanguage): string => `${language}-u-ca-gregory-nu-latn`;

/** A format takes longer to make than a whole slip. */
function remembered<T>(make: (language: PaperLanguage, of: string) => T): typeof make {
  const made = new Map<string, T>();
  return (language, of) => {
    const key = `${language} ${of}`;
    const format = made.get(key) ?? make(language, of);
    made.set(key, format);
    return format;
  };
}

const dates = remembered(
  (language, timeZone) => new Intl.DateTimeFormat(localeOf(language), { dateStyle: 'long', timeZone }),
);
const prices = remembered(
  (language, currency) => new Intl.NumberFormat(localeOf(language), { style: 'currency', currency }),
);
const regions = remembered(
  (language, style) => new Intl.DisplayNames([language], { type: 'region', style: style as 'long' }),
);

/** The day of an instant, in UTC. @param instant ISO 8601 */
export const localDate = (instant: string, language: PaperLanguage): string =>
  dates(language, 'UTC').format(new Date(instant));

/** @throws RangeError for a code that is not three letters */
export function localMoney({ amount, currency }: Money, language: PaperLanguage): string {
  const format = prices(language, currency);
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
  return format.format(amount / 10 ** digits);
}

/** The name of a country, by ISO 3166-1 alpha-2; another code stays as it is. */
export function regionName(country: string, language: PaperLanguage): string {
  if (!/^[A-Z]{2}$/.test(country)) return country;
  return regions(language, 'long').of(country) ?? country;
}
