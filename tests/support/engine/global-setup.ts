import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { promisify } from 'node:util';
import { migrate } from '../../../db/migrations.ts';
import { identityOf } from '../../../standalone/processes/pids.ts';
import { databaseName } from '../../../standalone/postgres/roles.ts';
import { startPostgres } from '../../../standalone/postgres/postgres.ts';
import { makePassage, readStored, writeStored } from '../../../standalone/stored.ts';
import { startTemporal } from '../../../standalone/temporal/temporal.ts';
import { buildBundle } from '../../../workers/bundle.ts';
import { factsVariable, type Facts } from './facts.ts';
import { removeRun } from './runs.ts';

const root = resolve(import.meta.dirname, '../../..');
const dataDir = join(root, '.vendor-portals');
/** A namespace for each worker of jest, besides the default. */
const namespaces = ['default', 'test-1', 'test-2', 'test-3'];

/** For the tear-down, which runs in the same process. */
declare global {
  var vendorPortalsWatchdog: ChildProcess | undefined;
}

/** Starts a Postgres and a Temporal for this run only, so that parallel runs, `npm start` and the demo do not meet. */
export default async function setUp(): Promise<void> {
  const testDir = join(dataDir, 'test');
  makePassage(testDir);
  await sweep(testDir);
  const runDir = join(testDir, `run-${process.pid}-${randomBytes(3).toString('hex')}`);
  makePassage(runDir);
  writeStored(join(runDir, 'owner.json'), { pid: process.pid, identity: identityOf(process.pid) });
  globalThis.vendorPortalsWatchdog = startWatchdog(runDir);
  const [database, temporal, workflowBundle, built] = await Promise.all([
    startDatabase(runDir),
    startServer(runDir),
    bundle(testDir),
    build(testDir),
  ]);
  const facts: Facts = { runDir, ...database, temporal, workflowBundle, built: relative(root, built) };
  const path = join(runDir, 'facts.json');
  writeStored(path, facts);
  process.env[factsVariable] = path;
}

/** Removes what a run left whose watchdog was killed too. */
async function sweep(testDir: string): Promise<void> {
  for (const name of readdirSync(testDir).filter((entry) => entry.startsWith('run-'))) {
    const runDir = join(testDir, name);
    const owner = readStored<{ pid: number; identity: string }>(join(runDir, 'owner.json'));
    // No owner yet: another run is making the folder now, or ended at that moment.
    if (owner === undefined || identityOf(owner.pid) === owner.identity) continue;
    await removeRun(runDir);
  }
}

/** Detached, so that a Ctrl-C ends the run but not the watchdog, which cleans up. */
function startWatchdog(runDir: string): ChildProcess {
  const entry = join(root, 'tests/support/engine/watchdog.ts');
  return spawn(process.execPath, ['--import', 'tsx', entry, runDir], {
    cwd: root,
    detached: true,
    stdio: ['pipe', 'ignore', 'inherit'],
  });
}

async function startDatabase(runDir: string) {
  // Durable as in production: it costs half a millisecond a commit, and api and workers refuse a server that is not.
  const dataDir = join(runDir, 'postgres');
  const { ownerUrl, appUrl, systemUrl, superuserUrl } = await startPostgres({ dataDir, log: () => undefined });
  await migrate({ ownerUrl, appRole: new URL(appUrl).username, systemRole: new URL(systemUrl).username });
  return { ownerUrl, appUrl, systemUrl, template: { name: databaseName, superuserUrl } };
}

async function startServer(runDir: string): Promise<Facts['temporal']> {
  const { address, binary } = await startTemporal({
    dataDir: join(runDir, 'temporal'),
    binDir: join(dataDir, 'bin'),
    cliPath: process.env['TEMPORAL_CLI_PATH'],
    port: 0,
    uiPort: null,
    namespaces,
    inMemory: true,
    log: (line) => console.log(line),
  });
  return { address, binary, namespaces };
}

/** Cached between runs under a hash of its sources. */
async function bundle(testDir: string): Promise<string> {
  const hash = hashOf(['workflows', 'domain', 'workers']);
  return cachedAs(testDir, { name: 'workflows', ending: `${hash}.js` }, (path) => buildBundle(path));
}

/** Api and worker run built code, as in production. With a loader each start would cost seconds of processor time. */
async function build(testDir: string): Promise<string> {
  const rooms = ['domain', 'workflows', 'activities', 'temporal', 'workers', 'api', 'db'];
  return cachedAs(testDir, { name: 'built', ending: hashOf(rooms) }, async (path) => {
    // Types are checked elsewhere. Renamed once complete, since another run may look for it meanwhile.
    const unfinished = `${path}.${process.pid}`;
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    const options = ['-p', 'tsconfig.build.json', '--noCheck', '--outDir', unfinished];
    await promisify(execFile)(process.execPath, [tsc, ...options], { cwd: root });
    if (!existsSync(path)) renameSync(unfinished, path);
    rmSync(unfinished, { recursive: true, force: true });
  });
}

async function cachedAs(
  testDir: string,
  { name, ending }: { name: string; ending: string },
  make: (path: string) => Promise<void>,
): Promise<string> {
  const path = join(testDir, `${name}-${ending}`);
  if (existsSync(path)) return path;
  for (const old of readdirSync(testDir)) if (old.startsWith(`${name}-`)) removeUnused(join(testDir, old));
  await make(path);
  return path;
}

/** Another run may use an old file, so it is removed only after a day. */
function removeUnused(path: string): void {
  if (Date.now() - statSync(path).mtimeMs > 86_400_000) rmSync(path, { recursive: true, force: true });
}

function hashOf(rooms: readonly string[]): string {
  const hash = createHash('sha256');
  const add = (path: string) => hash.update(path).update(readFileSync(join(root, path)));
  for (const path of ['package-lock.json', 'config.ts', 'tsconfig.json', 'tsconfig.build.json']) add(path);
  for (const room of rooms) {
    for (const name of readdirSync(join(root, room), { recursive: true, encoding: 'utf8' }).sort())
      if (name.endsWith('.ts')) add(`${room}/${name}`);
  }
  return hash.digest('hex').slice(0, 16);
}
