import {
  delistUnnamed,
  listUnlinked,
  storeListings,
  type NamedProduct,
  type StoredPage,
} from '../../../db/catalogue/listing-page.ts';
import type { Pool } from '../../../db/engine/pool.ts';
import { bumpVersions } from '../../../db/stock/stock.ts';
import { insertMirrorProducts } from '../../../db/catalogue/mirror-products.ts';
import { withAccount } from '../../../db/engine/with-account.ts';
import type { LinkOrigin } from '../../../domain/listing.ts';

/** A listing's row without random ids and times. `product`: the SKU of the linked product. */
type ListingRow = {
  remoteId: string;
  remoteSku: string;
  linkedSku: string;
  product: string | null;
  linkedBy: LinkOrigin;
  stockVersion: number;
  syncedVersion: number;
  sentVersion: number;
  failures: number;
  cause: string | null;
  isSuspended: boolean;
  isDelisted: boolean;
};
type ProductRow = { sku: string; name: string; type: string; version: number; isCounted: boolean };

/** All rows that an import may change in an account, without random ids and times. */
export async function catalogueOf(
  pool: Pool,
  accountId: string,
): Promise<{ products: ProductRow[]; listings: ListingRow[] }> {
  return withAccount(pool, accountId, async (db) => {
    const products = await db.raw<{ rows: (ProductRow & { id: string })[] }>(
      `select id, sku, name, fulfillment_type as type, stock_version as version, stock_set_at is not null as "isCounted"
       from products order by sku`,
    );
    const listings = await db.raw<{ rows: (Omit<ListingRow, 'product'> & { productId: string | null })[] }>(
      `select remote_id as "remoteId", remote_sku as "remoteSku", linked_sku as "linkedSku", product_id as "productId", linked_by as "linkedBy",
              stock_version as "stockVersion", synced_version as "syncedVersion", sent_version as "sentVersion",
              failures, cause, suspended_at is not null as "isSuspended", delisted_at is not null as "isDelisted"
       from listings order by channel_id, remote_id`,
    );
    // Joined here: Postgres without statistics may compare each of 10,000 listings with each product.
    const skus = new Map(products.rows.map(({ id, sku }) => [id, sku]));
    return {
      products: products.rows.map(({ id: _, ...product }) => product),
      listings: listings.rows.map(({ productId, ...listing }) => ({
        ...listing,
        product: (productId !== null && skus.get(productId)) || null,
      })),
    };
  });
}

type Place = { accountId: string; channelId: string };

/** One page as Import Products stores it. */
export async function storePage(
  pool: Pool,
  { accountId, channelId }: Place,
  named: readonly NamedProduct[],
): Promise<StoredPage> {
  await withAccount(pool, accountId, async (db) => {
    await insertMirrorProducts(db, await listUnlinked(db, channelId, named));
  });
  return withAccount(pool, accountId, (db) => storeListings(db, channelId, named));
}

export const delist = (
  pool: Pool,
  { accountId, channelId }: Place,
  span: { after: string | null; upTo: string | null; named: readonly string[] },
) => withAccount(pool, accountId, (db) => delistUnnamed(db, channelId, span));

/** A product as a channel names it. */
export const named = (remoteId: string, sku: string): NamedProduct => ({ remoteId, sku, name: `Name of ${sku}` });

/** Sets a product's stock several times: its version and those of its listings rise by one each time. */
export async function countStock(
  pool: Pool,
  { accountId, sku, times = 1 }: { accountId: string; sku: string; times?: number | undefined },
): Promise<void> {
  await withAccount(pool, accountId, async (db) => {
    const { id } = (await db('products').where({ sku }).first<{ id: string } | undefined>('id'))!;
    for (let time = 0; time < times; time += 1) await bumpVersions(db, [id], { counted: true });
  });
}

/** The row of a listing after Write Inventory Back. */
export async function setListing(
  pool: Pool,
  { accountId, channelId }: Place,
  { remoteId, ...change }: { remoteId: string; synced?: number; sent?: number; failures?: number; suspended?: boolean },
): Promise<void> {
  await withAccount(pool, accountId, (db) =>
    db('listings')
      .where({ channel_id: channelId, remote_id: remoteId })
      .update({
        ...(change.synced !== undefined && { synced_version: change.synced }),
        ...(change.sent !== undefined && { sent_version: change.sent }),
        ...(change.failures !== undefined && { failures: change.failures }),
        ...(change.suspended && { suspended_at: db.fn.now(), cause: 'gone_at_channel' }),
      }),
  );
}

export async function listingIdOf(pool: Pool, { accountId, channelId }: Place, remoteId: string): Promise<string> {
  const find = withAccount(pool, accountId, (db) =>
    db('listings').where({ channel_id: channelId, remote_id: remoteId }).first<{ id: string } | undefined>('id'),
  );
  return (await find)!.id;
}

export async function productIdOf(pool: Pool, accountId: string, sku: string): Promise<string> {
  const find = withAccount(pool, accountId, (db) =>
    db('products').where({ sku }).first<{ id: string } | undefined>('id'),
  );
  return (await find)!.id;
}
