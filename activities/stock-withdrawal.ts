import { markStockWithdrawn, requireConnection } from '../db/connections.ts';
import { withdrawWarehouse } from '../db/stock-withdrawal.ts';
import { findSupplierByConnection } from '../db/suppliers.ts';
import { withAccount } from '../db/with-account.ts';
import type { Deps } from './deps.ts';
import { connectionById } from './owners.ts';

const atOnce = 2_000;

export const createWithdrawalActivities = ({ pool }: Deps) => ({
  /** Takes a part of an ended connection's stock away from the merchant, and notes it once nothing is left. Repeatable. */
  async withdrawStock({ connectionId }: { connectionId: string }): Promise<{ more: boolean }> {
    const { merchantAccountId } = await connectionById(pool, connectionId);
    return withAccount(pool, merchantAccountId, async (db) => {
      if ((await requireConnection(db, connectionId)).status !== 'ended') return { more: false };
      const supplier = await findSupplierByConnection(db, connectionId);
      const more = supplier !== undefined && (await withdrawWarehouse(db, supplier.id, atOnce)) === atOnce;
      if (!more) await markStockWithdrawn(db, connectionId);
      return { more };
    });
  },
});
