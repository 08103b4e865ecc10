import { pipeline, type Readable } from 'node:stream';
import { parse, type Parser } from 'csv-parse';
import { isBlank } from '../../domain/cells.ts';
import { DomainError } from '../../domain/errors.ts';
import { fileLimitBytes, fileTooLarge, type UploadedFile } from '../plugins/uploads.ts';
import { textOf, type Break } from './charset.ts';
import type { FileRow } from './file-row.ts';
import { formatOf, headOf } from './head.ts';
import { rowsOfWorkbook } from './workbook.ts';

/** In characters. Columns that are not read may be long, but no row of a file of ours is as long. */
const maximumRowLength = 65_536;
/** Rows of a spreadsheet, blank ones included. */
const maximumRows = 1_048_576;

/**
 * `broken`: why the text cannot be cut into rows from here on. `why`: why there is no text from here on. `isOver`: nothing
 * more need be read.
 */
type State = { lastRow: number; isOver: boolean; broken?: DomainError; why?: Break };

/**
 * The rows of a CSV file (RFC 4180, with any usual delimiter) as they arrive, or of a workbook. Rows are read only when the caller asks
 * for them, so a slow caller slows the sender down.
 * @param isName whether a cell of the first row is a name of a column
 * @throws DomainError `malformed_request` or `not_utf8` where a row cannot be read, after the rows before it;
 *   `unsupported_media_type` for its charset; `payload_too_large`
 */
export async function* readRows(file: UploadedFile, isName: (cell: string) => boolean): AsyncGenerator<FileRow> {
  if (file.isWorkbook) return yield* await rowsOfWorkbook(file.source);
  const state: State = { lastRow: 0, isOver: false };
  const onBreak = (why: Break) => {
    state.why = why;
    state.isOver = true;
  };
  const bytes = bytesOf(file.source, () => state.isOver);
  const text = textOf(bytes, file.charset, onBreak);
  const head = await headOf(text, maximumRowLength);
  const { delimiter, skip } = formatOf(head, isName);
  const parser = parserOf(delimiter, state);
  // An error of the pipeline is thrown where the rows are read.
  pipeline(shortLines(following(head.text.slice(skip), text), onBreak), parser, () => undefined);
  let last: FileRow | undefined;
  for await (const [row, ...cells] of parser as AsyncIterable<string[]>) {
    if (last) yield last;
    last = { row: Number(row), cells };
  }
  // Where the text ends early, its last row is not whole; where it cannot be cut, the last row is the one before.
  if (state.why && !state.broken) throw state.why(last?.row ?? 1);
  if (last) yield last;
  if (state.why) throw state.why(state.lastRow + 1);
  if (state.broken && state.lastRow > 0) throw state.broken;
}

function parserOf(delimiter: string, state: State): Parser {
  return parse({
    delimiter,
    trim: true,
    skip_empty_lines: true,
    // A quote within a cell, as in `5" pipe` and `="0815"`, is a sign like others.
    relax_quotes: true,
    relax_column_count: true,
    record_delimiter: ['\r\n', '\n', '\r'],
    max_record_size: maximumRowLength,
    // An error would drop rows before it that the caller has not read yet. After it the beginning of a row is unknown.
    skip_records_with_error: true,
    on_skip: () => {
      state.broken ??= malformed(`The file cannot be read as CSV after row ${state.lastRow}.`);
      state.isOver = true;
      return undefined;
    },
    on_record: (cells: string[], { records, empty_lines: emptyLines }) => {
      const row = records + emptyLines;
      if (state.broken || cells.every(isBlank)) return null;
      state.lastRow = row;
      return [String(row), ...cells];
    },
  });
}

const malformed = (detail: string) => new DomainError('malformed_request', detail);

async function* following(head: string, rest: AsyncIterable<string>): AsyncGenerator<string> {
  yield head;
  yield* rest;
}

/**
 * Ends the text in a line that is too long, and after too many lines. The parser counts no delimiters: it would make a
 * cell of each, and a row of each blank line.
 */
async function* shortLines(text: AsyncIterable<string>, onBreak: (why: Break) => void): AsyncGenerator<string> {
  let [length, lines, isOver] = [0, 0, false];
  for await (const part of text) {
    // The rest is read, so that a file that is too large is refused as such.
    if (isOver) continue;
    const end = endOfLong(part, length);
    lines += Math.max(countOf(part, '\n'), countOf(part, '\r'));
    isOver = end !== undefined || lines > maximumRows;
    if (isOver) {
      yield `${part.slice(0, end ?? 0)}\uFFFD`;
      onBreak(end === undefined ? tooManyRows : tooLong);
      continue;
    }
    const lastBreak = lastBreakIn(part);
    length = lastBreak < 0 ? length + part.length : part.length - lastBreak - 1;
    // A stream takes an empty text for its end.
    if (part !== '') yield part;
  }
}

const tooLong: Break = (row) => malformed(`Row ${row} is longer than ${maximumRowLength} characters.`);
const tooManyRows: Break = () =>
  new DomainError('payload_too_large', `A file has at most ${maximumRows} rows, blank ones included.`);

function countOf(part: string, sign: string): number {
  let count = 0;
  for (let at = part.indexOf(sign); at >= 0; at = part.indexOf(sign, at + 1)) count += 1;
  return count;
}

const lastBreakIn = (part: string): number => Math.max(part.lastIndexOf('\n'), part.lastIndexOf('\r'));

/** Where a line becomes too long. @param length of the line before this part of the text */
function endOfLong(part: string, length: number): number | undefined {
  for (let from = 0, before = length; ; before = 0) {
    const rest = part.slice(from, from + maximumRowLength - before + 1);
    if (lastBreakIn(rest) < 0) return rest.length + before > maximumRowLength ? from + rest.length : undefined;
    from += lastBreakIn(rest) + 1;
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
