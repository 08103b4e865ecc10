import type { Migration } from './secure.ts';

/** Every order that is shown looks for its dropships; every push, for the sisters of its remote order on all leaves. */
export const up: Migration['up'] = async (db) => {
  await db.raw('create index dropships_of_order on dropships (account_id, order_id)');
  await db.raw('create index orders_of_remote on orders (account_id, channel_id, remote_id)');
};
