import type { Knex } from 'knex';
import { DomainError } from '../../domain/errors.ts';
import type { AccountDb } from './with-account.ts';

/** A page of a list, newest first unless said otherwise. `nextCursor` is opaque and null on the last page. */
export type Page<T> = { data: T[]; nextCursor: string | null };
export type PageRequest = { limit: number; cursor?: string | undefined };

type Position = { at: string; id: string };

export function encodeCursor(position: Position): string {
  return encodeKeys([position.at, position.id]);
}

/** @throws DomainError `invalid_cursor` */
export function decodeCursor(cursor: string): Position {
  const [at, id] = decodeKeys(cursor);
  if (!isTime(at)) throw notOurs();
  return { at, id };
}

/** As `encodeCursor`, of a list with another sort than its usual one. */
export const encodeSorted = (sort: string, { at, id }: Position): string => encodeKeys([`${sort} ${at}`, id]);

/** @throws DomainError `invalid_cursor`, also for a cursor of another sort */
export function decodeSorted(sort: string, cursor: string): Position {
  const [key, id] = decodeKeys(cursor);
  const at = key.slice(sort.length + 1);
  if (key !== `${sort} ${at}` || !isTime(at)) throw notOurs();
  return { at, id };
}

/** The last row of a page by its keys in the list's order, an id last. */
export const encodeKeys = (keys: readonly [string, string]): string =>
  Buffer.from(JSON.stringify(keys)).toString('base64url');

/** @throws DomainError `invalid_cursor` */
export function decodeKeys(cursor: string): [string, string] {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (Array.isArray(parsed) && parsed.length === 2 && parsed.every((part) => typeof part === 'string')) {
      const [key, id] = parsed as [string, string];
      // Postgres takes no NUL in a text.
      if (!key.includes('\0') && /^[a-z]+_[0-9A-Za-z]+$/.test(id)) return [key, id];
    }
  } catch {
    // Not ours: refused below like every other unreadable cursor.
  }
  throw notOurs();
}

const notOurs = () => new DomainError('invalid_cursor', 'The cursor is not one of ours.');

/** Postgres refuses a 31st of February, and a year 0. */
function isTime(text: string): boolean {
  const [, day, time] = /^(?!0000)(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.\d{1,6})?\+00$/.exec(text) ?? [];
  const seconds = `${day}T${time}`;
  const moment = new Date(`${seconds}Z`);
  return !Number.isNaN(moment.getTime()) && moment.toISOString().startsWith(seconds);
}

/** A pattern of `ilike` for a text that contains this one. */
export const containing = (part: string): string => `%${part.replace(/[\\%_]/g, '\\$&')}%`;

/**
 * Plans the statements of this transaction for their values. A named statement gets, after some repetitions, one plan for
 * any value: for the many rows of a busy channel, or of a time long ago. With a rare value that plan reads all rows.
 * @param values of the filter, undefined where it has none; a list without a filter needs no plan of its own
 */
export async function planForValues(db: AccountDb, values: readonly unknown[]): Promise<void> {
  const isFiltered = values.some((value) => value !== undefined);
  if (!isFiltered) return;
  if (db.oneRead) db.oneRead.plansForValues = true;
  else await db.raw('set local plan_cache_mode = force_custom_plan');
}

/**
 * Keyset paging by (time, id), newest first. The time travels as Postgres' own text: a JavaScript date would lose the
 * microseconds and repeat or skip rows of one millisecond.
 * @param query selects the columns, without order or limit
 * @param column the qualified time column; `id` of the same table breaks ties
 */
export async function readPage<Row extends object, T>(
  query: Knex.QueryBuilder,
  request: PageRequest & { column: string; idColumn: string },
  toItem: (row: Row) => T,
): Promise<Page<T>> {
  const { column, idColumn, limit, cursor } = request;
  if (cursor !== undefined) {
    const { at, id } = decodeCursor(cursor);
    void query.whereRaw(`(${column}, ${idColumn}) < (?::timestamptz, ?)`, [at, id]);
  }
  void query.select({ page_id: idColumn }).select(query.client.raw(`${column}::text as page_at`) as never);
  const rows = (await query.orderByRaw(`${column} desc, ${idColumn} desc`).limit(limit + 1)) as (Row & {
    page_at: string;
    page_id: string;
  })[];
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    data: page.map(toItem),
    nextCursor: rows.length > limit && last ? encodeCursor({ at: last.page_at, id: last.page_id }) : null,
  };
}
