import type { Readable } from 'node:stream';
import { unzipSync, zipSync } from 'fflate';
import { readSheet, type CellValue } from 'read-excel-file/node';
import { isBlank } from '../../domain/cells.ts';
import { DomainError } from '../../domain/errors.ts';
import { fileTooLarge } from '../plugins/uploads.ts';
import type { FileRow } from './file-row.ts';

/** A workbook is unpacked in memory. About 50,000 rows of a file of ours are as large. */
const limitBytes = 2 * 1024 * 1024;
const unpackedLimitBytes = 64 * 1024 * 1024;
const maximumCells = 1_000_000;

/**
 * The rows of the first sheet of an XLSX file that are not blank, its cells as text. Formulas are not evaluated: a cell has
 * the value that was stored with it.
 * @throws DomainError `malformed_request`, `payload_too_large`
 */
export async function rowsOfWorkbook(source: Readable): Promise<FileRow[]> {
  const rows = await sheetOf(await bytesOf(source));
  if (rows.reduce((sum, row) => sum + row.length, 0) > maximumCells) {
    throw new DomainError('payload_too_large', `A sheet has at most ${maximumCells} cells.`);
  }
  return rows
    .map((row, index) => ({ row: index + 1, cells: row.map(textOf) }))
    .filter(({ cells }) => !cells.every(isBlank));
}

async function bytesOf(source: Readable): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of source.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > limitBytes) throw fileTooLarge(limitBytes);
    parts.push(part);
  }
  return Buffer.concat(parts);
}

async function sheetOf(bytes: Buffer): Promise<(CellValue | null)[][]> {
  const plain = unpacked(bytes);
  try {
    return await readSheet(Buffer.from(plain), 1);
  } catch {
    throw new DomainError('malformed_request', 'The file cannot be read as XLSX.');
  }
}

/**
 * The archive with its parts stored plainly. A part is given the room that the archive names for it and no more, so that a
 * small file cannot unpack to a huge one.
 */
function unpacked(bytes: Buffer): Uint8Array {
  let size = 0;
  try {
    const parts = unzipSync(bytes, {
      filter: ({ originalSize }) => {
        size += originalSize;
        return size <= unpackedLimitBytes;
      },
    });
    if (size <= unpackedLimitBytes) return zipSync(parts, { level: 0 });
  } catch {
    throw new DomainError('malformed_request', 'The file cannot be read as XLSX.');
  }
  throw new DomainError(
    'payload_too_large',
    `A workbook has at most ${unpackedLimitBytes / 1024 / 1024} MiB unpacked.`,
  );
}

/** A spreadsheet stores 15 digits of a number. A longer one shows in its exponent form, which the readers of cells refuse. */
function textOf(cell: CellValue | null): string {
  if (cell === null) return '';
  if (cell instanceof Date) return cell.toISOString().replace(/T00:00:00.000Z$/, '');
  if (typeof cell === 'number') return Math.abs(cell) < 1e15 ? String(cell) : cell.toExponential();
  return typeof cell === 'boolean' ? (cell ? 'yes' : 'no') : String(cell);
}
