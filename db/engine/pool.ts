import knex, { type Knex } from 'knex';
import { PreparedClient } from './prepared-client.ts';

/** The two doors' handles: serving role and read-only system role. Only with-account.ts opens them. */
export type Pool = {
  readonly app: Knex;
  readonly system: Knex;
  /** The same for all pools of one database: by it they share what is remembered of the database. */
  readonly database: object;
  /** How many requests wait for a connection. */
  waiting(): number;
  destroy(): Promise<void>;
};

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
  const db = knex({
    client: PreparedClient,
    connection,
    pool: { min: 0, max: size },
    acquireConnectionTimeout: waitMs,
    // knex prints every lost link in full; the caller reports the failure.
    log: { warn: () => undefined, error: () => undefined, deprecate: () => undefined, debug: () => undefined },
  });
  const tarn = tarnOf(db);
  tarn.on('release', () => void releases.set(tarn, performance.now()));
  return db;
}

type Tarn = { numPendingAcquires(): number; on(event: 'release', listener: () => void): void };

const tarnOf = ({ client }: Knex): Tarn => (client as { pool: Tarn }).pool;

const releases = new WeakMap<object, number>();

/** Whether connections came back while another request waited for one: Postgres answers, there are too few of them. */
export const isBusy = ({ app, system }: Pool): boolean =>
  [app, system].some((db) => performance.now() - (releases.get(tarnOf(db)) ?? -Infinity) < longestWaitMs);

type Wishes = { appUrl: string; systemUrl: string; name: string; size: number };

/**
 * @param options.size connections of the serving role; the system role gets a quarter, at least two
 * @param options.waitMs how long one waits for a connection
 * @param options.answerMs how long one waits for the answer to a statement
 */
export function createPool(options: Wishes & { waitMs?: number; answerMs?: number }): Pool {
  const { appUrl, systemUrl, name, size, waitMs = longestWaitMs, answerMs = usualAnswerMs } = options;
  const app = connect(linkTo(appUrl, name, answerMs), { size, waitMs });
  const system = connect(linkTo(systemUrl, `${name}-system`, answerMs), { size: quarterOf(size), waitMs });
  return together(app, system);
}

const together = (app: Knex, system: Knex, database = {}): Pool => ({
  app,
  system,
  database,
  waiting: () => tarnOf(app).numPendingAcquires() + tarnOf(system).numPendingAcquires(),
  destroy: async () => {
    await Promise.all([app.destroy(), system.destroy()]);
  },
});

const quarterOf = (size: number): number => Math.max(2, Math.ceil(size / 4));

/** For work that nobody waits for. */
const patientWaitMs = 10_000;

/**
 * A few connections beside those of a pool, for work that waits for somebody outside: however much of it there is, the
 * pool's own work does not wait for it.
 * @param options.size of the pool beside. These are a quarter of it, and two of the system role
 */
export function createPoolBeside(pool: Pool, options: Wishes): Pool {
  const { appUrl, systemUrl, name, size } = options;
  const waitMs = patientWaitMs;
  const app = connect(linkTo(appUrl, name, usualAnswerMs), { size: quarterOf(size), waitMs });
  const system = connect(linkTo(systemUrl, `${name}-system`, usualAnswerMs), { size: 2, waitMs });
  return together(app, system, pool.database);
}
