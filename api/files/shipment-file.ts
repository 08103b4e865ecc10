import type { Readable } from 'node:stream';
import { stringify } from 'csv-stringify/sync';
import { DomainError } from '../../domain/errors.ts';
import { normalTrackingNumber } from '../../domain/shipments/shipment.ts';
import { readRows, readToEnd, type FileRow } from './csv-rows.ts';
import { parseFields } from '../plugins/validation.ts';
import type { RecordOutcome } from '../commands/record-each.ts';
import { shipmentItem, shipmentsAtOnce, type ShipmentItem } from '../schemas/shipment-batch.ts';

/** A shipment of the file. `rows`: the positions of its rows. It is refused when a row of it is not acceptable. */
type FileShipment = { rows: number[] } & ({ item: ShipmentItem } | { refusal: DomainError });
type ShipmentFile = {
  rows: (FileRow & { order: string; tracking: string; isAgain: boolean })[];
  shipments: FileShipment[];
};

const maximumRows = 20_000;
const fields = {
  order: 'number',
  sku: 'sku',
  quantity: 'quantity',
  carrier: 'carrier',
  carrier_name: 'carrierName',
  tracking: 'trackingNumber',
  url: 'trackingUrl',
  service: 'service',
  shipped_at: 'shippedAt',
} as const;
type Column = keyof typeof fields;
const needed: readonly Column[] = ['order', 'carrier', 'tracking'];
const otherNames: Readonly<Record<string, Column>> = {
  order_number: 'order',
  tracking_number: 'tracking',
  tracking_url: 'url',
};

/**
 * The shipments of a CSV file. The file is read to its end: the rows of a shipment need not lie together.
 * @throws DomainError `invalid_request` for its columns, `malformed_request`, `payload_too_large`
 */
export async function readShipmentFile(source: Readable): Promise<ShipmentFile> {
  try {
    const rows: FileRow[] = [];
    for await (const row of readRows(source)) {
      if (rows.push(row) > maximumRows) {
        throw new DomainError('payload_too_large', `A file has at most ${maximumRows} rows.`);
      }
    }
    return shipmentsOf(rows);
  } catch (error) {
    await readToEnd(source);
    throw error;
  }
}

function shipmentsOf([head, ...rows]: readonly FileRow[]): ShipmentFile {
  const columns = columnsOf(head?.cells ?? []);
  const cellOf = (row: FileRow, column: Column) => row.cells[columns.indexOf(column)] ?? '';
  const seen = new Set<string>();
  const read = rows.map((row) => {
    const line = JSON.stringify(row.cells);
    const isAgain = seen.has(line);
    seen.add(line);
    return { ...row, order: cellOf(row, 'order'), tracking: cellOf(row, 'tracking'), isAgain };
  });
  const groups = new Map<string, number[]>();
  for (const [index, { order, tracking, isAgain }] of read.entries()) {
    if (isAgain) continue;
    const key = JSON.stringify([order, normalTrackingNumber(tracking)]);
    groups.set(key, [...(groups.get(key) ?? []), index]);
  }
  if (groups.size > shipmentsAtOnce) {
    throw new DomainError('payload_too_large', `A file has at most ${shipmentsAtOnce} shipments.`);
  }
  const shipments = [...groups.values()].map((own) => ({ rows: own, ...toShipmentItem(own.map((at) => read[at]!), columns) })); // prettier-ignore
  return { rows: read, shipments };
}

function columnsOf(cells: readonly string[]): Column[] {
  const names = cells.map((cell) => cell.toLowerCase().replace(/[\s-]+/g, '_'));
  const columns = names.map((name) => otherNames[name] ?? (name as Column));
  const isKnown = columns.every((column) => Object.hasOwn(fields, column));
  const isOnce = new Set(columns).size === columns.length;
  if (isKnown && isOnce && needed.every((column) => columns.includes(column))) return columns;
  const rest = Object.keys(fields).filter((column) => !needed.includes(column as Column));
  const detail = `${needed.join(',')}, and if wanted ${rest.join(',')}`;
  throw new DomainError('invalid_request', `The first row names the columns: ${detail}.`);
}

type Cells = Partial<Record<Column, string>>;
/** Columns that must be the same in all rows of a shipment. */
const shared = (Object.keys(fields) as Column[]).filter((column) => column !== 'sku' && column !== 'quantity');

/** A shipment is recorded whole or not at all: without one of its rows it would be another shipment. */
function toShipmentItem(rows: readonly FileRow[], columns: readonly Column[]) {
  try {
    return { item: itemOf(rows.map((row) => ({ row: row.row, cells: cellsOf(row, columns) }))) };
  } catch (error) {
    if (error instanceof DomainError) return { refusal: error };
    throw error;
  }
}

function cellsOf({ row, cells }: FileRow, columns: readonly Column[]): Cells {
  if (cells.length !== columns.length) {
    throw invalid(`Row ${row} has ${cells.length} cells, the first row has ${columns.length}.`);
  }
  const read = columns.map((name, index): [Column, string] => [name, cells[index]!]);
  return Object.fromEntries(read.filter(([, cell]) => cell !== ''));
}

const invalid = (detail: string) => new DomainError('invalid_request', detail);

function itemOf(rows: readonly { row: number; cells: Cells }[]): ShipmentItem {
  const [first] = rows;
  for (const { row, cells } of rows) {
    const other = shared.find((column) => column !== 'tracking' && cells[column] !== first!.cells[column]);
    if (other) throw invalid(`Row ${row} has another ${other} than row ${first!.row}, for one shipment.`);
    if (cells.sku === undefined && (rows.length > 1 || cells.quantity !== undefined)) {
      throw invalid(`Row ${row} has no SKU.`);
    }
  }
  const read = shared.flatMap((column) => {
    const cell = first!.cells[column];
    return cell === undefined ? [] : [[fields[column], column === 'shipped_at' ? timeOf(cell) : cell]];
  });
  const lines = rows.flatMap(({ row, cells: { sku, quantity } }) =>
    sku === undefined ? [] : [{ sku, ...(quantity !== undefined && { quantity: unitsOf(quantity, row) }) }],
  );
  const parsed = parseFields(shipmentItem, { ...Object.fromEntries(read), ...(lines.length > 0 && { lines }) });
  if ('data' in parsed) return parsed.data;
  const [fault] = parsed.fault.faults;
  throw invalid(`${columnAt(fault!.pointer)}: ${fault!.detail}.`);
}

/** A day begins at midnight UTC. */
const timeOf = (cell: string): string => (/^\d{4}-\d{2}-\d{2}$/.test(cell) ? `${cell}T00:00:00Z` : cell);

function unitsOf(cell: string, row: number): number {
  if (!/^\d{1,12}$/.test(cell)) throw invalid(`quantity: must be a whole number, in row ${row}.`);
  return Number(cell);
}

/** The column of a field: `/trackingNumber` is `tracking`, `/lines/0/sku` is `sku`. */
function columnAt(pointer: string): string {
  const field = pointer.split('/').at(-1);
  return (Object.keys(fields) as Column[]).find((column) => fields[column] === field) ?? 'row';
}

/**
 * The answer as CSV: each row has the outcome of its shipment.
 * @param outcomes of the acceptable shipments, in their order
 */
export function shipmentFileAnswer({ rows, shipments }: ShipmentFile, outcomes: readonly RecordOutcome[]): string {
  const recorded = outcomes.values();
  const byRow = new Map<number, RecordOutcome>();
  for (const shipment of shipments) {
    const outcome = 'item' in shipment ? recorded.next().value! : shipment;
    for (const at of shipment.rows) byRow.set(at, outcome);
  }
  const again = new DomainError('duplicate_in_batch', 'The same row comes twice; the first one counts.');
  const lines = rows.map(({ row, order, tracking }, at) => {
    const outcome = byRow.get(at) ?? { refusal: again };
    return 'id' in outcome
      ? [row, order, tracking, 'ok', '', '', outcome.id]
      : [row, order, tracking, 'failed', outcome.refusal.code, detailOf(outcome.refusal), ''];
  });
  return stringify([['row', 'order', 'tracking', 'status', 'code', 'detail', 'shipment_id'], ...lines]);
}

/** A line of CSV has no field for faults, so the text contains them. */
const detailOf = ({ code, message, faults }: DomainError): string =>
  code === 'order_ambiguous' ? `${message} (${faults.map((fault) => fault.detail).join('; ')})` : message;
