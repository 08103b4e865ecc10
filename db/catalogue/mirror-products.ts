import { newId } from '../engine/ids.ts';
import { findMeanings } from './sku-meanings.ts';
import type { AccountDb } from '../engine/with-account.ts';

type NamedSku = { sku: string; name: string };

/**
 * Makes sure that a supplier has a product for each SKU that a portal names. A SKU that is a product, or is listed on that
 * portal, stays as it is; a new SKU becomes a mirror product, in-house and without stock (rules §6).
 */
export async function ensureMirrorProducts(
  db: AccountDb,
  channelId: string,
  lines: readonly NamedSku[],
): Promise<void> {
  const known = await findMeanings(
    db,
    channelId,
    lines.map((line) => line.sku),
  );
  await insertMirrorProducts(
    db,
    lines.filter((line) => !known.has(line.sku)),
  );
}

/** A SKU that is a product stays as it is. */
export async function insertMirrorProducts(db: AccountDb, lines: readonly NamedSku[]): Promise<void> {
  // One order of locks for all writers: two imports that name the same SKUs must not deadlock.
  const sorted = [...new Map(lines.map((line) => [line.sku, line])).values()].sort((one, other) =>
    one.sku < other.sku ? -1 : 1,
  );
  if (sorted.length === 0) return;
  await db('products')
    .insert(sorted.map(({ sku, name }) => ({ account_id: db.accountId, id: newId('product'), sku, name })))
    .onConflict(['account_id', 'sku'])
    .ignore();
}
