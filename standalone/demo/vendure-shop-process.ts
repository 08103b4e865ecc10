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
import { tmpdir } from 'node:os';
import path from 'node:path';
import { bootShop, installShop, type ShopProcess } from './shop-process.ts';

const shopFolder = path.resolve('shops/vendure');
const templates = path.resolve('.vendor-portals/test/vendure-template');
const program = { name: 'Vendure', folder: shopFolder, bootLimitMs: 60_000 };

/** `bulk`: adds that many variants to the template, `BULK-1` …, with ten units each. `companion: false`: a shop without our plugin. */
export type ShopOptions = { dataDir?: string; port?: number; bulk?: number; companion?: boolean };
type VendureProcess = ShopProcess & { dataDir: string };

/** Starts the shop on the data of a template that is booted once per version of the shop. */
export async function startShopProcess(options: ShopOptions = {}): Promise<VendureProcess> {
  await installShop(program);
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

async function bootOn(dataDir: string, { port, companion = true }: ShopOptions = {}): Promise<VendureProcess> {
  const env = {
    DATA_DIR: dataDir,
    ...(existsSync(path.join(dataDir, 'products.csv')) && { PRODUCTS_FILE: path.join(dataDir, 'products.csv') }),
    ...(!companion && { COMPANION: 'off' }),
  };
  return { ...(await bootShop(program, { port, env })), dataDir };
}
