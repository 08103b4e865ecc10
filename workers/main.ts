import closeWithGrace from 'close-with-grace';
import { Client } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime } from '@temporalio/worker';
import { createSafeFetch } from '../activities/channels/safe-fetch.ts';
import { createGate } from '../activities/gate.ts';
import { createActivities } from '../activities/index.ts';
import { loadConfigOrExit, s3Of } from '../config.ts';
import { createLog, exitInWords } from '../log.ts';
import { openInstallation, WrongEncryptionKey } from '../db/accounts/installation.ts';
import { resealAll } from '../db/accounts/sealed-rows.ts';
import { createCrashPoint } from '../db/engine/crash-point.ts';
import { schemaVersion } from '../db/migrations.ts';
import { documentStore } from '../db/documents/s3.ts';
import { createPool, createPoolBeside } from '../db/engine/pool.ts';
import { createSealer, derivePepper } from '../db/engine/sealing.ts';
import { isOutOfStorage } from '../db/engine/storage.ts';
import { requireSafety, requireSchema } from '../db/engine/with-account.ts';
import { queuesFor } from '../workflows/names.ts';
import { workflowBundle } from './bundle.ts';
import { createWorkers } from './create-workers.ts';
import { serveHealth } from './health.ts';
import { startReconcile } from './reconcile.ts';
import { untilUp } from './until-up.ts';

const config = loadConfigOrExit();
const { log, isDropping } = createLog({ name: 'worker', level: config.LOG_LEVEL });
// The SDK logs through our logger, one JSON object per line.
const sdkLevels = { TRACE: 'trace', DEBUG: 'debug', INFO: 'info', WARN: 'warn', ERROR: 'error' } as const;
Runtime.install({
  logger: new DefaultLogger('WARN', ({ level, message, meta }) => log[sdkLevels[level]](meta ?? {}, message)),
});

let isRunning = false;
const pool = createPool({
  appUrl: config.DATABASE_URL,
  systemUrl: config.DATABASE_SYSTEM_URL,
  name: 'worker',
  size: config.DATABASE_POOL_SIZE,
});
const callsPool = createPoolBeside(pool, {
  appUrl: config.DATABASE_URL,
  systemUrl: config.DATABASE_SYSTEM_URL,
  name: 'worker-calls',
  size: config.DATABASE_POOL_SIZE,
});
const health = await serveHealth({
  host: config.HOST,
  port: config.WORKER_PORT,
  isReady: async () => {
    await requireSchema(pool, schemaVersion);
    return isRunning && (await connection.workflowService.getSystemInfo({})) !== undefined;
  },
  facts: () => ({ storage: isOutOfStorage(pool) ? 'full' : 'ok', logs: isDropping() ? 'dropping' : 'ok' }),
});

await untilUp(log, 'Postgres', async () => {
  await requireSafety(pool);
  await requireSchema(pool, schemaVersion);
});
const sealer = createSealer(config.ENCRYPTION_KEY, config.OTHER_ENCRYPTION_KEYS);
await openInstallation(pool, sealer, derivePepper(config.ENCRYPTION_KEY)).catch(exitInWords(WrongEncryptionKey));
const connection = await untilUp(log, 'Temporal', () => NativeConnection.connect({ address: config.TEMPORAL_ADDRESS }));
const client = new Client({ connection, namespace: config.TEMPORAL_NAMESPACE });
const queues = queuesFor(config.TASK_QUEUE_SUFFIX);
const deps = {
  pool,
  client,
  queues,
  log,
  sealer,
  fetch: createSafeFetch({ allowedPrivateHosts: config.ALLOWED_PRIVATE_HOSTS }),
  gate: createGate({ slots: config.CALL_SLOTS }),
  labelUrls: { easypost: config.EASYPOST_URL, shippo: config.SHIPPO_URL },
  documents: documentStore(s3Of(config)),
  now: () => new Date(),
  crashPoint: createCrashPoint({ at: config.CRASH_AT, mark: config.CRASH_MARK }),
  sweepIntervalMs: config.SWEEP_INTERVAL_MS,
  publicUrl: config.PUBLIC_URL,
  retention: {
    recordDays: config.RETENTION_DAYS,
    answerDays: config.ANSWER_RETENTION_DAYS,
    orderDays: config.ORDER_RETENTION_DAYS ?? null,
  },
};
const workers = await createWorkers({
  connection,
  namespace: config.TEMPORAL_NAMESPACE,
  queues,
  activities: createActivities(deps),
  calls: { activities: createActivities({ ...deps, pool: callsPool }), slots: config.CALL_SLOTS },
  bundle: await workflowBundle(),
  poolSize: config.DATABASE_POOL_SIZE,
  log,
});
const runs = Promise.all(workers.map((worker) => worker.run()));
await startReconcile(client, queues, config.SWEEP_INTERVAL_MS);
isRunning = true;
log.info({ queues: Object.values(queues) }, 'worker is running');
if (sealer.keyIds.length > 1) void resealInBackground();

/** The workflow `prune` does it again each hour, for what processes with an older newest key have sealed meanwhile. */
async function resealInBackground(): Promise<void> {
  try {
    log.info(
      { keyId: sealer.keyId, count: await resealAll(pool, sealer) },
      'sealed anew with the newest encryption key',
    );
  } catch (error) {
    log.error({ cause: (error as Error).message }, 'not sealed anew');
  }
}

closeWithGrace({ delay: 28_000, logger: false }, async ({ err }) => {
  if (err) log.error({ error: err.stack }, 'worker ends by a bug');
  isRunning = false;
  for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
  await runs.catch(() => undefined);
  await connection.close();
  await callsPool.destroy();
  await pool.destroy();
  health.close();
});
await runs;
