import { DomainError } from '../errors.ts';
import { suggestedCarrier } from './carriers.ts';

/** The most characters of a cell and of the number in it. */
export const longestCell = 500;
const longestNumber = 100;

/** Words that people and exports write where they have no number. */
const placeholders = new Set(
  (
    'n/a na n.a n.a. #n/a #n/a! #ref! #value! #name? #null! #num! #div/0! nan none null nil undefined empty blank tbd tba tbc ' +
    'pending unknown later no not nothing untracked'
  ).split(' '),
);
const placeholderTexts = new Set([
  'no tracking',
  'no tracking number',
  'not available',
  'not applicable',
  'not yet',
  'to follow',
]);

/**
 * The tracking number in a cell of a spreadsheet or a field of JSON. It takes off what spreadsheets put around a number
 * (`'…`, `="…"`, quotes, blanks, characters without width). Blanks inside stay: people read a number in groups.
 * Reading the result again gives the same.
 * @throws DomainError `tracking_not_acceptable`, saying what the text looks like
 */
export function readTrackingNumber(cell: string): string {
  if (cell.length > longestCell) throw refused(cell, `is longer than ${longestNumber} characters`);
  const number = unwrapped(cell);
  const fault = faultOf(number);
  if (fault !== undefined) throw refused(cell, fault);
  return number;
}

function unwrapped(cell: string): string {
  const visible = cell.replace(/\p{Cf}/gu, '').replace(/\p{Zs}/gu, ' ');
  const bare = visible.replace(/^[\s"'`´‘’“”„=]+/u, '');
  const ended = trimmedEnd(bare);
  // A table of floating-point numbers was exported. With more than 15 digits the last ones would be lost.
  return ended.replace(/^(\d{6,15})\.0$/, '$1').replace(/[\t\v\f]/g, ' ');
}

const ending = new Set([...' \t\r\n\v\f"\'`´‘’“”']);

/** A regular expression would look at each run of blanks again from each of its characters. */
function trimmedEnd(text: string): string {
  let end = text.length;
  while (end > 0 && ending.has(text[end - 1]!)) end -= 1;
  return text.slice(0, end);
}

function faultOf(number: string): string | undefined {
  if (isPlaceholder(number)) return 'is a placeholder, not a tracking number';
  if (/^\d+([.,]\d+)?E\+\d+$/i.test(number) || /^\d+[.,]\d+E\d+$/i.test(number))
    return 'is a number that a spreadsheet has shortened: format the column as text, and enter it again';
  if (/^\d{16,}\.0+$/.test(number)) return 'is a number that a spreadsheet has rounded: format the column as text';
  if (/:\/\/|^www\.|^[\w-]+(\.[\w-]+)+\//i.test(number)) return 'is a link: put it in trackingUrl, and the number here';
  if (severalIn(number)) return 'contains several numbers: send one row or item per parcel';
  if (/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u.test(number)) return 'contains control characters';
  if (number.length > longestNumber) return `is longer than ${longestNumber} characters`;
  return undefined;
}

function isPlaceholder(number: string): boolean {
  const word = number.toLowerCase().replace(/\s+/g, ' ');
  return (
    placeholders.has(word) || placeholderTexts.has(word) || /^(x{3,}|0+)$/.test(word) || !/[\p{L}\p{N}]/u.test(word)
  );
}

/** A number may contain a slash or a comma. So at least two of the parts must look like tracking numbers themselves. */
function severalIn(number: string): boolean {
  const parts = number.split(/[,;|/&+\r\n]|\s(?:and|und|et|y|e|en)\s/i).map((part) => part.trim());
  if (parts.filter(isLikeNumber).length > 1) return true;
  return number.split(/\s+/).filter((part) => part.length >= 12 && suggestedCarrier(part)).length > 1;
}

const isLikeNumber = (part: string): boolean =>
  /^[\p{L}\p{N} -]+$/u.test(part) && /\d/.test(part) && part.replace(/[ -]/g, '').length >= 6;

function refused(cell: string, fault: string): DomainError {
  const shown = cell.replace(/[\p{Cc}\p{Cf}\p{Cs}]/gu, ' ').slice(0, 60);
  return new DomainError('tracking_not_acceptable', `The tracking number "${shown}" ${fault}.`, [
    { pointer: '/trackingNumber', detail: fault },
  ]);
}
