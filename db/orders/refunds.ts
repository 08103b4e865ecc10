import type { Actor } from '../../domain/account.ts';
import { insertOrderEvent } from './events.ts';
import { isTopOfRemote } from './family.ts';
import type { AccountDb } from '../engine/with-account.ts';

type Seen = { channelId: string; remoteId: string; refundedMinor: number | undefined; actor: Actor };

/**
 * Shows on an order what its shop has paid back so far. It changes no units: a cancel or a return is seen by itself.
 * Idempotent.
 */
export async function noteRefund(db: AccountDb, { channelId, remoteId, refundedMinor, actor }: Seen): Promise<void> {
  if (refundedMinor === undefined) return;
  const changed = await db('orders')
    .where({ channel_id: channelId, remote_id: remoteId })
    .whereRaw(isTopOfRemote('orders'))
    .whereNot({ refunded_minor: String(refundedMinor) })
    .update({ refunded_minor: refundedMinor })
    .returning<{ id: string; currency: string }[]>(['id', 'currency']);
  for (const { id, currency } of changed) {
    const data = { refunded: { amount: refundedMinor, currency } };
    await insertOrderEvent(db, { orderId: id, type: 'order_refunded', actor, data });
  }
}
