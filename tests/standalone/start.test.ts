import { afterAll, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { isAlive, parentOf } from '../../standalone/processes/pids.ts';
import { engineFolder, facts } from '../support/engine/facts.ts';
import { waitUntil } from '../support/engine/wait-until.ts';

const root = resolve(import.meta.dirname, '../..');
const dataDir = engineFolder('start');

describe('npm start', () => {
  let output = '';
  const child = spawn(process.execPath, ['standalone/run.mjs', 'standalone/main.ts'], {
    cwd: root,
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      DATA_DIR: dataDir,
      TEMPORAL_CLI_PATH: facts().temporal.binary,
      ...{ PORT: '0', WORKER_PORT: '0', TEMPORAL_PORT: '0', TEMPORAL_UI_PORT: '0' },
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = once(child, 'exit');
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
  afterAll(async () => {
    if (child.exitCode === null) child.kill('SIGTERM');
    await exited;
  });
  const printed = (pattern: RegExp) => {
    const [, value] = pattern.exec(output) ?? [];
    if (value === undefined) throw new Error(`Not printed: ${pattern.source}\n${output}`);
    return value;
  };
  /** All that has ever been below it; what is gone is gone. */
  const descendants = () => {
    const all = readdirSync('/proc').map(Number).filter(Boolean);
    const below = (pid: number): number[] =>
      all.filter((one) => parentOf(one) === pid).flatMap((one) => [one, ...below(one)]);
    return below(Number(child.pid));
  };
  const onLinux = process.platform === 'linux' ? it : it.skip;

  it('runs everything and says where it is', async () => {
    await waitUntil(() => output.includes('A first account') || child.exitCode !== null, { timeoutMs: 55_000 });

    const api = printed(/API {12}(\S+)\/v1/);
    expect((await fetch(`${api}/readyz`)).status).toBe(200);
    expect((await fetch(`${api}/docs`)).status).toBe(200);
    expect((await fetch(printed(/Temporal UI {4}(\S+)/))).status).toBe(200);
  });

  it('prints a first request that works as it stands', async () => {
    const { stdout, status } = await shell(printed(/(curl [^]*?'\{[^]*?\}')/));

    expect(status).toBe(0);
    expect(stdout).toMatch(/"id":"acct_\w+","name":"My shop"/);
  });

  it('reports a child that dies, and starts it again', async () => {
    const { pid } = JSON.parse(readFileSync(join(dataDir, 'children', 'api.json'), 'utf8')) as { pid: number };

    process.kill(pid, 'SIGKILL');

    await waitUntil(() => output.includes(`api (pid ${pid}) was ended by SIGKILL; starting it again`));
    await waitUntil(() => /api runs again \(pid \d+\)/.test(output), { timeoutMs: 30_000 });
  });

  onLinux('leaves nothing running after Ctrl-C', async () => {
    const before = descendants();

    child.kill('SIGINT');
    await waitUntil(() => child.exitCode !== null, { timeoutMs: 40_000 });

    expect(before.length).toBeGreaterThanOrEqual(4);
    expect(before.filter(isAlive)).toEqual([]);
    expect(output).toContain('Everything has stopped.');
    expect(child.exitCode).toBe(0);
  });
});

async function shell(command: string): Promise<{ stdout: string; status: number | null }> {
  const run = spawn('bash', ['-c', command.replace('curl', 'curl --silent')], { stdio: ['ignore', 'pipe', 'inherit'] });
  let stdout = '';
  run.stdout.setEncoding('utf8').on('data', (text) => (stdout += text));
  await once(run, 'close');
  return { stdout, status: run.exitCode };
}
