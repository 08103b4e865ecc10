import { randomBytes } from 'node:crypto';
import { availableAnywhere } from '../../../db/stock/availability.ts';
import { storeListings } from '../../../db/catalogue/listing-page.ts';
import { requireListing } from '../../../db/catalogue/listings.ts';
import type { Pool } from '../../../db/engine/pool.ts';
import { findProductsBySku } from '../../../db/catalogue/products.ts';
import { setLevels } from '../../../db/stock/levels.ts';
import { ensureMirrorProducts } from '../../../db/catalogue/mirror-products.ts';
import { withAccount } from '../../../db/engine/with-account.ts';
import { listDue } from '../../../db/catalogue/write-back.ts';
import { aMerchant, aSku, type Link, type Merchant } from './database-trade.ts';

/** Listings and stock by db functions alone, for tests below the API. */

/** Sets the stock in the account's first own warehouse. */
export const setUnits = (pool: Pool, accountId: string, units: Record<string, number>) =>
  withAccount(pool, accountId, (db) =>
    setLevels(
      db,
      Object.entries(units).map(([sku, physicalOnHand]) => ({ sku, level: { physicalOnHand } })),
    ),
  );

/** Lists products of an account on a channel, as an import would. `remoteIds`: by SKU; the SKU itself where not given. */
export const listOn = (
  pool: Pool,
  place: { accountId: string; channelId: string; remoteIds?: Record<string, string> },
  skus: readonly string[],
) =>
  withAccount(pool, place.accountId, (db) =>
    storeListings(
      db,
      place.channelId,
      skus.map((sku) => ({ sku, remoteId: place.remoteIds?.[sku] ?? sku, name: sku })),
    ),
  );

/** Products that a merchant assigned to the supplier, with mirror products listed on the portal. @returns their SKUs */
export async function supplied(
  pool: Pool,
  trade: { merchant: Pick<Merchant, 'accountId'>; link: Link },
  count = 1,
): Promise<string[]> {
  const { merchant, link } = trade;
  const run = randomBytes(4).toString('hex');
  const skus = Array.from({ length: count }, (_, index) => `SKU-${run}-${index}`);
  for (const sku of skus) await aSku(pool, merchant.accountId, { sku, supplierId: link.supplierId });
  await listOnPortal(pool, trade, skus);
  return skus;
}

/** Mirror products and listings of products that are assigned already. */
async function listOnPortal(
  pool: Pool,
  { merchant, link }: { merchant: Pick<Merchant, 'accountId'>; link: Link },
  skus: readonly string[],
): Promise<void> {
  const products = await withAccount(pool, merchant.accountId, (db) => findProductsBySku(db, skus));
  const portal = { accountId: link.supplierAccountId, channelId: link.portalId };
  await withAccount(pool, portal.accountId, (db) => ensureMirrorProducts(db, portal.channelId, products));
  const remoteIds = Object.fromEntries(products.map(({ sku, id }) => [sku, id]));
  await listOn(pool, { ...portal, remoteIds }, skus);
}

/** A product as its account sees it: each warehouse by `own` or supplier id, and the figure that shops get. */
export const stockSeen = (pool: Pool, accountId: string, sku: string) =>
  withAccount(pool, accountId, async (db) => {
    const { rows } = await db.raw<{ rows: SeenRow[] }>(
      `select coalesce(w.supplier_id, 'own') as place, s.physical_on_hand as "onHand", s.applied_version as applied,
              p.stock_version as version, ${availableAnywhere} as available
       from products p left join stock s on s.product_id = p.id left join warehouses w on w.id = s.warehouse_id
       where p.sku = :sku order by w.created_at`,
      { sku },
    );
    const { version, available } = rows[0]!;
    const places = Object.fromEntries(rows.map(({ place, onHand, applied }) => [place, { onHand, applied }]));
    return { version, available, places };
  });
type SeenRow = {
  place: string;
  onHand: number;
  applied: number | null;
  version: number;
  available: number;
};

export type CountedShop = Awaited<ReturnType<typeof aCountedShop>>;

/** A shop with listed products, each counted. */
export async function aCountedShop(pool: Pool, units: Record<string, number>) {
  const shop = await aMerchant(pool);
  const { accountId, channelId } = shop;
  for (const sku of Object.keys(units)) await aSku(pool, accountId, { sku });
  await listOn(pool, shop, Object.keys(units));
  await setUnits(pool, accountId, units);
  return {
    ...shop,
    due: (after: string | null = null, limit = 10) =>
      withAccount(pool, accountId, (db) => listDue(db, channelId, { after, limit, of: 'all' })),
    listing: (sku: string) =>
      withAccount(pool, accountId, async (db) => {
        const row = await db('listings')
          .where({ remote_sku: sku })
          .first<{ id: string; failures: number }>('id', 'failures');
        return { ...(await requireListing(db, row.id)), failures: row.failures };
      }),
  };
}
