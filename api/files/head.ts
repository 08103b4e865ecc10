import { parse } from 'csv-parse/sync';
import { isBlank } from '../../domain/cells.ts';

/** How a file is cut into cells, and its first row. `skip`: signs before that row which are no row of it. */
type Format = { delimiter: string; skip: number };

/** In characters. Names behind them do not decide about the delimiter. */
const enough = 16_384;

const delimiters = [',', ';', '\t', '|'];

/** The beginning of a text. `end`: where its first row that is not blank ends. */
type Head = { text: string; end: number };

/** Reads a text up to the end of its first row that is not blank. It looks at each sign once. */
export async function headOf(parts: AsyncIterator<string>, limit: number): Promise<Head> {
  const scan = { at: 0, isQuoted: false, hasContent: false };
  for (let text = ''; ;) {
    const next = await parts.next();
    if (next.done) return { text, end: text.length };
    text += next.value;
    if (endsRow(text, scan) || text.length > limit) return { text, end: scan.at };
  }
}

type Scan = { at: number; isQuoted: boolean; hasContent: boolean };

function endsRow(head: string, scan: Scan): boolean {
  for (; scan.at < head.length; scan.at += 1) {
    const sign = head[scan.at]!;
    const isEnd = sign === '\n' || sign === '\r';
    if (isEnd && scan.hasContent && !scan.isQuoted) return true;
    if (sign === '"') scan.isQuoted = !scan.isQuoted;
    else if (!delimiters.includes(sign) && !isBlank(sign)) scan.hasContent = true;
  }
  return false;
}

/**
 * The delimiter with which most cells of the first row are names of columns; where that decides nothing, the one with
 * most cells. A first line `sep=;`, as Excel has it, names the delimiter and is no row.
 */
export function formatOf({ text, end }: Head, isName: (cell: string) => boolean): Format {
  const [line, sign] = /^\s*"?sep=([,;\t|])"?[ ,;|]*(?:\r\n|\n|\r|$)/i.exec(text.slice(0, end + 2)) ?? [];
  if (line !== undefined && sign !== undefined) return { delimiter: sign, skip: line.length };
  const head = text.slice(0, Math.min(end, enough));
  const found = delimiters.map((delimiter) => {
    const cells = cellsOf(head, delimiter);
    return { delimiter, names: cells.filter(isName).length, cells: cells.length };
  });
  const [best] = found.sort((one, other) => other.names - one.names || other.cells - one.cells);
  return { delimiter: best!.delimiter, skip: 0 };
}

function cellsOf(head: string, delimiter: string): string[] {
  try {
    const rows = parse(head, {
      delimiter,
      trim: true,
      relax_quotes: true,
      relax_column_count: true,
    });
    return rows.find((cells) => !cells.every(isUnnamed)) ?? [];
  } catch {
    return [];
  }
}

/** Blank, or nothing but delimiters: a blank row whose delimiter is another one. */
const isUnnamed = (cell: string): boolean => isBlank(cell.replace(/[,;|\t]/g, ''));
