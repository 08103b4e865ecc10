import type { Knex } from 'knex';
import PostgresClient, { type Statement } from 'knex/lib/dialects/postgres/index.js';
import PostgresCompiler, { type WhereIn } from 'knex/lib/dialects/postgres/query/pg-querycompiler.js';
import type pg from 'pg';
import { pgCodes } from './database-error.ts';

// Each link of Postgres keeps each named statement, some 20 KiB: names go to texts that come again, not to long ones.
const mostNames = 500;
const mostBindings = 40;
const longestText = 10_000;
// Of the process: a text has one name on all links.
const names = new Map<string, string>();
/** The texts with `$1` for `?`. */
const positioned = new Map<string, string>();

/**
 * knex's client of Postgres with named statements: Postgres parses and plans a text once on each link.
 * https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-EXT-QUERY
 */
export class PreparedClient extends PostgresClient {
  override _query(connection: pg.Client, statement: Statement): Promise<Statement> {
    return answerOf(connection, statement, (config, answered) => {
      connection.query(config, answered);
    });
  }

  /** knex would look through each text for its marks each time. */
  override positionBindings(sql: string): string {
    const known = positioned.get(sql);
    if (known !== undefined) return known;
    const text = super.positionBindings(sql);
    if (sql.length > longestText) return text;
    if (positioned.size >= mostNames) positioned.clear();
    positioned.set(sql, text);
    return text;
  }

  override queryCompiler(builder: unknown, bindings?: unknown): PostgresCompiler {
    return new ListCompiler(this, builder, bindings);
  }
}

export type Config = { text: string; values: unknown[]; name?: string };
/** pg types the error as present; it is null when all is well. */
export type Answered = (error: Error, response: pg.QueryResult) => void;

/** @param send the statement, under its name where it has one */
export function answerOf(
  connection: pg.Client,
  statement: Statement,
  send: (config: Config, answered: Answered) => void,
): Promise<Statement> {
  const { sql: text, bindings = [] } = statement;
  const name = nameOf(text, bindings.length);
  return new Promise((resolve, reject) => {
    send({ text, values: bindings as unknown[], ...(name === undefined ? {} : { name }) }, (error, response) => {
      if ((error as Error | null) !== null) return reject(failed(connection, error as pg.DatabaseError));
      statement.response = response;
      resolve(statement);
    });
  });
}

/** After a migration a named statement may be of no use any more; a new link prepares it anew. */
function failed(connection: pg.Client, error: pg.DatabaseError): Error {
  const isUseless = error.code === pgCodes.featureNotSupported || error.code === pgCodes.invalidStatementName;
  if (isUseless) discard(connection, error);
  return error;
}

/** knex's own mark of a link that is not given out again. */
export function discard(connection: pg.Client, error: Error): void {
  Object.assign(connection, { __knex__disposed: error });
}

function nameOf(text: string, bindings: number): string | undefined {
  if (bindings === 0 || bindings > mostBindings || text.length > longestText) return undefined;
  const known = names.get(text);
  if (known !== undefined || names.size >= mostNames) return known;
  const name = `s${names.size}`;
  names.set(text, name);
  return name;
}

/** A list is one parameter, so that lists of all lengths are one statement: `= any ($1)` for `in ($1, $2)`. */
class ListCompiler extends PostgresCompiler {
  override whereIn(where: WhereIn): string {
    if (!Array.isArray(where.value) || Array.isArray(where.column)) return super.whereIn(where);
    const list = this.client.parameter(where.value, this.builder, this.bindingsHolder);
    return `${this._columnClause(where)} ${where.not === true ? '<> all' : '= any'} (${list})`;
  }
}

/** A link that does not answer in time is cut by pg, and what is cut leaves the pool. */
export async function rollBack(connection: pg.Client): Promise<void> {
  const statement: pg.QueryConfig & { query_timeout: number } = { text: 'rollback', query_timeout: 5_000 };
  await connection.query(statement).catch(() => undefined);
}

/** A link that a transaction holds, until it is over. */
interface Held {
  readonly connection: pg.Client;
  isOver: boolean;
}

/**
 * knex on one link.
 * @returns a knex whose statements are refused once `held` is over, so that no late one runs in another's transaction
 */
export const knexOn = (shared: Knex, held: Held): Knex =>
  derived(shared, {
    transacting: true,
    acquireConnection: () =>
      held.isOver ? Promise.reject(new Error('The transaction is over.')) : Promise.resolve(held.connection),
    releaseConnection: () => Promise.resolve(),
  });

/** A knex that takes its methods from the shared one, which costs a tenth of what a new one costs. @param own of its client */
export function derived(shared: Knex, own: object): Knex {
  const client = Object.assign(Object.create(shared.client as object) as object, own);
  const { context } = shared as unknown as { context: Knex };
  const scoped = Object.assign(Object.create(context) as Knex, { client });
  const make = (table: Knex.TableDescriptor) => scoped.queryBuilder().table(table as never);
  return Object.setPrototypeOf(Object.assign(make, { context: scoped }), shared) as Knex;
}
