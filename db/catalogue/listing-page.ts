import { linkFor } from '../../domain/listing.ts';
import { newId } from '../engine/ids.ts';
import { lockLinks, productsOf, relink } from './listing-links.ts';
import { findLinked } from './listings.ts';
import { noteSkuChanges } from './sku-changes.ts';
import { lockProducts } from '../stock/stock.ts';
import type { AccountDb } from '../engine/with-account.ts';

/** A product as its channel names it; `sku` is empty where the channel has none. */
export type NamedProduct = { remoteId: string; sku: string; name: string };
/** The results of a page; `withoutSku`: listings by remote id. */
export type StoredPage = { created: number; updated: number; unchanged: number; withoutSku: string[] };

type Known = { id: string; remoteSku: string; productId: string | null; isDelisted: boolean };
type Entry = NamedProduct & { known: Known | undefined; step: ReturnType<typeof linkFor> };

/** The products of a page whose SKU must become a product before `storeListings`; usually none. */
export async function listUnlinked(
  db: AccountDb,
  channelId: string,
  named: readonly NamedProduct[],
): Promise<NamedProduct[]> {
  return (await readEntries(db, channelId, named)).filter(({ step }) => step === 'link');
}

/**
 * Stores the listings of a page, in a fixed number of statements. Products are linked, never changed. Idempotent.
 * @param named each remote id once; each SKU that must be a product is (`ensureMirrorProducts`, in a transaction of its
 *   own: it locks the new products in the order of SKUs, this function those that exist)
 */
export async function storeListings(
  db: AccountDb,
  channelId: string,
  named: readonly NamedProduct[],
): Promise<StoredPage> {
  await lockLinks(db, channelId);
  const entries = await readEntries(db, channelId, named);
  const linked = await link(db, channelId, entries);
  const known = linked.filter((entry): entry is Linked & { known: Known } => entry.known !== undefined);
  const moved = known.filter((entry): entry is typeof entry & { productId: string } => entry.step === 'link');
  const revived = known.filter((entry) => entry.known.isDelisted);
  const renamed = known.filter((entry) => entry.known.remoteSku !== entry.sku);
  const fresh = linked.filter((entry) => entry.known === undefined);
  const changed = [...fresh, ...moved, ...revived];
  await lockProducts(db, productsOf(changed));
  if (moved.length > 0) {
    const links = moved.map((entry) => ({ listingId: entry.known.id, productId: entry.productId }));
    await relink(db, { links, linkedBy: 'sku' });
  }
  const rewritten = [...new Set([...revived, ...renamed])];
  await rename(db, rewritten);
  await noteSkuChanges(
    db,
    rewritten.map((entry) => entry.known.id),
  );
  await insert(db, channelId, fresh);
  const isMissing = ({ productId }: Linked) => productId === null;
  const updated = new Set([...moved, ...rewritten].filter((entry) => !isMissing(entry))).size;
  const withoutSku = linked.filter(isMissing).map(({ remoteId }) => remoteId);
  const created = fresh.filter((entry) => !isMissing(entry)).length;
  return { created, updated, unchanged: linked.length - created - updated - withoutSku.length, withoutSku };
}

async function readEntries(db: AccountDb, channelId: string, named: readonly NamedProduct[]): Promise<Entry[]> {
  const { rows } = await db.raw<{ rows: (Known & { remoteId: string })[] }>(
    `select id, remote_id as "remoteId", remote_sku as "remoteSku", product_id as "productId",
            delisted_at is not null as "isDelisted"
     from listings where channel_id = :channelId and remote_id = any(:remoteIds)`,
    { channelId, remoteIds: named.map(({ remoteId }) => remoteId) },
  );
  const byRemoteId = new Map(rows.map(({ remoteId, ...known }) => [remoteId, known]));
  return named.map((one) => {
    const known = byRemoteId.get(one.remoteId);
    return { ...one, known, step: linkFor(known, one.sku) };
  });
}

type Linked = Entry & { productId: string | null };

/** Finds the product that each listing shall have. */
async function link(db: AccountDb, channelId: string, entries: readonly Entry[]): Promise<Linked[]> {
  const skus = entries.filter(({ step }) => step === 'link').map(({ sku }) => sku);
  const bySku = skus.length === 0 ? new Map<string, string>() : await findLinked(db, channelId, skus);
  return entries.map((entry) => {
    if (entry.step === 'keep') return { ...entry, productId: entry.known?.productId ?? null };
    const productId = bySku.get(entry.sku);
    // The product got another SKU a moment ago; the next try makes a new product.
    if (productId === undefined) throw new Error('A SKU of this page means no product any more.');
    return { ...entry, productId };
  });
}

/**
 * Writes the SKU at the channel. It is the SKU of the link too where the listing was linked by it just now, or where our
 * product has it already. A listing that is listed again starts afresh: its figure needs sync.
 */
async function rename(db: AccountDb, entries: readonly (Entry & { known: Known })[]): Promise<void> {
  if (entries.length === 0) return;
  await db.raw(
    `update listings l set remote_sku = x.sku, delisted_at = null,
            linked_sku = case when x.linked or p.sku = x.sku then x.sku else l.linked_sku end,
            synced_version = case when x.revived then 0 else l.synced_version end,
            sent_version = case when x.revived then 0 else l.sent_version end,
            failures = case when x.revived then 0 else l.failures end,
            cause = case when x.revived then null else l.cause end,
            suspended_at = case when x.revived then null else l.suspended_at end
     from unnest(:ids::text[], :skus::text[], :revived::boolean[], :linked::boolean[]) as x(id, sku, revived, linked)
     left join listings own on own.id = x.id
     left join products p on p.id = own.product_id
     where l.id = x.id`,
    {
      ids: entries.map(({ known }) => known.id),
      skus: entries.map(({ sku }) => sku),
      revived: entries.map(({ known }) => known.isDelisted),
      linked: entries.map(({ step }) => step === 'link'),
    },
  );
}

async function insert(db: AccountDb, channelId: string, entries: readonly Linked[]): Promise<void> {
  if (entries.length === 0) return;
  await db.raw(
    `insert into listings (account_id, id, channel_id, product_id, remote_id, remote_sku, linked_sku, stock_version, cause)
     select :accountId, x.id, :channelId, x.product_id, x.remote_id, x.sku, x.sku,
            case when p.stock_set_at is null then 0 else p.stock_version end,
            case when x.product_id is null then 'sku_missing' end
     from unnest(:ids::text[], :productIds::text[], :remoteIds::text[], :skus::text[]) as x(id, product_id, remote_id, sku)
     left join products p on p.id = x.product_id`,
    {
      accountId: db.accountId,
      channelId,
      ids: entries.map(() => newId('listing')),
      productIds: entries.map(({ productId }) => productId),
      remoteIds: entries.map(({ remoteId }) => remoteId),
      skus: entries.map(({ sku }) => sku),
    },
  );
}

/** Part of a complete feed, by remote ids: above `after`, up to and with `upTo`; null is no bound. */
export type Span = { after: string | null; upTo: string | null };
const mostAtOnce = 1_000;

/**
 * Delists the listings that a part of a complete feed does not name any more.
 * @returns how many; as many as one transaction takes where there may be more
 */
export async function delistUnnamed(
  db: AccountDb,
  channelId: string,
  { after, upTo, named }: Span & { named: readonly string[] },
): Promise<{ delisted: number; more: boolean }> {
  await lockLinks(db, channelId);
  const { rows } = await db.raw<{ rows: { id: string; productId: string | null }[] }>(
    `select id, product_id as "productId" from listings
     where channel_id = :channelId and delisted_at is null and remote_id > coalesce(:after, '')
       and (:upTo::text is null or remote_id <= :upTo) and remote_id <> all(:named)
     limit :limit`,
    { channelId, after, upTo, named, limit: mostAtOnce },
  );
  if (rows.length === 0) return { delisted: 0, more: false };
  // A change of stock of these products writes these listings too; take the locks in its order.
  await lockProducts(db, productsOf(rows));
  const ids = rows.map((row) => row.id);
  await db('listings').whereIn('id', ids).update({ delisted_at: db.fn.now() });
  await noteSkuChanges(db, ids);
  return { delisted: rows.length, more: rows.length === mostAtOnce };
}
