import { expect, it } from '@jest/globals';
import pg from 'pg';
import { intervalMs } from '../../../domain/intervals.ts';
import { recordSeen } from '../../../db/channels/schedules.ts';
import { newId } from '../../../db/engine/ids.ts';
import { listListings } from '../../../db/catalogue/listings.ts';
import type { Pool } from '../../../db/engine/pool.ts';
import { listDueChannels } from '../../../db/stock/due-channels.ts';
import { withAccount, type AccountDb } from '../../../db/engine/with-account.ts';
import { hasDue, listDue } from '../../../db/catalogue/write-back.ts';
import { aMerchant, aSku } from '../../support/trade/database-trade.ts';
import { onDatabase, type ClonedDatabase } from '../../support/engine/database.ts';

let database: ClonedDatabase;
let pool: Pool;
onDatabase(4, (opened, cloned) => {
  [pool, database] = [opened, cloned];
});

/** A shop with many listings in sync, which Postgres knows to be many; `due` of them wait, last by their ids. */
async function aCatalogue({ many, due }: { many: number; due: number }) {
  const { accountId, channelId } = await aMerchant(pool);
  await aSku(pool, accountId);
  await withAccount(pool, accountId, async (db) => {
    await recordSeen(db, [{ channelId, task: 'write_inventory', everyMs: intervalMs('instant'), paused: false }]);
    await db.raw(
      `insert into listings (account_id, id, channel_id, product_id, remote_id, remote_sku, linked_sku, stock_version, synced_version)
       select :accountId, :id::text || lpad(n::text, 8, '0'), :channelId, (select id from products), n::text, 'SKU', 'SKU', 2,
              case when n > :many::int - :due::int then 1 else 2 end
       from generate_series(1, :many::int) n`,
      { accountId, channelId, many, due, id: newId('listing') },
    );
  });
  const owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
  await owner.query('analyze listings');
  await owner.end();
  return { accountId, channelId };
}

/** Rows of listings that this connection has looked at, as far as it has not reported them yet. */
async function listingsRead(db: AccountDb): Promise<number> {
  const { rows } = await db.raw<{ rows: { read: string }[] }>(
    `select seq_tup_read + idx_tup_fetch as read from pg_stat_xact_user_tables where relname = 'listings'`,
  );
  return Number(rows[0]!.read);
}

it.each([0, 3])('finds the %i listings of ten thousand that need sync without looking at the others', async (due) => {
  const { accountId, channelId } = await aCatalogue({ many: 10_000, due });
  const looks: Record<string, (db: AccountDb) => Promise<unknown[]>> = {
    page: async (db) => (await listListings(db, { channelId, needsSync: true }, { limit: 50 })).data,
    pageOfAll: async (db) => (await listListings(db, { needsSync: true }, { limit: 50 })).data,
    batch: (db) => listDue(db, channelId, { after: null, limit: 100, of: 'all' }),
    any: async (db) => ((await hasDue(db, channelId)) ? Array<unknown>(due) : []),
    dueChannels: async (db) => {
      const found = await listDueChannels(db, { quietSeconds: 60, limit: 10 });
      return found.length > 0 ? Array<unknown>(due) : [];
    },
  };

  for (const [name, look] of Object.entries(looks)) {
    await withAccount(pool, accountId, async (db) => {
      const before = await listingsRead(db);
      const found = (await look(db)).length;
      const read = (await listingsRead(db)) - before;
      expect({ name, found, read: Math.max(read, due) }).toEqual({ name, found: due, read: due });
    });
  }
});
