import { expect, it } from '@jest/globals';
import type { Deps } from '../../../activities/deps.ts';
import { createSweepActivities } from '../../../activities/reconcile/sweep.ts';
import { listAttentions, raiseAttention } from '../../../db/attentions.ts';
import type { Pool } from '../../../db/engine/pool.ts';
import { withAccount, type AccountDb } from '../../../db/engine/with-account.ts';
import { queuesFor } from '../../../workflows/names.ts';
import { onDatabase } from '../../support/engine/database.ts';
import { aMerchant, anIncomingOrder, aSku, storeOrderFor } from '../../support/trade/database-trade.ts';

let pool: Pool;
onDatabase(4, (opened) => {
  pool = opened;
});

it('a question who ships an order closes later, where its units went while another transaction held the order', async () => {
  const merchant = await aMerchant(pool);
  const inside = <T>(work: (db: AccountDb) => Promise<T>) => withAccount(pool, merchant.accountId, work);
  await aSku(pool, merchant.accountId, { sku: 'MUG', fulfillmentType: 'in_house' });
  for (let count = 0; count < 2; count += 1) await storeOrderFor(pool, merchant, anIncomingOrder([{ sku: 'MUG' }]));
  const ids = await inside((db) => db('orders').orderBy('id').pluck<string[]>('id'));
  const [gone, waits] = [ids[0]!, ids[1]!];
  const parked = { dropshipId: null, workflowId: null, step: 'route' } as const;
  await inside(async (db) => {
    await raiseAttention(db, { orderId: gone, ...parked, code: 'unmapped_sku' });
    await raiseAttention(db, { orderId: waits, ...parked, code: 'dropship_loop' });
    await db('order_lines')
      .where({ order_id: gone })
      .update({ shipped: db.ref('quantity') });
    await db('orders').where({ id: gone }).update({ status: 'shipped' });
  });
  const asked = async () =>
    (await inside((db) => listAttentions(db, {}, { limit: 10 }))).data.map((one) => one.orderId);
  expect(await asked()).toHaveLength(2);

  await createSweepActivities({
    pool,
    client: {},
    queues: queuesFor(''),
    now: () => new Date(),
  } as unknown as Deps).sweep();

  expect(await asked()).toEqual([waits]);
});
