import type { Retention } from '../domain/retention.ts';
import { operatorAccount } from './accounts/operator.ts';
import type { AccountDb, SystemDb } from './engine/with-account.ts';

type Age = Pick<Retention, 'recordDays' | 'answerDays'> & { limit: number };
/** `isOld` is read twice, of `t`; `and` only to find rows. `most`: rows at once, where one may have megabytes. */
type Old = { table: string; key: string; isOld: string; and?: string; by: string; most?: number };

const endedBefore = 'now() - make_interval(days => :recordDays)';
/**
 * Rows that only record what has ended, and documents whose time is over. Orders, shipments, labels and their timelines are not
 * among them.
 */
const old: readonly Old[] = [
  // The last run of each task on each channel stays: it shows since when nothing has run.
  {
    table: 'tasks',
    key: 'id',
    isOld: `started_at < ${endedBefore} and status <> 'running'`,
    and: `and id <> (
      select last.id from tasks last where last.channel_id = t.channel_id and last.type = t.type
      order by last.started_at desc limit 1)`,
    by: 'started_at',
  },
  {
    table: 'inbound_webhooks',
    key: 'id',
    isOld: `received_at < ${endedBefore} and processed_at is not null`,
    by: 'received_at',
  },
  { table: 'stock_changes', key: 'id', isOld: `changed_at < ${endedBefore}`, by: 'changed_at' },
  {
    table: 'idempotency_keys',
    key: 'key',
    isOld: 'created_at < now() - make_interval(days => :answerDays)',
    by: 'created_at',
  },
  { table: 'shipment_texts', key: 'id', isOld: `created_at < ${endedBefore}`, by: 'created_at' },
  { table: 'print_jobs', key: 'id', isOld: `created_at < ${endedBefore} and status <> 'running'`, by: 'created_at' },
  { table: 'documents', key: 'id', isOld: 'expires_at < now()', by: 'expires_at', most: 50 },
  // A logo stays while a brand has it. A younger one may be on its way into its brand.
  {
    table: 'documents',
    key: 'id',
    isOld: `kind = 'logo' and created_at < now() - interval '1 day'
      and not exists (select from brands b where b.logo_id = t.id)`,
    by: 'created_at',
    most: 50,
  },
  // A label that is not bought yet may still be bought by its rating. Quotes go with their rating.
  {
    table: 'label_ratings',
    key: 'id',
    isOld: `created_at < ${endedBefore}
      and not exists (select from labels l where l.rating_id = t.id and l.status = 'requested')`,
    by: 'created_at',
  },
];

/**
 * Deletes a batch of the account's old rows: ended tasks and print jobs, processed webhooks, the answers of Idempotency-Keys,
 * changes of stock, documents, ratings, and the texts of messages.
 * @param age how many days they stay, and the most rows of each table; documents have times of their own
 * @returns whether there may be more
 */
export async function pruneBatch(db: AccountDb, age: Age): Promise<{ pruned: number; more: boolean }> {
  let pruned = 0;
  let more = false;
  for (const rows of old) {
    const limit = Math.min(age.limit, rows.most ?? age.limit);
    const count = await pruneRows(db, rows, { ...age, limit });
    pruned += count;
    more ||= count === limit;
  }
  return { pruned, more };
}

/**
 * First the keys, then the rows by their keys: in one statement a planner without statistics compares all with all. A row that
 * was made meanwhile under a key that another pass has deleted is not old, and stays.
 */
async function pruneRows(db: AccountDb, { table, key, isOld, and = '', by }: Old, age: Age): Promise<number> {
  const { rows } = await db.raw<{ rows: { key: string }[] }>(
    `select ${key} as key from ${table} t where ${isOld} ${and} order by ${by} limit :limit`,
    age,
  );
  if (rows.length === 0) return 0;
  const keys = rows.map((row) => row.key);
  await db.raw(`delete from ${table} t where ${key} = any(:keys) and ${isOld}`, { ...age, keys });
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
