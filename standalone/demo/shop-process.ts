import { spawn, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { freePort } from '../processes/ports.ts';

/** A shop of `shops/`. `name`: for people. `bootLimitMs`: until it says that it is ready. */
type ShopProgram = { name: string; folder: string; bootLimitMs: number };
export type ShopProcess = { url: string; stop(): Promise<void>; kill(): Promise<void> };

/** Installs the shop's packages by the shop's own script, which reports its progress. */
export async function installShop({ name, folder }: ShopProgram): Promise<void> {
  const child = spawn(process.execPath, [path.join(folder, 'install.mjs')], { stdio: ['ignore', 2, 2] });
  const code = await new Promise((resolve, reject) => child.once('error', reject).once('exit', resolve));
  if (code !== 0) throw new Error(`The ${name} shop could not be installed; the output above says why.`);
}

/** A shop that has not ended by then, in milliseconds, is killed. */
const endLimitMs = 15_000;

/** Starts the shop. It ends with this process, however that ends. */
export async function bootShop(
  program: ShopProgram,
  { port, env }: { port: number | undefined; env: Readonly<Record<string, string>> },
): Promise<ShopProcess> {
  const all = { PATH: process.env['PATH'], PORT: String(port ?? (await freePort())), EXIT_WITH_PARENT: '1', ...env };
  const child = spawn(process.execPath, ['main.js'], { cwd: program.folder, env: all, stdio: 'pipe' });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const end = async (signal: 'SIGTERM' | 'SIGKILL') => {
    child.kill(signal);
    const limit = setTimeout(() => child.kill('SIGKILL'), endLimitMs);
    await ended;
    clearTimeout(limit);
  };
  try {
    const url = await readiness(program, child);
    return { url, stop: () => end('SIGTERM'), kill: () => end('SIGKILL') };
  } catch (error) {
    await end('SIGKILL');
    throw error;
  }
}

async function readiness({ name, bootLimitMs }: ShopProgram, child: ChildProcess): Promise<string> {
  let errors = '';
  child.stderr?.on('data', (chunk: Buffer) => (errors = `${errors}${String(chunk)}`.slice(-4000)));
  return new Promise((resolve, reject) => {
    const refuse = (why: string) => reject(new Error(`The ${name} shop ${why}.\n${errors}`));
    const limit = setTimeout(() => refuse(`was not ready after ${bootLimitMs / 1000} s`), bootLimitMs);
    const finish = () => clearTimeout(limit);
    child.once('exit', (code) => {
      finish();
      refuse(`ended with code ${code}`);
    });
    if (!child.stdout) return refuse('has no output');
    createInterface(child.stdout).on('line', (line) => {
      if (!line.startsWith('{"ready"')) return;
      finish();
      resolve((JSON.parse(line) as { url: string }).url);
    });
  });
}
