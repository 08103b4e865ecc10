import type { AccountDb } from '../engine/with-account.ts';

/** The pseudo account under which the operator's own rows (idempotency keys) are stored. It has no row in `accounts`. */
export const operatorAccount = 'operator';

/**
 * The operator acts in an account, in the transaction that holds the operator's idempotency key: both commit or
 * neither. Only a transaction opened for the operator may change the account it works in.
 */
async function asOperatorIn<T>(db: AccountDb, accountId: string, work: (db: AccountDb) => Promise<T>): Promise<T> {
  if (db.accountId !== operatorAccount) throw new Error('Only the operator acts in other accounts.');
  await enter(db, accountId);
  const result = await work(db);
  await enter(db, operatorAccount);
  return result;
}

async function enter(db: AccountDb, accountId: string): Promise<void> {
  await db.raw(`select set_config('app.account_id', ?, true)`, [accountId]);
  Object.assign(db, { accountId });
}

/** Works in the account that a command is about: the caller's own, or the account that the operator names. */
export const actingIn = <T>(db: AccountDb, accountId: string, work: (db: AccountDb) => Promise<T>): Promise<T> =>
  db.accountId === accountId ? work(db) : asOperatorIn(db, accountId, work);
