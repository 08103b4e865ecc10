import { listDropshipStarts } from '../db/dropships/dropships.ts';
import { listWaiting } from '../db/dropships/imports.ts';
import { markStockWithdrawn, requireConnection } from '../db/accounts/connections.ts';
import { withdrawWarehouse } from '../db/stock/withdrawal.ts';
import { findSupplierByConnection } from '../db/accounts/suppliers.ts';
import { readInAccount, withAccount } from '../db/engine/with-account.ts';
import type { Deps } from './deps.ts';
import { eachOf } from './each-of.ts';
import { connectionById } from './owners.ts';
import { releaseDropship } from '../temporal/starts.ts';

const atOnce = 2_000;
const releasedAtOnce = 500;

export const createWithdrawalActivities = (deps: Deps) => ({
  /** Withdraws a part of an ended connection's stock from the merchant, and records when no part is left. Idempotent. */
  async withdrawStock({ connectionId }: { connectionId: string }): Promise<{ more: boolean }> {
    const { pool } = deps;
    const { merchantAccountId } = await connectionById(pool, connectionId);
    return withAccount(pool, merchantAccountId, async (db) => {
      if ((await requireConnection(db, connectionId)).status !== 'ended') return { more: false };
      const supplier = await findSupplierByConnection(db, connectionId);
      const more = supplier !== undefined && (await withdrawWarehouse(db, supplier.id, atOnce)) === atOnce;
      if (!more) await markStockWithdrawn(db, connectionId);
      return { more };
    });
  },

  /**
   * Releases dropships that wait for Import Orders of an ended connection, which does not run any more. Idempotent.
   * @param input.after the last id of the page before. @returns `last`: of this page, null where it was the last one
   */
  async releaseWaiting(input: { connectionId: string; after: string }): Promise<{ last: string | null }> {
    const { connectionId, after } = input;
    const { status, merchantAccountId } = await connectionById(deps.pool, connectionId);
    if (status !== 'ended') return { last: null };
    const { ids, starts } = await readInAccount(deps.pool, merchantAccountId, async (db) => {
      const waiting = await listWaiting(db, connectionId, { after, limit: releasedAtOnce });
      return { ids: waiting, starts: await listDropshipStarts(db, waiting) };
    });
    await eachOf(starts, (start) => releaseDropship(deps, start));
    return { last: ids.length < releasedAtOnce ? null : ids.at(-1)! };
  },
});
