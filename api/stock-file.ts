import { pipeline, type Readable } from 'node:stream';
import { parse } from 'csv-parse';
import type { StockWish } from '../db/stock-levels.ts';
import { DomainError } from '../domain/errors.ts';
import { placeToSet, type Place } from '../domain/stock.ts';
import { fileLimitBytes, fileTooLarge } from './plugins/body-parsers.ts';
import { RequestFault } from './plugins/validation.ts';
import { newLevel, toWish } from './schemas/stock.ts';

/** A row of a file. `row`: its line, as a spreadsheet counts; the names of the columns are in row 1. */
export type FileRow = { row: number; cells: string[] };

/** Longer than any row that is acceptable. */
const maximumRowLength = 4_000;

/**
 * The rows of a CSV file (RFC 4180, UTF-8 with or without a byte order mark), as they come in: what has not been asked
 * for is not read, so that whoever is slow to use them slows the sender down.
 * @throws DomainError `malformed_request` where a row cannot be read, after those before it; `payload_too_large`
 */
export async function* readRows(source: Readable): AsyncGenerator<FileRow> {
  const state = { lastRow: 0, isBroken: false };
  const parser = parse({
    bom: true,
    trim: true,
    skip_empty_lines: true,
    relax_column_count: true,
    record_delimiter: ['\r\n', '\n', '\r'],
    max_record_size: maximumRowLength,
    // An error would drop the rows before it that nobody has taken yet. After it nobody knows where a row begins.
    skip_records_with_error: true,
    on_skip: () => {
      state.isBroken = true;
      return undefined;
    },
    on_record: (cells: string[], { lines }) => {
      if (state.isBroken) return null;
      state.lastRow = lines;
      return [String(lines), ...cells];
    },
  });
  // What fails in between arrives where the rows are read.
  pipeline(
    bytesOf(source, () => state.isBroken),
    parser,
    () => undefined,
  );
  for await (const [row, ...cells] of parser as AsyncIterable<string[]>) yield { row: Number(row), cells };
  if (state.isBroken && state.lastRow > 0) {
    throw new DomainError('malformed_request', `What follows row ${state.lastRow} cannot be read as CSV.`);
  }
}

/** What is left after an end before time stays with the request: destroying it would cut off the answer. */
async function* bytesOf(source: Readable, isOver: () => boolean): AsyncGenerator<Buffer> {
  let size = 0;
  for await (const bytes of source.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += bytes.length;
    if (size > fileLimitBytes) throw fileTooLarge();
    if (!isOver()) yield bytes;
  }
}

/** Reads what is left of a file that is refused: most clients look at the answer only once they have sent everything. */
export async function readToEnd(source: Readable): Promise<void> {
  try {
    for await (const _ of bytesOf(source, () => true));
  } catch {
    // Too much, or cut off: the answer goes out all the same, or to nobody.
  }
}

/** What the cells of each row are, in the file's own order. */
export type Columns = { names: string[]; isAdjustment: boolean };

const amounts: Readonly<Record<string, string>> = { physical_on_hand: 'physicalOnHand', adjust_by: 'adjustBy' };
const headers = [
  ['sku', 'physical_on_hand'],
  ['sku', 'adjust_by', 'reason'],
];

/** @param cells of the first row, if there is one. @throws DomainError `invalid_request` */
export function columnsOf(cells: readonly string[] = []): Columns {
  const names = cells.map((cell) => cell.toLowerCase());
  const needed = names.filter((name) => name !== 'warehouse');
  const isKnown = headers.some(
    (header) => needed.length === header.length && header.every((name) => needed.includes(name)),
  );
  if (isKnown && names.length - needed.length <= 1) return { names, isAdjustment: names.includes('adjust_by') };
  const wanted = 'sku,physical_on_hand or sku,adjust_by,reason, each with a column warehouse if you like';
  throw new DomainError('invalid_request', `The first row names the columns: ${wanted}.`);
}

/**
 * Ids of warehouses by what a file may call them: their id, or the name of an own one before that of a supplier's. An
 * empty cell is the oldest own one.
 */
export const namedPlaces = (places: readonly Place[]): ReadonlyMap<string, string> =>
  new Map([
    ['', placeToSet(places, undefined).id],
    ...places.filter(({ isOwn }) => !isOwn).map(({ id, name }) => [name, id] as const),
    ...places.filter(({ isOwn }) => isOwn).map(({ id, name }) => [name, id] as const),
    ...places.map(({ id }) => [id, id] as const),
  ]);

/**
 * What a row asks for.
 * @throws DomainError `invalid_request`, `warehouse_not_found`
 */
export function wishOf({ cells }: FileRow, { names }: Columns, places: ReadonlyMap<string, string>): StockWish {
  if (cells.length !== names.length) {
    throw invalid(`The row has ${cells.length} cells, the first row has ${names.length}.`);
  }
  const item = names.map((name, index): [string, unknown] => {
    const cell = cells[index]!;
    if (name === 'warehouse') return ['warehouseId', placeOf(cell, places)];
    return name in amounts ? [amounts[name]!, unitsOf(cell, name)] : [name, cell];
  });
  const parsed = newLevel.safeParse(Object.fromEntries(item));
  if (parsed.success) return toWish(parsed.data);
  const [fault] = new RequestFault(parsed.error.issues).faults;
  throw invalid(`${columnOf(fault!.pointer)}: ${fault!.detail}.`);
}

const invalid = (detail: string) => new DomainError('invalid_request', detail);

function unitsOf(cell: string, column: string): number {
  if (!/^[+-]?\d{1,12}$/.test(cell)) throw invalid(`${column}: must be a whole number.`);
  return Number(cell);
}

function placeOf(cell: string, places: ReadonlyMap<string, string>): string {
  const id = places.get(cell);
  if (id === undefined) throw new DomainError('warehouse_not_found', 'No warehouse has this id or name.');
  return id;
}

/** As the file calls it: `/physicalOnHand` is `physical_on_hand`. */
const columnOf = (pointer: string): string =>
  pointer.slice(1).replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
