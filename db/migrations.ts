import knex, { type Knex } from 'knex';
import * as createAccounts from './migrations/20261122090000_create_accounts.ts';
import * as createChannels from './migrations/20261122090100_create_channels.ts';
import * as createProducts from './migrations/20261122090200_create_products.ts';
import * as createOrders from './migrations/20261122090300_create_orders.ts';
import * as createTasks from './migrations/20261122090400_create_tasks.ts';
import * as addResolutionReasons from './migrations/20261122090500_add_resolution_reasons.ts';
import * as addImportClaims from './migrations/20261122090600_add_import_claims.ts';
import * as addLookUpIndexes from './migrations/20261122090700_add_look_up_indexes.ts';
import * as createStock from './migrations/20261122100000_create_stock.ts';
import * as completeOrderLife from './migrations/20261122120000_complete_order_life.ts';
import * as keepShopEdits from './migrations/20261122130000_keep_shop_edits.ts';
import * as addCancelDeclines from './migrations/20261123100000_add_cancel_declines.ts';
import type { Migration, Roles } from './migrations/secure.ts';

/** In order. Names carry no extension, so that `.ts` here and `.js` in the built output are the same migration. */
const migrations: Readonly<Record<string, Migration>> = {
  '20261122090000_create_accounts': createAccounts,
  '20261122090100_create_channels': createChannels,
  '20261122090200_create_products': createProducts,
  '20261122090300_create_orders': createOrders,
  '20261122090400_create_tasks': createTasks,
  '20261122090500_add_resolution_reasons': addResolutionReasons,
  '20261122090600_add_import_claims': addImportClaims,
  '20261122090700_add_look_up_indexes': addLookUpIndexes,
  '20261122100000_create_stock': createStock,
  '20261122120000_complete_order_life': completeOrderLife,
  '20261122130000_keep_shop_edits': keepShopEdits,
  '20261123100000_add_cancel_declines': addCancelDeclines,
};

/** The newest migration; a process that finds another one in the database is not ready. */
export const schemaVersion = Object.keys(migrations).at(-1)!;

function source(roles: Roles): Knex.MigrationSource<string> {
  return {
    getMigrations: () => Promise.resolve(Object.keys(migrations)),
    getMigrationName: (name) => name,
    getMigration: (name) =>
      Promise.resolve({
        up: (db) => migrations[name]!.up(db, roles),
        down: () => Promise.reject(new Error('Migrations go forward only; restore a backup to go back.')),
      }),
  };
}

/**
 * Brings the database of `ownerUrl` to the newest schema; safe to repeat and to run from several machines at once.
 * @param migration.ownerUrl a role that owns the tables and may BYPASSRLS, used for nothing else
 */
export async function migrate({ ownerUrl, ...roles }: { ownerUrl: string } & Roles): Promise<void> {
  const db = knex({ client: 'pg', connection: ownerUrl, pool: { min: 0, max: 1 } });
  try {
    await db.raw('grant usage on schema public to ??, ??', [roles.appRole, roles.systemRole]);
    await db.migrate.latest({ migrationSource: source(roles), tableName: 'schema_migrations' });
    await db.raw('grant select on schema_migrations to ??, ??', [roles.appRole, roles.systemRole]);
  } finally {
    await db.destroy();
  }
}
