import type { AccountDb } from '../engine/with-account.ts';

/** The version that each product has after a change, by the product's id. */
type Versions = ReadonlyMap<string, number>;

/** A change of the committed units, negative when units are released. */
export type LevelChange = { productId: string; warehouseId: string; committed: number };

/**
 * Takes the row locks of the products, in one order for all writers, and gives each its next version. Once the stock is
 * counted their listings get it too, and suspended listings are tried again (rules §7). Call it first: the stock that this
 * transaction reads afterwards does not change. The lock does not cover keys: rows that point to a product, as order lines
 * do, can be inserted beside it, so that two orders of a product do not deadlock.
 * @param options.counted this change counts the stock: from now on it is published
 */
export async function bumpVersions(
  db: AccountDb,
  productIds: readonly string[],
  { counted = false }: { counted?: boolean } = {},
): Promise<Versions> {
  if (productIds.length === 0) return new Map();
  const ids = [...new Set(productIds)];
  await lockProducts(db, ids);
  // A statement of its own: a statement that waits for a lock does not see listings inserted meanwhile.
  const { rows } = await db.raw<{ rows: { id: string; stock_version: number }[] }>(
    `with bumped as (update products set stock_version = stock_version + 1,
                            stock_set_at = coalesce(stock_set_at, case when :counted then now() end)
                     where id = any(:ids) returning id, stock_version, stock_set_at),
          reset as (update listings l set stock_version = b.stock_version, suspended_at = null, failures = 0
                   from bumped b
                   where l.product_id = b.id and l.product_id = any(:ids) and b.stock_set_at is not null)
     select id, stock_version from bumped`,
    { ids, counted },
  );
  return new Map(rows.map((row) => [row.id, row.stock_version]));
}

/** By code points, as JavaScript sorts, whatever the database's collation: batches of products lock in that order. */
export const lockProducts = (db: AccountDb, ids: readonly string[]) =>
  db.raw(`select id from products where id = any(:ids) order by sku collate "C" for no key update`, { ids });

/** Adds to what own warehouses have committed. The caller holds the products' locks. */
export async function changeCommitted(db: AccountDb, changes: readonly LevelChange[]): Promise<void> {
  if (changes.length === 0) return;
  const given = JSON.stringify(changes);
  const rows = `jsonb_to_recordset(:given::jsonb) as x("productId" text, "warehouseId" text, committed int)`;
  await db.raw(
    `insert into stock (account_id, product_id, warehouse_id)
     select distinct :accountId, x."productId", x."warehouseId" from ${rows} where x.committed > 0
     on conflict (account_id, product_id, warehouse_id) do nothing`,
    { accountId: db.accountId, given },
  );
  await db.raw(
    `update stock s set committed = s.committed + x.committed
     from (select x."productId" as product_id, x."warehouseId" as warehouse_id, sum(x.committed) as committed
           from ${rows} group by 1, 2) x
     where s.product_id = x.product_id and s.warehouse_id = x.warehouse_id`,
    { given },
  );
}

export type OwnLevel = { productId: string; warehouseId: string; physicalOnHand: number; committed: number };

/** The levels of these products in own warehouses, each warehouse with each product, the oldest warehouse first. */
export async function listOwnLevels(db: AccountDb, productIds: readonly string[]): Promise<OwnLevel[]> {
  const { rows } = await db.raw<{ rows: OwnLevel[] }>(
    `select p.id as "productId", w.id as "warehouseId",
            coalesce(s.physical_on_hand, 0) as "physicalOnHand", coalesce(s.committed, 0) as committed
     from unnest(:productIds::text[]) as p(id)
     cross join warehouses w
     left join stock s on s.product_id = p.id and s.warehouse_id = w.id
     where w.supplier_id is null
     order by w.created_at, w.id`,
    { productIds: [...new Set(productIds)] },
  );
  return rows;
}
