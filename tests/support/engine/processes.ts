import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../../../standalone/processes/ports.ts';
import { startChild, type Exit } from '../../../standalone/processes/processes.ts';
import type { ClonedDatabase } from './database.ts';
import { facts, ownNamespace } from './facts.ts';
import { noLabelUrls } from '../fakes/no-labels.ts';

export interface RealProcess {
  readonly pid: number;
  /** Its URL, with at least `/livez`, `/readyz` and `/metrics`. */
  readonly url: string;
  readonly exited: Promise<Exit>;
  /** Its output so far. */
  logs(): string;
  /** SIGKILL unless another signal is given. Returns once the process is gone. */
  kill(signal?: NodeJS.Signals): Promise<Exit>;
  stop(): Promise<Exit>;
}

interface ProcessOptions {
  /** Api and worker run built code, others run through tsx. */
  readonly entry: 'api/main.ts' | 'workers/main.ts' | (string & {});
  readonly env: Readonly<Record<string, string>>;
  /** False: return once the process runs, for a process that shall end during its start. */
  readonly awaitReady?: boolean;
}

/** The environment of api and worker, with a cloned database and a task queue only for this test. */
export function processEnvironment(
  database: Pick<ClonedDatabase, 'appUrl' | 'systemUrl'>,
  overrides: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const { temporal } = facts();
  return {
    DATABASE_URL: database.appUrl,
    DATABASE_SYSTEM_URL: database.systemUrl,
    TEMPORAL_ADDRESS: temporal.address,
    TEMPORAL_NAMESPACE: ownNamespace(),
    OPERATOR_KEY: 'vp_op_of-the-tests-0123456789',
    ENCRYPTION_KEY: Buffer.alloc(32, 'test').toString('base64'),
    LOG_LEVEL: 'info',
    EASYPOST_URL: noLabelUrls.easypost,
    SHIPPO_URL: noLabelUrls.shippo,
    TASK_QUEUE_SUFFIX: `-${randomBytes(4).toString('hex')}`,
    ...(overrides['CRASH_AT'] === undefined ? {} : { ALLOW_CRASH_POINTS: 'yes' }),
    ...overrides,
  };
}

/** Starts an entry point as its own process, as in production. It ends with the run if the test does not end it. */
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
