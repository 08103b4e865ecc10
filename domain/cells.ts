import { DomainError } from './errors.ts';

/** Longer values are cut where they are shown. */
const shownLength = 40;

/** A value as a text shows it: in quotes, cut, with its invisible characters as codes. */
export function quoted(value: string): string {
  const cut = value.length > shownLength ? `${value.slice(0, shownLength)}…` : value;
  const visible = cut.replace(/[\p{C}\p{Z}]/gu, (sign) =>
    sign === ' ' ? sign : `\\u{${sign.codePointAt(0)!.toString(16).padStart(4, '0')}}`,
  );
  return `"${visible}"`;
}

const wrong = (rule: string, cell: string) => new DomainError('invalid_request', `${rule}, is ${quoted(cell)}`);

const isBlankSign = (sign: string | undefined): boolean => sign !== undefined && /[\s\u200B-\u200D\u2060]/.test(sign);

/** Without the blanks around it, also those that nobody sees. A loop: a pattern would be slow on a long cell of blanks. */
export function trimmed(cell: string): string {
  let [from, to] = [0, cell.length];
  while (from < to && isBlankSign(cell[from])) from += 1;
  while (to > from && isBlankSign(cell[to - 1])) to -= 1;
  return cell.slice(from, to);
}

/** Whether a cell shows nothing. */
export const isBlank = (cell: string): boolean => trimmed(cell) === '';

/**
 * A cell without what spreadsheets put around a text, so that it does not become a number: `="0815"`, `'0815`, `'0815'`.
 * A cell without such signs is unchanged.
 */
export function unwrapped(cell: string): string {
  const text = trimmed(cell);
  if (text.length >= 3 && text.startsWith('="') && text.endsWith('"')) return text.slice(2, -1);
  if (text.length < 2 || !text.startsWith("'")) return cell;
  return text.length > 2 && text.endsWith("'") ? text.slice(1, -1) : text.slice(1);
}

const sign = '[+\u2212-]?';
const plainNumber = new RegExp(`^${sign}\\d{1,12}$`);
/** `3.0` and `3,00`. Three zeros after one to three digits may be thousands. */
const wholeDecimal = new RegExp(`^(${sign}\\d{1,12})[.,]0{1,6}$`);
const oneGroup = new RegExp(`^${sign}[1-9]\\d{0,2}[.,]\\d{3}$`);
/** Groups of thousands that mean one number alone: `1 000`, `1'000`, `1,000,000`, `1,000.00`. */
const groups = [
  new RegExp(`^(${sign}\\d{1,3}(?:[ \\u00A0\\u2009\\u202F'’]\\d{3}){1,3})(?:[.,]0{1,2})?$`),
  new RegExp(`^(${sign}\\d{1,3}(?:,\\d{3}){2,3})(?:\\.0{1,2})?$`),
  new RegExp(`^(${sign}\\d{1,3}(?:\\.\\d{3}){2,3})(?:,0{1,2})?$`),
  new RegExp(`^(${sign}\\d{1,3},\\d{3})\\.0{1,2}$`),
  new RegExp(`^(${sign}\\d{1,3}\\.\\d{3}),0{1,2}$`),
];

const numberIn = (text: string): number => Number(text.replace('\u2212', '-').replace(/[^\d+-]/g, '')) + 0;

/**
 * A whole number as people and spreadsheets write it.
 * @param rule begins the refusal: what the number must be
 * @throws DomainError `invalid_request`, also where a sign may part decimals or thousands
 */
export function readUnits(cell: string, rule: string): number {
  const text = trimmed(unwrapped(cell));
  // Nothing longer is a number of units, and no pattern below need look at it.
  if (text.length > 20) throw wrong(rule, cell);
  if (plainNumber.test(text)) return numberIn(text);
  if (oneGroup.test(text)) {
    const [whole = '', rest = ''] = text.split(/[.,]/);
    const fraction = rest.replace(/0+$/, '');
    const decimal = fraction === '' ? whole : `${whole}.${fraction}`;
    throw wrong(`${rule}, and could be ${whole}${rest} or ${decimal}: write it without thousands separators`, cell);
  }
  const decimal = wholeDecimal.exec(text)?.[1];
  if (decimal !== undefined) return numberIn(decimal);
  const grouped = groups.map((pattern) => pattern.exec(text)?.[1]).find((found) => found !== undefined);
  if (grouped !== undefined) return numberIn(grouped);
  if (/^[+-]?\d+(?:[.,]\d+)?E[+-]?\d+$/i.test(text)) {
    throw wrong(`${rule}, not one in the scientific notation of a spreadsheet`, cell);
  }
  throw wrong(rule, cell);
}

const timeRule = 'must be a day such as 2026-01-31, or a time with its offset such as 2026-01-31T12:00:00Z';

/**
 * A time, or a day: it begins at midnight UTC. A time is returned as it is written; its schema checks it.
 * @throws DomainError `invalid_request`, also for a day whose month may be either number
 */
export function readTime(cell: string): string {
  const text = trimmed(unwrapped(cell));
  if (text.length > 40) throw wrong(timeRule, cell);
  if (/^\d{4}-\d{2}-\d{2}T\d/i.test(text)) return text;
  const [, year, second, third] = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$/.exec(text) ?? [];
  if (year !== undefined) return dayOf(cell, [year, second!, third!]);
  const [, first, mark, middle, last] = /^(\d{1,2})([./-])(\d{1,2})\2(\d{4})$/.exec(text) ?? [];
  if (first !== undefined) {
    const [isDayFirst, isDaySecond] = [mark === '.' || Number(first) > 12, Number(middle) > 12];
    if (!isDayFirst && !isDaySecond && Number(first) !== Number(middle)) {
      const meanings = `${iso([last!, first, middle!])} or ${iso([last!, middle!, first])}`;
      throw wrong(`${timeRule}, and could be ${meanings}`, cell);
    }
    return dayOf(cell, isDayFirst ? [last!, middle!, first] : [last!, first, middle!]);
  }
  throw wrong(
    isSerial(text) ? `${timeRule}, not the number that a spreadsheet has for ${serialDay(text)}` : timeRule,
    cell,
  );
}

type Day = [year: string, month: string, day: string];
const iso = ([year, month, day]: Day): string => `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;

function dayOf(cell: string, day: Day): string {
  const time = `${iso(day)}T00:00:00Z`;
  const moment = Date.parse(time);
  // 31 February would become 3 March.
  const exists = !Number.isNaN(moment) && new Date(moment).toISOString().startsWith(iso(day));
  if (!exists) throw wrong(`${timeRule}, and there is no such day`, cell);
  return time;
}

/** Days since 30 December 1899, from 1982 to 2119. */
const isSerial = (text: string): boolean => /^[3-7]\d{4}(?:[.,]\d{1,12})?$/.test(text);
const serialDay = (text: string): string =>
  new Date(Date.UTC(1899, 11, 30) + Number(text.slice(0, 5)) * 86_400_000).toISOString().slice(0, 10);

const yes = ['yes', 'y', 'true', '1', 'x', 'ja', 'j', 'oui', 'sí', 'si'];
const no = ['no', 'n', 'false', '0', 'nein', 'non'];

/** @throws DomainError `invalid_request` */
export function readYesNo(cell: string): boolean {
  const word = trimmed(cell).toLowerCase();
  if (!yes.includes(word) && !no.includes(word)) throw wrong('must be yes or no', cell);
  return yes.includes(word);
}
