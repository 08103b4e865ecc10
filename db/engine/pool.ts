import knex, { type Knex } from 'knex';
import { PreparedClient } from './prepared-client.ts';

/** The two doors' handles: serving role and read-only system role. Only with-account.ts opens them. */
export type Pool = {
  readonly app: Knex;
  readonly system: Knex;
  /** The same for all pools of one database: by it they share what is remembered of the database. */
  readonly database: object;
  destroy(): Promise<void>;
};

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

type Connections = { url: string; name: string; size: number; patienceMs: number };

/** Below the API's promise to answer within two seconds while Postgres is away. */
const shortPatienceMs = 1_800;
/** Nobody waits for these. */
const longPatienceMs = 10_000;

function connect({ url, name, size, patienceMs }: Connections): Knex {
  return knex({
    client: PreparedClient,
    connection: linkTo(url, name),
    pool: { min: 0, max: size },
    acquireConnectionTimeout: patienceMs,
    // knex prints every lost link in full; the caller reports the failure.
    log: { warn: () => undefined, error: () => undefined, deprecate: () => undefined, debug: () => undefined },
  });
}

/** @param options.size connections of the serving role; the system role gets a quarter, at least two */
export function createPool(options: { appUrl: string; systemUrl: string; name: string; size: number }): Pool {
  const { appUrl, systemUrl, name, size } = options;
  const app = connect({ url: appUrl, name, size, patienceMs: shortPatienceMs });
  const system = connect({ url: systemUrl, name: `${name}-system`, size: quarterOf(size), patienceMs: shortPatienceMs }); // prettier-ignore
  return together(app, system);
}

const together = (app: Knex, system: Knex, database = {}): Pool => ({
  app,
  system,
  database,
  destroy: async () => {
    await Promise.all([app.destroy(), system.destroy()]);
  },
});

const quarterOf = (size: number): number => Math.max(2, Math.ceil(size / 4));

/**
 * A few connections beside those of a pool, for work that waits for somebody outside: however much of it there is, the
 * pool's own work does not wait for it.
 * @param options.size of the pool beside. These are a quarter of it, and two of the system role
 */
export function createPoolBeside(
  pool: Pool,
  options: { appUrl: string; systemUrl: string; name: string; size: number },
): Pool {
  const { appUrl, systemUrl, name, size } = options;
  const app = connect({ url: appUrl, name, size: quarterOf(size), patienceMs: longPatienceMs });
  const system = connect({ url: systemUrl, name: `${name}-system`, size: 2, patienceMs: longPatienceMs });
  return together(app, system, pool.database);
}
