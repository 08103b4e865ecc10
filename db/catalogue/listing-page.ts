import { linkFor } from '../../domain/listing.ts';
import { newId } from '../engine/ids.ts';
import { productsOf, relink } from './listing-links.ts';
import { lockLinks } from './lock-links.ts';
import { findMeaningless, findMeanings } from './sku-meanings.ts';
import { noteSkuChanges } from './sku-changes.ts';
import { lockProducts } from '../stock/stock.ts';
import type { AccountDb } from '../engine/with-account.ts';

/** A product as its channel names it; `sku` is empty where the channel has none. */
export type NamedProduct = { remoteId: string; sku: string; name: string };
/** The results of a page; `withoutSku`: listings by remote id. */
export type StoredPage = { created: number; updated: number; unchanged: number; withoutSku: string[] };

type Known = { remoteSku: string; productId: string | null; isDelisted: boolean };
/** `id`: of the listing, also where it is new. */
type Entry = NamedProduct & { id: string; known: Known | undefined; step: ReturnType<typeof linkFor> };

/** The products of a page whose SKU must become a product before `storeListings`; usually none. */
export async function listUnlinked(
  db: AccountDb,
  channelId: string,
  named: readonly NamedProduct[],
): Promise<NamedProduct[]> {
  const entries = await readEntries(db, channelId, named);
  const unlinked = entries.filter(({ step }) => step === 'link');
  if (unlinked.length === 0) return [];
  const meaningless = await findMeaningless(db, channelId, {
    skus: unlinked.map(({ sku }) => sku),
    renamed: entries.filter(isRenamed).map(({ remoteId }) => remoteId),
  });
  return unlinked.filter(({ sku }) => meaningless.has(sku));
}

const isRenamed = ({ known, sku }: Entry): boolean => known !== undefined && known.remoteSku !== sku;

/**
 * Stores the listings of a page, in a fixed number of statements. Products are linked, never changed. The SKUs of known
 * listings are written before new ones are linked: a SKU may have gone from a variant to another in the same page. Idempotent.
 * @param named each remote id once; each SKU that must be a product is (`insertMirrorProducts`, in a transaction of its
 *   own: it locks the new products in the order of SKUs, this function those that exist)
 */
export async function storeListings(
  db: AccountDb,
  channelId: string,
  named: readonly NamedProduct[],
): Promise<StoredPage> {
  await lockLinks(db, [channelId]);
  const entries = await readEntries(db, channelId, named);
  const rewritten = entries.filter((entry) => isRenamed(entry) || entry.known?.isDelisted === true);
  await lockConcerned(db, channelId, { entries, rewritten });
  await rewrite(db, rewritten);
  const linked = await link(db, channelId, entries);
  const fresh = linked.filter((entry) => entry.known === undefined);
  const moved = linked.filter((entry): entry is Moved => entry.known !== undefined && entry.isLinkedNow);
  await lockProducts(db, productsOf([...fresh, ...moved]));
  await insert(db, channelId, fresh);
  await move(db, moved);
  const ids = [...new Set([...rewritten, ...moved, ...fresh].map(({ id }) => id))];
  await noteSkuChanges(db, ids);
  return count(linked, new Set(ids));
}

/** A listing without SKU is not stored for good: the shop has to give it one. */
function count(linked: readonly Linked[], changed: ReadonlySet<string>): StoredPage {
  const withoutSku = linked.filter(({ productId, sku }) => productId === null && sku === '');
  const stored = linked.filter((entry) => !withoutSku.includes(entry));
  const created = stored.filter(({ known }) => known === undefined).length;
  const updated = stored.filter(({ id, known }) => known !== undefined && changed.has(id)).length;
  return {
    created,
    updated,
    unchanged: stored.length - created - updated,
    withoutSku: withoutSku.map(({ remoteId }) => remoteId),
  };
}

/** Locks all products that the page may link or write, before its listings are written: a change of stock locks in that order. */
async function lockConcerned(
  db: AccountDb,
  channelId: string,
  { entries, rewritten }: { entries: readonly Entry[]; rewritten: readonly Entry[] },
): Promise<void> {
  const skus = entries.filter(({ step }) => step === 'link').map(({ sku }) => sku);
  if (skus.length === 0 && rewritten.length === 0) return;
  const { rows } = await db.raw<{ rows: { productId: string }[] }>(
    `select id as "productId" from products where sku = any(:skus)
     union select product_id from listings
     where channel_id = :channelId and product_id is not null and (remote_sku = any(:skus) or id = any(:ids))`,
    { channelId, skus, ids: rewritten.map(({ id }) => id) },
  );
  await lockProducts(db, productsOf(rows));
}

async function readEntries(db: AccountDb, channelId: string, named: readonly NamedProduct[]): Promise<Entry[]> {
  const { rows } = await db.raw<{ rows: (Known & { id: string; remoteId: string })[] }>(
    `select id, remote_id as "remoteId", remote_sku as "remoteSku", product_id as "productId",
            delisted_at is not null as "isDelisted"
     from listings where channel_id = :channelId and remote_id = any(:remoteIds)`,
    { channelId, remoteIds: named.map(({ remoteId }) => remoteId) },
  );
  const byRemoteId = new Map(rows.map((row) => [row.remoteId, row]));
  return named.map((one) => {
    const known = byRemoteId.get(one.remoteId);
    return { ...one, id: known?.id ?? newId('listing'), known, step: linkFor(known, one.sku) };
  });
}

type Linked = Entry & { productId: string | null; isLinkedNow: boolean };
type Moved = Linked & { productId: string };

/** Finds the product that each listing shall have: none where a person has to decide first. */
async function link(db: AccountDb, channelId: string, entries: readonly Entry[]): Promise<Linked[]> {
  const skus = entries.filter(({ step }) => step === 'link').map(({ sku }) => sku);
  const meanings = skus.length === 0 ? undefined : await findMeanings(db, channelId, skus);
  return entries.map((entry) => {
    if (entry.step === 'keep') return { ...entry, productId: entry.known?.productId ?? null, isLinkedNow: false };
    const meaning = meanings?.get(entry.sku);
    // The product got another SKU a moment ago; the next try makes a new product.
    if (meaning === undefined) throw new Error('A SKU of this page means no product any more.');
    const { productId, isUndecided } = meaning;
    return { ...entry, productId: isUndecided ? null : productId, isLinkedNow: !isUndecided };
  });
}

/**
 * Writes the SKU at the channel. It is the SKU of the link too where our product has it already. A listing that is listed
 * again starts afresh: its figure needs sync.
 */
async function rewrite(db: AccountDb, entries: readonly Entry[]): Promise<void> {
  if (entries.length === 0) return;
  await db.raw(
    `update listings l set remote_sku = x.sku, delisted_at = null,
            linked_sku = case when p.sku = x.sku then x.sku else l.linked_sku end,
            synced_version = case when x.revived then 0 else l.synced_version end,
            sent_version = case when x.revived then 0 else l.sent_version end,
            failures = case when x.revived then 0 else l.failures end,
            cause = case when l.product_id is null then ${causeOf('x.sku')} when x.revived then null else l.cause end,
            suspended_at = case when x.revived then null else l.suspended_at end
     from unnest(:ids::text[], :skus::text[], :revived::boolean[]) as x(id, sku, revived)
     left join listings own on own.id = x.id
     left join products p on p.id = own.product_id
     where l.id = x.id`,
    {
      ids: entries.map(({ id }) => id),
      skus: entries.map(({ sku }) => sku),
      revived: entries.map(({ known }) => known?.isDelisted === true),
    },
  );
}

/** SQL: why a listing has no product. */
const causeOf = (sku: string): string => `case when ${sku} = '' then 'sku_missing' else 'sku_changed' end`;

/** Links listings that had no product. */
async function move(db: AccountDb, entries: readonly Moved[]): Promise<void> {
  if (entries.length === 0) return;
  const links = entries.map(({ id, productId }) => ({ listingId: id, productId }));
  await relink(db, { links, linkedBy: 'sku' });
  await db('listings')
    .whereIn(
      'id',
      entries.map(({ id }) => id),
    )
    .update({ linked_sku: db.ref('remote_sku') });
}

async function insert(db: AccountDb, channelId: string, entries: readonly Linked[]): Promise<void> {
  if (entries.length === 0) return;
  await db.raw(
    `insert into listings (account_id, id, channel_id, product_id, remote_id, remote_sku, linked_sku, stock_version, cause)
     select :accountId, x.id, :channelId, x.product_id, x.remote_id, x.sku, case when x.product_id is null then '' else x.sku end,
            case when p.stock_set_at is null then 0 else p.stock_version end,
            case when x.product_id is null then ${causeOf('x.sku')} end
     from unnest(:ids::text[], :productIds::text[], :remoteIds::text[], :skus::text[]) as x(id, product_id, remote_id, sku)
     left join products p on p.id = x.product_id`,
    {
      accountId: db.accountId,
      channelId,
      ids: entries.map(({ id }) => id),
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
  await lockLinks(db, [channelId]);
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
