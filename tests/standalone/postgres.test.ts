import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { isAlive } from '../../standalone/processes/pids.ts';
import { homeOf } from '../../standalone/postgres/files.ts';
import { startPostgres, type Postgres } from '../../standalone/postgres/postgres.ts';
import { engineFolder } from '../support/engine/facts.ts';
import { waitUntil } from '../support/engine/wait-until.ts';

async function ask<T extends pg.QueryResultRow>(url: string, sql: string): Promise<T[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<T>(sql)).rows;
  } finally {
    await client.end();
  }
}

describe('the embedded Postgres', () => {
  let server: Postgres;
  let dataDir: string;
  const start = () => startPostgres({ dataDir, log: () => undefined });

  beforeAll(async () => {
    dataDir = join(engineFolder('postgres'), 'postgres');
    server = await start();
    await ask(server.ownerUrl, 'CREATE TABLE proof (n int)');
  });
  afterAll(() => server.stop());

  it('gives each role what it may, and no more', async () => {
    const roles = await ask(
      server.superuserUrl,
      `SELECT rolname, rolsuper, rolbypassrls, rolcreatedb FROM pg_roles WHERE rolname LIKE 'vp_%' ORDER BY 1`,
    );

    expect(roles).toEqual([
      { rolname: 'vp_app', rolsuper: false, rolbypassrls: false, rolcreatedb: false },
      { rolname: 'vp_owner', rolsuper: false, rolbypassrls: true, rolcreatedb: true },
      { rolname: 'vp_system', rolsuper: false, rolbypassrls: false, rolcreatedb: false },
    ]);
    await expect(ask(server.appUrl, 'CREATE TABLE mine (n int)')).rejects.toThrow('permission denied');
  });

  it('is durable, in UTC and in UTF-8, and listens to this machine only', async () => {
    const names = `('fsync', 'full_page_writes', 'synchronous_commit', 'TimeZone', 'listen_addresses', 'server_encoding')`;
    const settings = await ask<{ name: string; setting: string }>(
      server.appUrl,
      `SELECT name, setting FROM pg_settings WHERE name IN ${names}`,
    );

    expect(Object.fromEntries(settings.map(({ name, setting }) => [name, setting]))).toEqual({
      fsync: 'on',
      full_page_writes: 'on',
      synchronous_commit: 'on',
      TimeZone: 'UTC',
      listen_addresses: '127.0.0.1',
      server_encoding: 'UTF8',
    });
  });

  it('keeps its passwords to its user', () => {
    expect(statSync(join(dataDir, 'server.json')).mode & 0o777).toBe(0o600);
    expect(new URL(server.appUrl).password).not.toBe(new URL(server.ownerUrl).password);
  });

  it('is adopted by a start that finds it running', async () => {
    const again = await start();

    expect({ adopted: again.adopted, pid: again.pid, appUrl: again.appUrl }).toEqual({
      adopted: true,
      pid: server.pid,
      appUrl: server.appUrl,
    });
  });

  it('starts at once after kill -9, on the same port and with all that was committed', async () => {
    await ask(server.ownerUrl, 'INSERT INTO proof VALUES (7)');
    const before = server;
    process.kill(server.pid, 'SIGKILL');
    await waitUntil(() => !isAlive(before.pid));

    server = await start();

    expect({ port: server.port, adopted: server.adopted }).toEqual({ port: before.port, adopted: false });
    expect(await ask(before.ownerUrl, 'SELECT n FROM proof')).toEqual([{ n: 7 }]);
  });

  it('is not fooled by a pid file whose number is some other program now', async () => {
    await server.stop();
    const data = join(homeOf(dataDir), 'data');
    const bystander = startBystander(statSync(data));
    writeFileSync(join(data, 'postmaster.pid'), `${bystander.pid}\n${data}\n0\n${server.port}\n`);

    const isSpared = () => isAlive(Number(bystander.pid));
    const [started, spared] = await start()
      .then((again) => [again, isSpared()] as const)
      .finally(() => bystander.kill('SIGKILL'));
    server = started;

    expect({ adopted: server.adopted, spared }).toEqual({ adopted: false, spared: true });
    expect(await ask(server.ownerUrl, 'SELECT n FROM proof')).toEqual([{ n: 7 }]);
  });

  it('moves to another port when its own was taken meanwhile', async () => {
    await server.stop();
    const squatter = await listen(server.port);
    const before = server.port;

    server = await start().finally(() => squatter.close());

    expect(server.port).not.toBe(before);
    expect(await ask(server.appUrl, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it.each(['fsync', 'full_page_writes', 'synchronous_commit'])('is refused while %s is off', async (name) => {
    const set = async (change: string, setting: string) => {
      await ask(server.superuserUrl, `ALTER SYSTEM ${change}`);
      await ask(server.superuserUrl, 'SELECT pg_reload_conf()');
      await waitUntil(async () => (await ask(server.superuserUrl, `SHOW ${name}`))[0]?.[name] === setting);
    };
    await set(`SET ${name} = off`, 'off');

    await expect(start().finally(() => set(`RESET ${name}`, 'on'))).rejects.toThrow(
      new RegExp(`^Refusing this Postgres: ${name} is off .*Turn it on: "ALTER SYSTEM SET ${name} = on"`),
    );
    server = await start();
  });

  it('is refused, and ended, while it is a replica', async () => {
    await server.stop();
    const signal = join(homeOf(dataDir), 'data', 'standby.signal');
    writeFileSync(signal, '');

    await expect(start().finally(() => rmSync(signal))).rejects.toThrow(/it is a replica/);

    server = await start();
    expect({ adopted: server.adopted, rows: await ask(server.ownerUrl, 'SELECT n FROM proof') }).toEqual({
      adopted: false,
      rows: [{ n: 7 }],
    });
  });

  it('leaves no process when it is stopped', async () => {
    await server.stop();

    expect(isAlive(server.pid)).toBe(false);
    await expect(ask(server.appUrl, 'SELECT 1')).rejects.toThrow('ECONNREFUSED');
  });
});

// Whom Postgres refuses to run as, and whose home other users cannot enter.
const itAsRoot = process.getuid?.() === 0 ? it : it.skip;

itAsRoot('under the home of root Postgres runs as another user, with its data where that user may enter', async () => {
  const dataDir = join(mkdtempSync(join(tmpdir(), 'vp-closed-')), 'postgres');

  const server = await startPostgres({ dataDir, log: () => undefined, durable: false });
  await server.stop();

  expect(homeOf(dataDir)).not.toContain(dataDir);
  expect(statSync(join(homeOf(dataDir), 'data')).uid).not.toBe(0);
  rmSync(homeOf(dataDir), { recursive: true });
  rmSync(join(dataDir, '..'), { recursive: true });
});

/** Of the server's own user: a process of somebody else's would not stop Postgres from starting. */
function startBystander({ uid, gid }: { uid: number; gid: number }): ChildProcess {
  const idle = ['-e', 'setTimeout(() => undefined, 60_000)'];
  return spawn(process.execPath, idle, {
    stdio: 'ignore',
    cwd: '/',
    ...(process.getuid?.() === 0 ? { uid, gid } : {}),
  });
}

function listen(port: number): Promise<Server> {
  return new Promise((resolve) => {
    const server = createServer().listen(port, '127.0.0.1', () => resolve(server));
  });
}
