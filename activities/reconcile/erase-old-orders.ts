import { listOldOrders, readOrderDays } from '../../db/erasure/old-orders.ts';
import { readInAccount } from '../../db/engine/with-account.ts';
import type { Deps } from '../deps.ts';
import { eraseChain } from './erase-chain.ts';

const actor = { kind: 'system', id: 'prune' } as const;

/** Erases the old orders of an account's shops that are closed, in all accounts that have them. @returns how many */
export async function eraseOldOrders(deps: Deps, accountId: string): Promise<number> {
  const { pool, retention } = deps;
  const days = (await readInAccount(pool, accountId, readOrderDays)) ?? retention.orderDays;
  if (days === null) return 0;
  let erased = 0;
  type Page = Awaited<ReturnType<typeof listOldOrders>>;
  let after: Page['after'] = null;
  do {
    const page: Page = await readInAccount(pool, accountId, (db) => listOldOrders(db, { days, after }));
    for (const orderId of page.orderIds) erased += Number(await eraseChain(deps, { accountId, orderId, actor }));
    after = page.after;
  } while (after !== null);
  return erased;
}
