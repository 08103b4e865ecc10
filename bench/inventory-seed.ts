import pg from 'pg';

/** The ids of a market with one supplier, one merchant and the merchant's shop. */
export type Market = {
  merchantId: string;
  supplierId: string;
  portalId: string;
  shopId: string;
  /** The merchant's entry of the supplier, and the warehouse named after it. */
  entryId: string;
  warehouseId: string;
  /** The supplier's own warehouse. */
  shelfId: string;
};

/** Ids as the service makes them: first a time, here two ids per millisecond, then a random part. */
const idOf = (kind: string, seed: string) =>
  `'${kind}_' || lpad((n / 2)::text, 8, '0') || substr(md5('${seed}' || n), 1, 14)`;
const numbers = 'generate_series($1::int, $2::int) as n';
const skuOf = `'SKU-' || lpad(n::text, 8, '0')`;

/**
 * Inserts products `from` to `to` on both sides. Each has a product at the merchant and at the supplier, stock in one
 * warehouse on each side, and a listing on each side, in sync with the portal and with the merchant's shop.
 */
export async function seedProducts(db: pg.Client, market: Market, { from, to }: { from: number; to: number }) {
  const { merchantId, supplierId, portalId, shopId, entryId, warehouseId, shelfId } = market;
  const range = [from, to];
  for (const [account, seed] of [
    [merchantId, 'm'],
    [supplierId, 's'],
  ]) {
    // prettier-ignore
    await db.query(
      `insert into products (account_id, id, sku, name, fulfillment_type, stock_version, stock_set_at)
       select $3, ${idOf('prod', seed!)}, ${skuOf}, 'Product ' || n, ${seed === 'm' ? `'automatically_dropshipped'` : `'in_house'`}, 1, now()
       from ${numbers}`,
      [...range, account],
    );
  }
  await db.query(
    `insert into product_suppliers (account_id, product_id, supplier_id, is_default)
     select $3, ${idOf('prod', 'm')}, $4, true from ${numbers}`,
    [...range, merchantId, entryId],
  );
  await db.query(
    `insert into stock (account_id, product_id, warehouse_id, physical_on_hand)
     select $3, ${idOf('prod', 's')}, $4, n % 900 from ${numbers}`,
    [...range, supplierId, shelfId],
  );
  await db.query(
    `insert into stock (account_id, product_id, warehouse_id, physical_on_hand, applied_version)
     select $3, ${idOf('prod', 'm')}, $4, n % 900, 1 from ${numbers}`,
    [...range, merchantId, warehouseId],
  );
  await db.query(
    `insert into listings (account_id, id, channel_id, product_id, remote_id, remote_sku, linked_sku, stock_version, synced_version, sent_version)
     select $3, ${idOf('lst', 's')}, $4, ${idOf('prod', 's')}, ${idOf('prod', 'm')}, ${skuOf}, ${skuOf}, 1, 1, 1 from ${numbers}`,
    [...range, supplierId, portalId],
  );
  await db.query(
    `insert into listings (account_id, id, channel_id, product_id, remote_id, remote_sku, linked_sku, stock_version, synced_version, sent_version)
     select $3, ${idOf('lst', 'm')}, $4, ${idOf('prod', 'm')}, 'remote-' || n, ${skuOf}, ${skuOf}, 1, 1, 1 from ${numbers}`,
    [...range, merchantId, shopId],
  );
}

/** Does the work of autovacuum, which has not run on rows that were just inserted. */
async function tidy(db: pg.Client): Promise<void> {
  for (const table of ['products', 'product_suppliers', 'stock', 'listings']) await db.query(`vacuum analyze ${table}`);
}

/** Vacuums, then makes a checkpoint if a superuser is known, since the first change of a page after it costs most. */
export async function checkpoint(db: pg.Client, superuserUrl: string | undefined): Promise<void> {
  await tidy(db);
  if (superuserUrl === undefined) return;
  const superuser = new pg.Client({ connectionString: superuserUrl });
  await superuser.connect();
  await superuser.query('checkpoint');
  await superuser.end();
}

/** Counts products whose units differ between merchant and supplier, or that still need sync. */
export async function countDifferences(db: pg.Client, market: Market): Promise<number> {
  const { merchantId, supplierId, portalId, warehouseId, shelfId } = market;
  const { rows } = await db.query<{ differences: string }>(
    `select count(*) as differences from listings l
     left join stock theirs on theirs.account_id = $2 and theirs.product_id = l.product_id and theirs.warehouse_id = $5
     left join stock ours on ours.account_id = $1 and ours.product_id = l.remote_id and ours.warehouse_id = $4
     where l.account_id = $2 and l.channel_id = $3
       and (l.stock_version > l.synced_version or ours.applied_version is distinct from l.stock_version
            or ours.physical_on_hand is distinct from theirs.physical_on_hand)`,
    [merchantId, supplierId, portalId, warehouseId, shelfId],
  );
  return Number(rows[0]!.differences);
}

/**
 * Sets the stock of a share of the supplier's products to other units, as `PUT /v1/stock` does. @returns how many
 */
export async function changeStock(
  db: pg.Client,
  { supplierId, shelfId }: Market,
  { share }: { share: number },
): Promise<number> {
  const { rowCount } = await db.query(
    `with moved as (
       update stock set physical_on_hand = physical_on_hand + 1
       where account_id = $1 and warehouse_id = $2 and (hashtext(product_id) & 1023) < $3::float8 * 1024 returning product_id),
     bumped as (
       update products p set stock_version = stock_version + 1 from moved
       where p.account_id = $1 and p.id = moved.product_id returning p.id, p.stock_version)
     update listings l set stock_version = bumped.stock_version from bumped
     where l.account_id = $1 and l.product_id = bumped.id`,
    [supplierId, shelfId, share],
  );
  return rowCount ?? 0;
}

/**
 * Makes the same changes of rows as write-back, for comparison, in one statement of a role that sees all accounts: the
 * merchant's stock, the versions of its products and of its shop's listings, and the supplier's listings.
 * @returns how many were written
 */
export async function writeSetWise(db: pg.Client, market: Market): Promise<number> {
  const { merchantId, supplierId, portalId, warehouseId } = market;
  const { rowCount } = await db.query(
    `with due as materialized (
       select l.id, l.remote_id, p.stock_version as version, coalesce(own.available, 0) as available
       from listings l
       join products p on p.account_id = $2 and p.id = l.product_id
       left join (select s.product_id, sum(s.physical_on_hand - s.committed)::int as available
                  from stock s join warehouses w on w.account_id = $2 and w.id = s.warehouse_id and w.supplier_id is null
                  where s.account_id = $2 group by s.product_id) own on own.product_id = p.id
       where l.account_id = $2 and l.channel_id = $3 and l.stock_version > l.synced_version
         and l.suspended_at is null and l.delisted_at is null),
     put as (
       update stock s set physical_on_hand = greatest(due.available, 0), applied_version = due.version, withdrawn = false
       from due join product_suppliers a on a.account_id = $1 and a.product_id = due.remote_id
       where s.account_id = $1 and s.product_id = due.remote_id and s.warehouse_id = $4
         and s.applied_version < due.version
       returning s.product_id),
     bumped as (
       update products p set stock_version = p.stock_version + 1 from put
       where p.account_id = $1 and p.id = put.product_id returning p.id, p.stock_version),
     reported as (
       update listings l set stock_version = bumped.stock_version, suspended_at = null, failures = 0 from bumped
       where l.account_id = $1 and l.product_id = bumped.id)
     update listings l set synced_version = due.version, sent_version = due.version, failures = 0, cause = null
     from due where l.account_id = $2 and l.id = due.id`,
    [merchantId, supplierId, portalId, warehouseId],
  );
  return rowCount ?? 0;
}
