import type { Actor } from '../../domain/account.ts';
import type { CancelLeaf } from '../../domain/orders/cancel.ts';
import { cancelledUnitsToShip, shopCancelsOf } from '../../domain/orders/shop-cancel.ts';
import type { ShipmentLine } from '../../domain/shipments/shipment.ts';
import { listOrderedUnits, lockRemoteLeaves } from './cancels.ts';
import { insertOrderEvent } from './events.ts';
import { refreshShopCancel } from './shop-cancel-attention.ts';
import type { AccountDb } from '../engine/with-account.ts';

/** `cancelled`: the units that the shop has cancelled so far of each line, 0 included, by remote line id. */
type Seen = { channelId: string; remoteId: string; cancelled: readonly ShipmentLine[]; actor: Actor };

/**
 * Stores what the shop has cancelled of an order, and raises an attention on each leaf of which a supplier may still ship such
 * units, whether Cancel Orders is on or off. Idempotent.
 */
export async function noteShopCancel(db: AccountDb, seen: Seen): Promise<void> {
  const { actor, cancelled } = seen;
  if (cancelled.every(({ quantity }) => quantity === 0) && !(await hasShopCancel(db, seen))) return;
  for (const { orderId } of await storeShopCancel(db, seen))
    await refreshShopCancel(db, { orderId, action: 'skip', actor });
}

async function hasShopCancel(db: AccountDb, { channelId, remoteId }: Seen): Promise<boolean> {
  const known = await db('order_lines as l')
    .join('orders as o', 'o.id', 'l.order_id')
    .where({ 'o.channel_id': channelId, 'o.remote_id': remoteId })
    .where('l.cancelled_in_shop', '>', 0)
    .first<{ id: string } | undefined>('l.id');
  return known !== undefined;
}

/**
 * Marks the units on the leaves that have them, whether a supplier has the leaf or not: a later dropship must know. Idempotent.
 * @returns the order's leaves
 */
export async function storeShopCancel(
  db: AccountDb,
  { channelId, remoteId, cancelled, actor }: Seen,
): Promise<CancelLeaf[]> {
  const leaves = await lockRemoteLeaves(db, channelId, remoteId);
  const inShop = shopCancelsOf(leaves, await listOrderedUnits(db, channelId, remoteId), cancelled);
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
