import type { ResolutionAction } from '../../domain/attention.ts';
import { DomainError } from '../../domain/errors.ts';
import { assertHasSku, productToRename } from '../../domain/listing.ts';
import { relinkListing } from './listing-links.ts';
import { requireListing, type Listing } from './listings.ts';
import { lockLinks, lockLinksOf } from './lock-links.ts';
import { ensureMirrorProducts } from './mirror-products.ts';
import { renameProduct } from './products.ts';
import { acceptSkus } from './sku-changes.ts';
import { findMeanings } from './sku-meanings.ts';
import type { AccountDb } from '../engine/with-account.ts';

type Decision = { action: ResolutionAction; productId?: string | undefined; by: string };

/**
 * Decides about a listing whose SKU changed at its channel. `relink` without a product finds the product of the new SKU, or
 * makes it as an import does.
 * @throws DomainError `attention_not_found`, `sku_taken`, `sku_missing`, `product_not_found`, `resolution_not_possible`
 */
export async function decideSku(
  db: AccountDb,
  { id, listingId }: { id: string; listingId: string },
  { action, productId, by }: Decision,
): Promise<void> {
  await lockFor(db, await requireListing(db, listingId), action);
  // An import, or another person, may have decided before these locks.
  const open = await db('attentions').where({ id }).whereNull('resolved_at').first<{ id: string } | undefined>('id');
  if (!open) throw new DomainError('attention_not_found', 'Nothing with this id waits for a decision.');
  const listing = await requireListing(db, listingId);
  if (action === 'rename') await rename(db, listing);
  if (action === 'relink') await relinkTo(db, listing, productId);
  await acceptSkus(db, [listingId]);
  // Written last, since attentions are locked after listings: this decision closed it, not an import.
  await db('attentions').where({ id }).update({ resolved_at: db.fn.now(), action, resolved_by: by });
}

/** A product that is renamed is noted on all its channels. */
async function lockFor(db: AccountDb, { channelId, productId }: Listing, action: ResolutionAction): Promise<void> {
  if (action === 'rename' && productId !== null) await lockLinksOf(db, { productId, channelId });
  else await lockLinks(db, [channelId]);
}

async function rename(db: AccountDb, listing: Listing): Promise<void> {
  assertHasSku(listing);
  await renameProduct(db, productToRename(listing), listing.remoteSku);
}

async function relinkTo(db: AccountDb, listing: Listing, productId: string | undefined): Promise<void> {
  if (productId !== undefined) return relinkListing(db, listing.id, { productId, linkedBy: 'hand' });
  assertHasSku(listing);
  const { channelId, remoteSku: sku } = listing;
  await ensureMirrorProducts(db, channelId, [{ sku, name: sku }]);
  // This person decides, so the decision about another listing is not waited for.
  const meaning = (await findMeanings(db, channelId, [sku])).get(sku)!;
  await relinkListing(db, listing.id, { productId: meaning.productId, linkedBy: 'sku' });
}
