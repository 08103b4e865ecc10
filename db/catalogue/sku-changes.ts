import type { LinkOrigin } from '../../domain/listing.ts';
import { newId } from '../engine/ids.ts';
import type { AccountDb } from '../engine/with-account.ts';

/** The attentions about SKUs that changed at a channel. An import raises them; it closes them where nothing is left to decide. */

/**
 * SQL: the SKU of listing `l` changed at its channel, and nobody has decided about it. A new listing that an import could
 * not link for sure was never linked by a SKU: its `linked_sku` is empty. Exactly the condition of the index
 * `listings_sku_changed`: few listings of very many.
 */
export const isChanged = '(l.linked_sku <> l.remote_sku)::int = 1 and l.delisted_at is null';

/** Compares these listings with what they were linked as. Idempotent: a listing has one open attention. */
export async function noteSkuChanges(db: AccountDb, listingIds: readonly string[]): Promise<void> {
  if (listingIds.length === 0) return;
  await db.raw(
    `update attentions a set resolved_at = now(), action = 'keep', resolved_by = 'import_products'
     from listings l
     where a.listing_id = l.id and a.resolved_at is null and l.id = any(:listingIds) and not (${isChanged})`,
    { listingIds },
  );
  await db.raw(
    `insert into attentions (account_id, id, listing_id, channel_id, step, code)
     select l.account_id, x.id, l.id, l.channel_id, 'listing', 'sku_changed'
     from unnest(:ids::text[], :listingIds::text[]) as x(id, listing_id)
     join listings l on l.id = x.listing_id and ${isChanged}
     on conflict (account_id, listing_id) where resolved_at is null and listing_id is not null do nothing`,
    { ids: listingIds.map(() => newId('attention')), listingIds },
  );
}

/** The channel is deleted: nothing of it waits for a decision any more. */
export const forgetSkuChanges = (db: AccountDb, channelId: string): Promise<number> =>
  db('attentions')
    .where({ channel_id: channelId, step: 'listing' })
    .whereNull('resolved_at')
    .update({ resolved_at: db.fn.now(), action: 'keep', resolved_by: 'channel_deleted' });

/** From now on these listings have the SKUs that they have at the channel. */
export async function acceptSkus(db: AccountDb, listingIds: readonly string[]): Promise<void> {
  await db('listings')
    .whereIn('id', listingIds)
    .update({ linked_sku: db.ref('remote_sku') });
  await noteSkuChanges(db, listingIds);
}

/**
 * The product got another SKU. Nothing is left to decide about the listings that have it at their channels. Where a channel
 * has such a listing, another one that was linked by the SKU before may be another product by now: a person decides.
 */
export async function noteNewSku(db: AccountDb, product: { id: string; from: string; to: string }): Promise<void> {
  const listings = await db('listings').where({ product_id: product.id }).whereNull('delisted_at').select<Named[]>({
    id: 'id',
    channelId: 'channel_id',
    linkedBy: 'linked_by',
    remoteSku: 'remote_sku',
    linkedSku: 'linked_sku',
  });
  const renamed = listings.filter(({ remoteSku }) => remoteSku === product.to);
  const left = listings.filter(
    ({ channelId, linkedBy, ...skus }) =>
      linkedBy === 'sku' &&
      skus.remoteSku === product.from &&
      skus.linkedSku === product.from &&
      renamed.some((listing) => listing.channelId === channelId),
  );
  const changed = [...renamed.filter(({ linkedSku }) => linkedSku !== product.to), ...left].map(({ id }) => id);
  if (changed.length === 0) return;
  await db('listings').whereIn('id', changed).update({ linked_sku: product.to });
  await noteSkuChanges(db, changed);
}

type Named = { id: string; channelId: string; linkedBy: LinkOrigin; remoteSku: string; linkedSku: string };
