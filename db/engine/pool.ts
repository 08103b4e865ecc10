import knex, { type Knex } from 'knex';
import { PreparedClient } from './prepared-client.ts';

/** The two doors' handles: serving role and read-only system role. Only with-account.ts opens them. */
export type Pool = {
  readonly app: Knex;
  readonly system: Knex;
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

/** Below the API's promise to answer within two seconds while Postgres is away. */
const acquireMs = 1_800;

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
  const db = knex({
    client: PreparedClient,
    connection: linkTo(url, name),
    pool: { min: 0, max: size },
    acquireConnectionTimeout: acquireMs,
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
  [app, system].some((db) => performance.now() - (releases.get(tarnOf(db)) ?? -Infinity) < acquireMs);

/** @param options.size connections of the serving role; the system role gets a quarter, at least two */
export function createPool(options: { appUrl: string; systemUrl: string; name: string; size: number }): Pool {
  const app = connect(options.appUrl, options.name, options.size);
  const system = connect(options.systemUrl, `${options.name}-system`, Math.max(2, Math.ceil(options.size / 4)));
  return {
    app,
    system,
    waiting: () => tarnOf(app).numPendingAcquires() + tarnOf(system).numPendingAcquires(),
    destroy: async () => {
      await Promise.all([app.destroy(), system.destroy()]);
    },
  };
}
