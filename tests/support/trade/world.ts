import { randomBytes } from 'node:crypto';
import { Client } from '@temporalio/client';
import { NativeConnection, type Worker } from '@temporalio/worker';
import { pino } from 'pino';
import { createSafeFetch } from '../../../activities/channels/safe-fetch.ts';
import type { Deps } from '../../../activities/deps.ts';
import type { Fetch } from '../../../activities/channels/channel.ts';
import type { ProviderTools } from '../../../activities/labels/provider.ts';
import { createGate } from '../../../activities/gate.ts';
import { createActivities } from '../../../activities/index.ts';
import { buildApp } from '../../../api/app.ts';
import { portalPage } from '../../../api/portal-page.ts';
import { temporalWorkflows } from '../../../temporal/client.ts';
import { connectTemporal } from '../../../temporal/connection.ts';
import type { CrashPoint } from '../../../db/engine/crash-point.ts';
import { createPool, createPoolBeside, type Pool } from '../../../db/engine/pool.ts';
import { inPostgres, type DocumentStore } from '../../../db/documents/store.ts';
import { createSealer, derivePepper } from '../../../db/engine/sealing.ts';
import { restClient, type Rest } from '../engine/rest.ts';
import { createWorkers } from '../../../workers/create-workers.ts';
import { startReconcile } from '../../../workers/reconcile.ts';
import { queuesFor, type Queues } from '../../../workflows/names.ts';
import { cloneDatabase, waitMs } from '../engine/database.ts';
import { facts, ownNamespace } from '../engine/facts.ts';
import { quietRuntime } from '../engine/quiet-runtime.ts';
import { deleteSchedules } from '../engine/schedules.ts';
import { noLabelUrls } from '../fakes/no-labels.ts';

const callSlots = 200;

/** The whole service in this process, on a database, queues and ids of its own: real Postgres, real Temporal. */
export type World = {
  url: string;
  operator: Rest;
  client: Client;
  pool: Pool;
  queues: Queues;
  as: (key: string) => Rest;
  stop(): Promise<void>;
};

/**
 * `allowedHosts`: `host:port` of local shops; `sweepMs`: how often lost starts are looked for; `crashPoint`: an activity
 * fails where it throws; `portalDir`: the built portal, to be served; `documents`: where their bytes are; `labelUrls`:
 * simulators of the providers of labels; `addresses`: local shops by the origin that they stand for.
 */
export type WorldOptions = {
  allowedHosts?: string[];
  sweepMs?: number;
  crashPoint?: CrashPoint;
  portalDir?: string;
  documents?: DocumentStore;
  labelUrls?: ProviderTools['urls'];
  addresses?: Readonly<Record<string, string>>;
};

export async function startWorld(options: WorldOptions = {}): Promise<World> {
  const database = await cloneDatabase();
  const { temporal, workflowBundle } = facts();
  const pool = createPool({ appUrl: database.appUrl, systemUrl: database.systemUrl, name: 'world', size: 12, waitMs });
  const callsPool = createPoolBeside(pool, { ...database, name: 'world-calls', size: 12 });
  const encryptionKey = randomBytes(32).toString('base64');
  const operatorKey = `vp_op_${randomBytes(16).toString('hex')}`;
  const queues = queuesFor(`-${randomBytes(4).toString('hex')}`);
  const log = pino({ level: process.env['TEST_LOG_LEVEL'] ?? 'silent' });
  const allowedPrivateHosts = options.allowedHosts ?? [];
  const sweepIntervalMs = options.sweepMs ?? 1_000;
  const documents = options.documents ?? inPostgres;
  const sealer = createSealer(encryptionKey);
  const namespace = ownNamespace();

  const { connection, close } = connectTemporal(temporal.address);
  const client = new Client({ connection, namespace });
  quietRuntime();
  const native = await NativeConnection.connect({ address: temporal.address });
  const deps: Deps = {
    pool,
    client,
    queues,
    log,
    sealer,
    fetch: atTheirPlace(options.addresses ?? {}, createSafeFetch({ allowedPrivateHosts })),
    gate: createGate({ slots: callSlots }),
    labelUrls: options.labelUrls ?? noLabelUrls,
    now: () => new Date(),
    crashPoint: options.crashPoint ?? (() => undefined),
    sweepIntervalMs,
    retention: { recordDays: 30, answerDays: 7, orderDays: null },
    documents,
  };
  const activities = createActivities(deps);
  const calls = { activities: createActivities({ ...deps, pool: callsPool }), slots: callSlots };
  const workers = await createWorkers(
    {
      connection: native,
      namespace,
      queues,
      activities,
      calls,
      bundle: { codePath: workflowBundle },
      poolSize: 10,
      log,
    },
    // A bug in workflow code fails the test instead of hanging it.
    { shutdownGraceTime: 0, shutdownForceTime: '2s', workflowFailureErrorTypes: { '*': ['Error'] } },
  );
  const runs = workers.map((worker) => worker.run());
  await startReconcile(client, queues, sweepIntervalMs);
  const app = await buildApp({
    pool,
    workflows: temporalWorkflows(client, queues, log),
    sealer,
    documents,
    keyPepper: derivePepper(encryptionKey),
    operatorKey,
    checksAnswers: true,
    allowedPrivateHosts,
    temporalUiUrl: 'http://temporal.test',
    ...(options.portalDir !== undefined && { portalPage: portalPage(options.portalDir) }),
    logger: log,
  });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });

  return {
    url,
    client,
    pool,
    queues,
    operator: restClient(url, operatorKey),
    as: (key) => restClient(url, key),
    async stop() {
      await app.close();
      await endAll(workers, runs);
      await deleteSchedules(client, queues);
      await close();
      await native.close();
      await callsPool.destroy();
      await pool.destroy();
      await database.drop();
    },
  };
}

async function endAll(workers: readonly Worker[], runs: readonly Promise<void>[]): Promise<void> {
  for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
  await Promise.allSettled(runs);
}

/** A simulated shop has an address of its own, also where its kind is called at one domain only. */
const atTheirPlace =
  (addresses: Readonly<Record<string, string>>, fetch: Fetch): Fetch =>
  (url, init) => {
    const { origin } = new URL(url);
    return fetch(url.replace(origin, addresses[origin] ?? origin), init);
  };
