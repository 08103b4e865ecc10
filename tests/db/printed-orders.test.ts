import { expect, it } from '@jest/globals';
import type { Pool } from '../../db/engine/pool.ts';
import { withAccount } from '../../db/engine/with-account.ts';
import { lockOrder, notePrinted, updateOrder } from '../../db/orders/orders.ts';
import { onDatabase } from '../support/engine/database.ts';
import { waitUntil } from '../support/engine/wait-until.ts';
import { aMerchant, anIncomingOrder, aSku, storeOrderFor } from '../support/trade/database-trade.ts';

let pool: Pool;
onDatabase(4, (opened) => (pool = opened));

it('a batch that is printed locks its orders in one order: while it waits for the first, the rest is free', async () => {
  const merchant = await aMerchant(pool);
  const sku = await aSku(pool, merchant.accountId);
  const ids: string[] = [];
  for (let count = 0; count < 2; count += 1)
    ids.push((await storeOrderFor(pool, merchant, anIncomingOrder([{ sku }]))).orderId);
  const [first, second] = ids.sort() as [string, string];
  // A changed row lies behind the other: a scan finds the second order first.
  await withAccount(pool, merchant.accountId, (db) => updateOrder(db, first, { notes: { internal: 'Fragile' } }));
  let printed: Promise<void> = Promise.resolve();
  let free: object[] = [];

  await withAccount(pool, merchant.accountId, async (db) => {
    await lockOrder(db, first);
    printed = withAccount(pool, merchant.accountId, async (other) => {
      // The plan of a large batch: it reads the table, not the index.
      await other.raw('set local enable_indexscan = off');
      await other.raw('set local enable_bitmapscan = off');
      await notePrinted(other, [second, first]);
    });
    await waitUntil(async () => {
      const { rows } = await db.raw<{ rows: object[] }>('select from pg_locks where not granted');
      return rows.length > 0;
    });
    free = await db('orders').where({ id: second }).forUpdate().skipLocked().select('id');
  });

  await printed;
  expect(free).toHaveLength(1);
});
