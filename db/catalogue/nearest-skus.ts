import { nearestSku, skuKey } from '../../domain/nearest-sku.ts';
import type { AccountDb } from '../engine/with-account.ts';

/** A file may have 100,000 rows of unknown SKUs: the first of each transaction get a suggestion. */
const suggestedAtOnce = 20;
/** Products before and after an unknown SKU in the order of keys. Typing errors are mostly at the end. */
const neighbours = 10;

/** The products that people have probably meant by unknown SKUs, by these. One statement, two short walks of an index for each. */
export async function findNearestSkus(db: AccountDb, unknown: readonly string[]): Promise<Map<string, string>> {
  const skus = [...new Set(unknown)].slice(0, suggestedAtOnce);
  if (skus.length === 0) return new Map();
  const { rows } = await db.raw<{ rows: { sku: string; candidates: string[] }[] }>(
    `select x.sku, array(
       (select p.sku from products p where p.sku_key >= x.key order by p.sku_key limit ${neighbours})
       union all
       (select p.sku from products p where p.sku_key < x.key order by p.sku_key desc limit ${neighbours})) as candidates
     from unnest(:skus::text[], :keys::text[]) as x(sku, key)`,
    { skus, keys: skus.map(skuKey) },
  );
  return new Map(
    rows.flatMap(({ sku, candidates }): [string, string][] => {
      const nearest = nearestSku(sku, candidates);
      return nearest === undefined ? [] : [[sku, nearest]];
    }),
  );
}
