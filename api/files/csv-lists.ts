import { Readable } from 'node:stream';
import { stringify } from 'csv-stringify/sync';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Page, PageRequest } from '../../db/engine/paging.ts';
import { trimmed } from '../../domain/cells.ts';

type Cell = string | number | null;
type Rows<T> = { columns: readonly string[]; rowsOf: (entry: T) => Cell[][] };
/** A list as a file. `pageAt` reads a page; `rowsOf` makes the rows of an entry, which may be none. */
type CsvList<T> = Rows<T> & { pageAt: (page: PageRequest) => Promise<Page<T>> };

const entriesAtOnce = 200;

/**
 * Answers with a page as JSON, or with the whole list as a file where the client asks for that first.
 * @param list `toJson` makes the JSON of an entry
 */
export async function sendList<T, Json>(
  request: FastifyRequest,
  reply: FastifyReply,
  list: CsvList<T> & { toJson: (entry: T) => Json },
): Promise<Page<Json>> {
  const { limit, cursor } = request.query as PageRequest;
  if (/^\s*text\/csv\b/i.test(request.headers.accept ?? '')) return sendCsv(reply, cursor, list);
  const { data, nextCursor } = await list.pageAt({ limit, cursor });
  return { data: data.map((entry) => list.toJson(entry)), nextCursor };
}

/**
 * Sends a whole list, from the cursor on, page by page as fast as the client reads it. It begins with a byte order mark:
 * without it Excel takes UTF-8 for Windows-1252. After an error the answer breaks off, so that no client takes it for whole.
 */
async function sendCsv<T>(reply: FastifyReply, cursor: string | undefined, list: CsvList<T>): Promise<never> {
  // A refusal of the first page is an answer of its own.
  const first = await list.pageAt({ limit: entriesAtOnce, cursor });
  return reply.type('text/csv; charset=utf-8').send(Readable.from(textOf(list, first))) as never;
}

async function* textOf<T>({ columns, pageAt, rowsOf }: CsvList<T>, first: Page<T>): AsyncGenerator<string> {
  yield `\ufeff${stringify([[...columns]])}`;
  for (let page = first; ; page = await pageAt({ limit: entriesAtOnce, cursor: page.nextCursor })) {
    // Our reader takes the blanks around a cell off, unless it stands in quotes.
    const text = stringify(
      page.data.flatMap(rowsOf).map((row) => row.map(safeCell)),
      { quoted_match: /^\s|\s$/ },
    );
    // A stream takes an empty text for its end.
    if (text !== '') yield text;
    if (page.nextCursor === null) return;
  }
}

/**
 * Spreadsheets run a text that begins with such a sign as a formula, also when a buyer wrote it. Our readers of files take
 * the apostrophe off again.
 * @see https://owasp.org/www-community/attacks/CSV_Injection
 */
export function safeCell(cell: Cell): Cell {
  if (typeof cell !== 'string' || !/^[=+\-@'\t\r\n]/.test(cell)) return cell;
  // Of an apostrophe at both ends, our readers take off both.
  return trimmed(cell).endsWith("'") ? `'${cell}'` : `'${cell}`;
}
