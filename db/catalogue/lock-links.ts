import type { AccountDb } from '../engine/with-account.ts';

/**
 * The order of locks for links, SKUs and their attentions is: the order's row, channels by id, products by SKU, listings,
 * attentions.
 */

/** Takes the lock for linking and delisting on these channels: an import and a person's decision run one after the other. */
export const lockLinks = (db: AccountDb, channelIds: readonly string[]) =>
  db.raw(`select id from channels where id = any(:ids) order by id for no key update`, { ids: channelIds });

/** The same for the channels that list a product, and for one more. */
export async function lockLinksOf(
  db: AccountDb,
  { productId, channelId }: { productId: string; channelId?: string },
): Promise<void> {
  const listedOn = await db('listings').where({ product_id: productId }).distinct().pluck<string[]>('channel_id');
  await lockLinks(db, channelId === undefined ? listedOn : [...listedOn, channelId]);
}
