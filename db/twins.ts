import { newId } from './ids.ts';
import type { AccountDb } from './with-account.ts';

/**
 * Makes sure that a supplier has a product for each SKU that a portal's order names. A SKU that exists is left as it
 * is; a new one becomes a twin, in-house and without stock (domain rules §6).
 */
export async function ensureTwins(db: AccountDb, lines: readonly { sku: string; name: string }[]): Promise<void> {
  // One order of locks for all writers, so that two imports naming the same SKUs cannot wait for each other.
  const sorted = [...new Map(lines.map((line) => [line.sku, line])).values()].sort((one, other) =>
    one.sku < other.sku ? -1 : 1,
  );
  await db('products')
    .insert(sorted.map(({ sku, name }) => ({ account_id: db.accountId, id: newId('product'), sku, name })))
    .onConflict(['account_id', 'sku'])
    .ignore();
}
