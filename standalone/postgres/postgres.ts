import { spawn, spawnSync } from 'node:child_process';
import { chownSync, closeSync, existsSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { commandLine, endProcess, isAlive } from '../processes/pids.ts';
import { freePort, isPortFree } from '../processes/ports.ts';
import { homeOf, makeOwned, preparePremises, type Premises } from './files.ts';
import { answers, ensureRoles, urlOf, type Passwords } from './roles.ts';
import { StartError, type Log } from '../start-error.ts';
import { randomSecret, readStored, writeStored } from '../stored.ts';
import { endOf, rotated, tailOf } from '../processes/log-files.ts';

interface PostgresOptions {
  /** An absolute path, of the folder with the cluster, its port and its passwords. */
  readonly dataDir: string;
  readonly log: Log;
  /** False turns off protection against power failure, for the cluster of a test run. */
  readonly durable?: boolean;
}

export interface Postgres {
  readonly ownerUrl: string;
  readonly appUrl: string;
  readonly systemUrl: string;
  readonly superuserUrl: string;
  readonly port: number;
  readonly pid: number;
  readonly adopted: boolean;
  /** Rolls back open transactions and returns once the process is gone. */
  stop(): Promise<void>;
}

interface Stored {
  readonly port: number;
  readonly passwords: Passwords;
}

interface Cluster {
  readonly premises: Premises;
  readonly data: string;
  readonly storedPath: string;
  readonly logPath: string;
  readonly log: Log;
  readonly durable: boolean;
}

/** SIGINT is Postgres' fast shutdown. SIGQUIT is its immediate shutdown, after which the next start recovers. */
const ending = [
  ['SIGINT', 15_000],
  ['SIGQUIT', 5_000],
  ['SIGKILL', 5_000],
] as const;

/** Starts the embedded server, or adopts a server that a crash of ours left running on the same data. */
export async function startPostgres({ dataDir, log, durable = true }: PostgresOptions): Promise<Postgres> {
  const premises = preparePremises(dataDir, log);
  const cluster: Cluster = {
    premises,
    data: join(premises.home, 'data'),
    storedPath: join(dataDir, 'server.json'),
    logPath: join(dataDir, 'postgres.log'),
    log,
    durable,
  };
  let stored = await ensureCluster(cluster, dataDir);
  const running = runningServer(cluster.data);
  const adopted = running !== undefined && (await adopt(running, stored));
  if (running !== undefined && !adopted) await replace(cluster, running.pid);
  if (adopted) stored = save(cluster, { ...stored, port: running.port });
  else stored = await launch(cluster, stored);
  try {
    await ensureRoles(stored, { durable });
  } catch (error) {
    if (!adopted) await endPostgres(dataDir);
    throw error;
  }
  return handleOf(cluster, stored, adopted);
}

/** Ends the server on this data if it runs, whoever started it. */
export async function endPostgres(dataDir: string): Promise<void> {
  if (!existsSync(dataDir)) return;
  const running = runningServer(join(homeOf(dataDir), 'data'));
  if (running !== undefined) await endProcess(running.pid, ending);
}

export type Server = Stored & { readonly pid: number };

/** The server that runs on this data, whoever started it. */
export function readServer(dataDir: string): Server | undefined {
  const running = runningServer(join(homeOf(dataDir), 'data'));
  const stored = readStored<Stored>(join(dataDir, 'server.json'));
  return running && stored && { ...running, passwords: stored.passwords };
}

function handleOf(cluster: Cluster, stored: Stored, adopted: boolean): Postgres {
  const pid = runningServer(cluster.data)?.pid;
  if (pid === undefined) throw new StartError(`Postgres ended at once:\n${tailOf(cluster.logPath)}`);
  return {
    ownerUrl: urlOf(stored, 'vp_owner'),
    appUrl: urlOf(stored, 'vp_app'),
    systemUrl: urlOf(stored, 'vp_system'),
    superuserUrl: urlOf(stored, 'postgres', 'postgres'),
    port: stored.port,
    pid,
    adopted,
    stop: async () => {
      if (isAlive(pid)) await endProcess(pid, ending);
    },
  };
}

function save(cluster: Cluster, stored: Stored): Stored {
  writeStored(cluster.storedPath, stored);
  return stored;
}

async function ensureCluster(cluster: Cluster, dataDir: string): Promise<Stored> {
  const { data, premises, storedPath } = cluster;
  const stored = readStored<Stored>(storedPath);
  if (stored !== undefined && existsSync(data)) return stored;
  if (existsSync(data)) await discardForgotten(cluster, premises.home === dataDir);
  const passwords = {
    postgres: randomSecret(),
    vp_owner: randomSecret(),
    vp_app: randomSecret(),
    vp_system: randomSecret(),
  };
  initialise(cluster, passwords.postgres);
  const made = save(cluster, { port: await freePort(), passwords });
  // Last: if a start ends before this, the next start finds no cluster and makes it again.
  renameSync(`${data}.new`, data);
  return made;
}

/** Handles data without its passwords. Outside our folder it belonged to a data folder that a person has deleted. */
async function discardForgotten({ data, storedPath }: Cluster, isInside: boolean): Promise<void> {
  if (isInside)
    throw new StartError(`${storedPath} with the passwords of ${data} is missing: restore it, or remove both.`);
  const running = runningServer(data);
  if (running !== undefined) await endProcess(running.pid, ending);
  rmSync(data, { recursive: true, force: true });
}

function initialise({ premises, data, log, durable }: Cluster, password: string): void {
  log('making a new database');
  makeOwned(`${data}.new`, premises.identity);
  const passwordFile = `${data}.password`;
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (premises.identity !== undefined) chownSync(passwordFile, premises.identity.uid, premises.identity.gid);
  const flags = ['--username=postgres', '--auth=scram-sha-256', `--pwfile=${passwordFile}`, '--encoding=UTF8'];
  const locale = ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--no-instructions'];
  const made = spawnSync(
    join(premises.bin, 'initdb'),
    ['-D', `${data}.new`, ...flags, ...locale, ...(durable ? [] : ['--no-sync'])],
    { ...premises.identity, cwd: '/', encoding: 'utf8', env: serverEnvironment() },
  );
  rmSync(passwordFile, { force: true });
  if (made.status !== 0) throw new StartError(`Postgres' initdb failed: ${made.error?.message ?? made.stderr.trim()}`);
}

/** From postmaster.pid: line 1 is the pid, line 4 the port. A pid of another program counts as none. */
function runningServer(data: string): { pid: number; port: number } | undefined {
  const file = join(data, 'postmaster.pid');
  if (!existsSync(file)) return undefined;
  const lines = readFileSync(file, 'utf8').split('\n');
  const pid = Number(lines[0]);
  return commandLine(pid).includes(`-D ${data} `) ? { pid, port: Number(lines[3]) } : undefined;
}

async function adopt({ pid, port }: { pid: number; port: number }, { passwords }: Stored): Promise<boolean> {
  // It may still be recovering from a crash of its own.
  for (let tries = 0; tries < 20 && isAlive(pid); tries += 1) {
    if (await answers({ port, passwords })) return true;
    await delay(100);
  }
  return false;
}

async function replace(cluster: Cluster, pid: number): Promise<void> {
  cluster.log(`ending a Postgres that does not answer (pid ${pid})`);
  await endProcess(pid, ending);
}

async function launch(cluster: Cluster, stored: Stored): Promise<Stored> {
  // After kill -9 or a power cut the pid file is left. Another program may have its pid now; then Postgres refuses to start.
  rmSync(join(cluster.data, 'postmaster.pid'), { force: true });
  const chosen = (await isPortFree(stored.port)) ? stored : save(cluster, { ...stored, port: await freePort() });
  const deadline = performance.now() + 60_000;
  while (!(await bootOnce(cluster, chosen, deadline))) await delay(100);
  return chosen;
}

/** @returns false to try again: the backends of a killed server hold its shared memory for a moment */
async function bootOnce(cluster: Cluster, stored: Stored, deadline: number): Promise<boolean> {
  // Reads only what this attempt writes to the log.
  const from = endOf(rotated(cluster.logPath));
  const pid = await spawnServer(cluster, stored.port);
  while (isAlive(pid)) {
    if (await answers(stored)) return true;
    if (performance.now() > deadline) {
      await endProcess(pid, ending);
      throw new StartError(`Postgres did not answer within 60 s:\n${tailOf(cluster.logPath)}`);
    }
    await delay(30);
  }
  const tail = tailOf(cluster.logPath, from);
  if (tail.includes('shared memory block') && performance.now() < deadline) return false;
  throw new StartError(`Postgres could not start:\n${tail}`);
}

/** In a session of its own: Ctrl-C must reach the processes that use it first, and only then it. */
function spawnServer({ premises, data, logPath, durable }: Cluster, port: number): Promise<number> {
  const settings = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: '',
    max_connections: 200,
    // A plan that a link made while a table was empty stays until the table is analysed.
    autovacuum_naptime: '5s',
  };
  const places = {
    timezone: 'UTC',
    log_timezone: 'UTC',
    shared_buffers: '128MB',
    cluster_name: basename(premises.home),
  };
  const careless = { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off', autovacuum: 'off' };
  const flags = Object.entries({ ...settings, ...places, ...(durable ? {} : careless) });
  const output = openSync(logPath, 'a', 0o600);
  const child = spawn(
    join(premises.bin, 'postgres'),
    ['-D', data, ...flags.flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    {
      ...premises.identity,
      cwd: '/',
      detached: true,
      env: serverEnvironment(),
      stdio: ['ignore', output, output],
    },
  );
  closeSync(output);
  child.unref();
  return new Promise((resolve, reject) => {
    child.once('error', (error) => reject(new StartError(`Postgres cannot be run: ${error.message}`)));
    child.once('spawn', () => resolve(child.pid ?? 0));
  });
}

function serverEnvironment(): NodeJS.ProcessEnv {
  return { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC' };
}
