import { operatorAccount } from './accounts/operator.ts';
import type { AccountDb, SystemDb } from './engine/with-account.ts';

type Age = { days: number; limit: number };

const endedBefore = 'now() - make_interval(days => :days)';
/** Rows that only record what has ended. Orders, shipments and their timelines are not among them. */
const old: Readonly<Record<string, { key: string; isOld: string; and?: string; by: string }>> = {
  // The last run of each task on each channel stays: it shows since when nothing has run.
  tasks: {
    key: 'id',
    isOld: `started_at < ${endedBefore} and status <> 'running'`,
    and: `and id <> (
      select last.id from tasks last where last.channel_id = t.channel_id and last.type = t.type
      order by last.started_at desc limit 1)`,
    by: 'started_at',
  },
  inbound_webhooks: {
    key: 'id',
    isOld: `received_at < ${endedBefore} and processed_at is not null`,
    by: 'received_at',
  },
  idempotency_keys: { key: 'key', isOld: `created_at < ${endedBefore}`, by: 'created_at' },
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

/**
 * First the keys, then the rows by their keys: in one statement a planner without statistics compares all with all. A row that
 * was made meanwhile under a key that another pass has deleted is not old, and stays.
 */
async function pruneTable(db: AccountDb, table: string, age: Age): Promise<number> {
  const { key, isOld, and = '', by } = old[table]!;
  const { rows } = await db.raw<{ rows: { key: string }[] }>(
    `select ${key} as key from ${table} t where ${isOld} ${and} order by ${by} limit :limit`,
    age,
  );
  if (rows.length === 0) return 0;
  const keys = rows.map((row) => row.key);
  await db.raw(`delete from ${table} where ${key} = any(:keys) and ${isOld}`, { keys, days: age.days });
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
