import type { AccountDb } from './with-account.ts';

/**
 * The products that SKUs mean on a channel: what its listings say, which people may have changed, else the product of
 * that SKU.
 * @returns product ids by SKU, without those that mean nothing
 */
export async function findLinked(
  db: AccountDb,
  channelId: string,
  skus: readonly string[],
): Promise<Map<string, string>> {
  const { rows } = await db.raw<{ rows: { sku: string; id: string }[] }>(
    `select distinct on (x.sku) x.sku, coalesce(l.product_id, p.id) as id
     from unnest(:skus::text[]) as x(sku)
     left join listings l on l.channel_id = :channelId and l.remote_sku = x.sku and l.product_id is not null
       and l.delisted_at is null
     left join products p on p.sku = x.sku
     where coalesce(l.product_id, p.id) is not null
     order by x.sku, l.linked_by, l.id`,
    { skus: [...new Set(skus)], channelId },
  );
  return new Map(rows.map((row) => [row.sku, row.id]));
}
