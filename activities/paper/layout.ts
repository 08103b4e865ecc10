import { createHash } from 'node:crypto';
import type { Address } from '../../domain/orders/order.ts';
import { mostDots } from '../../domain/paper/bitmap.ts';
import { code128 } from '../../domain/paper/code128.ts';
import { imageSizeOf } from '../../domain/paper/image-size.ts';
import type { PaperLanguage } from '../../domain/paper/language.ts';
import type { PickListContent } from '../../domain/paper/pick-list.ts';
import { postalLines } from '../../domain/paper/postal-lines.ts';
import { directionOf, printableLine, printableText, type Direction } from '../../domain/paper/printable.ts';
import type { SlipContent, SlipLine } from '../../domain/paper/slip.ts';
import { localDate, localMoney, regionName } from './local.ts';
import type { LabelSheet, Sheet } from './job.ts';
import { paperWords } from './words.ts';

/** Which font draws Chinese signs: China's, Japan's or Korea's. */
type Han = 'sc' | 'jp' | 'kr';
/** A text of a stranger, as templates/common.typ says it: text, direction, font. */
type Field = { t: string; d: Direction; h: Han };

/** A sheet as the templates read it, with its images by the names in `json`. */
export type LaidSheet = { sheet: Sheet; json: string; images: [name: string, bytes: Uint8Array][] };

const rightToLeft: ReadonlySet<PaperLanguage> = new Set(['ar', 'he']);
const hanOfLanguage: Partial<Record<PaperLanguage, Han>> = { ja: 'jp', ko: 'kr' };
const hanOfCountry: Readonly<Record<string, Han>> = { JP: 'jp', KR: 'kr' };

/**
 * @param today an ISO 8601 instant
 * @throws Error where the sheet cannot be printed
 */
export function layoutOf(sheet: Sheet, today: string): LaidSheet {
  const images: LaidSheet['images'] = [];
  const nameOf: NameOf = (bytes, end) => {
    const name = `${hashOf(bytes)}.${end}`;
    images.push([name, bytes]);
    return name;
  };
  return { sheet, json: JSON.stringify(pageOf(sheet, today, nameOf)), images };
}

type NameOf = (bytes: Uint8Array, end: string) => string;

function pageOf(sheet: Sheet, today: string, nameOf: NameOf): object {
  if (sheet.kind === 'label') return labelOf(sheet, nameOf);
  return sheet.kind === 'pick_list' ? pickListPage(sheet.list, today) : slipPage(sheet.slip, nameOf);
}

/** A job has the same logo on each slip. */
const hashes = new WeakMap<Uint8Array, string>();

function hashOf(bytes: Uint8Array): string {
  const hash = hashes.get(bytes) ?? createHash('sha256').update(bytes).digest('hex');
  hashes.set(bytes, hash);
  return hash;
}

function labelOf({ image, mediaType, isVoid }: LabelSheet, nameOf: NameOf) {
  if (mediaType === 'image/png') ratioOfDrawable(image);
  const format = mediaType === 'application/pdf' ? 'pdf' : 'png';
  return { kind: 'label', image: nameOf(image, format), format, isVoid };
}

/** @returns width by height */
function ratioOfDrawable(image: Uint8Array): number {
  const size = imageSizeOf(image);
  if (!size) throw new Error('The image is neither PNG nor JPEG.');
  const { width, height } = size;
  if (width === 0 || height === 0 || width * height > mostDots)
    throw new Error(`The image has ${width} × ${height} pixels.`);
  return width / height;
}

function slipPage(slip: SlipContent, nameOf: NameOf) {
  const { brand, logo } = slip;
  const { language } = brand;
  const words = paperWords[language];
  const han = hanOfLanguage[language] ?? hanOfCountry[slip.shipTo.country] ?? 'sc';
  const field = fieldIn(han);
  const shipTo = addressIn(language, slip.shipTo).map(field);
  const lines = slip.lines.map((line) => slipLine(slip, line, field));
  const note = textFields(slip.note, field);
  const message = textFields(brand.message, field);
  return {
    ...{ kind: 'packing_slip', ...frameOf(language), han, words, hasPrices: slip.hasPrices },
    number: field(slip.number),
    code: codeOf(slip.number),
    brand: {
      name: field(brand.displayName),
      logo: logo && {
        name: nameOf(logo.bytes, logo.mediaType === 'image/png' ? 'png' : 'jpg'),
        ratio: ratioOfDrawable(logo.bytes),
      },
    },
    ...{ shipTo, shipToDir: shipTo[0]?.d ?? 'ltr' },
    facts: factsOf(slip).map(([word, text]) => [word, field(text)]),
    ...{ lines, note, message, rows: rowsOf(lines, [...note, ...message]) },
    returns: brand.returnAddress ? addressIn(language, brand.returnAddress).map(field) : [],
  };
}

function factsOf({ merchantNumber, placedAt, shippingMethod, supplierName, brand }: SlipContent): [string, string][] {
  const words = paperWords[brand.language];
  const facts: [string, string | null][] = [
    [words.order, merchantNumber],
    [words.ordered, localDate(placedAt, brand.language)],
    [words.shipping, shippingMethod],
    [words.shippedBy, supplierName],
  ];
  return facts.filter((fact): fact is [string, string] => fact[1] !== null && fact[1].trim() !== '');
}

function slipLine({ brand, currency }: SlipContent, line: SlipLine, field: (text: string) => Field) {
  const money = (minor: number) => localMoney({ amount: minor, currency }, brand.language);
  const { unitPriceMinor: price, here } = line;
  return {
    ...itemOf(line, field),
    here: String(here),
    toCome: line.toCome === 0 ? null : `${line.toCome} ${paperWords[brand.language].toCome}`,
    price: price === null ? '–' : money(price),
    amount: price === null || here === 0 ? '–' : money(price * here),
  };
}

/** About how many lines of text they take on the narrowest paper. */
function rowsOf(lines: readonly ReturnType<typeof slipLine>[], texts: readonly Field[]): number {
  const rows = (field: Field | null) => (field === null ? 0 : Math.ceil(field.t.length / 30));
  const ofLines = lines.map(({ name, sku, toCome }) => rows(name) + rows(sku) + (toCome === null ? 0 : 1));
  return [...ofLines, ...texts.map(rows)].reduce((sum, count) => sum + count, 0);
}

function pickListPage({ language, picks, orders }: PickListContent, today: string) {
  const han = hanOfLanguage[language] ?? 'sc';
  const field = fieldIn(han);
  const bin = (text: string | null) => (text === null || text.trim() === '' ? null : field(text));
  const lineOf = (line: { sku: string; name: string; bin: string | null; units: number }) => ({
    ...itemOf(line, field),
    bin: bin(line.bin),
    units: String(line.units),
  });
  return {
    ...{ kind: 'pick_list', ...frameOf(language), han, words: paperWords[language] },
    count: String(orders.length),
    today: localDate(today, language),
    picks: picks.map((pick) => ({ ...lineOf(pick), orders: String(pick.orders) })),
    orders: orders.map(({ number, lines }) => ({ number: field(number), lines: lines.map(lineOf) })),
  };
}

const frameOf = (language: PaperLanguage) => ({ lang: language, dir: rightToLeft.has(language) ? 'rtl' : 'ltr' });

function itemOf({ sku, name }: { sku: string; name: string }, field: (text: string) => Field) {
  return { name: field(name), sku: sku.trim() === '' ? null : field(sku) };
}

const addressIn = (language: PaperLanguage, address: Address): string[] =>
  postalLines(address, regionName(address.country, language));

const textFields = (text: string | null, field: (text: string) => Field): Field[] =>
  text === null ? [] : printableText(text).map(field);

/** Kana and Hangul show the language better than the country does. */
const fieldIn =
  (han: Han) =>
  (text: string): Field => {
    const t = printableLine(text);
    if (/[\p{Script=Hiragana}\p{Script=Katakana}]/u.test(t)) return { t, d: 'ltr', h: 'jp' };
    if (/\p{Script=Hangul}/u.test(t)) return { t, d: directionOf(t), h: 'kr' };
    return { t, d: directionOf(t), h: han };
  };

/** One path, drawn in units of one module. */
function codeOf(number: string): { svg: string; width: number } | null {
  const code = code128(number);
  if (!code) return null;
  const path = code.bars.map(({ from, width }) => `M${from} 0h${width}v1h-${width}z`).join('');
  const open = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${code.width} 1" preserveAspectRatio="none">`;
  return { svg: `${open}<path d="${path}"/></svg>`, width: code.width };
}
