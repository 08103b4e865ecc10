import type { TaskType } from '../../domain/task.ts';
import type { AccountDb, SystemDb } from '../engine/with-account.ts';

/**
 * Each Schedule as it was last seen. The Schedule is the truth; these rows say how to make a lost Schedule again, and whether
 * a new dropship of an instant portal waits.
 * `everyMs` 0: not a plain interval. `seenAt`: since when it is like this, in milliseconds.
 */
export type SeenSchedule = { channelId: string; task: TaskType; everyMs: number; paused: boolean };
export type LastSeen = Omit<SeenSchedule, 'channelId'> & { seenAt: number };
export type ScheduledChannel = { accountId: string; channelId: string; lastSeen: LastSeen[] };

// Interval and time are bigint in Postgres, which pg gives as text; both fit a number.
type Row = { task: TaskType; every_ms: string; paused: boolean; seen_at: Date };
const columns = ['s.task', 's.every_ms', 's.paused', 's.seen_at'] as const;

const toLastSeen = (row: Row): LastSeen => ({
  task: row.task,
  everyMs: Number(row.every_ms),
  paused: row.paused,
  seenAt: row.seen_at.getTime(),
});

/** Every channel that should have Schedules: set up and not deleted. */
export async function listScheduledChannels(db: SystemDb): Promise<ScheduledChannel[]> {
  const rows = await db('channels as c')
    .leftJoin('channel_schedules as s', (join) => join.on('s.account_id', 'c.account_id').on('s.channel_id', 'c.id'))
    .whereNotNull('c.scheduled_at')
    .whereNull('c.deleted_at')
    .select<({ account_id: string; id: string } & (Row | { task: null }))[]>('c.account_id', 'c.id', ...columns);
  const channels = new Map<string, ScheduledChannel>();
  for (const row of rows) {
    const channel = channels.get(row.id) ?? { accountId: row.account_id, channelId: row.id, lastSeen: [] };
    if (row.task !== null) channel.lastSeen.push(toLastSeen(row));
    channels.set(row.id, channel);
  }
  return [...channels.values()];
}

export async function findLastSeen(db: AccountDb, channelId: string, task: TaskType): Promise<LastSeen | undefined> {
  const row = await db('channel_schedules as s')
    .where({ channel_id: channelId, task })
    .first<Row | undefined>(...columns);
  return row && toLastSeen(row);
}

/** How a task of these connections' portals was last seen, by connection. A portal that was not seen yet is left out. */
export async function listSeenAtPortals(
  db: SystemDb,
  task: TaskType,
  connectionIds: readonly string[],
): Promise<Map<string, LastSeen>> {
  const rows = await db('channels as c')
    .join('channel_schedules as s', (join) => join.on('s.account_id', 'c.account_id').on('s.channel_id', 'c.id'))
    .whereIn('c.connection_id', connectionIds)
    .whereNull('c.deleted_at')
    .where('s.task', task)
    .select<({ connection_id: string } & Row)[]>('c.connection_id', ...columns);
  return new Map(rows.map((row) => [row.connection_id, toLastSeen(row)]));
}

/** Idempotent: an unchanged Schedule is not written. @returns how many rows it wrote */
export async function recordSeen(db: AccountDb, seen: readonly SeenSchedule[]): Promise<number> {
  const { rows } = await db.raw<{ rows: unknown[] }>(
    `insert into channel_schedules (account_id, channel_id, task, every_ms, paused)
     select :accountId, "channelId", task, "everyMs", paused
     from jsonb_to_recordset(:seen::jsonb) as x("channelId" text, task text, "everyMs" bigint, paused boolean)
     order by "channelId", task
     on conflict (account_id, channel_id, task)
     do update set every_ms = excluded.every_ms, paused = excluded.paused, seen_at = now()
     where (channel_schedules.every_ms, channel_schedules.paused) is distinct from (excluded.every_ms, excluded.paused)
     returning 1`,
    { accountId: db.accountId, seen: JSON.stringify(seen) },
  );
  return rows.length;
}
