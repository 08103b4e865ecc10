import { operatorAccount } from './accounts/operator.ts';
import type { AccountDb, SystemDb } from './engine/with-account.ts';

/** Rows that only record what has ended. Orders, shipments and their timelines are not among them. */
const old: Readonly<Record<string, string>> = {
  // The last run of each task on each channel stays: it shows since when nothing has run.
  tasks: `select id from tasks t
    where started_at < now() - make_interval(days => :days) and status <> 'running' and exists (
      select from tasks newer
      where newer.channel_id = t.channel_id and newer.type = t.type and newer.started_at > t.started_at)
    order by started_at limit :limit`,
  inbound_webhooks: `select id from inbound_webhooks
    where received_at < now() - make_interval(days => :days) and processed_at is not null
    order by received_at limit :limit`,
  idempotency_keys: `select key from idempotency_keys
    where created_at < now() - make_interval(days => :days) order by created_at limit :limit`,
};
const keyOf = (table: string): string => (table === 'idempotency_keys' ? 'key' : 'id');

/**
 * Deletes a batch of the account's old rows: ended tasks, processed webhooks and the answers of Idempotency-Keys.
 * @param age.days how long they stay
 * @param age.limit the most rows of each table
 * @returns whether there may be more
 */
export async function pruneBatch(
  db: AccountDb,
  age: { days: number; limit: number },
): Promise<{ pruned: number; more: boolean }> {
  const counts: number[] = [];
  for (const [table, select] of Object.entries(old)) {
    const { rowCount } = await db.raw<{ rowCount: number }>(
      `delete from ${table} where ${keyOf(table)} in (${select})`,
      age,
    );
    counts.push(rowCount);
  }
  return { pruned: counts.reduce((sum, count) => sum + count, 0), more: counts.some((count) => count === age.limit) };
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
