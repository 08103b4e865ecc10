import { pipeline, type Readable } from 'node:stream';
import { parse } from 'csv-parse';
import { DomainError } from '../../domain/errors.ts';
import { fileLimitBytes, fileTooLarge } from '../plugins/body-parsers.ts';

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
