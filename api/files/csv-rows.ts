import { pipeline, type Readable } from 'node:stream';
import { parse } from 'csv-parse';
import { DomainError } from '../../domain/errors.ts';
import { fileLimitBytes, fileTooLarge } from '../plugins/body-parsers.ts';

/** A row of a file. `row`: its line, as a spreadsheet counts. Row 1 names the columns. */
export type FileRow = { row: number; cells: string[] };

/** In bytes. No acceptable row is as long. */
const maximumRowLength = 4_000;

/**
 * The rows of a CSV file (RFC 4180, UTF-8 with or without a byte order mark), as they arrive. Rows are read only when the
 * caller asks for them, so a slow caller slows the sender down.
 * @throws DomainError `malformed_request` where a row cannot be read, after the rows before it; `payload_too_large`
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
    // An error would drop rows before it that the caller has not read yet. After it the beginning of a row is unknown.
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
  // An error of the pipeline is thrown where the rows are read.
  pipeline(
    bytesOf(source, () => state.isBroken),
    parser,
    () => undefined,
  );
  for await (const [row, ...cells] of parser as AsyncIterable<string[]>) yield { row: Number(row), cells };
  if (state.isBroken && state.lastRow > 0) {
    throw new DomainError('malformed_request', `The file cannot be read as CSV after row ${state.lastRow}.`);
  }
}

/** After an early end the rest of the source stays unread: destroying it would cut off the answer. */
async function* bytesOf(source: Readable, isOver: () => boolean): AsyncGenerator<Buffer> {
  let size = 0;
  for await (const bytes of source.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += bytes.length;
    if (size > fileLimitBytes) throw fileTooLarge();
    if (!isOver()) yield bytes;
  }
}

/** Reads the rest of a refused file: most clients read the answer only after they have sent everything. */
export async function readToEnd(source: Readable): Promise<void> {
  try {
    for await (const _ of bytesOf(source, () => true));
  } catch {
    // The file is too large or was cut off. The answer goes out all the same, if the client is still there.
  }
}
