import type { RateRequest } from '../provider.ts';

const longest = 200;

/**
 * A carrier's words on why it gave no rate. Carriers quote what they were sent, so that the values of both addresses are taken
 * out, but for the country.
 */
export function reasonFor(text: string, { from, to }: Pick<RateRequest, 'from' | 'to'>): string {
  const values = [from, to].flatMap(({ country: _country, ...personal }) => Object.values(personal));
  const longestFirst = values.filter((value) => value.trim().length > 2).sort((a, b) => b.length - a.length);
  const clean = longestFirst.reduce(
    (left, value) => left.replaceAll(new RegExp(escaped(value.trim()), 'giu'), '…'),
    text,
  );
  return clean.replace(/\s+/g, ' ').trim().slice(0, longest);
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
