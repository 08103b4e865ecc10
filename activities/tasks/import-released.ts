import { listDropships, listDropshipStarts, type DropshipStart } from '../../db/dropships/dropships.ts';
import { markImported, noteSignalled } from '../../db/dropships/imports.ts';
import { isRefusal } from '../../db/engine/database-error.ts';
import { withAccount } from '../../db/engine/with-account.ts';
import { markReserved } from '../../db/stock/of-orders.ts';
import { noCounts } from '../../domain/task.ts';
import { releaseDropship } from '../../temporal/starts.ts';
import type { Channel, RemoteOrder } from '../channels/channel.ts';
import type { Deps } from '../deps.ts';
import { storeAsSupplier, toStateLines, type Received } from '../dropships/import.ts';
import { startNewDropships } from '../dropships/start.ts';
import { partiesOf, remember, type Parties } from '../owners.ts';
import { emptyPage, type OrderPage } from './order-page.ts';

/**
 * A portal's orders are waiting dropship workflows. A page of them is imported together: one transaction reads and claims
 * as the merchant, one writes as the supplier, one notes it at the merchant; then each workflow gets a signal. Without it
 * the workflow waits: after a crash the sweep sends it. An order that is claimed already is imported by its own workflow.
 */
export async function importReleased(deps: Deps, channel: Channel, after: string | null): Promise<OrderPage> {
  const { items, begun = [], next, more } = await channel.importOrders(after);
  const ids = items.map((item) => item.remoteId);
  const [first] = [...ids, ...begun];
  if (first === undefined) return { ...emptyPage(), more, next };
  const parties = await partiesOf(deps.pool, first);
  const received = items.length === 0 ? null : await receiveOrLeave(deps, parties, items);
  deps.crashPoint('supplier-order.committed');
  const starts = await noteAtMerchant(deps, parties, { ids, begun, received });
  deps.crashPoint('import.page-committed');
  const linesOf = new Map(received && items.map((item) => [item.remoteId, toStateLines(item)]));
  await Promise.all(starts.map((start) => releaseDropship(deps, start, linesOf.get(start.dropshipId))));
  const seen = ids.length + begun.length;
  if (!received) return { ...emptyPage(), counts: { ...noCounts(), seen }, released: [...ids, ...begun], more, next };
  await withAccount(deps.pool, parties.merchantId, (db) => noteSignalled(db, ids));
  return { ...emptyPage(), counts: { ...noCounts(), seen, created: ids.length }, released: begun, more, next };
}

type Taken = { ids: readonly string[]; begun: readonly string[]; received: Received | null };

/** @returns the starts of all workflows of the page */
async function noteAtMerchant(deps: Deps, parties: Parties, { ids, begun, received }: Taken): Promise<DropshipStart[]> {
  const { merchantId, supplierId } = parties;
  if (received) await startNewDropships(deps, supplierId, received.stored.flatMap((one) => one.dropshipIds)); // prettier-ignore
  return withAccount(deps.pool, merchantId, async (db) => {
    if (received) {
      const imports = ids.map((dropshipId, index) => ({ dropshipId, orderId: received.stored[index]!.orderId }));
      await markImported(db, imports);
      await markReserved(db, received.reserved);
    }
    const all = [...ids, ...begun];
    for (const dropship of await listDropships(db, all)) remember(deps.pool, { ...parties, dropship });
    return listDropshipStarts(db, all);
  });
}

/** @returns null where one order of the page cannot be stored: each imports itself then, and that one parks alone */
async function receiveOrLeave(deps: Deps, parties: Parties, remotes: readonly RemoteOrder[]): Promise<Received | null> {
  const { connection, merchantId, supplierId } = parties;
  try {
    deps.crashPoint('copy.read-done');
    return await storeAsSupplier(deps, { connectionId: connection.id, merchantId, supplierId, remotes });
  } catch (error) {
    if (!isRefusal(error)) throw error;
    deps.log.info({ connectionId: connection.id, code: error.code }, 'page left to its dropships');
    return null;
  }
}
