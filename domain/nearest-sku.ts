import { DomainError } from './errors.ts';

/** Blanks and marks without a width, as people cannot see them. */
const unseen = /[\s\u00ad\u200b-\u200f\u2060\ufeff]/gu;
const dashes = /[\u2010-\u2015\u2212]/gu;

/**
 * A key that SKUs share which look alike: without case, blanks and invisible characters, with one kind of dash, and with 0
 * for O. The column `products.sku_key` holds the same, as Postgres makes it.
 */
export const skuKey = (sku: string): string =>
  sku.normalize('NFKC').replace(unseen, '').replace(dashes, '-').toUpperCase().replaceAll('O', '0');

/**
 * The candidate that a person has probably meant: one that looks the same, else the nearest by up to two characters, less
 * in a short SKU. A guess for a text: units are matched exactly.
 */
export function nearestSku(sku: string, candidates: readonly string[]): string | undefined {
  const key = skuKey(sku);
  const most = Math.min(2, Math.floor(key.length / 3));
  const near = candidates
    .filter((candidate) => candidate !== sku)
    .map((candidate) => ({ candidate, distance: distanceOf(key, skuKey(candidate), most) }))
    .filter(({ distance }) => distance <= most);
  return near.sort((one, other) => one.distance - other.distance)[0]?.candidate;
}

/** Levenshtein's distance, or more than `most`. */
function distanceOf(one: string, other: string, most: number): number {
  if (one === other) return 0;
  if (Math.abs(one.length - other.length) > most) return most + 1;
  let row = Array.from({ length: other.length + 1 }, (_, column) => column);
  for (let line = 1; line <= one.length; line += 1) {
    const next = [line];
    for (let column = 1; column <= other.length; column += 1) {
      const change = one[line - 1] === other[column - 1] ? 0 : 1;
      next.push(Math.min(row[column]! + 1, next[column - 1]! + 1, row[column - 1]! + change));
    }
    if (Math.min(...next) > most) return most + 1;
    row = next;
  }
  return row[other.length]!;
}

const names: Readonly<Record<string, string>> = {
  '\t': '[TAB]',
  '\n': '[LINE BREAK]',
  '\u00a0': '[NBSP]',
  '\u00ad': '[SOFT HYPHEN]',
  '\u200b': '[ZERO WIDTH SPACE]',
  '\ufeff': '[BOM]',
};
const nameOf = (mark: string): string =>
  names[mark] ?? `[U+${mark.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}]`;

/** Marks without a width, and marks that turn the direction of text: two SKUs that differ by them look alike. */
const hidden = /\p{Default_Ignorable_Code_Point}/u;

export const hasHidden = (sku: string): boolean => hidden.test(sku);

/**
 * Refuses a new SKU that may look like another. A shop's own, which an import has stored, may stay.
 * @param before the SKU that the product has already
 * @throws DomainError `invalid_request`
 */
export function assertVisible(sku: string, before?: string): void {
  if (sku === before || !hasHidden(sku)) return;
  throw new DomainError('invalid_request', `The SKU ${shownSku(sku)} has invisible characters.`, [
    { pointer: '/sku', detail: `must have no invisible characters, is ${shownSku(sku)}` },
  ]);
}

/** A SKU in a text, with its invisible characters: `"SUM-100␠"`. A blank within stays a blank. */
export function shownSku(sku: string): string {
  const blanks = sku.replace(/^ +| +$| {2,}/g, (found) => '␠'.repeat(found.length));
  return `"${blanks.replace(/[^\S ]|\p{Default_Ignorable_Code_Point}|\p{Cc}/gu, nameOf)}"`;
}

/** ` Did you mean …?`, or nothing. */
export const didYouMean = (nearest: string | undefined): string =>
  nearest === undefined ? '' : ` Did you mean ${nearest}?`;

export const unknownSku = (sku: string, nearest: string | undefined): DomainError =>
  new DomainError('unknown_sku', `No product has the SKU ${shownSku(sku)}.${didYouMean(nearest)}`, [
    { pointer: '/sku', detail: `is not one of your products${nearest === undefined ? '' : `; ${nearest} is`}` },
  ]);
