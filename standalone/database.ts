import { join, resolve } from 'node:path';
import type { StandaloneConfig } from '../config.ts';
import { createPool, type Pool } from '../db/engine/pool.ts';
import { urlOf, type Passwords } from './postgres/roles.ts';
import { StartError } from './start-error.ts';
import { readStored } from './stored.ts';

type Urls = { appUrl: string; systemUrl: string };

/** For commands: the given database, or that of `npm start` in the data folder. @throws StartError where there is none */
export function databaseOf(config: StandaloneConfig): Urls {
  const { DATABASE_URL: appUrl, DATABASE_SYSTEM_URL: systemUrl } = config;
  if (appUrl !== undefined && systemUrl !== undefined) return { appUrl, systemUrl };
  const path = join(resolve(config.DATA_DIR), 'postgres/server.json');
  const stored = readStored<{ port: number; passwords: Passwords }>(path);
  if (!stored) throw new StartError(`There is no database in ${config.DATA_DIR}: run "npm start" first.`);
  return { appUrl: urlOf(stored, 'vp_app'), systemUrl: urlOf(stored, 'vp_system') };
}

/** A small pool for the time of the work. */
export async function onDatabase<T>(urls: Urls, work: (pool: Pool) => Promise<T>): Promise<T> {
  const pool = createPool({ ...urls, name: 'vendor-portals-command', size: 2 });
  try {
    return await work(pool);
  } finally {
    await pool.destroy();
  }
}
