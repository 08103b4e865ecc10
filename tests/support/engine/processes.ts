import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../../../standalone/processes/ports.ts';
import { startChild, type Exit } from '../../../standalone/processes/processes.ts';
import type { ClonedDatabase } from './database.ts';
import { facts, ownNamespace } from './facts.ts';

export interface RealProcess {
  readonly pid: number;
  /** Where it serves; `/livez`, `/readyz` and `/metrics` in any case. */
  readonly url: string;
  readonly exited: Promise<Exit>;
  /** All it has written so far. */
  logs(): string;
  /** SIGKILL unless another signal is given; returns once it is gone. */
  kill(signal?: NodeJS.Signals): Promise<Exit>;
  stop(): Promise<Exit>;
}

export interface ProcessOptions {
  /** Api and worker run as built, others through tsx. */
  readonly entry: 'api/main.ts' | 'workers/main.ts' | (string & {});
  readonly env: Readonly<Record<string, string>>;
  /** False returns once it runs: for one that is meant to die while it starts. */
  readonly awaitReady?: boolean;
}

/** What api and worker need, on a cloned database and a task queue of the test's own. */
export function processEnvironment(
  database: Pick<ClonedDatabase, 'appUrl' | 'systemUrl'>,
  overrides: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const { temporal, workflowBundle } = facts();
  return {
    DATABASE_URL: database.appUrl,
    DATABASE_SYSTEM_URL: database.systemUrl,
    TEMPORAL_ADDRESS: temporal.address,
    TEMPORAL_NAMESPACE: ownNamespace(),
    OPERATOR_KEY: 'vp_op_of-the-tests-0123456789',
    ENCRYPTION_KEY: Buffer.alloc(32, 'test').toString('base64'),
    LOG_LEVEL: 'info',
    TASK_QUEUE_SUFFIX: `-${randomBytes(4).toString('hex')}`,
    WORKFLOW_BUNDLE: workflowBundle,
    ...(overrides['CRASH_AT'] === undefined ? {} : { ALLOW_CRASH_POINTS: 'yes' }),
    ...overrides,
  };
}

/** One of our entry points as a process of its own, as in production. Ended with the run if the test forgets it. */
export async function startProcess({ entry, env, awaitReady = true }: ProcessOptions): Promise<RealProcess> {
  const isWorker = entry.startsWith('workers/');
  const isOurs = isWorker || entry.startsWith('api/');
  const portName = isWorker ? 'WORKER_PORT' : 'PORT';
  const port = env[portName] ?? String(await freePort());
  const url = `http://127.0.0.1:${port}`;
  const child = await startChild({
    name: `${entry.replace(/\W+/g, '-')}-${randomBytes(4).toString('hex')}`,
    entry: isOurs ? join(facts().built, entry.replace(/ts$/, 'js')) : entry,
    dataDir: facts().runDir,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...env, [portName]: port },
    ...(awaitReady ? { readyUrl: `${url}/readyz` } : {}),
  });
  return {
    pid: child.pid,
    url,
    exited: child.exited,
    logs: () => readFileSync(child.logPath, 'utf8'),
    kill: child.kill,
    stop: child.stop,
  };
}
