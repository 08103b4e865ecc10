import type { Actor } from '../../domain/account.ts';
import { shareUnits, stillToAsk, unitsToGo } from '../../domain/orders/cancel.ts';
import type { ShipmentLine } from '../../domain/shipments/shipment.ts';
import { closeStepAttention, raiseAttention } from '../attentions.ts';
import { listOrderedUnits, lockRemoteLeaves } from './cancels.ts';
import { insertOrderEvent } from './events.ts';
import type { AccountDb } from '../engine/with-account.ts';

type Seen = { channelId: string; remoteId: string; cancelled: readonly ShipmentLine[]; actor: Actor };

/**
 * Units that the shop cancelled and that a supplier may still ship raise an attention on the leaf that has them, whether
 * Cancel Orders is on or off. Idempotent: a cancel that a person has decided about is not shown again, unless it grows.
 * @param seen.cancelled the units cancelled in the shop so far, by remote line id
 */
export async function noteShopCancel(db: AccountDb, { channelId, remoteId, cancelled, actor }: Seen): Promise<void> {
  if (cancelled.length === 0) return;
  const leaves = await lockRemoteLeaves(db, channelId, remoteId);
  const toGo = unitsToGo(leaves, await listOrderedUnits(db, channelId, remoteId), cancelled);
  const parts = shareUnits(leaves, toGo, stillToAsk);
  for (const { orderId, dropshipId } of leaves) {
    if (dropshipId === null) continue;
    const lines = parts.find((part) => part.orderId === orderId)?.lines ?? [];
    if (lines.length === 0) await closeStepAttention(db, { orderId, step: 'cancel', action: 'skip', actor });
    else if (await isMore(db, orderId, lines)) {
      await insertOrderEvent(db, { orderId, type: 'cancelled_in_shop', actor, data: { lines } });
      await raiseAttention(db, { orderId, dropshipId, workflowId: null, step: 'cancel', code: 'cancelled_in_shop' });
    }
  }
}

/** Whether these are more units than the timeline shows. */
async function isMore(db: AccountDb, orderId: string, lines: readonly ShipmentLine[]): Promise<boolean> {
  const last = await db('order_events')
    .where({ order_id: orderId, type: 'cancelled_in_shop' })
    .orderBy('position', 'desc')
    .first<{ data: { lines: ShipmentLine[] } } | undefined>('data');
  const shown = (lineId: string) => last?.data.lines.find((line) => line.lineId === lineId)?.quantity ?? 0;
  return lines.some(({ lineId, quantity }) => quantity > shown(lineId));
}
