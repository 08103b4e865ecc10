import { randomBytes } from 'node:crypto';
import { beforeAll } from '@jest/globals';
import pg from 'pg';
import { createPool, type Pool } from '../../../db/engine/pool.ts';
import { facts } from './facts.ts';
import { atTheEnd } from './for-the-file.ts';

/** On a slow machine many at once wait for a connection longer than a caller of the API may. */
export const waitMs = 30_000;

export interface ClonedDatabase {
  readonly ownerUrl: string;
  readonly appUrl: string;
  readonly systemUrl: string;
  readonly name: string;
  /** Drops the database and cuts off open connections; close pools first. */
  drop(): Promise<void>;
}

/** A migrated, empty database for one test file, in about 35 ms. */
export async function cloneDatabase(): Promise<ClonedDatabase> {
  const { template, ownerUrl, appUrl, systemUrl } = facts();
  const name = `test_${randomBytes(6).toString('hex')}`;
  await asSuperuser(`CREATE DATABASE ${name} TEMPLATE ${template.name} OWNER vp_owner`);
  return {
    name,
    ownerUrl: inDatabase(ownerUrl, name),
    appUrl: inDatabase(appUrl, name),
    systemUrl: inDatabase(systemUrl, name),
    drop: () => asSuperuser(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  };
}

/** Makes a database and a pool for a test file before its first test, and removes both after its last. */
export function onDatabase(size: number, begin: (pool: Pool, database: ClonedDatabase) => unknown): void {
  beforeAll(async () => {
    const database = await cloneDatabase();
    atTheEnd(() => database.drop());
    const { appUrl, systemUrl } = database;
    const pool = createPool({ appUrl, systemUrl, name: 'test', size, waitMs });
    atTheEnd(() => pool.destroy());
    await begin(pool, database);
  });
}

function inDatabase(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.href;
}

async function asSuperuser(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: facts().template.superuserUrl });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
