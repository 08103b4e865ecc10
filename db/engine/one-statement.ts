import type { Knex } from 'knex';
import type { Statement } from 'knex/lib/dialects/postgres/index.js';
import pg from 'pg';
import { answerOf, derived, discard, rollBack, type Answered, type Config } from './prepared-client.ts';

/** The one statement of a read. `plansForValues`: see planForValues of paging.ts. */
export interface Once {
  readonly accountId: string;
  isSent: boolean;
  plansForValues: boolean;
}

/** What pg's types leave out of its connection and its query. */
interface Wire {
  readonly parsedStatements: Readonly<Record<string, string>>;
  bind(message: { statement: string; values: readonly string[] }): void;
  execute(message: object): void;
}
interface Query extends pg.Submittable {
  prepare(wire: Wire): void;
  handleDataRow(message: unknown): void;
  handleCommandComplete(message: unknown, wire: Wire): void;
}
type QueryConfig = Config & { queryMode: 'extended' };
const Query = pg.Query as unknown as new (config: QueryConfig, answered: Answered) => Query;

const opening = {
  name: 'open_account',
  text: `select set_config('app.account_id', $1, true), set_config('transaction_read_only', 'on', true),
                set_config('plan_cache_mode', $2, true)`,
};

/**
 * A statement behind the one that opens the account. Postgres runs both in one transaction and ends it by itself, with the
 * Sync behind them: nothing is left to commit or to roll back, and one trip is enough.
 * https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-PIPELINING
 */
class StatementInAccount extends Query {
  readonly #once: Once;
  #isOpen = false;

  constructor(config: Config, answered: Answered, once: Once) {
    super({ ...config, queryMode: 'extended' }, answered);
    this.#once = once;
  }

  override prepare(wire: Wire): void {
    const { accountId, plansForValues } = this.#once;
    wire.bind({ statement: opening.name, values: [accountId, plansForValues ? 'force_custom_plan' : 'auto'] });
    wire.execute({});
    super.prepare(wire);
  }

  /** The row and the end of the statement that opens the account come first. */
  override handleDataRow(message: unknown): void {
    if (this.#isOpen) super.handleDataRow(message);
  }

  override handleCommandComplete(message: unknown, wire: Wire): void {
    if (this.#isOpen) return super.handleCommandComplete(message, wire);
    this.#isOpen = true;
  }
}

/** knex for one statement, in a transaction of its own that only reads. It takes a link for that statement alone. */
export const knexForOne = (shared: Knex, once: Once): Knex =>
  derived(shared, {
    _query: async (connection: pg.Client, statement: Statement) => {
      if (once.isSent) throw new Error('readOnce sends one statement; for a second one, use readInAccount.');
      once.isSent = true;
      await prepareOpening(connection);
      const answered = await answerOf(connection, statement, (config, answer) => {
        connection.query(new StatementInAccount(config, answer, once));
      }).catch(async (error: unknown) => {
        // Nothing is open: this waits until the link has answered everything, or is known to be lost.
        await rollBack(connection);
        throw error;
      });
      // Only a BEGIN could do that. A link in a transaction would have this account for the next one, too.
      if (connection.getTransactionStatus() !== 'I') discard(connection, new Error('readOnce leaves a transaction.'));
      return answered;
    },
  });

/** Once on each link. It sets an account for its own transaction, and nothing is in that. */
async function prepareOpening(connection: pg.Client): Promise<void> {
  const { parsedStatements } = connection.connection as unknown as Wire;
  if (parsedStatements[opening.name] === undefined) await connection.query({ ...opening, values: ['', 'auto'] });
}
