import path from 'node:path';
import { bootShop, installShop, type ShopProcess } from './shop-process.ts';

// The first start makes the shop: 20 s, and some minutes on a busy machine.
const program = { name: 'Medusa', folder: path.resolve('shops/medusa'), bootLimitMs: 300_000 };

/**
 * `databaseUrl`: of the shop's database. The shop makes it where it is missing, so the user may create databases.
 * `bulk`: products `BULK-1` …, which a new shop has besides.
 */
export type MedusaOptions = { databaseUrl: string; port?: number; bulk?: number };

/** Starts the shop on its database. */
export async function startMedusaProcess({ databaseUrl, port, bulk = 0 }: MedusaOptions): Promise<ShopProcess> {
  await installShop(program);
  return bootShop(program, { port, env: { DATABASE_URL: databaseUrl, BULK_PRODUCTS: String(bulk) } });
}
