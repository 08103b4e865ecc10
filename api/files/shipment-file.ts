import { stringify } from 'csv-stringify/sync';
import { quoted, readTime, readUnits, readYesNo } from '../../domain/cells.ts';
import { DomainError, orRefusal } from '../../domain/errors.ts';
import { normalTrackingNumber } from '../../domain/shipments/shipment.ts';
import type { UploadedFile } from '../plugins/uploads.ts';
import { parseFields } from '../plugins/validation.ts';
import type { Outcome } from '../commands/in-turn.ts';
import { shipmentItem, shipmentsAtOnce, type ShipmentItem } from '../schemas/shipment-batch.ts';
import type { Column } from './column-names.ts';
import { assertWidth, cellsOf, headingOf, ignoredText, inColumn, isNameIn, type Cells, type ColumnSet, type Heading } from './columns.ts'; // prettier-ignore
import { safeCell } from './csv-lists.ts';
import { readRows, readToEnd } from './csv-rows.ts';
import type { FileRow } from './file-row.ts';

/** A row with the cells that are read. */
type ReadRow = { row: number; cells: Cells; refusal?: DomainError };
/** A shipment of the file. `rows`: the positions of its rows. It is refused when a row of it is not acceptable. */
type FileShipment = { rows: number[] } & ({ item: ShipmentItem } | { refusal: DomainError });
type ShipmentFile = { heading: Heading; rows: ReadRow[]; shipments: FileShipment[] };

const maximumRows = 20_000;
const optional = ['sku', 'quantity', 'carrier_name', 'url', 'service', 'shipped_at', 'correct'] as const;
/** Of a file in which each shipment has a tracking number. */
export const shipmentColumns: ColumnSet = {
  needed: ['order', 'carrier', 'tracking'],
  optional: [...optional, 'method'],
};
/** With the method of each row: not every method has a carrier and a tracking number. */
const byMethod: ColumnSet = { needed: ['order', 'method'], optional: ['carrier', 'tracking', ...optional] };
const isMethod = isNameIn({ needed: ['method'], optional: [] });
/** The fields of an item by their columns. These must be the same in all rows of a shipment. */
const shared: Partial<Record<Column, keyof ShipmentItem>> = {
  order: 'number',
  method: 'method',
  carrier: 'carrier',
  carrier_name: 'carrierName',
  tracking: 'trackingNumber',
  url: 'trackingUrl',
  service: 'service',
  shipped_at: 'shippedAt',
  correct: 'onShipped',
};

/**
 * The shipments of a CSV file. The file is read to its end: the rows of a shipment need not lie together.
 * @throws DomainError `invalid_request` for its columns, `malformed_request`, `not_utf8`, `unsupported_media_type`,
 *   `payload_too_large`
 */
export async function readShipmentFile(file: UploadedFile): Promise<ShipmentFile> {
  try {
    let heading: Heading | undefined;
    const rows: ReadRow[] = [];
    for await (const row of readRows(file, isNameIn(byMethod))) {
      if (!heading) heading = headingOf(row.cells.some(isMethod) ? byMethod : shipmentColumns, row);
      else if (rows.push(readRow(heading, row)) > maximumRows) {
        throw new DomainError('payload_too_large', `A file has at most ${maximumRows} rows.`);
      }
    }
    heading ??= headingOf(shipmentColumns, undefined);
    return { heading, rows, shipments: shipmentsOf(rows) };
  } catch (error) {
    await readToEnd(file.source);
    throw error;
  }
}

function readRow(heading: Heading, row: FileRow): ReadRow {
  const read = { row: row.row, cells: cellsOf(heading, row) };
  const refusal = orRefusal(() => assertWidth(heading, row));
  return refusal ? { ...read, refusal } : read;
}

function shipmentsOf(rows: readonly ReadRow[]): FileShipment[] {
  const groups = new Map<string, number[]>();
  for (const [index, { cells }] of rows.entries()) {
    const key = JSON.stringify([cells.order, shipmentIn(cells)]);
    const group = groups.get(key);
    if (group) group.push(index);
    else groups.set(key, [index]);
  }
  if (groups.size > shipmentsAtOnce) {
    throw new DomainError('payload_too_large', `A file has at most ${shipmentsAtOnce} shipments.`);
  }
  return [...groups.values()].map((own) => ({ rows: own, ...toShipmentItem(own.map((at) => rows[at]!)) }));
}

/** What distinguishes the shipments of an order. */
const shipmentIn = ({ tracking, method }: Cells): string =>
  tracking === undefined ? plainMethod(method ?? '') : `#${normalTrackingNumber(tracking)}`;
const plainMethod = (cell: string): string => cell.toLowerCase();

/** A shipment is recorded whole or not at all: without one of its rows it would be another shipment. */
function toShipmentItem(rows: readonly ReadRow[]): { item: ShipmentItem } | { refusal: DomainError } {
  const item = orRefusal(() => itemOf(rows));
  return item instanceof DomainError ? { refusal: item } : { item };
}

const invalid = (detail: string) => new DomainError('invalid_request', detail);
const inRow = ({ row }: ReadRow): string => `, in row ${row}`;

function itemOf(rows: readonly ReadRow[]): ShipmentItem {
  const first = rows[0]!;
  for (const row of rows) {
    if (row.refusal) throw row.refusal;
    assertAgrees(first, row);
  }
  const lines = linesOf(rows);
  const parsed = parseFields(shipmentItem, { ...sharedFields(first), ...(lines.length > 0 && { lines }) });
  if ('data' in parsed) return parsed.data;
  const [fault] = parsed.fault.faults;
  const { column, row } = placeOf(fault!.pointer, rows);
  throw invalid(`${column}: ${fault!.detail}${inRow(row)}.`);
}

const caseless: readonly Column[] = ['carrier', 'method', 'correct'];

function assertAgrees(first: ReadRow, { row, cells }: ReadRow): void {
  const names = Object.keys(shared) as Column[];
  const plain = (one: Cells, name: Column) => (caseless.includes(name) ? one[name]?.toLowerCase() : one[name]);
  const other = names.find((name) => name !== 'tracking' && plain(cells, name) !== plain(first.cells, name));
  if (other === undefined) return;
  const [one, two] = [first.cells[other] ?? '', cells[other] ?? ''].map(quoted);
  throw invalid(`Rows ${first.row} and ${row} are one shipment, and differ in ${other}: ${one} and ${two}.`);
}

const readers: Partial<Record<Column, (cell: string) => string>> = {
  shipped_at: readTime,
  method: plainMethod,
  correct: (cell) => (readYesNo(cell) ? 'correct' : 'refuse'),
};

function sharedFields(row: ReadRow): object {
  const fields = (Object.entries(shared) as [Column, string][]).flatMap(([column, field]): [string, string][] => {
    const cell = row.cells[column];
    if (cell === undefined) return [];
    return [[field, inColumn(column, inRow(row), () => (readers[column] ?? String)(cell))]];
  });
  return Object.fromEntries(fields);
}

type NamedLine = { sku: string; quantity?: number };

/** Rows with one SKU add up. Rows without a quantity mean all that is left, however often they come. */
function linesOf(rows: readonly ReadRow[]): NamedLine[] {
  const lines = new Map<string, NamedLine>();
  for (const row of rows) {
    const { sku, quantity } = row.cells;
    if (sku === undefined) {
      if (quantity !== undefined)
        throw invalid(`sku: is missing, beside the quantity ${quoted(quantity)}${inRow(row)}.`);
      continue;
    }
    const units = quantity === undefined ? undefined : unitsIn(quantity, row);
    const known = lines.get(sku);
    if (known && (known.quantity === undefined) !== (units === undefined)) {
      throw invalid(
        `The SKU ${quoted(sku)} has a quantity in one row of this shipment and none in another${inRow(row)}.`,
      );
    }
    const sum = (known?.quantity ?? 0) + (units ?? 0);
    lines.set(sku, { sku, ...(units !== undefined && { quantity: sum }) });
  }
  const whole = rows.find(({ cells }) => cells.sku === undefined);
  if (whole && lines.size > 0) {
    throw invalid(`sku: is missing, and other rows of this shipment have one${inRow(whole)}.`);
  }
  return [...lines.values()];
}

function unitsIn(cell: string, row: ReadRow): number {
  const rule = 'must be a whole number above 0';
  return inColumn('quantity', inRow(row), () => {
    const units = readUnits(cell, rule);
    if (units < 1) throw invalid(`${rule}, is ${quoted(cell)}`);
    return units;
  });
}

/** The column and the row of a field: `/trackingNumber` is `tracking`, `/lines/0/sku` is `sku` of the first SKU. */
function placeOf(pointer: string, rows: readonly ReadRow[]): { column: Column; row: ReadRow } {
  const [, list, at, name] = pointer.split('/');
  if (list === 'lines') {
    const skus = [...new Set(rows.map(({ cells }) => cells.sku))];
    const row = rows.find(({ cells }) => cells.sku === skus[Number(at ?? 0)]);
    return { column: name === 'quantity' ? 'quantity' : 'sku', row: row ?? rows[0]! };
  }
  const column = (Object.keys(shared) as Column[]).find((one) => shared[one] === list);
  return { column: column ?? 'order', row: rows[0]! };
}

/**
 * The answer as CSV: each row has the outcome of its shipment. Columns that were not read come first.
 * @param outcomes of the acceptable shipments, in their order
 */
export function shipmentFileAnswer({ heading, rows, shipments }: ShipmentFile, outcomes: readonly Outcome[]): string {
  const recorded = outcomes.values();
  const byRow = new Map<number, Outcome>();
  for (const shipment of shipments) {
    const outcome = 'item' in shipment ? recorded.next().value! : shipment;
    for (const at of shipment.rows) byRow.set(at, outcome);
  }
  const lines = rows.map(({ row, cells }, at) => {
    const [order, tracking] = [cells.order ?? '', cells.tracking ?? ''];
    const outcome = byRow.get(at)!;
    return 'id' in outcome
      ? [row, order, tracking, 'ok', '', outcome.notice ?? '', outcome.id]
      : [row, order, tracking, 'failed', outcome.refusal.code, detailOf(outcome.refusal), ''];
  });
  const head = ['row', 'order', 'tracking', 'status', 'code', 'detail', 'shipment_id'];
  const ignored = heading.ignored.length > 0 ? [[heading.row, '', '', 'ignored', '', ignoredText(heading), '']] : [];
  return stringify([head, ...ignored, ...lines].map((cells) => cells.map(safeCell)));
}

/** A line of CSV has no field for faults, so the text contains them. */
const detailOf = ({ code, message, faults }: DomainError): string =>
  code === 'order_ambiguous' ? `${message} (${faults.map((fault) => fault.detail).join('; ')})` : message;
