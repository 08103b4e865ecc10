import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { loadStandaloneConfig } from '../config.ts';
import { startEngine, type Engine } from '../standalone/engine.ts';
import { freePort } from '../standalone/processes/ports.ts';
import { startChild, type Child } from '../standalone/processes/processes.ts';
import { progressTo } from '../standalone/progress.ts';
import { readyCode } from '../standalone/build/code.ts';
import { root } from '../standalone/root.ts';

/** Starts the service as `npm start` does, with durable settings, in its own folder, which is removed at the end. */
export type Service = Awaited<ReturnType<typeof startService>>;
type Role = 'api' | 'worker';
export type Fleet = Record<Role, number>;

/** @param options.countStatements loads pg_stat_statements into the embedded Postgres */
export async function startService(options: { countStatements?: boolean } = {}) {
  const dataDir = mkdtempSync(join(tmpdir(), 'vendor-portals-bench-'));
  // As root, Postgres runs as another user. If that user could not enter this folder, the data would be elsewhere and stay.
  chmodSync(dataDir, 0o711);
  const ports = { TEMPORAL_PORT: String(await freePort()), TEMPORAL_UI_PORT: String(await freePort()) };
  const config = loadStandaloneConfig({ ...process.env, ...temporalBinary(), ...ports, DATA_DIR: dataDir });
  const progress = progressTo((line) => console.error(line));
  const engine = await startEngine(config, progress);
  const built = await readyCode(root, progress);
  if (options.countStatements) await loadStatements(engine);
  const children = createChildren(engine, { dataDir, built });
  let ended: Promise<void> | undefined;
  const end = async () => {
    await children.stop();
    await engine.stop();
    rmSync(dataDir, { recursive: true, force: true });
  };
  const stop = () => (ended ??= end());
  // The children are in sessions of their own, so they would not end with us.
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void stop().finally(() => process.exit(1)));
  await children.scale({ api: 1, worker: 1 });
  return {
    url: children.urls()[0]!,
    operatorKey: engine.operatorKey,
    /** The connections of api and worker. */
    environment: engine.environment,
    ownerUrl: engine.ownerUrl,
    /** Undefined when a server was given. */
    superuserUrl: engine.postgres?.superuserUrl,
    temporalAddress: engine.environment['TEMPORAL_ADDRESS']!,
    /** Where the server that we started counts its actions. */
    temporalMetricsUrl: metricsUrl(dataDir),
    pids: {
      api: children.pids('api')[0]!,
      worker: children.pids('worker')[0]!,
      temporal: engine.temporal?.pid,
      postgres: engine.postgres?.pid,
    },
    /** Of each api process. */
    urls: children.urls,
    /** All processes of an order, by name. */
    processes: () => ({
      api: children.pids('api'),
      worker: children.pids('worker'),
      Temporal: engine.temporal?.pid,
      Postgres: engine.postgres?.pid,
    }),
    /** Starts and stops processes until there are as many of each. */
    scale: children.scale,
    /** Another program that ends with the service. */
    add: children.add,
    stop,
  };
}

/** Saves the download of each run, if `npm start` has got the binary once. */
function temporalBinary(): { TEMPORAL_CLI_PATH?: string } {
  const folder = join(import.meta.dirname, '../.vendor-portals/bin');
  const [binary] = existsSync(folder) ? readdirSync(folder).filter((name) => name.startsWith('temporal-')) : [];
  if (binary === undefined || process.env['TEMPORAL_CLI_PATH'] !== undefined) return {};
  return { TEMPORAL_CLI_PATH: join(folder, binary) };
}

/** Written by the next start of the server, which `heal` is. */
async function loadStatements(engine: Engine): Promise<void> {
  if (engine.postgres === undefined) return;
  const client = new pg.Client({ connectionString: engine.postgres.superuserUrl });
  await client.connect();
  await client.query(`alter system set shared_preload_libraries = 'pg_stat_statements'`);
  await client.end();
  await engine.postgres.stop();
  await engine.heal();
}

function metricsUrl(dataDir: string): string | undefined {
  const log = join(dataDir, 'temporal', 'temporal.log');
  const text = existsSync(log) ? readFileSync(log, 'utf8') : '';
  return /^Temporal Metrics:\s+(\S+)/m.exec(text)?.[1];
}

/** What is measured is the service, not its limits. */
const unlimited = Object.fromEntries(['READS', 'COMMANDS', 'ADDRESS'].map((kind) => [`RATE_LIMIT_${kind}`, '1000000']));

function createChildren(engine: Engine, { dataDir, built }: { dataDir: string; built: string }) {
  const running: Record<Role, { child: Child; url: string }[]> = { api: [], worker: [] };
  const others: Child[] = [];
  const env = { ...unlimited, ...process.env, ...engine.environment, LOG_LEVEL: 'warn' };
  let started = 0;
  const start = async (role: Role) => {
    const port = String(await freePort());
    const url = `http://127.0.0.1:${port}`;
    const child = await startChild({
      name: `${role}-${(started += 1)}`,
      entry: join(built, role === 'api' ? 'api/main.js' : 'workers/main.js'),
      env: { ...env, [role === 'api' ? 'PORT' : 'WORKER_PORT']: port },
      dataDir,
      readyUrl: `${url}/readyz`,
    });
    running[role].push({ child, url });
  };
  return {
    urls: () => running.api.map(({ url }) => url),
    pids: (role: Role) => running[role].map(({ child }) => child.pid),
    scale: async (fleet: Fleet): Promise<void> => {
      for (const role of ['api', 'worker'] as const) {
        while (running[role].length < fleet[role]) await start(role);
        await Promise.all(running[role].splice(fleet[role]).map(({ child }) => child.stop()));
      }
    },
    add: async (name: string, entry: string, wishes: NodeJS.ProcessEnv = {}): Promise<Child> => {
      const child = await startChild({ name, entry, env: { ...env, ...wishes }, dataDir });
      others.push(child);
      return child;
    },
    async stop() {
      await Promise.all([...running.api, ...running.worker].map(({ child }) => child.stop()));
      await Promise.all(others.map((child) => child.stop()));
    },
  };
}

/** Works on all items, at most `atOnce` at the same time. @returns the results, in the items' order */
export async function pooled<T, R>(items: readonly T[], atOnce: number, work: (item: T) => Promise<R>): Promise<R[]> {
  const answers: R[] = [];
  const queue = [...items.entries()];
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) answers[next[0]] = await work(next[1]);
    }),
  );
  return answers;
}

/** Seconds that `work` takes. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}
