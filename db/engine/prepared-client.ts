import type { Knex } from 'knex';
import PostgresClient, { type Statement } from 'knex/lib/dialects/postgres/index.js';
import PostgresCompiler, { type WhereIn } from 'knex/lib/dialects/postgres/query/pg-querycompiler.js';
import type pg from 'pg';
import { pgCodes } from './database-error.ts';

// Each link of Postgres keeps each named statement, some 20 KiB: names go to texts that come again, not to long ones.
const mostNames = 500;
const mostBindings = 40;
const longestText = 6_000;
// Of the process: a text has one name on all links.
const names = new Map<string, string>();

/**
 * knex's client of Postgres with named statements: Postgres parses and plans a text once on each link.
 * https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-EXT-QUERY
 */
export class PreparedClient extends PostgresClient {
  override _query(connection: pg.Client, statement: Statement): Promise<Statement> {
    const { sql: text, bindings = [] } = statement;
    const name = nameOf(text, bindings.length);
    return new Promise((resolve, reject) => {
      connection.query(
        { text, values: bindings as unknown[], ...(name === undefined ? {} : { name }) },
        (error, response) => {
          // pg types the error as present; it is null when all is well.
          if ((error as Error | null) !== null) return reject(failed(connection, error as pg.DatabaseError));
          statement.response = response;
          resolve(statement);
        },
      );
    });
  }

  override queryCompiler(builder: unknown, bindings?: unknown): PostgresCompiler {
    return new ListCompiler(this, builder, bindings);
  }
}

/** After a migration a named statement may be of no use any more; a new link prepares it anew. */
function failed(connection: pg.Client, error: pg.DatabaseError): Error {
  const isUseless = error.code === pgCodes.featureNotSupported || error.code === pgCodes.invalidStatementName;
  // knex's own mark of a link that is not given out again.
  if (isUseless) Object.assign(connection, { __knex__disposed: error });
  return error;
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

/** A link that a transaction holds, until it is over. */
interface Held {
  readonly connection: pg.Client;
  isOver: boolean;
}

/**
 * knex on one link. It takes its methods from the shared one, which costs a tenth of what a new one costs.
 * @returns a knex whose statements are refused once `held` is over, so that no late one runs in another's transaction
 */
export function knexOn(shared: Knex, held: Held): Knex {
  const client = Object.assign(Object.create(shared.client as object) as object, {
    transacting: true,
    acquireConnection: () =>
      held.isOver ? Promise.reject(new Error('The transaction is over.')) : Promise.resolve(held.connection),
    releaseConnection: () => Promise.resolve(),
  });
  const { context } = shared as unknown as { context: Knex };
  const own = Object.assign(Object.create(context) as Knex, { client });
  const make = (table: Knex.TableDescriptor) => own.queryBuilder().table(table as never);
  return Object.setPrototypeOf(Object.assign(make, { context: own }), shared) as Knex;
}
