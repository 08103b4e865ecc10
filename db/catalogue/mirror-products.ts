import { newId } from '../engine/ids.ts';
import { findLinked } from './listings.ts';
import type { AccountDb } from '../engine/with-account.ts';

/**
 * Makes sure that a supplier has a product for each SKU that a portal names. A SKU that is a product, or is listed on that
 * portal, stays as it is; a new SKU becomes a mirror product, in-house and without stock (rules §6).
 * @returns product ids by SKU
 */
export async function ensureMirrorProducts(
  db: AccountDb,
  channelId: string,
  lines: readonly { sku: string; name: string }[],
): Promise<Map<string, string>> {
  const skus = lines.map((line) => line.sku);
  const known = await findLinked(db, channelId, skus);
  // One order of locks for all writers: two imports that name the same SKUs must not deadlock.
  const sorted = [...new Map(lines.map((line) => [line.sku, line])).values()]
    .filter((line) => !known.has(line.sku))
    .sort((one, other) => (one.sku < other.sku ? -1 : 1));
  if (sorted.length === 0) return known;
  await db('products')
    .insert(sorted.map(({ sku, name }) => ({ account_id: db.accountId, id: newId('product'), sku, name })))
    .onConflict(['account_id', 'sku'])
    .ignore();
  return findLinked(db, channelId, skus);
}
