import type { TaskType } from '../../domain/task.ts';
import type { AccountDb } from '../engine/with-account.ts';

/** How far a task has read a channel. Stored here, not in histories: only the connector understands it. */
export async function readCursor(db: AccountDb, channelId: string, task: TaskType): Promise<string | null> {
  const row = await db('channel_cursors')
    .where({ channel_id: channelId, task })
    .first<{ cursor: string } | undefined>('cursor');
  return row?.cursor ?? null;
}

export async function saveCursor(
  db: AccountDb,
  place: { channelId: string; task: TaskType },
  cursor: string,
): Promise<void> {
  await db('channel_cursors')
    .insert({ account_id: db.accountId, channel_id: place.channelId, task: place.task, cursor })
    .onConflict(['account_id', 'channel_id', 'task'])
    .merge({ cursor, updated_at: db.fn.now() });
}

/** Notes an order that is not paid yet: each run asks for it again. */
export async function awaitOrder(db: AccountDb, channelId: string, remoteId: string): Promise<void> {
  await db('awaited_orders')
    .insert({ account_id: db.accountId, channel_id: channelId, remote_id: remoteId })
    .onConflict(['account_id', 'channel_id', 'remote_id'])
    .ignore();
}

export async function stopAwaiting(db: AccountDb, channelId: string, remoteIds: readonly string[]): Promise<void> {
  await db('awaited_orders').where({ channel_id: channelId }).whereIn('remote_id', remoteIds).delete();
}

/** An unpaid order is given up after so many days. */
const awaitedDays = 30;

/** Forgets the orders that were not paid for so long. */
export async function giveUpAwaited(db: AccountDb, channelId: string): Promise<void> {
  await db('awaited_orders')
    .where({ channel_id: channelId })
    .whereRaw(`first_seen_at < now() - make_interval(days => ?)`, [awaitedDays])
    .delete();
}

/** Remote ids to ask for again, by id. `after`: the last id of the page before. */
export async function listAwaited(
  db: AccountDb,
  channelId: string,
  page: { after: string; limit: number },
): Promise<string[]> {
  const rows = await db('awaited_orders')
    .where({ channel_id: channelId })
    .where('remote_id', '>', page.after)
    .orderBy('remote_id')
    .limit(page.limit)
    .select<{ remote_id: string }[]>('remote_id');
  return rows.map((row) => row.remote_id);
}
