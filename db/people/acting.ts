import type { AccountDb, UserDb } from '../engine/with-account.ts';

/**
 * The person's transaction also works in an account: both commit or neither. The caller has made sure that the person may
 * do this there. Afterwards the transaction is in no account.
 */
export async function asPersonIn<T>(db: UserDb, accountId: string, work: (db: AccountDb) => Promise<T>): Promise<T> {
  await enter(db, accountId);
  const result = await work(Object.assign(db, { accountId }) as unknown as AccountDb);
  await enter(db, '');
  return result;
}

const enter = async (db: UserDb, accountId: string): Promise<void> => {
  await db.raw(`select set_config('app.account_id', ?, true)`, [accountId]);
};
