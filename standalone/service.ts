import { join, resolve } from 'node:path';
import { ConfigError, type StandaloneConfig } from '../config.ts';
import { keepInUse } from './build/cache.ts';
import { readyCode } from './build/code.ts';
import { readyPortal } from './build/portal.ts';
import { endEverything, startEngine, type Engine } from './engine.ts';
import { WrongEncryptionKey } from '../db/accounts/installation.ts';
import { UnsafeDatabase } from '../db/engine/durability.ts';
import { adviceOnRoom } from './processes/free-room.ts';
import { untilStopped } from './processes/heal.ts';
import { rotateAll } from './processes/log-files.ts';
import { claimPort } from './processes/ports.ts';
import { progressTo, type Progress } from './progress.ts';
import { endOnSignals } from './processes/shutdown.ts';
import { root } from './root.ts';
import { StartError } from './start-error.ts';
import { supervise, type Supervised } from './processes/supervise.ts';

/** Another program that runs and stops with the service. `env` goes to api and worker. */
export interface Companion {
  readonly env: Readonly<Record<string, string>>;
  readonly ready: Promise<unknown>;
  stop(): Promise<void>;
}

export interface Service {
  readonly engine: Engine;
  /** The API's URL, without a trailing slash. */
  readonly api: string;
  readonly logs: readonly string[];
}

interface Plan {
  readonly title: string;
  /** Runs api and worker from the sources, and again after each change of them. Without it they run built code. */
  readonly reload?: boolean;
  /** Started when the engine runs; api and worker start beside it. */
  readonly beside?: (engine: Engine, progress: Progress) => Promise<Companion>;
  /** Called once everything is ready. `end` stops everything, `stay` runs until Ctrl-C. */
  readonly ready: (service: Service) => Promise<'stay' | 'end'>;
}

export const report = (line: string) => console.log(line);

interface Running {
  engine?: Engine;
  companion?: Companion;
  readonly children: Supervised[];
  stopping: boolean;
}

/** Runs the service from start to stop and sets the exit code. Errors that a person can mend are shown without a stack. */
export async function runService(plan: Plan, load: () => StandaloneConfig): Promise<void> {
  try {
    await run(plan, load());
  } catch (error) {
    const isForPeople = [StartError, ConfigError, UnsafeDatabase, WrongEncryptionKey].some(
      (kind) => error instanceof kind,
    );
    console.error(isForPeople ? `\n${(error as Error).message}` : error);
    process.exitCode = 1;
  }
}

async function run(plan: Plan, config: StandaloneConfig): Promise<void> {
  const running: Running = { children: [], stopping: false };
  const boot = start(plan, config, running);
  endOnSignals({
    report,
    orderly: async () => {
      running.stopping = true;
      await boot.catch(() => undefined); // The start ends by itself after its current stage.
      await stop(running);
      report('Everything has stopped.');
    },
    forced: () => endEverything(resolve(config.DATA_DIR)),
  });
  try {
    const service = await boot;
    if (!service || running.stopping) return;
    if ((await plan.ready(service)) === 'stay') return await watch(running);
    running.stopping = true;
    await stop(running);
    process.exit(0);
  } catch (error) {
    if (running.stopping) return;
    running.stopping = true;
    await stop(running);
    throw error;
  }
}

async function start(plan: Plan, config: StandaloneConfig, running: Running): Promise<Service | undefined> {
  const progress = progressTo(report);
  report(plan.title);
  const [engine, code, portal] = await inParallel([
    startEngine(config, progress).then((started) => (running.engine = started)),
    plan.reload === true ? { folder: root, extension: 'ts' } : builtCode(progress),
    builtPortal(progress),
  ]);
  const port = await claimPort({ port: config.PORT, variable: 'PORT', what: 'the API', host: config.HOST });
  const workerPort = await claimPort({
    port: config.WORKER_PORT,
    variable: 'WORKER_PORT',
    what: "the worker's health",
    host: config.HOST,
  });
  if (running.stopping) return undefined;
  if (plan.beside) running.companion = await plan.beside(engine, progress);
  const env = {
    ...process.env,
    ...engine.environment,
    ...running.companion?.env,
    PORT: String(port),
    WORKER_PORT: String(workerPort),
    PORTAL_DIR: portal,
  };
  const host = config.HOST === '0.0.0.0' || config.HOST === '::' ? '127.0.0.1' : config.HOST;
  if (running.stopping) return undefined;
  const startOne = async (name: string, main: string, at: number) => {
    const entry = join(code.folder, `${main}.${code.extension}`);
    const [readyUrl, liveUrl] = [`http://${host}:${at}/readyz`, `http://${host}:${at}/livez`];
    const options = { name, entry, env, dataDir: engine.dataDir, readyUrl, liveUrl, reload: plan.reload === true };
    running.children.push(await progress.stage(`the ${name} is ready`, () => supervise(options, { report })));
  };
  await inParallel([
    startOne('api', 'api/main', port),
    startOne('worker', 'workers/main', workerPort),
    running.companion?.ready,
  ]);
  return { engine, api: `http://${host}:${port}`, logs: running.children.map(({ logPath }) => logPath) };
}

async function builtCode(progress: Progress): Promise<{ folder: string; extension: string }> {
  const folder = await readyCode(root, progress);
  // A child that dies starts again from it.
  keepInUse(folder);
  return { folder, extension: 'js' };
}

async function builtPortal(progress: Progress): Promise<string> {
  const folder = await readyPortal(root, progress);
  keepInUse(folder);
  return folder;
}

/** Waits for all, also after one has failed, so that everything that was started can be stopped. */
async function inParallel<T extends readonly unknown[]>(works: readonly [...T]) {
  await Promise.allSettled(works);
  return Promise.all(works);
}

const rotateEveryMs = 5_000;

/** Polls the servers, since an adopted server is no child of ours and gives no exit event. */
async function watch(running: Running): Promise<void> {
  const { engine, children } = running;
  const logs = [...(engine?.logs ?? []), ...children.map(({ logPath }) => logPath)];
  const healing = untilStopped({
    heal: async () => (await engine?.heal()) ?? [],
    advice: () => adviceOnRoom(engine?.dataDir ?? root),
    isStopping: () => running.stopping,
    report,
  });
  const rotating = setInterval(() => rotateAll(logs), rotateEveryMs);
  await healing.finally(() => clearInterval(rotating));
}

/** Children first, since they need the servers to end in order. */
async function stop({ engine, children, companion }: Running): Promise<void> {
  await Promise.all(children.map((child) => child.stop()));
  await companion?.stop();
  await engine?.stop();
}
