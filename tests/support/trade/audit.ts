import { withAccount } from '../../../db/engine/with-account.ts';
import type { Caller, TestApi } from '../engine/test-api.ts';

/** What the account's audit rows say was done, oldest first. */
export const recordedActions = (api: TestApi, account: Caller): Promise<string[]> =>
  withAccount(
    api.pool,
    account.accountId,
    (db) => db('audit_events').orderBy('occurred_at').pluck('action') as unknown as Promise<string[]>,
  );
