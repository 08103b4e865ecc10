import { stopAwaiting } from '../../db/channels/cursors.ts';
import { withAccount } from '../../db/engine/with-account.ts';
import { storeOrders } from '../../db/orders/store-order.ts';
import { shipsByItself } from '../../domain/orders/order.ts';
import type { RemoteOrder } from '../channels/channel.ts';
import type { Deps } from '../deps.ts';
import { toIncomingOrder } from './incoming-order.ts';

type Place = { accountId: string; channelId: string };

/**
 * Stores the plain orders of a page in one transaction, as far as they are new. It locks no order that was stored before:
 * one that holds such an order may wait for the products that are locked here.
 * @returns the dropships to start, by remote id of each new order; empty where they could not be stored together: then each is
 *   stored by itself, and fails alone
 */
export async function storeTogether(
  { pool, crashPoint }: Pick<Deps, 'pool' | 'crashPoint'>,
  { accountId, channelId }: Place,
  orders: readonly RemoteOrder[],
): Promise<Map<string, string[]>> {
  const plain = orders.filter(isPlain);
  if (plain.length < 2) return new Map();
  const actor = { kind: 'channel', id: channelId } as const;
  let made: Map<string, string[]>;
  try {
    made = await withAccount(pool, accountId, async (db) => {
      const given = plain.map((order) => ({ order: toIncomingOrder(order) }));
      const stored = await storeOrders(db, { channelId, orders: given, actor });
      const fresh = stored.flatMap(({ isNew, dropshipIds }, index) =>
        isNew ? [[plain[index]!.remoteId, dropshipIds] as const] : [],
      );
      await stopAwaiting(db, channelId, fresh.map(([remoteId]) => remoteId)); // prettier-ignore
      crashPoint('store-order.before-commit');
      return new Map(fresh);
    });
  } catch {
    // Each by itself meets the same error, and it is seen whose it is.
    return new Map();
  }
  crashPoint('store-order.committed');
  return made;
}

/** Nothing has happened to it in the shop yet, and a person ships all of it. */
const isPlain = (order: RemoteOrder): boolean =>
  order.state === 'ready' && !hasChangedInShop(order) && !shipsByItself(order);

/** Units that the shop has cancelled, or money that it has paid back. */
export const hasChangedInShop = ({ lines, refundedMinor = 0 }: RemoteOrder): boolean =>
  refundedMinor !== 0 || lines.some((line) => line.cancelled !== 0);
