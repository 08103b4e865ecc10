import { listPendingCancels } from '../../../db/orders/cancels.ts';
import type { Cancellation, Page } from '../channel.ts';
import { asMerchant, connectionOf, type PortalTools } from './tools.ts';

const pageSize = 100;

/**
 * The merchant's open cancel requests, by dropship. None over a paused connection, since a cancel would be new (rules §2).
 */
export async function listCancelled(tools: PortalTools, after: string | null): Promise<Page<Cancellation>> {
  const { status } = await connectionOf(tools);
  if (status !== 'active') return { items: [], next: after ?? '', more: false };
  const pending = await asMerchant(tools, (db) =>
    listPendingCancels(db, tools.connectionId, { after, limit: pageSize }),
  );
  const items = pending.map(({ dropshipId, left }) => ({
    remoteOrderId: dropshipId,
    whole: false,
    left: left.map(({ lineId, quantity }) => ({ remoteLineId: lineId, quantity })),
  }));
  return { items, next: items.at(-1)?.remoteOrderId ?? after ?? '', more: items.length === pageSize };
}
