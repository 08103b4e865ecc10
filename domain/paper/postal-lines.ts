import type { Address } from '../orders/order.ts';

/** Countries that write the postal code after the city. Source: the Universal Postal Union's addressing data. */
const codeAfterCity = new Set(
  (
    'AE AU BD BR CA CN CO EG GB GG GI HK ID IE IM IN IQ IR JE JM JO JP KH KR KW LB LK MT MV NG NP NZ OM PE PG PH PK PR ' +
    'SA SG TH TW US UM VE VI VN ZA'
  ).split(' '),
);
/** Addresses that begin with the largest part, where they are written in their own script. */
const largestFirst = new Set(['CN', 'HK', 'JP', 'KR', 'MO', 'TW']);
const eastAsian = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u;

/**
 * An address as the post of its country reads it, a line each, empty ones left out.
 * @param countryName in the language of the paper
 */
export function postalLines(address: Address, countryName: string): string[] {
  const { name, company, address1, address2, country } = address;
  const isNative = largestFirst.has(country) && eastAsian.test(address1);
  const lines = isNative
    ? [countryName, ...placeFirst(address), address1, address2, company, name]
    : [name, company, address1, address2, placeOf(address), countryName];
  return lines.filter((line): line is string => line !== undefined && line.trim() !== '');
}

function placeOf({ city, province, postalCode, country }: Address): string {
  const filled = (parts: (string | undefined)[]) => parts.filter((part) => part !== undefined && part !== '');
  if (codeAfterCity.has(country)) {
    const region = filled([province, postalCode]).join(' ');
    return filled([city, region]).join(', ');
  }
  return filled([[postalCode, city].filter(Boolean).join(' '), province === city ? '' : province]).join(', ');
}

function placeFirst({ city, province, postalCode, country }: Address): string[] {
  const gap = country === 'KR' ? ' ' : '';
  const place = [province, city].filter(Boolean).join(gap);
  return [country === 'JP' && postalCode !== '' ? `〒${postalCode}` : postalCode, place];
}
