import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { loadStandaloneConfig } from '../../config.ts';
import type { Rebuilt } from '../../activities/reconcile/rebuild.ts';
import { backUp } from '../../standalone/backup/backup.ts';
import { putBack, rebuildWorkflows } from '../../standalone/backup/restore.ts';
import { startEngine } from '../../standalone/engine.ts';
import { signalProcess } from '../../standalone/processes/pids.ts';
import { freePort } from '../../standalone/processes/ports.ts';
import { startChild, type Child } from '../../standalone/processes/processes.ts';
import { progressTo } from '../../standalone/progress.ts';
import { engineFolder, facts } from '../support/engine/facts.ts';
import { restClient, type Rest } from '../support/engine/rest.ts';
import { noLabelUrls } from '../support/fakes/no-labels.ts';
import { startRelay } from '../support/fakes/relay.ts';
import { persistently } from '../support/trade/stage.ts';

export const servers = ['Postgres', 'Temporal'] as const;
export const parts = ['api', 'worker', ...servers] as const;
type Part = (typeof parts)[number];

const unlimited = Object.fromEntries(['READS', 'COMMANDS', 'ADDRESS'].map((kind) => [`RATE_LIMIT_${kind}`, '1000000']));
/** Some servers need minutes to recover on a busy machine. */
const patienceMs = 180_000;

/** The service with a Postgres and a Temporal of its own, as `npm start` runs them, each of which may be killed or frozen. */
export async function startProvingGround({ allowedHosts }: { allowedHosts: readonly string[] }) {
  const dataDir = engineFolder('prove');
  const ports = { TEMPORAL_PORT: '0', TEMPORAL_UI_PORT: '0', TEMPORAL_CLI_PATH: facts().temporal.binary };
  const silent = progressTo(() => undefined);
  let engine = await startEngine(loadStandaloneConfig({ DATA_DIR: dataDir, ...ports }), silent);
  const [port, workerPort] = [String(await freePort()), String(await freePort())];
  const { environment } = engine;
  const relays = {
    Postgres: await startRelay(engine.postgres!.port),
    Temporal: await startRelay(Number(new URL(`http://${environment['TEMPORAL_ADDRESS']}`).port)),
  };
  const throughRelay = (variable: string) => {
    const url = new URL(environment[variable]!);
    url.host = relays.Postgres.host;
    return url.href;
  };
  const env = {
    ...unlimited,
    ...environment,
    DATABASE_URL: throughRelay('DATABASE_URL'),
    DATABASE_SYSTEM_URL: throughRelay('DATABASE_SYSTEM_URL'),
    TEMPORAL_ADDRESS: relays.Temporal.host,
    PATH: process.env['PATH'],
    LOG_LEVEL: 'warn',
    SWEEP_INTERVAL_MS: '1000',
    ALLOWED_PRIVATE_HOSTS: allowedHosts.join(','),
    EASYPOST_URL: noLabelUrls.easypost,
    SHIPPO_URL: noLabelUrls.shippo,
    PORT: port,
    WORKER_PORT: workerPort,
  };
  let started = 0;
  const start = (role: 'api' | 'worker') =>
    startChild({
      name: `${role}-${(started += 1)}`,
      entry: join(facts().built, role === 'api' ? 'api/main.js' : 'workers/main.js'),
      env,
      dataDir,
      readyUrl: `http://127.0.0.1:${role === 'api' ? port : workerPort}/readyz`,
      readyTimeoutMs: patienceMs,
    });
  const children: Record<'api' | 'worker', Child> = { api: await start('api'), worker: await start('worker') };
  const pidOf = (part: Part) => ({ ...children, Postgres: engine.postgres, Temporal: engine.temporal })[part]!.pid;
  const underWay = { requests: 0 };
  const url = `http://127.0.0.1:${port}`;
  const as = (key: string) => patient(restClient(url, key), underWay);

  return {
    as,
    operator: as(engine.operatorKey),
    temporalAddress: environment['TEMPORAL_ADDRESS']!,
    /** Requests that wait for an answer. */
    underWay,
    /** SIGKILL, and the same again on the same data and port. */
    async kill(part: Part): Promise<void> {
      if (part === 'api' || part === 'worker') {
        await children[part].kill();
        children[part] = await start(part);
      } else {
        process.kill(pidOf(part), 'SIGKILL');
        while (!(await engine.heal()).includes(part)) await delay(50);
      }
    },
    /** SIGSTOP to all of its processes, and SIGCONT after `ms`. */
    async freeze(part: Part, ms: number): Promise<void> {
      const pids = familyOf(pidOf(part));
      pids.forEach((pid) => signalProcess(pid, 'SIGSTOP'));
      await delay(ms);
      pids.forEach((pid) => signalProcess(pid, 'SIGCONT'));
    },
    /** Ends all connections to a server: what it was asked may be done, and its answers are lost. */
    cut: (server: (typeof servers)[number]) => relays[server].cut(),
    /** As `npm run backup`. */
    backUp: (folder: string) => backUp(dataDir, folder),
    /** Everything dies and starts again, with the data of a backup, as `npm run restore` and `npm start` do it. */
    async restore(folder: string): Promise<Rebuilt> {
      await Promise.all([children.api.kill(), children.worker.kill()]);
      await engine.stop();
      await putBack(dataDir, folder, () => undefined);
      const temporalPort = new URL(`http://${environment['TEMPORAL_ADDRESS']}`).port;
      const config = loadStandaloneConfig({ DATA_DIR: dataDir, ...ports, TEMPORAL_PORT: temporalPort });
      engine = await startEngine(config, silent);
      const { DATABASE_URL, DATABASE_SYSTEM_URL, TEMPORAL_ADDRESS } = engine.environment;
      const rebuilt = await rebuildWorkflows(
        { appUrl: DATABASE_URL!, systemUrl: DATABASE_SYSTEM_URL!, temporalAddress: TEMPORAL_ADDRESS! },
        config,
      );
      for (const role of ['api', 'worker'] as const) children[role] = await start(role);
      return rebuilt;
    },
    async stop(): Promise<void> {
      await Promise.all([children.api.kill(), children.worker.kill()]);
      Object.values(relays).forEach((relay) => relay.close());
      await engine.stop();
    },
  };
}

/** A client as it should be: it asks again while the service is away. Writes have keys, and are repeated by whoever sends them. */
const patient = (rest: Rest, underWay: { requests: number }): Rest => {
  const counted = async <T>(call: () => Promise<T>): Promise<T> => {
    underWay.requests += 1;
    return call().finally(() => (underWay.requests -= 1));
  };
  return {
    ...rest,
    get: (path) => persistently(() => counted(() => rest.get(path)), patienceMs),
    post: (path, body, key) => counted(() => rest.post(path, body, key)),
    put: (path, body) => counted(() => rest.put(path, body)),
    patch: (path, body, key) => counted(() => rest.patch(path, body, key)),
  };
};

/** A process and those that it has started: Postgres has one for each connection. */
function familyOf(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
  return [pid, ...children.flatMap(familyOf)];
}
