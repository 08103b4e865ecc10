import { readInAccount, withAccount } from '../../db/engine/with-account.ts';
import { listToReread, noteLooks } from '../../db/orders/looks.ts';
import type { Channel, RemoteOrder } from '../channels/channel.ts';
import type { Deps } from '../deps.ts';
import { emptyPage, type OrderPage } from './order-page.ts';

/** As many as a channel reads with one call. */
const rereadAtOnce = 50;

type Rereading = {
  accountId: string;
  channelId: string;
  channel: Channel;
  store: (orders: readonly RemoteOrder[]) => Promise<OrderPage>;
};

/**
 * Reads open orders again in a shop whose lists lack some changes, each about once an hour, by as many as one call reads. So a
 * run of Import Orders takes little longer, and thousands of open orders take more than an hour.
 * @returns what has changed; orders that are as they were are not counted
 */
export async function rereadOrders({ pool }: Pick<Deps, 'pool'>, rereading: Rereading): Promise<OrderPage> {
  const { accountId, channelId, channel, store } = rereading;
  if ((await channel.describeTraits()).changes === 'all') return emptyPage();
  const remoteIds = await readInAccount(pool, accountId, (db) => listToReread(db, channelId, rereadAtOnce));
  if (remoteIds.length === 0) return emptyPage();
  const page = await store(await channel.getOrders(remoteIds));
  await withAccount(pool, accountId, (db) => noteLooks(db, channelId, remoteIds));
  const { seen, unchanged, waiting } = page.counts;
  return { ...page, counts: { ...page.counts, seen: seen - unchanged - waiting, unchanged: 0, waiting: 0 } };
}
