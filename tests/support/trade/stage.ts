import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { Client } from '@temporalio/client';
import { connectTemporal } from '../../../temporal/connection.ts';
import { queuesFor } from '../../../workflows/names.ts';
import { deleteSchedules } from '../engine/schedules.ts';
import { restClient, ProblemError, type Rest } from '../engine/rest.ts';
import { createPool, type Pool } from '../../../db/engine/pool.ts';
import { atTheEnd } from '../engine/for-the-file.ts';
import { cloneDatabase, waitMs } from '../engine/database.ts';
import { facts, ownNamespace } from '../engine/facts.ts';
import { processEnvironment, startProcess, type RealProcess } from '../engine/processes.ts';
import { waitUntil } from '../engine/wait-until.ts';
import type { ProviderTools } from '../../../activities/labels/provider.ts';

/** The service as real processes, on its own database and queues. Each process may be killed and started again. */
export type Stage = Awaited<ReturnType<typeof startStage>>;

export type Crash = { at: string; mark: string };

/** Where a process shall end. The mark file proves that it did. */
export const crashAt = (name: string, pass = 1): Crash => ({
  at: `${name}:${pass}`,
  mark: join(facts().runDir, `mark-${randomBytes(6).toString('hex')}`),
});

/**
 * The points at which a process ends in this run: in the suite those between two effects, to save time; with
 * CRASH_POINTS=all, before a release, all of them.
 */
export const crashPoints = <T extends string>({
  always,
  besides,
}: {
  always: readonly T[];
  besides: readonly T[];
}): T[] => (process.env['CRASH_POINTS'] === 'all' ? [...always, ...besides] : [...always]);

export const wasHit = ({ mark }: Crash): boolean => existsSync(mark) && readFileSync(mark, 'utf8').length > 0;

/**
 * @param options.allowedHosts `host:port` of local shops that the worker may reach
 * @param options.labelUrls simulators of the providers of labels
 */
export async function startStage(options: { allowedHosts: string[]; labelUrls?: ProviderTools['urls'] }) {
  const database = await cloneDatabase();
  const env = processEnvironment(database, {
    ALLOWED_PRIVATE_HOSTS: options.allowedHosts.join(','),
    SWEEP_INTERVAL_MS: '1000',
    LOG_LEVEL: 'warn',
    ...(options.labelUrls && { EASYPOST_URL: options.labelUrls.easypost, SHIPPO_URL: options.labelUrls.shippo }),
  });
  const running = new Set<RealProcess>();

  async function start(
    entry: 'api/main.ts' | 'workers/main.ts',
    extra: Record<string, string> = {},
  ): Promise<RealProcess> {
    const child = await startProcess({ entry, env: { ...env, ...extra } });
    running.add(child);
    void child.exited.then(() => running.delete(child));
    return child;
  }
  const withCrash = (crash: Crash | undefined) =>
    crash ? { CRASH_AT: crash.at, CRASH_MARK: crash.mark, ALLOW_CRASH_POINTS: 'yes' } : {};

  let api = await start('api/main.ts');
  const port = new URL(api.url).port;
  return {
    namespace: ownNamespace(),
    env,
    /** The same after a restart. */
    url: api.url,
    operator: restClient(api.url, env['OPERATOR_KEY']!),
    as: (key: string): Rest => restClient(api.url, key),
    startWorker: (crash?: Crash) => start('workers/main.ts', withCrash(crash)),
    /** A second process of the same kind, with its own URL. */
    startApi: () => start('api/main.ts'),
    async restartApi(crash?: Crash) {
      await api.kill();
      api = await start('api/main.ts', { PORT: port, ...withCrash(crash) });
    },
    apiExited: () => api.exited,
    /** A process that a test left running must not work on the next test. */
    async killWorkers() {
      await Promise.all([...running].filter((child) => child.pid !== api.pid).map((child) => child.kill()));
    },
    async stop() {
      await Promise.all([...running].map((child) => child.kill()));
      const { connection, close } = connectTemporal(env['TEMPORAL_ADDRESS']!);
      const client = new Client({ connection, namespace: ownNamespace() });
      await deleteSchedules(client, queuesFor(env['TASK_QUEUE_SUFFIX']!)).finally(close);
      await database.drop();
    },
  };
}

/** A pool of the test's own on the database of a stage. */
export function poolOf({ env }: Stage): Pool {
  const urls = { appUrl: env['DATABASE_URL']!, systemUrl: env['DATABASE_SYSTEM_URL']! };
  const pool = createPool({ ...urls, name: 'test', size: 4, waitMs });
  atTheEnd(() => pool.destroy());
  return pool;
}

/** The same request is still running; a channel is still being set up. */
const asksToWait = ['request_in_progress', 'schedule_not_found'];

/** Repeats a request with the same key while the service is away, as a client should. Refusals are thrown. */
export async function persistently<T>(call: () => Promise<T>, timeoutMs = 60_000): Promise<T> {
  let refusal: ProblemError | undefined;
  const answer = await waitUntil(
    async () => {
      try {
        return { value: await call() };
      } catch (error) {
        if (error instanceof ProblemError && error.status !== 503 && !asksToWait.includes(error.problem.code)) {
          refusal = error;
          return { value: undefined };
        }
        throw error;
      }
    },
    { timeoutMs, everyMs: 200, what: 'an answer of the API' },
  );
  if (refusal) throw refusal;
  return answer.value as T;
}
