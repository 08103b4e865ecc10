import { newId } from './ids.ts';
import type { AccountDb } from './with-account.ts';

/**
 * Makes sure that a supplier has a product for each SKU that a portal's order names. A SKU that exists is linked and
 * left as it is; a new one becomes a twin, in-house and without stock (domain rules §6).
 */
export async function ensureTwins(
  db: AccountDb,
  channelId: string,
  lines: readonly { sku: string; name: string; remoteProductId: string | null }[],
): Promise<void> {
  // One order of locks for all writers, so that two imports naming the same SKUs cannot wait for each other.
  const sorted = [...new Map(lines.map((line) => [line.sku, line])).values()].sort((one, other) =>
    one.sku < other.sku ? -1 : 1,
  );
  await db('products')
    .insert(sorted.map(({ sku, name }) => ({ account_id: db.accountId, id: newId('product'), sku, name })))
    .onConflict(['account_id', 'sku'])
    .ignore();
  const products = await db('products').whereIn('sku', sorted.map(({ sku }) => sku)).select<{ id: string; sku: string }[]>('id', 'sku'); // prettier-ignore
  const listings = sorted.flatMap(({ sku, remoteProductId }) => {
    const product = products.find((candidate) => candidate.sku === sku);
    if (!product || remoteProductId === null) return [];
    return [
      {
        account_id: db.accountId,
        id: newId('listing'),
        channel_id: channelId,
        product_id: product.id,
        remote_id: remoteProductId,
        remote_sku: sku,
      },
    ];
  });
  if (listings.length === 0) return;
  await db('listings').insert(listings).onConflict(['account_id', 'channel_id', 'remote_id']).ignore();
}
