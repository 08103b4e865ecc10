import { Readable } from 'node:stream';
import { stringify } from 'csv-stringify/sync';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Page, PageRequest } from '../../db/engine/paging.ts';

type Cell = string | number | null;
type Rows<T> = { columns: readonly string[]; rowsOf: (entry: T) => Cell[][] };
/** A list as a file. `pageAt` reads a page; `rowsOf` makes the rows of an entry, which may be none. */
type CsvList<T> = Rows<T> & { pageAt: (page: PageRequest) => Promise<Page<T>> };

const entriesAtOnce = 200;

/** Whether the client asks for a file in place of a page. */
export const wantsCsv = ({ headers }: FastifyRequest): boolean => /\btext\/csv\b/i.test(headers.accept ?? '');

/**
 * Sends a whole list, from the cursor on, page by page as fast as the client reads it. It begins with a byte order mark:
 * without it Excel takes UTF-8 for Windows-1252. After an error the answer breaks off, so that no client takes it for whole.
 */
export const sendCsv = <T>(reply: FastifyReply, cursor: string | undefined, list: CsvList<T>): never =>
  reply.type('text/csv; charset=utf-8').send(Readable.from(textOf(list, cursor))) as never;

async function* textOf<T>({ columns, pageAt, rowsOf }: CsvList<T>, first: string | undefined): AsyncGenerator<string> {
  yield `\ufeff${stringify([[...columns]])}`;
  for (let cursor: string | null | undefined = first; cursor !== null;) {
    const page: Page<T> = await pageAt({ limit: entriesAtOnce, cursor });
    const text = stringify(page.data.flatMap(rowsOf).map((row) => row.map(safeCell)));
    // A stream takes an empty text for its end.
    if (text !== '') yield text;
    cursor = page.nextCursor;
  }
}

/**
 * Spreadsheets run a text that begins with such a sign as a formula, also when a buyer wrote it. Our readers of files take
 * the apostrophe off again.
 * @see https://owasp.org/www-community/attacks/CSV_Injection
 */
const safeCell = (cell: Cell): Cell => (typeof cell === 'string' && /^[=+\-@'\t\r]/.test(cell) ? `'${cell}` : cell);
