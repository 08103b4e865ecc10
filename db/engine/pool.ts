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

type LinkConfig = Knex.PgConnectionConfig & { pipeline: boolean };

const linkTo = (url: string, name: string): LinkConfig => ({
  connectionString: url,
  application_name: name,
  keepAlive: true,
  connectionTimeoutMillis: 1_500,
  // A statement is sent before the answer of the one before it: BEGIN costs no trip of its own.
  pipeline: true,
  options: sessionSettings,
});

function connect(url: string, name: string, size: number): Knex {
  return knex({
    client: PreparedClient,
    connection: linkTo(url, name),
    pool: { min: 0, max: size },
    // Below the API's promise to answer within two seconds while Postgres is away.
    acquireConnectionTimeout: 1_800,
    // knex prints every lost link in full; the caller reports the failure.
    log: { warn: () => undefined, error: () => undefined, deprecate: () => undefined, debug: () => undefined },
  });
}

/** @param options.size connections of the serving role; the system role gets a quarter, at least two */
export function createPool(options: { appUrl: string; systemUrl: string; name: string; size: number }): Pool {
  const app = connect(options.appUrl, options.name, options.size);
  const system = connect(options.systemUrl, `${options.name}-system`, Math.max(2, Math.ceil(options.size / 4)));
  return {
    app,
    system,
    destroy: async () => {
      await Promise.all([app.destroy(), system.destroy()]);
    },
  };
}
