import { afterEach, describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive } from '../../standalone/processes/pids.ts';
import { freePort } from '../../standalone/processes/ports.ts';
import { endChildren, startChild, type Child, type ChildOptions } from '../../standalone/processes/processes.ts';
import { writeStored } from '../../standalone/stored.ts';
import { supervise, type Supervised } from '../../standalone/processes/supervise.ts';
import { engineFolder } from '../support/engine/facts.ts';
import { waitUntil } from '../support/engine/wait-until.ts';

const dataDir = engineFolder('processes');

async function smallServer(name: string, entry = 'tests/support/engine/small-server.ts'): Promise<ChildOptions> {
  const port = await freePort();
  return { name, entry, dataDir, env: { PORT: String(port) }, readyUrl: `http://127.0.0.1:${port}/readyz` };
}

describe('a free port', () => {
  it('is given once, and no outgoing connection takes it before its process does', async () => {
    const ports = await Promise.all(Array.from({ length: 50 }, freePort));

    expect(new Set(ports).size).toBe(ports.length);
    const ranges = '/proc/sys/net/ipv4/ip_local_port_range';
    const firstOutgoing = existsSync(ranges) ? Number.parseInt(readFileSync(ranges, 'utf8')) : 49_152;
    expect(Math.max(...ports)).toBeLessThan(firstOutgoing);
  });
});

describe('a child process', () => {
  const children: (Child | Supervised)[] = [];
  afterEach(() => Promise.all(children.splice(0).map((child) => child.stop())));

  it('answers once it counts as started, and is gone once it is stopped', async () => {
    const options = await smallServer('answers');
    const child = await startChild(options);
    children.push(child);

    const answer = await fetch(String(options.readyUrl));

    expect(await answer.text()).toBe(String(child.pid));
    expect(await child.stop()).toEqual({ code: null, signal: 'SIGTERM' });
    expect(isAlive(child.pid)).toBe(false);
  });

  it('that cannot start is reported with the end of its log', async () => {
    const options = await smallServer('broken', 'tests/support/there-is-no-such-file.ts');

    await expect(startChild(options)).rejects.toThrow(
      /broken ended with code 1 before it was ready:[^]*there-is-no-such-file/,
    );
  });

  it("never gets the owner's URL", async () => {
    const options = await smallServer('poor', 'tests/support/engine/print-environment.mjs');
    const { readyUrl: _none, ...rest } = options;

    const child = await startChild({ ...rest, env: { ...options.env, DATABASE_OWNER_URL: 'postgres://owner' } });
    await child.exited;

    expect(readFileSync(child.logPath, 'utf8')).toContain(`"PORT":"${options.env['PORT']}"`);
    expect(readFileSync(child.logPath, 'utf8')).not.toContain('OWNER');
  });

  it('that dies is reported and started again', async () => {
    const options = await smallServer('mortal');
    const reports: string[] = [];
    const child = await supervise(options, { report: (line) => reports.push(line), firstDelayMs: 10 });
    children.push(child);
    const first = child.pid();

    await fetch(String(options.readyUrl).replace('readyz', 'die')).catch(() => undefined);
    const second = await waitUntil(() => child.pid() !== first && child.pid());

    expect(reports[0]).toMatch(
      /^mortal \(pid \d+\) ended with code 3; starting it again in 0.01 s\.[^]*dying, as asked/,
    );
    expect(await (await fetch(String(options.readyUrl))).text()).toBe(String(second));
  });

  it('that is frozen is reported, ended and started again', async () => {
    const options = await smallServer('frozen');
    const liveUrl = String(options.readyUrl).replace('readyz', 'livez');
    const reports: string[] = [];
    const report = (line: string) => reports.push(line);
    const child = await supervise({ ...options, liveUrl }, { report, firstDelayMs: 10, askEveryMs: 100 });
    children.push(child);
    const first = child.pid();

    process.kill(first, 'SIGSTOP');
    await waitUntil(() => child.pid() !== first);

    expect(reports.slice(0, 2)).toEqual([
      `frozen (pid ${first}) has not answered ${liveUrl} for 1 s: ending it`,
      expect.stringMatching(/was ended by SIGKILL; starting it again in 0.01 s/),
    ]);
    expect(isAlive(first)).toBe(false);
  });

  it('left by a start that was killed is ended by the next', async () => {
    const child = await startChild(await smallServer('orphan'));
    const notes: string[] = [];

    await endChildren(dataDir, (line) => notes.push(line));

    expect(isAlive(child.pid)).toBe(false);
    expect(notes).toEqual([`ending orphan, which an earlier start left (pid ${child.pid})`]);
  });

  it('is not confused with another program that has its number now', async () => {
    const record = join(dataDir, 'children', 'reused.json');
    const bystander = await startChild(await smallServer('bystander'));
    children.push(bystander);
    rmSync(join(dataDir, 'children', 'bystander.json'));
    writeStored(record, { pid: bystander.pid, identity: '1 node some other program' });

    await endChildren(dataDir, () => undefined);

    expect(isAlive(bystander.pid)).toBe(true);
    expect(existsSync(record)).toBe(false);
  });
});
