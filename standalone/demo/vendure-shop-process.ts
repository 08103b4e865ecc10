import { spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';

const shopFolder = path.resolve('shops/vendure');
const templates = path.resolve('.vendor-portals/test/vendure-template');
const bootLimitMs = 60_000;

/** `bulk`: adds that many variants to the template, `BULK-1` …, with ten units each. `companion: false`: a shop without our plugin. */
export type ShopOptions = { dataDir?: string; port?: number; bulk?: number; companion?: boolean };
type ShopProcess = { url: string; dataDir: string; stop(): Promise<void>; kill(): Promise<void> };

/** Starts the shop on the data of a template that is booted once per version of the shop. */
export async function startShopProcess(options: ShopOptions = {}): Promise<ShopProcess> {
  await install();
  if (options.dataDir) return bootOn(options.dataDir, options);
  const dataDir = mkdtempSync(path.join(tmpdir(), 'vendure-shop-'));
  cpSync(await template(options.bulk ?? 0), dataDir, { recursive: true });
  const shop = await bootOn(dataDir, options);
  const stop = async () => {
    await shop.stop();
    rmSync(dataDir, { recursive: true, force: true });
  };
  return { ...shop, stop };
}

/** Installs the shop's packages by the shop's own script, which reports its progress. */
async function install(): Promise<void> {
  const child = spawn(process.execPath, [path.join(shopFolder, 'install.mjs')], { stdio: ['ignore', 2, 2] });
  const code = await new Promise((resolve, reject) => child.once('error', reject).once('exit', resolve));
  if (code !== 0) throw new Error('The Vendure shop could not be installed; the output above says why.');
}

/** Two test files may build the template at the same time. The first rename wins and the other draft is deleted. */
async function template(bulk: number): Promise<string> {
  const finished = path.join(templates, `${shopVersion()}-${bulk}`);
  if (existsSync(finished)) return finished;
  mkdirSync(templates, { recursive: true });
  const draft = mkdtempSync(path.join(templates, 'draft-'));
  const products = path.join(draft, 'products.csv');
  writeFileSync(products, `${readFileSync(path.join(shopFolder, 'products.csv'), 'utf8')}${bulkRows(bulk)}`);
  const shop = await bootOn(draft);
  await shop.stop();
  try {
    renameSync(draft, finished);
  } catch {
    rmSync(draft, { recursive: true, force: true });
  }
  return finished;
}

function bulkRows(count: number): string {
  const row = (option: number, head: string) => `${head},Number,${option},BULK-${option},10.00,standard,10,true,,\n`;
  const rest = (option: number) => row(option, ',,,,').replace(',Number,', ',,');
  return Array.from({ length: count }, (_, index) =>
    index === 0 ? row(1, 'Bulk,bulk,Many of them.,,') : rest(index + 1),
  ).join('');
}

function shopVersion(): string {
  const hash = createHash('sha256');
  const companion = readdirSync(path.join(shopFolder, 'companion')).map((name) => path.join('companion', name));
  const sources = ['package-lock.json', 'products.csv', 'main.js', 'config.js', 'storage.js', ...companion];
  for (const source of sources) hash.update(readFileSync(path.join(shopFolder, source)));
  return hash.digest('hex').slice(0, 16);
}

async function bootOn(dataDir: string, { port, companion = true }: ShopOptions = {}): Promise<ShopProcess> {
  const env = {
    PATH: process.env['PATH'],
    PORT: String(port ?? (await freePort())),
    DATA_DIR: dataDir,
    ...(existsSync(path.join(dataDir, 'products.csv')) && { PRODUCTS_FILE: path.join(dataDir, 'products.csv') }),
    EXIT_WITH_PARENT: '1',
    ...(!companion && { COMPANION: 'off' }),
  };
  const child = spawn(process.execPath, ['main.js'], { cwd: shopFolder, env, stdio: ['pipe', 'pipe', 'pipe'] });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const end = async (signal: 'SIGTERM' | 'SIGKILL') => {
    child.kill(signal);
    await ended;
  };
  try {
    const url = await readiness(child);
    return { url, dataDir, stop: () => end('SIGTERM'), kill: () => end('SIGKILL') };
  } catch (error) {
    await end('SIGKILL');
    throw error;
  }
}

async function readiness(child: ChildProcess): Promise<string> {
  let errors = '';
  child.stderr?.on('data', (chunk: Buffer) => (errors = `${errors}${String(chunk)}`.slice(-4000)));
  return new Promise((resolve, reject) => {
    const refuse = (why: string) => reject(new Error(`The Vendure shop ${why}.\n${errors}`));
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

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
