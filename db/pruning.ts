import { operatorAccount } from './accounts/operator.ts';
import type { AccountDb, SystemDb } from './engine/with-account.ts';

type Age = { days: number; limit: number };

const endedBefore = 'now() - make_interval(days => :days)';
/** The keys of rows that only record what has ended. Orders, shipments and their timelines are not among them. */
const old: Readonly<Record<string, { key: string; select: string }>> = {
  // The last run of each task on each channel stays: it shows since when nothing has run.
  tasks: {
    key: 'id',
    select: `select id as key from tasks t
      where started_at < ${endedBefore} and status <> 'running' and id <> (
        select last.id from tasks last where last.channel_id = t.channel_id and last.type = t.type
        order by last.started_at desc limit 1)
      order by started_at limit :limit`,
  },
  inbound_webhooks: {
    key: 'id',
    select: `select id as key from inbound_webhooks
      where received_at < ${endedBefore} and processed_at is not null order by received_at limit :limit`,
  },
  idempotency_keys: {
    key: 'key',
    select: `select key from idempotency_keys where created_at < ${endedBefore} order by created_at limit :limit`,
  },
};

/**
 * Deletes a batch of the account's old rows: ended tasks, processed webhooks and the answers of Idempotency-Keys.
 * @param age how many days they stay, and the most rows of each table
 * @returns whether there may be more
 */
export async function pruneBatch(db: AccountDb, age: Age): Promise<{ pruned: number; more: boolean }> {
  const counts: number[] = [];
  for (const table of Object.keys(old)) counts.push(await pruneTable(db, table, age));
  return { pruned: counts.reduce((sum, count) => sum + count, 0), more: counts.some((count) => count === age.limit) };
}

/** First the keys, then the rows by their keys: in one statement a planner without statistics compares all with all. */
async function pruneTable(db: AccountDb, table: string, age: Age): Promise<number> {
  const { key, select } = old[table]!;
  const { rows } = await db.raw<{ rows: { key: string }[] }>(select, age);
  if (rows.length === 0) return 0;
  const keys = rows.map((row) => row.key);
  await db.raw(`delete from ${table} where ${key} = any(:keys)`, { keys });
  return rows.length;
}

/** Accounts by id, the operator's pseudo account with them. @param after the last id of the page before */
export async function listAccountIds(
  db: SystemDb,
  { after, limit }: { after: string; limit: number },
): Promise<string[]> {
  const rows = await db('accounts')
    .where('account_id', '>', after)
    .orderBy('account_id')
    .limit(limit)
    .select('account_id');
  return [...(after === '' ? [operatorAccount] : []), ...rows.map((row) => row.account_id)];
}
