import type { ResolutionAction } from '../../domain/attention.ts';
import { DomainError } from '../../domain/errors.ts';
import { assertHasSku } from '../../domain/listing.ts';
import { lockLinks, relinkListing } from './listing-links.ts';
import { requireListing, type Listing } from './listings.ts';
import { ensureMirrorProducts } from './mirror-products.ts';
import { renameProduct } from './products.ts';
import { acceptSkus } from './sku-changes.ts';
import type { AccountDb } from '../engine/with-account.ts';

type Decision = { action: ResolutionAction; productId?: string | undefined; by: string };

/**
 * Decides about a listing whose SKU changed at its channel. `relink` without a product finds the product of the new SKU, or
 * makes it as an import does.
 * @throws DomainError `attention_not_found`, `sku_taken`, `sku_missing`, `product_not_found`
 */
export async function decideSku(
  db: AccountDb,
  { id, listingId }: { id: string; listingId: string },
  { action, productId, by }: Decision,
): Promise<void> {
  const { channelId } = await requireListing(db, listingId);
  await lockLinks(db, channelId);
  // An import, or another person, may have decided meanwhile.
  const closed = await db('attentions')
    .where({ id })
    .whereNull('resolved_at')
    .update({ resolved_at: db.fn.now(), action, resolved_by: by });
  if (closed === 0) throw new DomainError('attention_not_found', 'Nothing with this id waits for a decision.');
  const listing = await requireListing(db, listingId);
  if (action === 'rename') await rename(db, listing);
  if (action === 'relink') await relinkTo(db, listing, productId);
  await acceptSkus(db, [listingId]);
}

async function rename(db: AccountDb, listing: Listing): Promise<void> {
  assertHasSku(listing);
  // Only a listing with a product raises this attention.
  await renameProduct(db, listing.productId!, listing.remoteSku);
}

async function relinkTo(db: AccountDb, listing: Listing, productId: string | undefined): Promise<void> {
  if (productId !== undefined) return relinkListing(db, listing.id, { productId, linkedBy: 'hand' });
  assertHasSku(listing);
  const sku = listing.remoteSku;
  const bySku = await ensureMirrorProducts(db, listing.channelId, [{ sku, name: sku }]);
  await relinkListing(db, listing.id, { productId: bySku.get(sku)!, linkedBy: 'sku' });
}
