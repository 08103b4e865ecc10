import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ConfigError, loadStandaloneConfig, type StandaloneConfig } from '../config.ts';
import { endEverything, startEngine, type Engine } from './engine.ts';
import { claimPort } from './ports.ts';
import { endChildren } from './processes.ts';
import { progressTo } from './progress.ts';
import { endOnSignals } from './shutdown.ts';
import { StartError } from './start-error.ts';
import { supervise, type Supervised } from './supervise.ts';

const report = (line: string) => console.log(line);

interface Running {
  engine?: Engine;
  readonly children: Supervised[];
  stopping: boolean;
}

async function main(config: StandaloneConfig): Promise<void> {
  const running: Running = { children: [], stopping: false };
  const boot = start(config, running);
  endOnSignals({
    report,
    orderly: async () => {
      running.stopping = true;
      // A boot stops by itself after the stage it is in; that of the children is the long one.
      if (running.children.length < 2) await endChildren(resolve(config.DATA_DIR), () => undefined);
      await boot.catch(() => undefined);
      await stop(running);
      report('Everything has stopped.');
    },
    forced: () => endEverything(resolve(config.DATA_DIR)),
  });
  try {
    await boot;
    if (!running.stopping) await watch(running);
  } catch (error) {
    if (running.stopping) return;
    running.stopping = true;
    await stop(running);
    throw error;
  }
}

async function start(config: StandaloneConfig, running: Running): Promise<void> {
  const progress = progressTo(report);
  report('Vendor Portals is starting.');
  const engine = (running.engine = await startEngine(config, progress));
  const port = await claimPort({ port: config.PORT, variable: 'PORT', what: 'the API', host: config.HOST });
  const workerPort = await claimPort({
    port: config.WORKER_PORT,
    variable: 'WORKER_PORT',
    what: "the worker's health",
    host: config.HOST,
  });
  const env = { ...process.env, ...engine.environment, PORT: String(port), WORKER_PORT: String(workerPort) };
  const host = config.HOST === '0.0.0.0' || config.HOST === '::' ? '127.0.0.1' : config.HOST;
  if (running.stopping) return;
  // Side by side: each spends most of its start on loading packages.
  const starting = (
    [
      ['api', 'api/main.ts', port],
      ['worker', 'workers/main.ts', workerPort],
    ] as const
  ).map(async ([name, entry, at]) => {
    const options = { name, entry, env, dataDir: engine.dataDir, readyUrl: `http://${host}:${at}/readyz` };
    running.children.push(await progress.stage(`the ${name} is ready`, () => supervise(options, { report })));
  });
  const failed = (await Promise.allSettled(starting)).find((result) => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  if (!running.stopping) report(whereEverythingIs(engine, `http://${host}:${port}`, running.children));
}

/** Looks after the servers, whose deaths no event tells: an adopted one is no child of ours. */
async function watch(running: Running): Promise<void> {
  while (!running.stopping) {
    for (const name of (await running.engine?.heal()) ?? [])
      report(`${name} had died and runs again, on the same data.`);
    await delay(1_000);
  }
}

/** Children first, so that nothing they do is cut off by a server that is gone. */
async function stop({ engine, children }: Running): Promise<void> {
  await Promise.all(children.map((child) => child.stop()));
  await engine?.stop();
}

function whereEverythingIs({ operatorKey, environment, dataDir }: Engine, api: string, children: Supervised[]): string {
  const logs = children.map(({ logPath }) => logPath).join(', ');
  return `
Vendor Portals runs. Ctrl-C stops it; the data stays in ${dataDir}.

  API            ${api}/v1
  API reference  ${api}/docs
  Temporal UI    ${environment['TEMPORAL_UI_URL'] ?? `(of the server at ${environment['TEMPORAL_ADDRESS']})`}
  Operator key   ${operatorKey}
  Logs           ${logs}

A first account:

  curl -X POST ${api}/v1/accounts -H 'Authorization: Bearer ${operatorKey}' \\
    -H 'Content-Type: application/json' -H 'Idempotency-Key: first-account' -d '{ "name": "My shop" }'
`;
}

try {
  await main(loadStandaloneConfig());
} catch (error) {
  // What a person can mend needs no stack.
  console.error(error instanceof StartError || error instanceof ConfigError ? `\n${error.message}` : error);
  process.exitCode = 1;
}
