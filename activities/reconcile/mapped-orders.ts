import type { Actor } from '../../domain/account.ts';
import { listMapped, requireDecidable } from '../../db/attentions.ts';
import { lockOrder } from '../../db/orders/orders.ts';
import { decideRoute } from '../../db/orders/reroute.ts';
import { readInAccount, withAccount } from '../../db/engine/with-account.ts';
import type { Deps } from '../deps.ts';
import { eachOf } from '../each-of.ts';
import { startDropships } from '../dropships/start.ts';

/** Orders of an account per sweep; the next sweep continues. */
const routedAtOnce = 100;
const byMapping: Actor = { kind: 'system', id: 'sku_mapped' };

/** Routes orders that parked as `unmapped_sku` once a product or a linked listing has the SKU. Idempotent. */
export async function routeMapped(deps: Deps, accountId: string): Promise<void> {
  const { pool } = deps;
  const mapped = await readInAccount(pool, accountId, (db) => listMapped(db, routedAtOnce));
  await eachOf(mapped, async ({ id, orderId }) => {
    const dropshipIds = await withAccount(pool, accountId, async (db) => {
      await lockOrder(db, orderId);
      const { decision } = await requireDecidable(db, id);
      // A person has decided meanwhile.
      if (decision) return [];
      return decideRoute(db, { orderId }, { action: 'retry', actor: byMapping });
    });
    await startDropships(deps, accountId, dropshipIds);
  });
}
