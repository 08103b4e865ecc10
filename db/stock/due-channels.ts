import { intervalMs } from '../../domain/intervals.ts';
import { hasDueListing } from '../catalogue/due-listings.ts';
import type { AccountDb, SystemDb } from '../engine/with-account.ts';

/** Write Inventory Back as last seen: instant and not paused. */
const isInstant = `s.task = 'write_inventory' and s.every_ms = ${intervalMs('instant')} and not s.paused`;

/** Accounts with an instant channel that has listings to sync, tried before or not. */
export async function listAccountsWithDueStock(db: SystemDb, limit: number): Promise<string[]> {
  const { rows } = await db.raw<{ rows: { account_id: string }[] }>(
    `select account_id from (
       select distinct s.account_id from channel_schedules s
       where ${isInstant} and ${hasDueListing('s.channel_id')}) waiting
     order by random() limit :limit`,
    { limit },
  );
  return rows.map((row) => row.account_id);
}

/** Channels of one look, and seconds of rest after a run that failed as a whole. The sweep does the rest. */
const dueNow = { limit: 50, quietSeconds: 5 * 60 };

/**
 * The account's instant channels with figures that were not tried yet. Figures that were tried and failed wait for the next
 * run of the Schedule; so does, for `quietSeconds`, a channel whose last run failed as a whole.
 */
export async function listDueChannels(
  db: AccountDb,
  { quietSeconds, limit }: { quietSeconds: number; limit: number } = dueNow,
): Promise<string[]> {
  const { rows } = await db.raw<{ rows: { id: string }[] }>(
    `select c.id from channel_schedules s
     join channels c on c.id = s.channel_id and c.deleted_at is null
     left join connections n on n.id = c.connection_id
     where ${isInstant} and (c.connection_id is null or n.status = 'active')
       and ${hasDueListing('s.channel_id', 'l.stock_version > l.sent_version')}
       and not coalesce((
         select t.status = 'failed' and t.finished_at > now() - make_interval(secs => :quietSeconds) from tasks t
         where t.channel_id = c.id and t.type = 'write_inventory' order by t.started_at desc limit 1), false)
     limit :limit`,
    { quietSeconds, limit },
  );
  return rows.map((row) => row.id);
}
