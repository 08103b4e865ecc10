import { beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { listAttentions } from '../../db/attentions.ts';
import { listListings } from '../../db/catalogue/listings.ts';
import { listTasks } from '../../db/channels/tasks.ts';
import type { Pool } from '../../db/engine/pool.ts';
import { withAccount, type AccountDb } from '../../db/engine/with-account.ts';
import { listOrders } from '../../db/orders/view.ts';
import { listShipments } from '../../db/shipments/shipments.ts';
import { onDatabase } from '../support/engine/database.ts';
import { storePage, named } from '../support/trade/database-catalogue.ts';
import { aMerchant, anIncomingOrder, aSku, storeOrderFor, type Merchant } from '../support/trade/database-trade.ts';

/** Rows of each kind: far more than a page. */
const many = 20_000;
const page = { limit: 50 };

let pool: Pool;
let ownerUrl: string;
let merchant: Merchant;
let otherChannelId: string;
onDatabase(4, (opened, database) => {
  pool = opened;
  ownerUrl = database.ownerUrl;
});
beforeAll(async () => {
  merchant = await aMerchant(pool);
  await aSku(pool, merchant.accountId, { sku: 'MUG', fulfillmentType: 'in_house' });
  await storeOrderFor(pool, merchant, anIncomingOrder([{ sku: 'MUG' }]));
  await storePage(pool, merchant, [named('1', 'MUG')]);
  await withAccount(pool, merchant.accountId, multiply);
  const owner = new pg.Client({ connectionString: ownerUrl });
  await owner.connect();
  await owner.query('analyze');
  await owner.end();
}, 120_000);

/** The account has traded for a year: many orders have shipped, listings and runs have piled up on one of its channels. */
async function multiply(db: AccountDb): Promise<void> {
  const copies = async (table: string, changes: string): Promise<void> => {
    await db.raw(
      `insert into ${table} select (jsonb_populate_record(t, jsonb_build_object(${changes}))).*
       from ${table} t, generate_series(1, ${many}) as n`,
    );
  };
  otherChannelId = 'chan_other';
  await db.raw(
    `insert into channels select (jsonb_populate_record(c, jsonb_build_object('id', '${otherChannelId}', 'name', 'Other'))).* from channels c`,
  );
  const time = (column: string) => `'${column}', now() - n * interval '1 minute'`;
  await copies(
    'orders',
    `'id', 'ord_' || n, 'remote_id', n, 'number', n, 'status', 'shipped', ${time('created_at')}, 'placed_at', '2025-01-01'`,
  );
  await copies(
    'listings',
    `'id', 'lst_' || n, 'channel_id', '${otherChannelId}', 'remote_id', n, ${time('created_at')}`,
  );
  await db.raw(
    `insert into tasks (account_id, id, channel_id, type, trigger, status, counts, failures, workflow_id, run_id, started_at, finished_at)
     select :accountId, 'task_' || n, '${otherChannelId}', 'import_orders', 'schedule', 'succeeded', '{}', '[]', 'w', 'run-' || n,
            now() - n * interval '10 minutes', now() from generate_series(1, ${many}) as n`,
    { accountId: db.accountId },
  );
  await db.raw(
    `insert into shipments (account_id, id, order_id, method, shipped_at, created_at)
     select :accountId, 'shp_' || n, 'ord_' || n, 'untracked', now(), now() - n * interval '1 minute' from generate_series(1, ${many}) as n`,
    { accountId: db.accountId },
  );
  await db.raw(
    `insert into attentions (account_id, id, order_id, step, code, since)
     select :accountId, 'att_' || n, 'ord_' || n, 'route', 'unmapped_sku', now() - n * interval '1 minute'
     from generate_series(1, ${many / 4}) as n`,
    { accountId: db.accountId },
  );
}

/** How many rows of tables the work reads. */
async function rowsRead(work: (db: AccountDb) => Promise<unknown>): Promise<number> {
  return withAccount(pool, merchant.accountId, async (db) => {
    const count = async () =>
      Number(
        (
          await db.raw<{ rows: { read: string }[] }>(
            'select sum(seq_tup_read + coalesce(idx_tup_fetch, 0)) as read from pg_stat_xact_user_tables',
          )
        ).rows[0]!.read,
      );
    const before = await count();
    await work(db);
    return (await count()) - before;
  });
}

describe('a list of an account with many rows', () => {
  it.each<[string, (db: AccountDb) => Promise<unknown>]>([
    ['orders', (db) => listOrders(db, {}, page)],
    ['orders of a rare status', (db) => listOrders(db, { status: 'awaiting_fulfillment' }, page)],
    ['orders of a status that none has', (db) => listOrders(db, { status: 'cancelled' }, page)],
    ['orders placed of late', (db) => listOrders(db, { placedAfter: '2026-01-01T00:00:00Z' }, page)],
    ['shipments', (db) => listShipments(db, {}, page)],
    ['attentions', (db) => listAttentions(db, {}, page)],
    ['listings', (db) => listListings(db, {}, page)],
    ['listings of a channel', (db) => listListings(db, { channelId: otherChannelId }, page)],
    ['tasks of a channel', (db) => listTasks(db, { channelId: otherChannelId }, page)],
    ['tasks of a channel without runs', (db) => listTasks(db, { channelId: merchant.channelId }, page)],
  ])('reads no more rows than a page needs: %s', async (_name, list) => {
    expect(await rowsRead(list)).toBeLessThan(1_000);
  });
});
