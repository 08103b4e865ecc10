import type { z } from 'zod';
import type { StockWish } from '../../db/stock/levels.ts';
import { DomainError } from '../../domain/errors.ts';
import { placeToSet, type Place } from '../../domain/stock.ts';
import type { FileRow } from './csv-rows.ts';
import { parseFields } from '../plugins/validation.ts';
import { newAdjustment, newLevel, toWish, type NewAdjustment, type NewLevel } from '../schemas/stock.ts';

/** A kind of file: levels or adjustments. A repeated adjustment counts again, so a file of adjustments needs a key. */
export type StockFile = { columns: readonly string[]; item: typeof newLevel | typeof newAdjustment; needsKey: boolean };

export const levelFile: StockFile = { columns: ['sku', 'physical_on_hand'], item: newLevel, needsKey: false };
export const adjustmentFile: StockFile = {
  columns: ['sku', 'adjust_by', 'reason'],
  item: newAdjustment,
  needsKey: true,
};

const amounts: Readonly<Record<string, string>> = { physical_on_hand: 'physicalOnHand', adjust_by: 'adjustBy' };

/**
 * The columns, in the order of the file.
 * @param cells of the first row, if there is one
 * @throws DomainError `invalid_request`
 */
export function columnsOf({ columns }: StockFile, cells: readonly string[] = []): string[] {
  const names = cells.map((cell) => cell.toLowerCase());
  const needed = names.filter((name) => name !== 'warehouse');
  const isKnown = needed.length === columns.length && columns.every((name) => needed.includes(name));
  if (isKnown && names.length - needed.length <= 1) return names;
  const wanted = `${columns.join(',')}, and warehouse if you like`;
  throw new DomainError('invalid_request', `The first row names the columns: ${wanted}.`);
}

/**
 * Ids of warehouses by the texts that a file may name them by: the id, or the name. An own warehouse comes before a
 * supplier's warehouse of the same name. An empty cell means the oldest own warehouse.
 */
export const namedPlaces = (places: readonly Place[]): ReadonlyMap<string, string> =>
  new Map([
    ['', placeToSet(places, undefined).id],
    ...places.filter(({ isOwn }) => !isOwn).map(({ id, name }) => [name, id] as const),
    ...places.filter(({ isOwn }) => isOwn).map(({ id, name }) => [name, id] as const),
    ...places.map(({ id }) => [id, id] as const),
  ]);

/** How the rows of a file are read. `names`: its columns; `places`: the result of `namedPlaces`. */
export type Reading = Pick<StockFile, 'item'> & { names: readonly string[]; places: ReadonlyMap<string, string> };

/**
 * The wish of a row.
 * @throws DomainError `invalid_request`, `warehouse_not_found`
 */
export function wishOf({ cells }: FileRow, { item, names, places }: Reading): StockWish {
  if (cells.length !== names.length) {
    throw invalid(`The row has ${cells.length} cells, the first row has ${names.length}.`);
  }
  const fields = names.map((name, index): [string, unknown] => {
    const cell = cells[index]!;
    if (name === 'warehouse') return ['warehouseId', placeOf(cell, places)];
    return name in amounts ? [amounts[name]!, unitsOf(cell, name)] : [name, cell];
  });
  const parsed = parseFields(item as z.ZodType<NewLevel | NewAdjustment>, Object.fromEntries(fields));
  if ('data' in parsed) return toWish(parsed.data);
  const [fault] = parsed.fault.faults;
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

/** The column of a field: `/physicalOnHand` is `physical_on_hand`. */
const columnOf = (pointer: string): string =>
  pointer.slice(1).replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
