import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { migrate } from '../../../db/migrations.ts';
import { keepInUse } from '../../../standalone/build/cache.ts';
import { readyCode } from '../../../standalone/build/code.ts';
import { identityOf } from '../../../standalone/processes/pids.ts';
import { databaseName } from '../../../standalone/postgres/roles.ts';
import { startPostgres } from '../../../standalone/postgres/postgres.ts';
import { progressTo } from '../../../standalone/progress.ts';
import { root } from '../../../standalone/root.ts';
import { makePassage, readStored, writeStored } from '../../../standalone/stored.ts';
import { startTemporal } from '../../../standalone/temporal/temporal.ts';
import { factsVariable, type Facts } from './facts.ts';
import { removeRun } from './runs.ts';

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
  // Api and worker run built code, as in production. With a loader each start would cost seconds of processor time.
  const [database, temporal, built] = await Promise.all([
    startDatabase(runDir),
    startServer(runDir),
    readyCode(root, progressTo(console.log)),
  ]);
  keepInUse(built);
  const facts: Facts = { runDir, ...database, temporal, built, workflowBundle: join(built, 'workflow-bundle.js') };
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
