import knex, { type Knex } from 'knex';
import { PreparedClient } from './prepared-client.ts';

/** The two doors' handles: serving role and read-only system role. Only with-account.ts opens them. */
export type Pool = { readonly app: Knex; readonly system: Knex; destroy(): Promise<void> };

const sessionSettings = [
  '-c statement_timeout=15000',
  '-c lock_timeout=5000',
  '-c idle_in_transaction_session_timeout=15000',
  '-c timezone=UTC',
].join(' ');

type LinkConfig = Knex.PgConnectionConfig & { pipeline: boolean; query_timeout: number };

/** Behind Postgres' own limit for a statement, which a frozen Postgres does not keep. The link is cut then. */
const usualAnswerMs = 16_000;

const linkTo = (url: string, name: string, answerMs: number): LinkConfig => ({
  connectionString: url,
  application_name: name,
  keepAlive: true,
  connectionTimeoutMillis: 1_500,
  query_timeout: answerMs,
  // A statement is sent before the answer of the one before it: BEGIN costs no trip of its own.
  pipeline: true,
  options: sessionSettings,
});

function connect(connection: LinkConfig, size: number): Knex {
  return knex({
    client: PreparedClient,
    connection,
    pool: { min: 0, max: size },
    // Below the API's promise to answer within two seconds while Postgres is away.
    acquireConnectionTimeout: 1_800,
    // knex prints every lost link in full; the caller reports the failure.
    log: { warn: () => undefined, error: () => undefined, deprecate: () => undefined, debug: () => undefined },
  });
}

type PoolOptions = { appUrl: string; systemUrl: string; name: string; size: number; answerMs?: number };

/**
 * @param options.size connections of the serving role; the system role gets a quarter, at least two
 * @param options.answerMs longest wait for the answer to a statement
 */
export function createPool({ appUrl, systemUrl, name, size, answerMs = usualAnswerMs }: PoolOptions): Pool {
  const app = connect(linkTo(appUrl, name, answerMs), size);
  const system = connect(linkTo(systemUrl, `${name}-system`, answerMs), Math.max(2, Math.ceil(size / 4)));
  return {
    app,
    system,
    destroy: async () => {
      await Promise.all([app.destroy(), system.destroy()]);
    },
  };
}
