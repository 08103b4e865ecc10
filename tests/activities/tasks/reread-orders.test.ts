import { expect, it } from '@jest/globals';
import { rereadOrders } from '../../../activities/tasks/reread-orders.ts';
import { emptyPage } from '../../../activities/tasks/order-page.ts';
import type { Channel, RemoteOrder, Traits } from '../../../activities/channels/channel.ts';
import type { Pool } from '../../../db/engine/pool.ts';
import { withAccount } from '../../../db/engine/with-account.ts';
import { aMerchant, anIncomingOrder, storeOrderFor } from '../../support/trade/database-trade.ts';
import { onDatabase } from '../../support/engine/database.ts';

let pool: Pool;
onDatabase(2, (opened) => {
  pool = opened;
});

/** A shop with open orders that were imported so many minutes ago. Of those that it lists, `gone` are not there any more. */
async function aShop(minutesAgo: Record<string, number>, changes: Traits['changes'] = 'partial', gone: string[] = []) {
  const { accountId, channelId } = await aMerchant(pool);
  for (const [remoteId, minutes] of Object.entries(minutesAgo)) {
    const order = anIncomingOrder([{ sku: 'ANY', quantity: 1 }], { remoteId });
    const { orderId } = await storeOrderFor(pool, { accountId, channelId }, order);
    await withAccount(pool, accountId, (db) =>
      db.raw(`update orders set created_at = now() - make_interval(mins => ?) where id = ?`, [minutes, orderId]),
    );
  }
  const asked: string[][] = [];
  const channel = {
    describeTraits: async () => ({ changes }),
    getOrders: async (remoteIds: string[]) => {
      asked.push(remoteIds);
      return remoteIds.filter((remoteId) => !gone.includes(remoteId)).map((remoteId) => ({ remoteId }) as RemoteOrder);
    },
  } as unknown as Channel;
  const store = async (orders: readonly RemoteOrder[]) => {
    const { counts, ...page } = emptyPage();
    return { ...page, counts: { ...counts, seen: orders.length, updated: 1, unchanged: orders.length - 1 } };
  };
  const run = () => rereadOrders({ pool }, { accountId, channelId, channel, store });
  return { asked, run };
}

it('open orders are read again in a shop whose lists lack changes, the oldest look first, once an hour', async () => {
  const shop = await aShop({ young: 5, old: 70, older: 600, lost: 90 }, 'partial', ['lost']);

  const { counts } = await shop.run();
  await shop.run();

  expect(shop.asked).toEqual([['older', 'lost', 'old']]);
  expect(counts).toMatchObject({ seen: 1, updated: 1, unchanged: 0 });
});

it('at most as many as one call reads; the next run goes on', async () => {
  const many = Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`o${index}`, 200 - index]));
  const shop = await aShop(many);

  await shop.run();
  await shop.run();

  expect(shop.asked.map((remoteIds) => remoteIds.length)).toEqual([50, 10]);
  expect(new Set(shop.asked.flat()).size).toBe(60);
});

it('none is read again in a shop that lists all changes', async () => {
  const shop = await aShop({ old: 600 }, 'all');

  expect((await shop.run()).counts).toMatchObject({ seen: 0 });
  expect(shop.asked).toEqual([]);
});
