import type { Actor } from '../../domain/account.ts';
import type { CancelLeaf, LeftInShop } from '../../domain/orders/cancel.ts';
import { cancelledUnitsToShip, shopCancelsOf } from '../../domain/orders/shop-cancel.ts';
import { lockRemoteLeaves } from './cancels.ts';
import { insertOrderEvent } from './events.ts';
import { isTopOfRemote } from './family.ts';
import { refreshShopCancel } from './shop-cancel-attention.ts';
import type { AccountDb } from '../engine/with-account.ts';

type Seen = { channelId: string; remoteId: string; left: LeftInShop; actor: Actor };

/**
 * Stores what the shop has cancelled of an order, and raises an attention on each leaf of which a supplier may still ship such
 * units, whether Cancel Orders is on or off. Idempotent.
 */
export async function noteShopCancel(db: AccountDb, seen: Seen): Promise<void> {
  if (!(await hasShopCancel(db, seen))) return;
  for (const { orderId } of await storeShopCancel(db, seen))
    await refreshShopCancel(db, { orderId, action: 'skip', actor: seen.actor });
}

/** Whether the shop wants fewer units than were ordered, or did so before. It takes no locks: most orders have no such units. */
async function hasShopCancel(db: AccountDb, { channelId, remoteId, left }: Seen): Promise<boolean> {
  const { rows } = await db.raw<{ rows: unknown[] }>(
    `select 1 from order_lines l join orders o on o.id = l.order_id
     where o.channel_id = :channelId and o.remote_id = :remoteId
       and (l.cancelled_in_shop > 0 or (${isTopOfRemote('o')} and l.quantity > coalesce((:left::jsonb ->> l.remote_line_id)::int, 0)))
     limit 1`,
    { channelId, remoteId, left: JSON.stringify(Object.fromEntries(left)) },
  );
  return rows.length > 0;
}

/**
 * Marks the units on the leaves that have them, whether a supplier has the leaf or not: a later dropship must know. Idempotent.
 * @returns the order's leaves
 */
export async function storeShopCancel(
  db: AccountDb,
  { channelId, remoteId, left, actor }: Seen,
): Promise<CancelLeaf[]> {
  const leaves = await lockRemoteLeaves(db, channelId, remoteId);
  const inShop = shopCancelsOf(leaves, left);
  await db.raw(
    `update order_lines l set cancelled_in_shop = x.units
     from jsonb_to_recordset(:inShop::jsonb) as x("lineId" text, units int)
     where l.id = x."lineId" and l.cancelled_in_shop <> x.units`,
    { inShop: JSON.stringify([...inShop].map(([lineId, units]) => ({ lineId, units }))) },
  );
  for (const { orderId, lines } of leaves) {
    const now = lines.map((line) => ({ ...line, cancelledInShop: inShop.get(line.lineId) ?? line.cancelledInShop }));
    if (now.every(({ cancelledInShop }, index) => cancelledInShop <= lines[index]!.cancelledInShop)) continue;
    const units = now
      .map((line) => ({ lineId: line.lineId, quantity: cancelledUnitsToShip(line) }))
      .filter(({ quantity }) => quantity > 0);
    if (units.length > 0)
      await insertOrderEvent(db, { orderId, type: 'cancelled_in_shop', actor, data: { lines: units } });
  }
  return leaves;
}
