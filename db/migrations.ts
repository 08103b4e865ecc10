import knex, { type Knex } from 'knex';
import * as baseline from './migrations/baseline.ts';
import { requireDurability } from './engine/durability.ts';
import type { Migration, Roles } from './migrations/secure.ts';

/** In order. Names have no extension, so that `.ts` here and `.js` in the built output are the same migration. */
const migrations: Readonly<Record<string, Migration>> = { '20261129000000_baseline': baseline };

/** The newest migration; a process is not ready while the database lacks it. */
export const schemaVersion = Object.keys(migrations).at(-1)!;

function source(roles: Roles): Knex.MigrationSource<string> {
  return {
    getMigrations: () => Promise.resolve(Object.keys(migrations)),
    getMigrationName: (name) => name,
    getMigration: (name) =>
      Promise.resolve({
        up: (db) => migrations[name]!.up(db, roles),
        down: () => Promise.reject(new Error('Migrations only go forward; restore a backup to go back.')),
      }),
  };
}

/**
 * Brings the database of `ownerUrl` to the newest schema; safe to repeat and to run from several machines at once.
 * @throws UnsafeDatabase where a confirmed write could be lost
 * @param migration.ownerUrl a role that owns the tables and may BYPASSRLS, used for nothing else
 */
export async function migrate({ ownerUrl, ...roles }: { ownerUrl: string } & Roles): Promise<void> {
  const db = knex({ client: 'pg', connection: ownerUrl, pool: { min: 0, max: 1 } });
  try {
    await requireDurability((sql) => db.raw(sql));
    // The pool has one link, so that the lock ends with it: a second machine waits here instead of failing.
    await db.raw(`select pg_advisory_lock(hashtext('schema_migrations'))`);
    await db.raw('grant usage on schema public to ??, ??', [roles.appRole, roles.systemRole]);
    await db.migrate.latest({ migrationSource: source(roles), tableName: 'schema_migrations' });
    await db.raw('grant select on schema_migrations to ??, ??', [roles.appRole, roles.systemRole]);
  } finally {
    await db.destroy();
  }
}
