import { openStatuses } from '../../domain/orders/list.ts';
import type { AccountDb } from '../engine/with-account.ts';

/** An open order is read again after so long. */
const lookMinutes = 60;

/** Remote ids of open orders to read again in their shop, the one that was not looked at for longest first. */
export async function listToReread(db: AccountDb, channelId: string, limit: number): Promise<string[]> {
  const { rows } = await db.raw<{ rows: { remoteId: string }[] }>(
    `select remote_id as "remoteId" from orders
     where channel_id = :channelId and status = any(:openStatuses)
     group by remote_id
     having min(coalesce(looked_at, created_at)) <= now() - make_interval(mins => :lookMinutes)
     order by min(coalesce(looked_at, created_at)), remote_id limit :limit`,
    { channelId, openStatuses: [...openStatuses], lookMinutes, limit },
  );
  return rows.map(({ remoteId }) => remoteId);
}

/** Notes that orders were read again, those that the shop does not have any more too. */
export async function noteLooks(db: AccountDb, channelId: string, remoteIds: readonly string[]): Promise<void> {
  await db('orders')
    .where({ channel_id: channelId })
    .whereIn('remote_id', remoteIds)
    .update({ looked_at: db.fn.now() });
}
