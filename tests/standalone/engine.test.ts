import { afterAll, describe, expect, it } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import pg from 'pg';
import { loadConfig, loadStandaloneConfig } from '../../config.ts';
import { startEngine, type Engine } from '../../standalone/engine.ts';
import { isAlive } from '../../standalone/processes/pids.ts';
import { cloneDatabase } from '../support/engine/database.ts';
import { engineFolder, facts } from '../support/engine/facts.ts';
import { waitUntil } from '../support/engine/wait-until.ts';

interface Owner {
  readonly process: ChildProcess;
  readonly environment: Readonly<Record<string, string>>;
  readonly ownerUrl: string;
  readonly pids: readonly number[];
}

const quiet = { note: () => undefined, stage: <T>(_what: string, work: () => Promise<T>) => work() };
const dataDir = engineFolder('engine');
const variables = {
  DATA_DIR: dataDir,
  TEMPORAL_CLI_PATH: facts().temporal.binary,
  TEMPORAL_PORT: '0',
  TEMPORAL_UI_PORT: '0',
};

/** An engine in a process of its own, which a test may kill. */
async function startOwner(): Promise<Owner> {
  const root = resolve(import.meta.dirname, '../..');
  const child = spawn(process.execPath, ['--import', 'tsx', 'tests/support/engine/engine-owner.ts'], {
    cwd: root,
    env: { PATH: process.env['PATH'], ...variables },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface(child.stdout)) {
    return { process: child, ...(JSON.parse(line) as Omit<Owner, 'process'>) };
  }
  throw new Error('The engine did not start.');
}

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows as unknown[];
  } finally {
    await client.end();
  }
}

describe('the engine', () => {
  let owner: Owner;
  let engine: Engine | undefined;
  afterAll(() => engine?.stop());

  it('migrates, and hands children all they need but the owner of the tables', async () => {
    owner = await startOwner();

    const config = loadConfig(owner.environment);
    expect(await query(config.DATABASE_URL, 'SELECT count(*)::int AS n FROM accounts')).toEqual([{ n: 0 }]);
    expect(JSON.stringify(owner.environment)).not.toContain('vp_owner');
    expect(config.TEMPORAL_UI_URL).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  });

  it('keeps its keys to its user', () => {
    const key = readFileSync(join(dataDir, 'operator-key'), 'utf8').trim();

    expect(key).toBe(owner.environment['OPERATOR_KEY']);
    expect(key).toMatch(/^vp_op_[\w-]{32}$/);
    expect(statSync(join(dataDir, 'operator-key')).mode & 0o777).toBe(0o600);
    expect(statSync(join(dataDir, 'encryption-key')).mode & 0o777).toBe(0o600);
  });

  it('refuses to start twice in one folder, and says who has it', async () => {
    const second = startEngine(loadStandaloneConfig(variables), quiet);

    await expect(second).rejects.toThrow(`already runs on ${dataDir} (process ${owner.process.pid})`);
    expect(owner.pids.every(isAlive)).toBe(true);
  });

  it('survives kill -9 of the process that owns it: the next start adopts both servers, with data and keys', async () => {
    await query(owner.ownerUrl, 'CREATE TABLE proof AS SELECT 7 AS n');
    const exited = once(owner.process, 'exit');
    owner.process.kill('SIGKILL');
    await exited;

    engine = await startEngine(loadStandaloneConfig(variables), quiet);

    expect([engine.postgres?.pid, engine.temporal?.pid]).toEqual(owner.pids);
    expect(engine.environment).toEqual(owner.environment);
    expect(await query(engine.ownerUrl, 'SELECT n FROM proof')).toEqual([{ n: 7 }]);
  });

  it('restarts a server that has died, where everybody expects it', async () => {
    const before = engine?.environment;
    for (const pid of owner.pids) process.kill(pid, 'SIGKILL');
    await waitUntil(() => !owner.pids.some(isAlive));

    expect((await engine?.heal())?.sort()).toEqual(['Postgres', 'Temporal']);

    expect(engine?.environment).toEqual(before);
    expect(await query(String(engine?.ownerUrl), 'SELECT n FROM proof')).toEqual([{ n: 7 }]);
    expect(await engine?.heal()).toEqual([]);
  });

  it('ends both servers on Ctrl-C, and the folder is free again', async () => {
    await engine?.stop();
    owner = await startOwner();
    const exited = once(owner.process, 'exit');

    owner.process.kill('SIGINT');

    expect(await exited).toEqual([0, null]);
    expect(owner.pids.filter(isAlive)).toEqual([]);
  });

  it('refuses a database of which one role is missing', async () => {
    const half = { ...variables, DATABASE_URL: 'postgres://a:b@127.0.0.1/c' };

    await expect(startEngine(loadStandaloneConfig(half), quiet)).rejects.toThrow(
      'Missing: DATABASE_OWNER_URL, DATABASE_SYSTEM_URL.',
    );
  });

  it('uses servers that are given, and starts none', async () => {
    const { temporal } = facts();
    // A clone: a start stores the pepper, sealed with its own key.
    const database = await cloneDatabase();
    const { ownerUrl, appUrl, systemUrl } = database;
    const given = { DATABASE_OWNER_URL: ownerUrl, DATABASE_URL: appUrl, DATABASE_SYSTEM_URL: systemUrl };
    const own = { DATA_DIR: engineFolder('given'), ...given, TEMPORAL_ADDRESS: temporal.address };

    const connected = await startEngine(loadStandaloneConfig(own), quiet);

    expect([connected.postgres, connected.temporal]).toEqual([undefined, undefined]);
    expect(loadConfig(connected.environment)).toMatchObject({
      DATABASE_URL: appUrl,
      TEMPORAL_ADDRESS: temporal.address,
    });
    await connected.stop();
    await database.drop();
  });
});
