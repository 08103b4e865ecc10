import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadStandaloneConfig } from '../config.ts';
import { startEngine } from '../standalone/engine.ts';
import { freePort } from '../standalone/processes/ports.ts';
import { startChild } from '../standalone/processes/processes.ts';
import { progressTo } from '../standalone/progress.ts';

/** Starts the service as `npm start` does, with durable settings, in its own folder, which is removed at the end. */
export type Service = Awaited<ReturnType<typeof startService>>;

export async function startService() {
  const dataDir = mkdtempSync(join(tmpdir(), 'vendor-portals-bench-'));
  // As root, Postgres runs as another user. If that user could not enter this folder, the data would be elsewhere and stay.
  chmodSync(dataDir, 0o711);
  const ports = {
    PORT: String(await freePort()),
    WORKER_PORT: String(await freePort()),
    TEMPORAL_PORT: String(await freePort()),
    TEMPORAL_UI_PORT: String(await freePort()),
  };
  const config = loadStandaloneConfig({ ...process.env, ...ports, DATA_DIR: dataDir });
  const engine = await startEngine(
    config,
    progressTo((line) => console.error(line)),
  );
  const env = { ...process.env, ...engine.environment, ...ports, LOG_LEVEL: 'warn' };
  const child = (name: string, entry: string, port?: string) =>
    startChild({
      name,
      entry,
      env,
      dataDir,
      ...(port !== undefined && { readyUrl: `http://127.0.0.1:${port}/readyz` }),
    });
  const children = [
    await child('api', 'api/main.ts', ports.PORT),
    await child('worker', 'workers/main.ts', ports.WORKER_PORT),
  ];
  let ended: Promise<void> | undefined;
  const end = async () => {
    await Promise.all(children.map((running) => running.stop()));
    await engine.stop();
    rmSync(dataDir, { recursive: true, force: true });
  };
  const stop = () => (ended ??= end());
  // The children are in sessions of their own, so they would not end with us.
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void stop().finally(() => process.exit(1)));
  return {
    url: `http://127.0.0.1:${ports.PORT}`,
    operatorKey: engine.operatorKey,
    ownerUrl: engine.ownerUrl,
    /** Undefined when a server was given. */
    superuserUrl: engine.postgres?.superuserUrl,
    temporalAddress: engine.environment['TEMPORAL_ADDRESS']!,
    pids: {
      api: children[0]!.pid,
      worker: children[1]!.pid,
      temporal: engine.temporal?.pid,
      postgres: engine.postgres?.pid,
    },
    /** Another program that ends with the service. */
    async add(name: string, entry: string) {
      children.push(await child(name, entry));
    },
    stop,
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
