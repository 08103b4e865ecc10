import type { Migration } from './secure.ts';

/** An import has read the merchant's order: from here on its ship-to is what the supplier gets. */
export const up: Migration['up'] = async (db) => {
  await db.raw('alter table dropships add column import_claimed_at timestamptz');
};
