import { failuresUntilSuspension } from '../../domain/stock.ts';
import { availableAnywhere, availableInOwn } from '../stock/availability.ts';
import { hasDueListing, isDue } from './due-listings.ts';
import { noteSkuChanges } from './sku-changes.ts';
import type { AccountDb } from '../engine/with-account.ts';

/** A listing that needs sync, with its product's units (below 0 when oversold) and version, read in one statement. */
export type DueListing = {
  listingId: string;
  remoteProductId: string;
  sku: string;
  available: number;
  version: number;
};

// `= any(:ids)` beside a join keeps the planner from reading whole tables for a batch.

/**
 * The next listings of a channel that need sync, by id. Figure and version are read in one statement, hence in one
 * snapshot: the version contains all changes that the figure does.
 * @param page.after the last id of the page before
 * @param page.of whose stock is published: of `own` warehouses alone, or of `all`
 */
export async function listDue(
  db: AccountDb,
  channelId: string,
  page: { after: string | null; limit: number; of: 'own' | 'all' },
): Promise<DueListing[]> {
  const { rows } = await db.raw<{ rows: DueListing[] }>(
    `with due as materialized (
       select l.product_id as id, l.id as listing_id, l.remote_id, l.remote_sku from listings l
       where l.channel_id = :channelId and l.id > :after and l.product_id is not null and ${isDue}
       order by l.id limit :limit)
     select p.listing_id as "listingId", p.remote_id as "remoteProductId", p.remote_sku as sku,
            (select stock_version from products where id = p.id) as version,
            ${page.of === 'own' ? availableInOwn : availableAnywhere} as available
     from due p order by p.listing_id`,
    { channelId, after: page.after ?? '', limit: page.limit },
  );
  return rows;
}

/** Whether a channel has anything to write. */
export async function hasDue(db: AccountDb, channelId: string): Promise<boolean> {
  const { rows } = await db.raw<{ rows: { due: boolean }[] }>(
    `select ${hasDueListing(':channelId', 'l.product_id is not null')} as due`,
    { channelId },
  );
  return rows[0]!.due;
}

type Sent = { listingId: string; version: number };

/**
 * Claims the right to send these versions: an older run that wakes up late must not write after a newer run. A listing
 * whose row is locked by a change is left out, as it needs sync again anyway; so batches do not wait for each other.
 * @returns the listings that may be sent
 */
export async function claimVersions(db: AccountDb, writes: readonly Sent[]): Promise<Set<string>> {
  const { rows } = await db.raw<{ rows: { id: string }[] }>(
    `with mine as materialized (
       select l.id, x.version from unnest(:ids::text[], :versions::int[]) as x(id, version)
       join listings l on l.id = x.id and l.sent_version <= x.version
       for no key update of l skip locked)
     update listings l set sent_version = mine.version from mine where l.id = mine.id returning l.id`,
    { ids: writes.map(({ listingId }) => listingId), versions: writes.map(({ version }) => version) },
  );
  return new Set(rows.map((row) => row.id));
}

/**
 * The result of a listing's write. `cause`: a code where it failed; a `permanent` failure counts towards suspension.
 * `withdrawn`: the other end does not list the product any more.
 */
export type SyncResult = Sent & { cause: string | null; permanent: boolean; withdrawn?: boolean };

/**
 * Notes the results of writes. A written listing is synced as of the version that was read: after a change during the
 * write it still needs sync. A withdrawn listing is delisted, as by the next import. Locked rows are left out, as in
 * `claimVersions`: they are written again.
 */
export async function recordSyncResults(db: AccountDb, results: readonly SyncResult[]): Promise<void> {
  if (results.length === 0) return;
  await db.raw(
    `with mine as materialized (
       select l.id, x.version, x.cause, x.permanent, x.withdrawn
       from unnest(:ids::text[], :versions::int[], :causes::text[], :permanent::boolean[], :withdrawn::boolean[])
         as x(id, version, cause, permanent, withdrawn)
       join listings l on l.id = x.id and l.id = any(:ids)
       for no key update of l skip locked)
     update listings l set
       sent_version = greatest(l.sent_version, mine.version),
       synced_version = case when mine.cause is null then greatest(l.synced_version, mine.version) else l.synced_version end,
       failures = case when mine.cause is null then 0 else l.failures + mine.permanent::int end,
       cause = mine.cause,
       delisted_at = case when mine.withdrawn then now() else l.delisted_at end,
       suspended_at = case when mine.permanent and l.failures + 1 >= :most then now() else l.suspended_at end
     from mine where l.id = mine.id and l.id = any(:ids)`,
    {
      ids: results.map(({ listingId }) => listingId),
      versions: results.map(({ version }) => version),
      causes: results.map(({ cause }) => cause),
      permanent: results.map(({ permanent }) => permanent),
      withdrawn: results.map(({ withdrawn = false }) => withdrawn),
      most: failuresUntilSuspension,
    },
  );
  const gone = results.filter(({ withdrawn }) => withdrawn).map(({ listingId }) => listingId);
  await noteSkuChanges(db, gone);
}
