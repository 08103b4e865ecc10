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

/** Below the API's promise to answer within two seconds while Postgres is away. */
const longestWaitMs = 1_800;

function connect(connection: LinkConfig, { size, waitMs }: { size: number; waitMs: number }): Knex {
  return knex({
    client: PreparedClient,
    connection,
    pool: { min: 0, max: size },
    acquireConnectionTimeout: waitMs,
    // knex prints every lost link in full; the caller reports the failure.
    log: { warn: () => undefined, error: () => undefined, deprecate: () => undefined, debug: () => undefined },
  });
}

/**
 * @param options.size connections of the serving role; the system role gets a quarter, at least two
 * @param options.waitMs how long one waits for a connection
 * @param options.answerMs how long one waits for the answer to a statement
 */
export function createPool(options: {
  appUrl: string;
  systemUrl: string;
  name: string;
  size: number;
  waitMs?: number;
  answerMs?: number;
}): Pool {
  const { appUrl, systemUrl, name, size, waitMs = longestWaitMs, answerMs = usualAnswerMs } = options;
  const app = connect(linkTo(appUrl, name, answerMs), { size, waitMs });
  const system = connect(linkTo(systemUrl, `${name}-system`, answerMs), {
    size: Math.max(2, Math.ceil(size / 4)),
    waitMs,
  });
  return {
    app,
    system,
    destroy: async () => {
      await Promise.all([app.destroy(), system.destroy()]);
    },
  };
}
