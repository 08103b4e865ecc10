import type { LinkOrigin } from '../../domain/listing.ts';
import { newId } from '../engine/ids.ts';
import { lockLinks } from './lock-links.ts';
import { requireProduct } from './products.ts';
import { acceptSkus } from './sku-changes.ts';
import { bumpVersions, lockProducts } from '../stock/stock.ts';
import type { AccountDb } from '../engine/with-account.ts';

/** The link from a channel's listings to products. `lock-links.ts` has the order of locks. */

/** The products of the linked listings. */
export const productsOf = (listings: readonly { productId: string | null }[]): string[] =>
  listings.map((listing) => listing.productId).filter((id) => id !== null);

type Link = { listingId: string; productId: string };
type Move = Link & { from: string | null; floor: number };

/**
 * Gives listings other products. A figure that is written upstream has a version and only newer versions count (law 6), so
 * a listing's version must not fall: the new product's version rises above all versions that were sent of the old product.
 * The caller has called `lockLinks`.
 */
export async function relink(
  db: AccountDb,
  { links, linkedBy }: { links: readonly Link[]; linkedBy: LinkOrigin },
): Promise<void> {
  const listingIds = links.map((link) => link.listingId);
  const now = await listLinked(db, listingIds);
  await lockProducts(db, productsOf([...links, ...now]));
  const wanted = new Map(links.map((link) => [link.listingId, link.productId]));
  const moves = (await listFloors(db, listingIds))
    .map((move) => ({ ...move, productId: wanted.get(move.listingId)! }))
    .filter((move) => move.productId !== move.from);
  await raiseAbove(db, moves);
  await write(db, moves);
  await db('listings').whereIn('id', listingIds).whereNot({ linked_by: linkedBy }).update({ linked_by: linkedBy });
}

async function listLinked(db: AccountDb, listingIds: readonly string[]): Promise<{ productId: string | null }[]> {
  return db('listings').whereIn('id', listingIds).select<{ productId: string | null }[]>({ productId: 'product_id' });
}

/** The highest version of each listing that may have been sent. */
async function listFloors(db: AccountDb, listingIds: readonly string[]): Promise<Omit<Move, 'productId'>[]> {
  const { rows } = await db.raw<{ rows: Omit<Move, 'productId'>[] }>(
    `select l.id as "listingId", l.product_id as "from",
            greatest(p.stock_version, l.stock_version, l.synced_version, l.sent_version) as floor
     from listings l left join products p on p.id = l.product_id where l.id = any(:listingIds)`,
    { listingIds },
  );
  return rows;
}

async function raiseAbove(db: AccountDb, moves: readonly Move[]): Promise<void> {
  if (moves.length === 0) return;
  const productIds = moves.map((move) => move.productId);
  await db.raw(
    `update products p set stock_version = x.floor
     from (select id, max(floor) as floor from unnest(:productIds::text[], :floors::int[]) as x(id, floor) group by id) x
     where p.id = x.id and p.stock_version < x.floor`,
    { productIds, floors: moves.map((move) => move.floor) },
  );
  await bumpVersions(db, productIds);
}

async function write(db: AccountDb, moves: readonly Move[]): Promise<void> {
  await db.raw(
    `update listings l set product_id = x.product_id,
            stock_version = case when p.stock_set_at is null then 0 else p.stock_version end,
            synced_version = 0, cause = null, failures = 0, suspended_at = null
     from unnest(:listingIds::text[], :productIds::text[]) as x(id, product_id)
     join products p on p.id = x.product_id
     where l.id = x.id`,
    { listingIds: moves.map((move) => move.listingId), productIds: moves.map((move) => move.productId) },
  );
}

/** Gives one listing another product. The caller has called `lockLinks`. @throws DomainError `product_not_found` */
export async function relinkListing(
  db: AccountDb,
  listingId: string,
  { productId, linkedBy }: { productId: string; linkedBy: LinkOrigin },
): Promise<void> {
  await requireProduct(db, productId);
  await relink(db, { links: [{ listingId, productId }], linkedBy });
}

/**
 * Links the listing of a product that a line of an order names, by a person's decision, and makes it where no import has read
 * it yet. A listing that has a product stays as it is.
 */
export async function linkNamed(
  db: AccountDb,
  { channelId, remoteId, sku }: { channelId: string; remoteId: string; sku: string },
  productId: string,
): Promise<void> {
  await lockLinks(db, [channelId]);
  const known = await db('listings')
    .where({ channel_id: channelId, remote_id: remoteId })
    .first<{ id: string; product_id: string | null } | undefined>('id', 'product_id');
  if (known && known.product_id !== null) return;
  if (known) {
    await relinkListing(db, known.id, { productId, linkedBy: 'hand' });
    return acceptSkus(db, [known.id]);
  }
  await lockProducts(db, [productId]);
  await db.raw(
    `insert into listings (account_id, id, channel_id, product_id, linked_by, remote_id, remote_sku, linked_sku, stock_version)
     select :accountId, :id, :channelId, p.id, 'hand', :remoteId, :sku, :sku,
            case when p.stock_set_at is null then 0 else p.stock_version end
     from products p where p.id = :productId`,
    { accountId: db.accountId, id: newId('listing'), channelId, remoteId, sku, productId },
  );
}

/**
 * Links a listing by a person's decision, which no import overrules. Orders may name SKUs alone, so the other listings of
 * the channel with the same SKU are linked too; not where one of them was linked by another SKU.
 * @throws DomainError `product_not_found`
 */
export async function relinkByHand(
  db: AccountDb,
  listing: { id: string; channelId: string },
  productId: string,
): Promise<void> {
  await requireProduct(db, productId);
  await lockLinks(db, [listing.channelId]);
  const { rows } = await db.raw<{ rows: { id: string }[] }>(
    `select o.id from listings l
     join listings o on o.id = l.id or (o.channel_id = l.channel_id and o.remote_sku = l.remote_sku
                                        and o.linked_sku = l.linked_sku and l.remote_sku <> '')
     where l.id = :id`,
    { id: listing.id },
  );
  const listingIds = rows.map((row) => row.id);
  await relink(db, { links: listingIds.map((listingId) => ({ listingId, productId })), linkedBy: 'hand' });
  await acceptSkus(db, listingIds);
}
