import type { TaskType } from '../../domain/task.ts';
import { newId } from '../engine/ids.ts';
import type { AccountDb, SystemDb } from '../engine/with-account.ts';

type InboundWebhook = {
  channelId: string;
  deliveryId: string;
  tasks: readonly TaskType[];
  remoteOrderIds: readonly string[];
};

/**
 * Stores a shop's webhook, once per delivery and task. A webhook without a task is processed at once, so that the sweep
 * does not look at it.
 * @returns whether it is new
 */
export async function insertInboundWebhook(db: AccountDb, webhook: InboundWebhook): Promise<boolean> {
  const { channelId, deliveryId, tasks, remoteOrderIds } = webhook;
  const rows = (tasks.length > 0 ? tasks : [null]).map((task) => ({
    account_id: db.accountId,
    id: newId('webhook'),
    channel_id: channelId,
    delivery_id: deliveryId,
    task,
    remote_order_ids: remoteOrderIds as string[],
    processed_at: task === null ? db.fn.now() : null,
  }));
  const stored = await db('inbound_webhooks')
    .insert(rows)
    .onConflict(['account_id', 'channel_id', 'delivery_id', 'task'])
    .ignore()
    .returning<{ id: string }[]>('id');
  return stored.length > 0;
}

/** Webhooks that are not processed yet, in the order they came. */
export async function listOpenWebhooks(
  db: AccountDb,
  filter: { channelId: string; task: TaskType; limit: number },
): Promise<{ id: string; remoteOrderIds: string[] }[]> {
  const { channelId, task, limit } = filter;
  const rows = await db('inbound_webhooks')
    .where({ channel_id: channelId, task })
    .whereNull('processed_at')
    .orderBy('received_at')
    .limit(limit)
    .select<{ id: string; remote_order_ids: string[] }[]>('id', 'remote_order_ids');
  return rows.map((row) => ({ id: row.id, remoteOrderIds: row.remote_order_ids }));
}

export async function markWebhooksProcessed(db: AccountDb, ids: readonly string[]): Promise<void> {
  await db('inbound_webhooks').whereIn('id', ids).update({ processed_at: db.fn.now() });
}

/** Channels with webhooks that are not processed after `seconds`, and when the latest of them came. */
export async function listChannelsWithOpenWebhooks(
  db: SystemDb,
  filter: { seconds: number; limit: number },
): Promise<{ channelId: string; task: TaskType; receivedAt: Date }[]> {
  const rows: { channel_id: string; task: TaskType; received_at: Date }[] = await db('inbound_webhooks')
    .whereNull('processed_at')
    .whereNotNull('task')
    .whereRaw(`received_at < now() - make_interval(secs => ?)`, [filter.seconds])
    .groupBy('channel_id', 'task')
    .limit(filter.limit)
    .select('channel_id', 'task', db.raw('max(received_at) as received_at'));
  return rows.map((row) => ({ channelId: row.channel_id, task: row.task, receivedAt: row.received_at }));
}
