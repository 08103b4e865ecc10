import { listDropshipStarts } from '../../db/dropships/dropships.ts';
import { markImported, noteSignalled } from '../../db/dropships/imports.ts';
import { DatabaseError } from '../../db/engine/database-error.ts';
import { withAccount } from '../../db/engine/with-account.ts';
import { markReserved } from '../../db/stock/of-orders.ts';
import { DomainError } from '../../domain/errors.ts';
import { noCounts } from '../../domain/task.ts';
import { releaseDropship } from '../../temporal/starts.ts';
import type { Channel, RemoteOrder } from '../channels/channel.ts';
import type { Deps } from '../deps.ts';
import { storeAsSupplier, toStateLines, type Received } from '../dropships/import.ts';
import { startNewDropships } from '../dropships/start.ts';
import { partiesOf, type Parties } from '../owners.ts';
import { emptyPage, type OrderPage } from './order-page.ts';

/**
 * A portal's orders are waiting dropship workflows. A page of them is imported together: one transaction reads and claims
 * as the merchant, one writes as the supplier, one notes it at the merchant; then each workflow gets a signal. Without it
 * the workflow waits: after a crash the sweep sends it.
 */
export async function importReleased(deps: Deps, channel: Channel, after: string | null): Promise<OrderPage> {
  const { items, next, more } = await channel.importOrders(after);
  if (items.length === 0) return emptyPage();
  const ids = items.map((item) => item.remoteId);
  deps.crashPoint('copy.read-done');
  const parties = await partiesOf(deps.pool, ids[0]!);
  const received = await receiveOrLeave(deps, parties, items);
  deps.crashPoint('supplier-order.committed');
  if (received) await startNewDropships(deps, parties.supplierId, received.stored.flatMap((one) => one.dropshipIds)); // prettier-ignore
  const starts = await withAccount(deps.pool, parties.merchantId, async (db) => {
    if (received) {
      await markImported(db, ids.map((dropshipId, index) => ({ dropshipId, orderId: received.stored[index]!.orderId }))); // prettier-ignore
      await markReserved(db, received.reserved);
    }
    return listDropshipStarts(db, ids);
  });
  deps.crashPoint('import.page-committed');
  const linesOf = new Map(received && items.map((item) => [item.remoteId, toStateLines(item)]));
  await Promise.all(starts.map((start) => releaseDropship(deps, start, linesOf.get(start.dropshipId))));
  if (!received) return { ...emptyPage(), counts: { ...noCounts(), seen: ids.length }, released: ids, more, next };
  await withAccount(deps.pool, parties.merchantId, (db) => noteSignalled(db, ids));
  return { ...emptyPage(), counts: { ...noCounts(), seen: ids.length, created: ids.length }, more, next };
}

const isRefusal = (error: unknown): error is DomainError | DatabaseError =>
  error instanceof DomainError || (error instanceof DatabaseError && !error.isPassing);

/** @returns null where one order of the page cannot be stored: each imports itself then, and that one parks alone */
async function receiveOrLeave(deps: Deps, parties: Parties, remotes: readonly RemoteOrder[]): Promise<Received | null> {
  const { connection, merchantId, supplierId } = parties;
  try {
    return await storeAsSupplier(deps, { connectionId: connection.id, merchantId, supplierId, remotes });
  } catch (error) {
    if (!isRefusal(error)) throw error;
    deps.log.info({ connectionId: connection.id, code: error.code }, 'page left to its dropships');
    return null;
  }
}
