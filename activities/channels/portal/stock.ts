import { listClaimedDropships } from '../../../db/dropships/imports.ts';
import { storeReported, type ReportOutcome } from '../../../db/stock/reported.ts';
import { listReservedVersions, markReserved } from '../../../db/stock/of-orders.ts';
import { readInAccount, withAccount } from '../../../db/engine/with-account.ts';
import { published } from '../../../domain/stock.ts';
import type { StockOutcome, StockWrite } from '../channel.ts';
import { connectionOf, type PortalTools } from './tools.ts';

/**
 * Writes the supplier's available units into the merchant's warehouse that is named after the supplier. The merchant's
 * side compares versions, so a late or repeated figure changes nothing (law 6). The remote product id of a portal is the
 * merchant's product id.
 * @returns no outcome while the connection is not active: no stock crosses and the listings stay in Needs Sync
 */
export async function writeInventory(tools: PortalTools, batch: StockWrite[]): Promise<StockOutcome[]> {
  const { status, merchantAccountId } = await connectionOf(tools);
  if (status !== 'active') return [];
  await acknowledgeImports(tools, merchantAccountId);
  const figures = batch.map(({ remoteProductId, available, version }) => ({
    productId: remoteProductId,
    units: published(available),
    version,
  }));
  const outcomes = await withAccount(tools.pool, merchantAccountId, (db) =>
    storeReported(db, tools.connectionId, figures),
  );
  if (!outcomes) return [];
  return batch.map(({ listingId, remoteProductId }) => ({ listingId, ...toOutcome(outcomes.get(remoteProductId)) }));
}

function toOutcome(outcome: ReportOutcome | undefined): Pick<StockOutcome, 'outcome' | 'fault'> {
  if (outcome === undefined) return { outcome: 'failed', fault: { kind: 'gone', what: 'listing' } };
  return { outcome: outcome === 'unassigned' ? 'withdrawn' : outcome };
}

/**
 * A crash between the two accounts' writes of an import leaves the merchant's line without its reserved version, while
 * the figures contain it: its units would be taken off twice. So imports that have begun are stamped first.
 */
async function acknowledgeImports({ pool, accountId, connectionId }: PortalTools, merchantId: string): Promise<void> {
  const claimed = await readInAccount(pool, merchantId, (db) => listClaimedDropships(db, connectionId));
  if (claimed.length === 0) return;
  const reserved = await readInAccount(pool, accountId, (db) => listReservedVersions(db, claimed));
  if (reserved.length > 0) await withAccount(pool, merchantId, (db) => markReserved(db, reserved));
}
