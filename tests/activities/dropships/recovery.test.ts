import { describe, expect, it } from '@jest/globals';
import knex, { type Knex } from 'knex';
import { createCancelActivities } from '../../../activities/dropships/cancels.ts';
import { finishNotes, recoverState } from '../../../activities/dropships/recovery.ts';
import { createSupplierResponseActivities } from '../../../activities/dropships/supplier-response.ts';
import type { Deps } from '../../../activities/deps.ts';
import { partiesOf } from '../../../activities/owners.ts';
import type { Pool } from '../../../db/engine/pool.ts';
import { withAccount } from '../../../db/engine/with-account.ts';
import { listReceivedLines } from '../../../db/dropships/recovery.ts';
import { anImportedDropship } from '../../support/trade/database-trade.ts';
import { onDatabase } from '../../support/engine/database.ts';
import { atTheEnd } from '../../support/engine/for-the-file.ts';

let pool: Pool;
let owner: Knex;
onDatabase(4, (opened, { ownerUrl }) => {
  pool = opened;
  owner = knex({ client: 'pg', connection: ownerUrl });
  atTheEnd(() => owner.destroy());
});

const actor = { kind: 'account', id: 'key_1' } as const;

/** A dropship of one line of five units with the supplier. `die` is where the worker is killed. */
async function aDropship() {
  const { supplier, dropshipId, lineId, supplierOrderId } = await anImportedDropship(pool, { quantity: 5 });
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
        orderId: supplierOrderId,
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
