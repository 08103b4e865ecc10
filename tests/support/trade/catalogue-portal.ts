import { relinkByHand } from '../../../db/catalogue/listing-links.ts';
import { requireListing } from '../../../db/catalogue/listings.ts';
import { findMeanings } from '../../../db/catalogue/sku-meanings.ts';
import type { Pool } from '../../../db/engine/pool.ts';
import { withAccount } from '../../../db/engine/with-account.ts';
import {
  catalogueOf,
  countStock,
  delist,
  listingIdOf,
  named,
  productIdOf,
  setListing,
  storePage,
} from './database-catalogue.ts';
import { aLink, aMerchant, type Link } from './database-trade.ts';

/** A supplier's portal, whose catalogue a test stores page by page. */
export async function aPortal(pool: Pool, supplierId?: string) {
  const { accountId: merchantId } = await aMerchant(pool);
  const link: Link = await aLink(pool, merchantId, supplierId);
  const place = { accountId: link.supplierAccountId, channelId: link.portalId };
  const listing = async (remoteId: string) =>
    (await catalogueOf(pool, place.accountId)).listings.find((one) => one.remoteId === remoteId)!;
  return {
    ...place,
    listing,
    store: (...products: [string, string][]) =>
      storePage(
        pool,
        place,
        products.map(([remoteId, sku]) => named(remoteId, sku)),
      ),
    delist: (after: string | null, upTo: string | null, ...rest: string[]) =>
      delist(pool, place, { after, upTo, named: rest }),
    count: (sku: string, times?: number) => countStock(pool, { accountId: place.accountId, sku, times }),
    set: (remoteId: string, change: Omit<Parameters<typeof setListing>[2], 'remoteId'>) =>
      setListing(pool, place, { remoteId, ...change }),
    async relink(remoteId: string, sku: string) {
      const listingId = await listingIdOf(pool, place, remoteId);
      const productId = await productIdOf(pool, place.accountId, sku);
      await withAccount(pool, place.accountId, async (db) =>
        relinkByHand(db, await requireListing(db, listingId), productId),
      );
    },
    linked: async (sku: string) => {
      const ids = await withAccount(pool, place.accountId, (db) => findMeanings(db, place.channelId, [sku]));
      return ids.get(sku)?.productId;
    },
    catalogue: () => catalogueOf(pool, place.accountId),
  };
}
