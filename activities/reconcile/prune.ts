import { resealAll } from '../../db/accounts/sealed-rows.ts';
import { deleteOrphans } from '../../db/documents/orphans.ts';
import { listAccountIds, pruneBatch } from '../../db/pruning.ts';
import { withAccount, withSystem } from '../../db/engine/with-account.ts';
import type { Round } from '../../workflows/messages.ts';
import type { Deps } from '../deps.ts';
import { eachOf } from '../each-of.ts';
import { eraseOldOrders } from './erase-old-orders.ts';

const everyMs = 60 * 60_000;
const accountsAtOnce = 200;
/** Rows of a table in one transaction: short enough to hold up nobody. */
const rowsAtOnce = 1_000;

export function createPruneActivities(deps: Deps) {
  const { pool, retention, documents, sealer, now } = deps;

  async function pruneAccount(accountId: string): Promise<number> {
    for (let total = 0; ;) {
      const age = { ...retention, limit: rowsAtOnce };
      const { pruned, more } = await withAccount(pool, accountId, (db) => pruneBatch(db, age));
      total += pruned;
      if (!more) return total;
    }
  }

  return {
    /**
     * Deletes what only records old runs, and old documents, in all accounts, and erases old orders where the account wants it;
     * then deletes the bytes that no document has any more. Seals anew what an older encryption key has sealed.
     * Idempotent; a pass that was cut off goes on with the next.
     */
    async prune(): Promise<Round & { pruned: number; erased: number; orphans: number; resealed: number }> {
      let [pruned, erased] = [0, 0];
      for (let after: string | undefined = ''; after !== undefined;) {
        const page = { after, limit: accountsAtOnce };
        const accountIds: string[] = await withSystem(pool, (db) => listAccountIds(db, page));
        await eachOf(accountIds, async (accountId) => {
          pruned += await pruneAccount(accountId);
          erased += await eraseOldOrders(deps, accountId);
        });
        after = accountIds.length < accountsAtOnce ? undefined : accountIds.at(-1);
      }
      const { bucket } = documents;
      const orphans = bucket === null ? 0 : await deleteOrphans(pool, bucket, now());
      const resealed = await resealAll(pool, sealer);
      return { pruned, erased, orphans, resealed, intervalMs: everyMs };
    },
  };
}
