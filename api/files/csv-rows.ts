import { pipeline, type Readable } from 'node:stream';
import { parse, type Parser } from 'csv-parse';
import { isBlank } from '../../domain/cells.ts';
import { DomainError } from '../../domain/errors.ts';
import { fileLimitBytes, fileTooLarge, type CsvFile } from '../plugins/body-parsers.ts';
import { textOf, type Break } from './charset.ts';
import { formatOf, headOf } from './head.ts';

/** A row of a file that is not blank. `row`: its number, as a spreadsheet counts. The first one names the columns. */
export type FileRow = { row: number; cells: string[] };

/** In bytes. Columns that are not read may be long, but no row of a file of ours is as long. */
const maximumRowLength = 65_536;

/** `isBroken`: the text cannot be cut into rows from here on. `why`: the bytes are no text from here on. */
type State = { lastRow: number; isBroken: boolean; why?: Break };

/**
 * The rows of a CSV file (RFC 4180, with any usual delimiter), as they arrive. Rows are read only when the caller asks
 * for them, so a slow caller slows the sender down.
 * @param isName whether a cell of the first row is a name of a column
 * @throws DomainError `malformed_request` or `not_utf8` where a row cannot be read, after the rows before it;
 *   `unsupported_media_type` for its charset; `payload_too_large`
 */
export async function* readRows(file: CsvFile, isName: (cell: string) => boolean): AsyncGenerator<FileRow> {
  const state: State = { lastRow: 0, isBroken: false };
  const bytes = bytesOf(file.source, () => state.isBroken);
  const text = textOf(bytes, file.charset, (why) => (state.why = why));
  const head = await headOf(text, maximumRowLength);
  const { delimiter, skip } = formatOf(head, isName);
  const parser = parserOf(delimiter, state);
  // An error of the pipeline is thrown where the rows are read.
  pipeline(following(head.slice(skip), text), parser, () => undefined);
  let last: FileRow | undefined;
  for await (const [row, ...cells] of parser as AsyncIterable<string[]>) {
    if (last) yield last;
    last = { row: Number(row), cells };
  }
  // The row with the wrong byte is the last one, or the one that could not be cut.
  if (state.why) throw state.why(state.isBroken || !last ? state.lastRow + 1 : last.row);
  if (last) yield last;
  if (state.isBroken && state.lastRow > 0) {
    throw new DomainError('malformed_request', `The file cannot be read as CSV after row ${state.lastRow}.`);
  }
}

function parserOf(delimiter: string, state: State): Parser {
  return parse({
    delimiter,
    trim: true,
    // A quote within a cell, as in `5" pipe` and `="0815"`, is a sign like others.
    relax_quotes: true,
    relax_column_count: true,
    record_delimiter: ['\r\n', '\n', '\r'],
    max_record_size: maximumRowLength,
    // An error would drop rows before it that the caller has not read yet. After it the beginning of a row is unknown.
    skip_records_with_error: true,
    on_skip: () => {
      state.isBroken = true;
      return undefined;
    },
    on_record: (cells: string[], { records }) => {
      if (state.isBroken || cells.every(isBlank)) return null;
      state.lastRow = records;
      return [String(records), ...cells];
    },
  });
}

async function* following(head: string, rest: AsyncIterable<string>): AsyncGenerator<string> {
  // A stream takes an empty text for no text.
  if (head !== '') yield head;
  for await (const text of rest) if (text !== '') yield text;
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
