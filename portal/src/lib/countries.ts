import { locale } from '../words/language.ts';

const letters = Array.from({ length: 26 }, (_, index) => String.fromCharCode(65 + index));

/** Codes with a name that is no country's: unions, test codes, and parts of countries with a code besides. */
const noCountry = new Set(['AC', 'CP', 'CQ', 'DG', 'EA', 'EU', 'EZ', 'IC', 'QO', 'TA', 'UN', 'XA', 'XB', 'ZZ']);

/** An old code, such as DD, is written as its new one. */
const isOfToday = (code: string): boolean => new Intl.Locale(`und-${code}`).region === code;

/** All countries, `[code, name]`, by their names in the language of the page. */
export function countries(): (readonly [code: string, name: string])[] {
  const names = new Intl.DisplayNames(locale(), { type: 'region', fallback: 'none' });
  return letters
    .flatMap((first) => letters.map((second) => first + second))
    .filter((code) => !noCountry.has(code) && isOfToday(code))
    .flatMap((code) => {
      const name = names.of(code);
      return name === undefined ? [] : [[code, name] as const];
    })
    .sort(([, one], [, other]) => one.localeCompare(other, locale()));
}
