import { z } from 'zod';

const hostPort = z.string().regex(/^[^\s:/]+:\d{1,5}$/, 'is host:port');
const origin = z
  .url({ protocol: /^https?$/ })
  .refine((url) => new URL(url).pathname === '/', 'must have no path')
  .transform((url) => new URL(url).origin);
const perSecond = z.coerce.number().int().min(1).max(1_000_000);
const list = z.string().transform((text) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean),
);

const sealingKey = z.string().regex(/^[A-Za-z0-9+/]{43}=$/, 'must be 32 random bytes in base64');

/**
 * Each environment variable that our processes read. tests/guards check docs/configuration.md and docker-compose.yml
 * against these keys.
 */
export const environmentSchema = z.object({
  HOST: z.string().min(1).default('127.0.0.1'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(3000),
  /** Health and metrics of the worker process. */
  WORKER_PORT: z.coerce.number().int().min(0).max(65_535).default(3001),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
  DATABASE_SYSTEM_URL: z.url({ protocol: /^postgres(ql)?$/ }),
  DATABASE_POOL_SIZE: z.coerce.number().int().min(2).max(200).default(20),
  /** Calls to shops and providers that a worker waits for at the same time. They only wait: a slot costs little memory. */
  CALL_SLOTS: z.coerce.number().int().min(20).max(5_000).default(400),
  TEMPORAL_ADDRESS: hostPort,
  TEMPORAL_NAMESPACE: z.string().min(1).default('default'),
  /** The Temporal UI's address for people; tasks and dropships link to it. */
  TEMPORAL_UI_URL: z.url().optional(),
  /** The folder of the built portal. Where it has no index.html, the API serves without a portal. */
  PORTAL_DIR: z.string().min(1).default('dist/portal'),
  /** Where people reach the portal, without a path. Mailed links begin with it. */
  PUBLIC_URL: origin.optional(),
  /** The mail server for sign-in links and invitations, such as `smtps://user:secret@mail.example`. */
  SMTP_URL: z.url({ protocol: /^smtps?$/ }).optional(),
  MAIL_FROM: z.string().min(3).optional(),
  /** Addresses, or networks such as 10.0.0.0/8, of proxies whose X-Forwarded-… headers count. */
  TRUSTED_PROXIES: list.default([]),
  /** Requests a second of one key, and of an address without one. */
  RATE_LIMIT_READS: perSecond.default(200),
  RATE_LIMIT_COMMANDS: perSecond.default(100),
  RATE_LIMIT_ADDRESS: perSecond.default(100),
  OPERATOR_KEY: z.string().min(20, 'must have at least 20 characters'),
  /** Seals. Its id and those of the others are shown by `npm run keys -- status`. */
  ENCRYPTION_KEY: sealingKey,
  /** Keys that only open, before and after the ENCRYPTION_KEY is rotated. */
  OTHER_ENCRYPTION_KEYS: list.pipe(z.array(sealingKey)).default([]),
  /** `host:port` pairs that merchant-given URLs may reach although they are private; for demos and tests. */
  ALLOWED_PRIVATE_HOSTS: list.pipe(z.array(hostPort)).default([]),
  /** Where the providers of labels answer; tests replace them by simulators. */
  EASYPOST_URL: origin.default('https://api.easypost.com'),
  SHIPPO_URL: origin.default('https://api.goshippo.com'),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  /** Milliseconds between two sweeps for what a crash left half done. */
  SWEEP_INTERVAL_MS: z.coerce.number().int().min(200).max(600_000).default(15_000),
  /**
   * Days that ended tasks and print jobs, ratings and processed webhooks stay. Shops repeat webhooks for days.
   */
  RETENTION_DAYS: z.coerce.number().int().min(7).max(3_650).default(30),
  /** Days that the answers of Idempotency-Keys stay. They have personal data. */
  ANSWER_RETENTION_DAYS: z.coerce.number().int().min(1).max(365).default(7),
  /** Days after which the personal data of closed orders are erased. Left out: they stay. An account may say it for itself. */
  ORDER_RETENTION_DAYS: z.coerce.number().int().min(30).max(3_650).optional(),
  /** `name:n`: end at the n-th pass of that crash point. Only for fault tests, refused unless ALLOW_CRASH_POINTS=yes. */
  CRASH_AT: z
    .string()
    .regex(/^[a-z.-]+:\d+$/, 'is name:n')
    .optional(),
  CRASH_MARK: z.string().optional(),
  ALLOW_CRASH_POINTS: z.enum(['yes', 'no']).default('no'),
  TASK_QUEUE_SUFFIX: z.string().max(60).default(''),
  /** The origin of an S3-compatible store for the bytes of documents. Left out: they are in Postgres. */
  DOCUMENTS_S3_ENDPOINT: origin.optional(),
  DOCUMENTS_S3_BUCKET: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'must be the name of a bucket')
    .optional(),
  DOCUMENTS_S3_REGION: z.string().min(1).default('us-east-1'),
  DOCUMENTS_S3_KEY: z.string().min(1).optional(),
  DOCUMENTS_S3_SECRET: z.string().min(1).optional(),
});

/** Only migrations read the owner's URL, so that api and workers never have it. */
export const migrationEnvironmentSchema = z.object({
  DATABASE_OWNER_URL: z.url({ protocol: /^postgres(ql)?$/ }),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
  DATABASE_SYSTEM_URL: z.url({ protocol: /^postgres(ql)?$/ }),
});

/** For `npm start`, `npm run demo` and the tests, which find or start the servers. */
export const standaloneEnvironmentSchema = z.object({
  HOST: environmentSchema.shape.HOST,
  PORT: environmentSchema.shape.PORT,
  WORKER_PORT: environmentSchema.shape.WORKER_PORT,
  DATA_DIR: z.string().min(1).default('.vendor-portals'),
  DATABASE_URL: z.string().optional(),
  DATABASE_SYSTEM_URL: z.string().optional(),
  DATABASE_OWNER_URL: z.string().optional(),
  TEMPORAL_ADDRESS: hostPort.optional(),
  TEMPORAL_NAMESPACE: environmentSchema.shape.TEMPORAL_NAMESPACE,
  TEMPORAL_CLI_PATH: z.string().optional(),
  TEMPORAL_PORT: z.coerce.number().int().min(0).max(65_535).default(7233),
  /** The Vendure shop of `npm run demo`. */
  SHOP_PORT: z.coerce.number().int().min(0).max(65_535).default(3002),
  TEMPORAL_UI_PORT: z.coerce.number().int().min(0).max(65_535).default(8233),
  PUBLIC_URL: environmentSchema.shape.PUBLIC_URL,
  OPERATOR_KEY: environmentSchema.shape.OPERATOR_KEY.optional(),
  ENCRYPTION_KEY: environmentSchema.shape.ENCRYPTION_KEY.optional(),
  OTHER_ENCRYPTION_KEYS: environmentSchema.shape.OTHER_ENCRYPTION_KEYS,
});

type Config = Readonly<z.infer<typeof environmentSchema>>;
type MigrationConfig = Readonly<z.infer<typeof migrationEnvironmentSchema>>;
export type StandaloneConfig = Readonly<z.infer<typeof standaloneEnvironmentSchema>>;

/** All faults of an environment at once, one line each. */
export class ConfigError extends Error {}

function load<S extends z.ZodObject>(schema: S, env: NodeJS.ProcessEnv): Readonly<z.infer<S>> {
  const known = Object.fromEntries(
    Object.keys(schema.shape).map((name) => [name, env[name] === '' ? undefined : env[name]]),
  );
  const parsed = schema.safeParse(known);
  if (parsed.success) return Object.freeze(parsed.data);
  const faults = parsed.error.issues.map(
    ({ path, message }) => `  ${path.join('.')}: ${known[String(path[0])] === undefined ? 'is missing' : message}`,
  );
  throw new ConfigError(`The environment is not complete:\n${faults.join('\n')}\nSee docs/configuration.md.`);
}

/** @throws ConfigError naming each fault */
export function loadConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const config = load(environmentSchema, env);
  if (config.CRASH_AT !== undefined && config.ALLOW_CRASH_POINTS !== 'yes') {
    throw new ConfigError(
      'The environment is not complete:\n  CRASH_AT: is for fault tests only (ALLOW_CRASH_POINTS=yes).',
    );
  }
  const store = [
    config.DOCUMENTS_S3_ENDPOINT,
    config.DOCUMENTS_S3_BUCKET,
    config.DOCUMENTS_S3_KEY,
    config.DOCUMENTS_S3_SECRET,
  ];
  if (new Set(store.map((value) => value === undefined)).size > 1) {
    throw new ConfigError(
      'The environment is not complete:\n  DOCUMENTS_S3_ENDPOINT, …_BUCKET, …_KEY and …_SECRET: give all of them, or none.',
    );
  }
  if (config.SMTP_URL !== undefined && (config.PUBLIC_URL === undefined || config.MAIL_FROM === undefined)) {
    throw new ConfigError(
      'The environment is not complete:\n  SMTP_URL: needs PUBLIC_URL and MAIL_FROM, for the links and the sender.',
    );
  }
  return config;
}

/** The S3 store of this configuration, or null: bytes of documents are in Postgres. */
export function s3Of(config: Config) {
  const { DOCUMENTS_S3_ENDPOINT: endpoint, DOCUMENTS_S3_BUCKET: bucket, DOCUMENTS_S3_REGION: region } = config;
  const { DOCUMENTS_S3_KEY: key, DOCUMENTS_S3_SECRET: secret } = config;
  if (endpoint === undefined || bucket === undefined || key === undefined || secret === undefined) return null;
  return { endpoint, bucket, region, key, secret };
}

/** For `main.ts` files: prints the faults of the environment as a list, without a stack, and ends the process. */
export function loadConfigOrExit(): Config {
  try {
    return loadConfig();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    console.error(error.message);
    process.exit(1);
  }
}

export const loadMigrationConfig = (env: NodeJS.ProcessEnv = process.env): MigrationConfig =>
  load(migrationEnvironmentSchema, env);
export const loadStandaloneConfig = (env: NodeJS.ProcessEnv = process.env): StandaloneConfig =>
  load(standaloneEnvironmentSchema, env);
