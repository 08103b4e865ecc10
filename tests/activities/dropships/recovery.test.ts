import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import knex, { type Knex } from 'knex';
import { createCancelActivities } from '../../../activities/dropships/cancels.ts';
import { finishNotes, recoverState } from '../../../activities/dropships/recovery.ts';
import { createSupplierResponseActivities } from '../../../activities/dropships/supplier-response.ts';
import type { Deps } from '../../../activities/deps.ts';
import { partiesOf } from '../../../activities/owners.ts';
import { markImported } from '../../../db/dropships/dropships.ts';
import { createPool, type Pool } from '../../../db/engine/pool.ts';
import { withAccount } from '../../../db/engine/with-account.ts';
import { listReceivedLines } from '../../../db/dropships/recovery.ts';
import { requireOrder } from '../../../db/orders/view.ts';
import { aLink, aMerchant, anIncomingOrder, aSku, storeOrderFor } from '../../support/trade/database-trade.ts';
import { cloneDatabase, type ClonedDatabase } from '../../support/engine/database.ts';

let database: ClonedDatabase;
let pool: Pool;
let owner: Knex;
beforeAll(async () => {
  database = await cloneDatabase();
  pool = createPool({ appUrl: database.appUrl, systemUrl: database.systemUrl, name: 'test', size: 4 });
  owner = knex({ client: 'pg', connection: database.ownerUrl });
});
afterAll(async () => {
  await owner?.destroy();
  await pool?.destroy();
  await database?.drop();
});

const actor = { kind: 'account', id: 'key_1' } as const;

/** A dropship of one line of five units with the supplier. `die` is where the worker is killed. */
async function aDropship() {
  const merchant = await aMerchant(pool);
  const link = await aLink(pool, merchant.accountId);
  const sku = await aSku(pool, merchant.accountId, { supplierId: link.supplierId });
  const { orderId, dropshipIds } = await storeOrderFor(pool, merchant, anIncomingOrder([{ sku, quantity: 5 }]));
  const dropshipId = dropshipIds[0]!;
  const inMerchant = <T>(work: Parameters<typeof withAccount<T>>[2]) => withAccount(pool, merchant.accountId, work);
  const lineId = (await inMerchant((db) => requireOrder(db, orderId))).lines[0]!.lineId;
  const supplier = { accountId: link.supplierAccountId, channelId: link.portalId };
  const origin = { dropshipId, merchantName: 'Merchant', via: [merchant.accountId] };
  const copy = anIncomingOrder([{ sku: await aSku(pool, supplier.accountId), quantity: 5 }], { remoteId: dropshipId });
  copy.lines[0]!.remoteLineId = lineId;
  const received = await storeOrderFor(pool, { ...supplier, origin }, copy);
  await inMerchant((db) => markImported(db, dropshipId, received.orderId));
  const depsDyingAt = (point?: string) =>
    ({
      pool,
      client: { schedule: { getHandle: () => ({ describe: () => Promise.reject(new Error('away')) }) } },
      crashPoint: (name: string) => {
        if (name === point) throw new Error('killed');
      },
    }) as unknown as Deps;
  const deps = depsDyingAt();
  return {
    ask: (remaining: number) =>
      createCancelActivities(depsDyingAt('cancel.merchant-asked')).noteCancelRequest({
        dropshipId,
        lines: [{ lineId, remaining }],
        reason: 'fraud',
        actor,
      }),
    giveUp: (remaining: number) =>
      createCancelActivities(depsDyingAt('cancel.supplier-committed')).cancelAtSupplier({
        dropshipId,
        lines: [{ lineId, remaining }],
        reason: 'out_of_stock',
        actor,
      }),
    reject: () =>
      createSupplierResponseActivities(deps).rejectOrder({
        dropshipId,
        orderId: received.orderId,
        reason: 'discontinued',
        actor,
      }),
    asked: async () =>
      (await withAccount(pool, supplier.accountId, (db) => listReceivedLines(db, dropshipId)))[0]!.cancelRequested,
    recover: async () => {
      // The timeline shows what happened and decides nothing.
      await owner('order_events').del();
      const parties = await partiesOf(pool, dropshipId);
      await finishNotes(deps, parties);
      return recoverState(deps, parties);
    },
  };
}

describe('a run that begins where another was killed, without any timeline', () => {
  it('knows why the merchant asked to cancel, and asks the supplier', async () => {
    const dropship = await aDropship();
    await expect(dropship.ask(3)).rejects.toThrow('killed');

    const recovered = await dropship.recover();

    expect(recovered).toMatchObject({ cancelReason: 'fraud', ended: null });
    expect(await dropship.asked()).toBe(2);
  });

  it('knows why the supplier cancelled units, and owes the merchant that', async () => {
    const dropship = await aDropship();
    await expect(dropship.giveUp(4)).rejects.toThrow('killed');

    const { backlog } = await dropship.recover();

    expect(backlog).toMatchObject([{ reason: 'out_of_stock' }]);
  });

  it('knows why the supplier rejected the order, and owes the merchant that', async () => {
    const dropship = await aDropship();
    await dropship.reject();

    const recovered = await dropship.recover();

    expect(recovered).toMatchObject({ ended: 'rejected', backlog: [{ kind: 'reject', reason: 'discontinued' }] });
  });
});
