import { newId } from '../engine/ids.ts';
import type { AccountDb } from '../engine/with-account.ts';

/** The attentions about SKUs that changed at a channel. An import raises them; it closes them where nothing is left to decide. */

/** SQL: the SKU of listing `l` changed at its channel, and nobody has decided about it. */
const isChanged = 'l.linked_sku <> l.remote_sku and l.product_id is not null and l.delisted_at is null';

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

/** The product got the SKU that its listings have at their channels: nothing is left to decide about these. */
export async function acceptSkusOf(db: AccountDb, product: { id: string; sku: string }): Promise<void> {
  const ids = await db('listings')
    .where({ product_id: product.id, remote_sku: product.sku })
    .whereNot({ linked_sku: product.sku })
    .pluck<string[]>('id');
  if (ids.length > 0) await acceptSkus(db, ids);
}
