import type { z } from 'zod';
import type { StockWish } from '../../db/stock/levels.ts';
import { quoted, readUnits, trimmed } from '../../domain/cells.ts';
import { DomainError } from '../../domain/errors.ts';
import { warehouseToSet, type Warehouse } from '../../domain/stock.ts';
import { parseFields } from '../plugins/validation.ts';
import { newAdjustment, newLevel, toWish, type NewAdjustment, type NewLevel } from '../schemas/stock.ts';
import type { Column } from './column-names.ts';
import { inColumn, type Cells, type ColumnSet } from './columns.ts';

/** A kind of file: levels or adjustments. A repeated adjustment counts again, so a file of adjustments needs a key. */
export type StockFile = { columns: ColumnSet; item: typeof newLevel | typeof newAdjustment; needsKey: boolean };

export const levelFile: StockFile = {
  columns: { needed: ['sku', 'physical_on_hand'], optional: ['warehouse'] },
  item: newLevel,
  needsKey: false,
};
export const adjustmentFile: StockFile = {
  columns: { needed: ['sku', 'adjust_by', 'reason'], optional: ['warehouse'] },
  item: newAdjustment,
  needsKey: true,
};

/**
 * Ids of warehouses by the texts that a file may name them by: the id, or the name. An own warehouse comes before a
 * supplier's warehouse of the same name. An empty cell means the oldest own warehouse.
 */
export const warehousesByName = (warehouses: readonly Warehouse[]): ReadonlyMap<string, string> =>
  new Map([
    ['', warehouseToSet(warehouses, undefined).id],
    ...warehouses.filter(({ isOwn }) => !isOwn).map(({ id, name }) => [name, id] as const),
    ...warehouses.filter(({ isOwn }) => isOwn).map(({ id, name }) => [name, id] as const),
    ...warehouses.map(({ id }) => [id, id] as const),
  ]);

/** How the rows of a file are read. `warehouses`: the result of `warehousesByName`. */
export type Reading = Pick<StockFile, 'item'> & { warehouses: ReadonlyMap<string, string> };

/** The columns by the fields of an item, and what their cells are read as. */
const fields: Partial<Record<Column, [field: string, read: (cell: string) => unknown]>> = {
  sku: ['sku', (cell) => cell],
  physical_on_hand: ['physicalOnHand', (cell) => readUnits(cell, 'must be a whole number, 0 or more')],
  adjust_by: ['adjustBy', (cell) => readUnits(cell, 'must be a whole number')],
  reason: ['reason', (cell) => trimmed(cell).toLowerCase()],
};

/**
 * The wish of a row.
 * @throws DomainError `invalid_request`, `warehouse_not_found`
 */
export function wishOf(cells: Cells, { item, warehouses }: Reading): StockWish {
  const named = Object.entries(cells).flatMap(([name, cell]): [string, unknown][] => {
    const column = name as Column;
    const [field, read] = fields[column] ?? [];
    return field === undefined || !read ? [] : [[field, inColumn(column, '', () => read(cell))]];
  });
  const warehouse = cells.warehouse === undefined ? {} : { warehouseId: warehouseIdOf(cells.warehouse, warehouses) };
  const parsed = parseFields(item as z.ZodType<NewLevel | NewAdjustment>, {
    ...Object.fromEntries(named),
    ...warehouse,
  });
  if ('data' in parsed) return toWish(parsed.data);
  const [fault] = parsed.fault.faults;
  throw new DomainError('invalid_request', `${columnOf(fault!.pointer)}: ${fault!.detail}.`);
}

function warehouseIdOf(cell: string, warehouses: ReadonlyMap<string, string>): string {
  const id = warehouses.get(cell) ?? warehouses.get(trimmed(cell));
  if (id === undefined) {
    throw new DomainError('warehouse_not_found', `No warehouse has this id or name: ${quoted(cell)}.`);
  }
  return id;
}

/** The column of a field: `/physicalOnHand` is `physical_on_hand`. */
const columnOf = (pointer: string): string =>
  pointer.slice(1).replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
