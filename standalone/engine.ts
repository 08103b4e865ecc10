import { join, resolve } from 'node:path';
import type { StandaloneConfig } from '../config.ts';
import { migrate } from '../db/migrations.ts';
import { noteKeys, readOrMakeKeys, requireRightKeys, type Keys } from './keys.ts';
import { lockFolder, type Lock } from './lock.ts';
import { isAlive } from './processes/pids.ts';
import { endPostgres, startPostgres, type Postgres } from './postgres/postgres.ts';
import { endChildren } from './processes/processes.ts';
import type { Progress } from './progress.ts';
import { StartError } from './start-error.ts';
import { endTemporal, startTemporal, type Temporal } from './temporal/temporal.ts';

export interface Engine {
  /** The environment of api and workers, without the owner's URL. */
  readonly environment: Readonly<Record<string, string>>;
  /** An absolute path. */
  readonly dataDir: string;
  readonly ownerUrl: string;
  readonly operatorKey: string;
  /** Undefined when the person gave a server of their own. */
  readonly postgres: Postgres | undefined;
  readonly temporal: Temporal | undefined;
  /**
   * Restarts our servers that have died, on the same ports and data. Tries each, also where another cannot be restarted.
   * @returns the names of those that it restarted since it last returned
   */
  heal(): Promise<string[]>;
  /** The logs of our servers. */
  readonly logs: readonly string[];
  /** Stops Temporal, then Postgres. */
  stop(): Promise<void>;
}

interface DatabaseUrls {
  readonly ownerUrl: string;
  readonly appUrl: string;
  readonly systemUrl: string;
}

/** Starts Postgres and Temporal, or uses given ones, and migrates the schema. Stops all that it started if it fails. */
export async function startEngine(config: StandaloneConfig, progress: Progress): Promise<Engine> {
  const dataDir = resolve(config.DATA_DIR);
  const given = givenDatabase(config);
  const lock = await lockFolder(dataDir);
  try {
    await endChildren(dataDir, progress.note);
    const starting = [
      startDatabase({ config, dataDir, given }, progress),
      startServer(config, dataDir, progress),
    ] as const;
    const chosen = await Promise.allSettled(starting);
    const failed = chosen.find((result) => result.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
    const [{ postgres, urls }, temporal] = await Promise.all(starting);
    const keys = readOrMakeKeys(config);
    await requireRightKeys(urls, keys);
    noteKeys(dataDir, keys);
    return engineOf({ config, dataDir, keys, lock, urls, postgres, temporal, progress });
  } catch (error) {
    await endEverything(dataDir);
    lock.release();
    throw error;
  }
}

/** Ends by force our processes on this folder: children, Temporal, then Postgres. */
export async function endEverything(dataDir: string): Promise<void> {
  await endChildren(dataDir, () => undefined);
  await endTemporal(join(dataDir, 'temporal'));
  await endPostgres(join(dataDir, 'postgres'));
  // Of the demo's Medusa shop.
  await endPostgres(join(dataDir, 'medusa/postgres'));
}

interface Parts {
  readonly config: StandaloneConfig;
  readonly dataDir: string;
  readonly keys: Keys;
  readonly lock: Lock;
  readonly urls: DatabaseUrls;
  readonly postgres: Postgres | undefined;
  readonly temporal: Temporal | undefined;
  readonly progress: Progress;
}

function engineOf(parts: Parts): Engine {
  const { config, dataDir, keys, lock, urls, progress } = parts;
  let { postgres, temporal } = parts;
  const healed: string[] = [];
  const healPostgres = async () => {
    if (postgres === undefined || isAlive(postgres.pid)) return;
    postgres = samePlace(await startPostgres({ dataDir: join(dataDir, 'postgres'), log: progress.note }), postgres);
    healed.push('Postgres');
  };
  const healTemporal = async () => {
    if (temporal === undefined || isAlive(temporal.pid)) return;
    temporal = await startTemporal(temporalOptions(config, dataDir, { progress, like: temporal }));
    healed.push('Temporal');
  };
  return {
    environment: environmentOf(parts),
    dataDir,
    ownerUrl: urls.ownerUrl,
    operatorKey: keys.operatorKey,
    get postgres() {
      return postgres;
    },
    get temporal() {
      return temporal;
    },
    logs: [
      ...(postgres === undefined ? [] : [join(dataDir, 'postgres/postgres.log')]),
      ...(temporal === undefined ? [] : [join(dataDir, 'temporal/temporal.log')]),
    ],
    heal: async () => {
      const tries = [healPostgres, healTemporal].map((heal) => heal());
      const ends = await Promise.allSettled(tries);
      const failed = ends.find((end) => end.status === 'rejected');
      if (failed !== undefined) throw failed.reason;
      return healed.splice(0);
    },
    stop: async () => {
      lock.markStopping();
      await temporal?.stop();
      await postgres?.stop();
      lock.release();
    },
  };
}

/** The running processes know only the old port, so a restarted Postgres must have the same. */
function samePlace(started: Postgres, before: Postgres): Postgres {
  if (started.port === before.port) return started;
  throw new StartError(`Postgres ended, and its port ${before.port} has been taken by another program since.`);
}

function environmentOf({ config, keys, urls, temporal }: Parts) {
  const address = config.TEMPORAL_ADDRESS ?? temporal?.address;
  if (address === undefined) throw new StartError('There is no Temporal address.');
  return {
    DATABASE_URL: urls.appUrl,
    DATABASE_SYSTEM_URL: urls.systemUrl,
    TEMPORAL_ADDRESS: address,
    TEMPORAL_NAMESPACE: config.TEMPORAL_NAMESPACE,
    ...(temporal?.uiUrl === undefined ? {} : { TEMPORAL_UI_URL: temporal.uiUrl }),
    OPERATOR_KEY: keys.operatorKey,
    ENCRYPTION_KEY: keys.encryptionKeys[0]!,
    OTHER_ENCRYPTION_KEYS: keys.encryptionKeys.slice(1).join(','),
    HOST: config.HOST,
  };
}

/** All three URLs or none: with one missing, rows would be written to two databases. */
function givenDatabase(config: StandaloneConfig): DatabaseUrls | undefined {
  const { DATABASE_OWNER_URL: ownerUrl, DATABASE_URL: appUrl, DATABASE_SYSTEM_URL: systemUrl } = config;
  if (ownerUrl !== undefined && appUrl !== undefined && systemUrl !== undefined) return { ownerUrl, appUrl, systemUrl };
  const urls = Object.entries({ DATABASE_OWNER_URL: ownerUrl, DATABASE_URL: appUrl, DATABASE_SYSTEM_URL: systemUrl });
  const missing = urls.filter(([, url]) => url === undefined).map(([name]) => name);
  if (missing.length === urls.length) return undefined;
  throw new StartError(`A database of your own needs three URLs, one per role. Missing: ${missing.join(', ')}.`);
}

interface DatabaseWanted {
  readonly config: StandaloneConfig;
  readonly dataDir: string;
  readonly given: DatabaseUrls | undefined;
}

async function startDatabase({ dataDir, given }: DatabaseWanted, progress: Progress) {
  const start = () => startPostgres({ dataDir: join(dataDir, 'postgres'), log: progress.note });
  const postgres = given === undefined ? await progress.stage('Postgres answers', start) : undefined;
  const urls = given ?? postgres;
  if (urls === undefined) throw new StartError('There is no database.');
  const roles = { appRole: new URL(urls.appUrl).username, systemRole: new URL(urls.systemUrl).username };
  await progress.stage('the schema is up to date', () => migrate({ ownerUrl: urls.ownerUrl, ...roles }));
  return { postgres, urls };
}

async function startServer(
  config: StandaloneConfig,
  dataDir: string,
  progress: Progress,
): Promise<Temporal | undefined> {
  if (config.TEMPORAL_ADDRESS !== undefined) return undefined;
  const options = temporalOptions(config, dataDir, { progress });
  return progress.stage('Temporal answers', () => startTemporal(options));
}

function temporalOptions(
  config: StandaloneConfig,
  dataDir: string,
  { progress, like }: { progress: Progress; like?: Temporal },
) {
  return {
    dataDir: join(dataDir, 'temporal'),
    binDir: join(dataDir, 'bin'),
    cliPath: config.TEMPORAL_CLI_PATH,
    port: like === undefined ? config.TEMPORAL_PORT : portOf(`http://${like.address}`),
    uiPort: like?.uiUrl === undefined ? config.TEMPORAL_UI_PORT : portOf(like.uiUrl),
    namespaces: [...new Set(['default', config.TEMPORAL_NAMESPACE])],
    inMemory: false,
    log: progress.note,
  };
}

const portOf = (url: string) => Number(new URL(url).port);
