import type { ChannelKind } from '../../domain/channel.ts';
import type { ConnectionStatus } from '../../domain/connection.ts';
import { DomainError } from '../../domain/errors.ts';
import type { SyncChannel } from '../../domain/sync.ts';
import type { TaskType } from '../../domain/task.ts';
import { decodeKeys, encodeKeys, type Page, type PageRequest } from '../engine/paging.ts';
import type { AccountDb } from '../engine/with-account.ts';
import { counterpartOf, type Counterpart } from './counterparts.ts';

/** A Schedule as it was last seen, with its channel. `everyMs` 0: not a plain interval. */
export type ShownSchedule = {
  channelId: string;
  channelName: string;
  channelKind: ChannelKind;
  counterpart: Counterpart | null;
  task: TaskType;
  everyMs: number;
  paused: boolean;
};
type Row = Omit<ShownSchedule, 'counterpart' | 'everyMs'> & { everyMs: string; merchantAccountId: string | null };

type Filter = { channelId?: string | undefined; task?: TaskType | undefined };

/** The Schedules of all channels of the account, by channel and task. Channels that are being set up have none yet. */
export async function listAccountSchedules(
  db: AccountDb,
  filter: Filter,
  { limit, cursor }: PageRequest,
): Promise<Page<ShownSchedule>> {
  const query = db('channel_schedules as s')
    .join('channels as c', 'c.id', 's.channel_id')
    .leftJoin('connections as n', 'n.id', 'c.connection_id')
    .whereNull('c.deleted_at')
    .orderBy(['s.channel_id', 's.task'])
    .limit(limit + 1)
    .select<Row[]>({
      channelId: 's.channel_id',
      channelName: 'c.name',
      channelKind: 'c.kind',
      merchantAccountId: 'n.merchant_account_id',
      task: 's.task',
      everyMs: 's.every_ms',
      paused: 's.paused',
    });
  if (filter.channelId !== undefined) void query.where('s.channel_id', filter.channelId);
  if (filter.task !== undefined) void query.where('s.task', filter.task);
  if (cursor !== undefined) {
    const [task, channelId] = decodeKeys(cursor);
    void query.whereRaw('(s.channel_id, s.task) > (?, ?)', [channelId, task]);
  }
  const rows = await query;
  const last = rows[limit - 1];
  return {
    data: rows.slice(0, limit).map(({ merchantAccountId, everyMs, ...row }) => ({
      ...row,
      counterpart: counterpartOf(merchantAccountId, row.channelName),
      everyMs: Number(everyMs),
    })),
    nextCursor: rows.length > limit && last ? encodeKeys([last.task, last.channelId]) : null,
  };
}

/**
 * The channels that a Sync is about, the oldest first: all of the account, or those named.
 * @throws DomainError `channel_not_found`
 */
export async function listSyncChannels(db: AccountDb, ids?: readonly string[]): Promise<SyncChannel[]> {
  const query = db('channels as c')
    .leftJoin('connections as n', 'n.id', 'c.connection_id')
    .whereNull('c.deleted_at')
    .orderBy(['c.created_at', 'c.id'])
    .select<(SyncChannel & { connectionStatus: ConnectionStatus | null })[]>({
      id: 'c.id',
      kind: 'c.kind',
      name: 'c.name',
      settings: 'c.settings',
      connectionStatus: 'n.status',
    });
  if (ids) void query.whereIn('c.id', [...new Set(ids)]);
  const channels = await query;
  const unknown = ids?.find((id) => !channels.some((channel) => channel.id === id));
  if (unknown !== undefined) throw new DomainError('channel_not_found', `There is no channel ${unknown}.`);
  return channels;
}
