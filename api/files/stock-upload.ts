import { Readable } from 'node:stream';
import { stringify } from 'csv-stringify/sync';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { StockWish } from '../../db/stock/levels.ts';
import { listAllWarehouses } from '../../db/stock/warehouses.ts';
import { DomainError, orRefusal } from '../../domain/errors.ts';
import { triggerWriteBack } from '../commands/trigger-write-back.ts';
import type { UploadedFile } from '../plugins/uploads.ts';
import { commandPart, requireKey } from '../plugins/idempotency.ts';
import { logCause, toRefusal } from '../plugins/problems.ts';
import { readOne } from '../request/reading.ts';
import { writeStock } from '../commands/write-stock.ts';
import { assertWidth, cellsOf, headingOf, ignoredText, isNameIn, type Cells, type Heading } from './columns.ts';
import { safeCell } from './csv-lists.ts';
import { readRows, readToEnd } from './csv-rows.ts';
import type { FileRow } from './file-row.ts';
import { warehousesByName, wishOf, type Reading, type StockFile } from './stock-file.ts';

/** Rows that commit together. */
const chunkSize = 1_000;
const maximumRows = 100_000;

/** Code and text alone: thousands of them stay in memory until the file has been read. */
type Refused = { code: string; detail: string };
type RowOutcome = { row: number; sku: string; refused?: Refused };
/** `stopped`: why the file was not read to its end, and the first row that was not written. */
type UploadReport = {
  heading?: Heading;
  outcomes: RowOutcome[];
  stopped?: Refused & { row: number };
  isReplay: boolean;
};

/** A row of a chunk. `cells`: those that are read, for the fingerprint of the chunk. */
type ChunkRow = { row: number; cells: Cells; wish: StockWish | Refused };

type Upload = Reading & {
  request: FastifyRequest;
  heading: Heading;
  /** SKU and warehouse of each row so far. */
  seen: Set<string>;
  report: UploadReport;
};

/**
 * Writes a file of stock levels in chunks. Each chunk commits by itself while the file arrives; when a file breaks off, its
 * incomplete chunk is not written. To set a level twice is harmless. Adjustments take effect once, by the Idempotency-Key:
 * each chunk has a part of it.
 * @returns the outcome of each row. The answer begins after the file is read: many senders read no answer before they have
 *   sent everything, so that each side would wait for the other
 * @throws DomainError when no row was written
 */
export async function receiveStockFile(
  request: FastifyRequest,
  csv: UploadedFile,
  file: StockFile,
): Promise<UploadReport> {
  const report: UploadReport = { outcomes: [], isReplay: true };
  const { source } = csv;
  try {
    await writeFile({ request, report, file }, csv);
  } catch (error) {
    await readToEnd(source);
    const isCutOff = source.destroyed && !source.readableEnded && !(error instanceof DomainError);
    if (isCutOff) throw new DomainError('malformed_request', 'The file was cut off.');
    if (report.outcomes.length === 0) throw error;
    const { code, message } = toRefusal(error);
    if (!(error instanceof DomainError)) logCause(error, request);
    report.stopped = { row: report.outcomes.at(-1)!.row + 1, code, detail: message };
  } finally {
    if (report.outcomes.length > 0) triggerWriteBack(request);
  }
  return report;
}

type Receiving = { request: FastifyRequest; report: UploadReport; file: StockFile };

async function writeFile(receiving: Receiving, csv: UploadedFile): Promise<void> {
  const { report, file } = receiving;
  let upload: Upload | undefined;
  let chunk: ChunkRow[] = [];
  for await (const row of readRows(csv, isNameIn(file.columns))) {
    if (!upload) {
      upload = await open(receiving, row);
      continue;
    }
    if (report.outcomes.length + chunk.length >= maximumRows) {
      throw new DomainError('payload_too_large', `A file has at most ${maximumRows} rows.`);
    }
    chunk.push(chunkRowOf(upload, row));
    if (chunk.length === chunkSize) {
      await writeChunk(upload, chunk);
      chunk = [];
    }
  }
  if (!upload) headingOf(file.columns, undefined);
  else if (chunk.length > 0) await writeChunk(upload, chunk);
}

async function open({ request, report, file }: Receiving, first: FileRow): Promise<Upload> {
  const heading = headingOf(file.columns, first);
  report.heading = heading;
  if (file.needsKey) requireKey(request);
  const warehouses = warehousesByName(await readOne(request, listAllWarehouses));
  return { request, item: file.item, heading, warehouses, seen: new Set(), report };
}

async function writeChunk({ request, report }: Upload, rows: readonly ChunkRow[]): Promise<void> {
  const chunk = {
    number: report.outcomes.length / chunkSize,
    content: rows.map(({ cells, wish }) => [cells, isWish(wish) ? undefined : wish.detail]),
  };
  const { result, isReplay } = await commandPart(request, chunk, async (db) => {
    const outcomes = await writeStock(db, request, rows.map(({ wish }) => wish).filter(isWish));
    return outcomes.map((outcome) => ('refusal' in outcome ? refused(outcome.refusal) : null));
  });
  report.isReplay &&= isReplay;
  const written = result.values();
  for (const { row, cells, wish } of rows) {
    const refusal = isWish(wish) ? written.next().value : wish;
    report.outcomes.push({ row, sku: cells.sku ?? '', ...(refusal && { refused: refusal }) });
  }
}

const isWish = (one: StockWish | Refused): one is StockWish => 'level' in one;
const refused = ({ code, message }: DomainError): Refused => ({ code, detail: message });

function chunkRowOf(upload: Upload, row: FileRow): ChunkRow {
  const cells = cellsOf(upload.heading, row);
  const wish = orRefusal(() => {
    assertWidth(upload.heading, row);
    return newWish(upload, cells);
  });
  return { row: row.row, cells, wish: wish instanceof DomainError ? refused(wish) : wish };
}

/** When a level comes twice, the first row counts, however far apart the two rows are. */
function newWish({ seen, ...reading }: Upload, cells: Cells): StockWish {
  const wish = wishOf(cells, reading);
  const level = JSON.stringify([wish.sku, wish.warehouseId ?? reading.warehouses.get('')]);
  if (seen.has(level)) {
    throw new DomainError('duplicate_in_batch', `The SKU ${wish.sku} comes twice for one warehouse.`);
  }
  seen.add(level);
  return wish;
}

/** Sends a report as CSV. */
export function sendReport(reply: FastifyReply, report: UploadReport): never {
  if (report.isReplay && report.outcomes.length > 0) void reply.header('idempotency-replayed', 'true');
  return reply.type('text/csv; charset=utf-8').send(Readable.from(linesOf(report))) as never;
}

/** The answer as CSV, some rows at a time, as fast as the client reads it. */
function* linesOf({ heading, outcomes, stopped }: UploadReport): Generator<string> {
  yield textOf([['row', 'sku', 'status', 'code', 'detail']]);
  if (heading && heading.ignored.length > 0) {
    yield textOf([[heading.row, '', 'ignored', '', ignoredText(heading)]]);
  }
  for (let first = 0; first < outcomes.length; first += chunkSize) {
    yield textOf(outcomes.slice(first, first + chunkSize).map(lineOf));
  }
  if (stopped) yield textOf([[stopped.row, '', 'stopped', stopped.code, stopped.detail]]);
}

const textOf = (lines: readonly (string | number)[][]) => stringify(lines.map((cells) => cells.map(safeCell)));
const lineOf = ({ row, sku, refused: refusal }: RowOutcome) =>
  refusal ? [row, sku, 'failed', refusal.code, refusal.detail] : [row, sku, 'ok', '', ''];
