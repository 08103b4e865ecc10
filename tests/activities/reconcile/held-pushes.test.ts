import { expect, it } from '@jest/globals';
import type { Deps } from '../../../activities/deps.ts';
import { createSweepActivities } from '../../../activities/reconcile/sweep.ts';
import { raiseAttention } from '../../../db/attentions.ts';
import type { Pool } from '../../../db/engine/pool.ts';
import { withAccount } from '../../../db/engine/with-account.ts';
import { queuesFor } from '../../../workflows/names.ts';
import { onDatabase } from '../../support/engine/database.ts';
import { aMerchant, anIncomingOrder, storeOrderFor } from '../../support/trade/database-trade.ts';

let pool: Pool;
onDatabase(4, (opened) => {
  pool = opened;
});

it('a push that parked because its shop holds the order back is tried again after an hour', async () => {
  const merchant = await aMerchant(pool);
  const { orderId } = await storeOrderFor(pool, merchant, anIncomingOrder([{ sku: 'MUG' }]));
  const parked = async (workflowId: string, code: 'held_at_channel' | 'channel_refused') =>
    withAccount(pool, merchant.accountId, (db) => raiseAttention(db, { orderId, workflowId, step: 'push', code }));
  await parked('push_shipment/held', 'held_at_channel');
  await parked('push_shipment/refused', 'channel_refused');
  const sent: unknown[] = [];
  const getHandle = (id: string) => ({ signal: async (_signal: unknown, decision: object) => void sent.push({ id, ...decision }) }); // prettier-ignore
  const sweepIn = (minutes: number) =>
    createSweepActivities({
      pool,
      client: { workflow: { getHandle } },
      queues: queuesFor(''),
      now: () => new Date(Date.now() + minutes * 60_000),
    } as unknown as Deps).sweep();

  await sweepIn(55);
  expect(sent).toEqual([]);
  await sweepIn(65);

  expect(sent).toEqual([{ id: 'push_shipment/held', action: 'retry', by: 'hold' }]);
});
