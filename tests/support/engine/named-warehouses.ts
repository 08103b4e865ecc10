import { insertAccount } from '../../../db/accounts/accounts.ts';
import type { Pool } from '../../../db/engine/pool.ts';
import { withAccount } from '../../../db/engine/with-account.ts';
import { listWarehouses } from '../../../db/stock/warehouses.ts';

/** Accounts whose one warehouse has the account's name: a row that shows whose it is. */
export const namedWarehouses = (pool: () => Pool) => ({
  anAccount: (accountId: string): Promise<void> =>
    withAccount(pool(), accountId, async (db) => {
      await insertAccount(db, accountId);
      await db('warehouses').update({ name: `of ${accountId}` });
    }),
  /** The names that an account sees. */
  names: (accountId: string): Promise<string[]> =>
    withAccount(pool(), accountId, async (db) =>
      (await listWarehouses(db, { limit: 50 })).data.map(({ name }) => name),
    ),
});
