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
  const parts = unpacked(bytes);
  for (const [name, part] of Object.entries(parts)) if (name.startsWith('xl/worksheets/')) assertSize(part);
  const plain = zipSync(parts, { level: 0 });
  try {
    return await readSheet(Buffer.from(plain), 1);
  } catch {
    throw new DomainError('malformed_request', 'The file cannot be read as XLSX.');
  }
}

/** The reader makes a cell of each place up to the last one. A stray cell far away would make millions. */
function assertSize(sheet: Uint8Array): void {
  let [columns, rows] = [0, 0];
  for (const [, letters = '', digits = ''] of Buffer.from(sheet)
    .toString('latin1')
    .matchAll(/\br="([A-Z]{0,3})(\d{1,7})"/g)) {
    const column = [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0);
    [columns, rows] = [Math.max(columns, column), Math.max(rows, Number(digits))];
  }
  if (columns * rows > maximumCells || rows > maximumCells) {
    throw new DomainError('payload_too_large', `A sheet has at most ${maximumCells} cells, blank ones included.`);
  }
}

/** The parts of a workbook that are read. */
const neededPart =
  /^(\[Content_Types\]\.xml|_rels\/\.rels|xl\/(workbook|sharedStrings|styles)\.xml|xl\/_rels\/workbook\.xml\.rels|xl\/worksheets\/[^/]+\.xml)$/;

/**
 * The parts of the archive. A part is given the room that the archive names for it and no more, and all parts together are
 * no more bytes than the archive has: a small file can neither unpack to a huge one nor be unpacked again and again.
 */
function unpacked(bytes: Buffer): Record<string, Uint8Array> {
  let [size, packed] = [0, 0];
  const isFit = () => size <= unpackedLimitBytes && packed <= bytes.length;
  try {
    const parts = unzipSync(bytes, {
      filter: ({ name, size: ownPacked, originalSize }) => {
        if (!neededPart.test(name)) return false;
        size += originalSize;
        packed += ownPacked;
        return isFit();
      },
    });
    if (isFit()) return parts;
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
