import { resolve } from 'node:path';
import { Client } from '@temporalio/client';
import closeWithGrace from 'close-with-grace';
import { loadConfigOrExit, s3Of } from '../config.ts';
import { createLog, exitInWords } from '../log.ts';
import { openInstallation, WrongEncryptionKey } from '../db/accounts/installation.ts';
import { createCrashPoint } from '../db/engine/crash-point.ts';
import { schemaVersion } from '../db/migrations.ts';
import { documentStore } from '../db/documents/s3.ts';
import { createPool } from '../db/engine/pool.ts';
import { createSealer, derivePepper } from '../db/engine/sealing.ts';
import { queuesFor } from '../workflows/names.ts';
import { buildApp } from './app.ts';
import { createMailer } from './people/mailer.ts';
import { docsPage } from './openapi/docs-page.ts';
import { portalPage } from './portal-page.ts';
import { untilDatabaseServes } from './start.ts';
import { temporalWorkflows } from '../temporal/client.ts';
import { connectTemporal } from '../temporal/connection.ts';

const config = loadConfigOrExit();
const { log, isDropping } = createLog({ level: config.LOG_LEVEL, base: { process: 'api' } });
const pool = createPool({
  appUrl: config.DATABASE_URL,
  systemUrl: config.DATABASE_SYSTEM_URL,
  name: 'vendor-portals-api',
  size: config.DATABASE_POOL_SIZE,
});
await untilDatabaseServes(pool, schemaVersion, log);
const sealer = createSealer(config.ENCRYPTION_KEY, config.OTHER_ENCRYPTION_KEYS);
const keyPepper = await openInstallation(pool, sealer, derivePepper(config.ENCRYPTION_KEY)).catch(
  exitInWords(WrongEncryptionKey),
);

const { connection, close } = connectTemporal(config.TEMPORAL_ADDRESS);
const temporal = new Client({ connection, namespace: config.TEMPORAL_NAMESPACE });

const mailer =
  config.SMTP_URL !== undefined && config.MAIL_FROM !== undefined
    ? createMailer({ url: config.SMTP_URL, from: config.MAIL_FROM })
    : undefined;

const app = await buildApp({
  pool,
  workflows: temporalWorkflows(temporal, queuesFor(config.TASK_QUEUE_SUFFIX), log),
  sealer,
  documents: documentStore(s3Of(config)),
  keyPepper,
  operatorKey: config.OPERATOR_KEY,
  allowedPrivateHosts: config.ALLOWED_PRIVATE_HOSTS,
  temporalUiUrl: config.TEMPORAL_UI_URL,
  temporalNamespace: config.TEMPORAL_NAMESPACE,
  publicUrl: config.PUBLIC_URL,
  trustedProxies: config.TRUSTED_PROXIES,
  rates: {
    reads: config.RATE_LIMIT_READS,
    commands: config.RATE_LIMIT_COMMANDS,
    address: config.RATE_LIMIT_ADDRESS,
  },
  saturation: { loopMs: 1_000, waiting: 20 * config.DATABASE_POOL_SIZE },
  mailer,
  docsPage,
  portalPage: portalPage(resolve(config.PORTAL_DIR)),
  crashPoint: createCrashPoint({ at: config.CRASH_AT, mark: config.CRASH_MARK }),
  logger: log,
  isLogDropping: isDropping,
});

closeWithGrace({ delay: 10_000, logger: log }, async ({ err }) => {
  if (err) log.fatal({ cause: err.name, stack: err.stack }, 'stopping');
  await app.close();
  mailer?.close();
  await close();
  await pool.destroy();
});
await app.listen({ host: config.HOST, port: config.PORT });
