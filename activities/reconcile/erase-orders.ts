import { findOrdersOfEmail } from '../../db/erasure/people.ts';
import {
  endRound,
  findErasureWork,
  listDueErasures,
  noteErased,
  noteFound,
  type ErasureWork,
} from '../../db/erasure/requests.ts';
import { readInAccount, withAccount, withSystem } from '../../db/engine/with-account.ts';
import type { Round } from '../../workflows/messages.ts';
import type { Deps } from '../deps.ts';
import { eachOf } from '../each-of.ts';
import { eraseChain } from './erase-chain.ts';

/** Requests of one round. */
const requestsAtOnce = 100;

type Due = { accountId: string; erasureId: string };

export function createErasureActivities(deps: Deps) {
  const { pool, sweepIntervalMs } = deps;

  return {
    /**
     * Works on the erasures that are due. A round that was cut off is done again by the next: each order is erased once or
     * again, which is the same. @returns how many orders were erased
     */
    async eraseOrders(): Promise<Round & { erased: number }> {
      let erased = 0;
      const due = await withSystem(pool, (db) => listDueErasures(db, requestsAtOnce));
      await eachOf(due, async (one) => void (erased += await workOn(deps, one)));
      return { erased, intervalMs: sweepIntervalMs };
    },
  };
}

async function workOn(deps: Deps, { accountId, erasureId: id }: Due): Promise<number> {
  const { pool } = deps;
  const work = await readInAccount(pool, accountId, (db) => findErasureWork(db, id));
  if (!work) return 0;
  const { doneAt, erasedOrders, actor } = work;
  const isSecondLook = doneAt !== null;
  let erased = 0;
  for (const orderId of isSecondLook ? erasedOrders : await openOrders(deps, accountId, work)) {
    if (!(await eraseChain(deps, { accountId, orderId, actor }))) continue;
    erased += 1;
    await withAccount(pool, accountId, (db) => noteErased(db, id, orderId));
  }
  await withAccount(pool, accountId, (db) => endRound(db, { id, isSecondLook }));
  return erased;
}

/** Of an e-mail, its orders are looked for first. */
async function openOrders(
  { pool }: Deps,
  accountId: string,
  { id, email, openOrders }: ErasureWork,
): Promise<string[]> {
  if (email === null) return openOrders;
  const found = new Set<string>();
  const search = (after: string) => readInAccount(pool, accountId, (db) => findOrdersOfEmail(db, { email, after }));
  for (let next: string | null = ''; next !== null;) {
    const page: Awaited<ReturnType<typeof search>> = await search(next);
    for (const orderId of page.orderIds) found.add(orderId);
    next = page.after;
  }
  await withAccount(pool, accountId, (db) => noteFound(db, id, [...found]));
  return [...found];
}
