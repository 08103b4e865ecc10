import { bumpVersions, lockProducts } from './stock.ts';
import type { AccountDb } from '../engine/with-account.ts';

/**
 * Withdraws the stock of products that were taken from suppliers: the figures of those suppliers are promised no more,
 * until the products are assigned again. Dropships stay as they are.
 * @param dropped assignments that this transaction has taken away
 */
export async function withdrawStock(
  db: AccountDb,
  dropped: readonly { productId: string; supplierId: string }[],
): Promise<void> {
  if (dropped.length === 0) return;
  const given = dropped.map(({ productId }) => productId);
  // A write of the supplier's figure has ended by now, or will see that the assignment is gone.
  await lockProducts(db, given);
  const { rows } = await db.raw<{ rows: { productId: string; warehouseId: string }[] }>(
    `select s.product_id as "productId", s.warehouse_id as "warehouseId"
     from unnest(:given::text[], :suppliers::text[]) as x(product_id, supplier_id)
     join warehouses w on w.supplier_id = x.supplier_id
     join stock s on s.product_id = x.product_id and s.warehouse_id = w.id and not s.withdrawn`,
    { given, suppliers: dropped.map(({ supplierId }) => supplierId) },
  );
  const productIds = rows.map(({ productId }) => productId);
  await bumpVersions(db, productIds);
  await db.raw(
    `update stock s set physical_on_hand = 0, withdrawn = true
     from unnest(:productIds::text[], :warehouses::text[]) as x(product_id, warehouse_id)
     where s.product_id = x.product_id and s.warehouse_id = x.warehouse_id`,
    { productIds, warehouses: rows.map(({ warehouseId }) => warehouseId) },
  );
}

/**
 * Withdraws the stock of an ended connection: the merchant promises nothing from the supplier's warehouse any more. Each
 * product that has, or may get, a figure there loses it. Idempotent.
 * @param limit the most products at once
 * @returns how many products it were
 */
export async function withdrawWarehouse(db: AccountDb, supplierId: string, limit: number): Promise<number> {
  const { rows } = await db.raw<{ rows: { id: string; warehouseId: string }[] }>(
    `select p.id, w.id as "warehouseId" from warehouses w
     join lateral (
       select product_id as id from stock where warehouse_id = w.id and not withdrawn
       union
       select a.product_id from product_suppliers a where a.supplier_id = w.supplier_id
         and not exists (select from stock s where s.product_id = a.product_id and s.warehouse_id = w.id)) p on true
     where w.supplier_id = :supplierId limit :limit`,
    { supplierId, limit },
  );
  const [first] = rows;
  if (!first) return 0;
  const ids = rows.map(({ id }) => id);
  await bumpVersions(db, ids);
  await db.raw(
    `insert into stock (account_id, product_id, warehouse_id, withdrawn)
     select :accountId, id, :warehouseId, true from unnest(:ids::text[]) as x(id)
     on conflict (account_id, product_id, warehouse_id) do update set physical_on_hand = 0, withdrawn = true`,
    { accountId: db.accountId, warehouseId: first.warehouseId, ids },
  );
  return rows.length;
}
