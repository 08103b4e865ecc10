import { bumpVersions, lockProducts } from './stock.ts';
import { isNotIn, reservedVersion } from './versions.ts';
import type { AccountDb } from '../engine/with-account.ts';

/** The supplier's figure of a merchant's product: units, 0 or more, as they were at the supplier's `version`. */
type Reported = { productId: string; units: number; version: number };

/**
 * `written`: the available units changed. `unchanged`: newer, but the available units stay. `stale`: a figure of this
 * version or a newer one is here already. `unassigned`: the product is not that supplier's.
 */
export type ReportOutcome = 'written' | 'unchanged' | 'stale' | 'unassigned';

/**
 * Stores the figures of a connection's supplier in the warehouse that is named after it: only newer figures (law 6), only
 * while the product is assigned there. Idempotent; a late figure changes nothing; several calls may run at once.
 *
 * A figure that does not change the available units raises the applied version alone. The product's own version stays:
 * otherwise two accounts that supply each other with the same product would report it to each other for ever.
 * @returns outcomes by product; null while the connection is not active, when nothing may cross
 */
export async function storeReported(
  db: AccountDb,
  connectionId: string,
  figures: readonly Reported[],
): Promise<Map<string, ReportOutcome> | null> {
  const warehouse = await lockWarehouse(db, connectionId);
  if (!warehouse) return null;
  await lockProducts(
    db,
    figures.map(({ productId }) => productId),
  );
  const outcomes = await writeNewer(db, warehouse, figures);
  const changed = [...outcomes].filter(([, outcome]) => outcome === 'written').map(([productId]) => productId);
  await bumpVersions(db, changed, { counted: true });
  return outcomes;
}

type SupplierWarehouse = { warehouseId: string; supplierId: string };

/** Locks the connection: its end waits for this batch, and then withdraws what the batch wrote. */
async function lockWarehouse(db: AccountDb, connectionId: string): Promise<SupplierWarehouse | undefined> {
  const { rows } = await db.raw<{ rows: SupplierWarehouse[] }>(
    `select w.id as "warehouseId", s.id as "supplierId" from connections n
     join suppliers s on s.connection_id = n.id
     join warehouses w on w.supplier_id = s.id
     where n.id = :connectionId and n.status = 'active' for share of n`,
    { connectionId },
  );
  return rows[0];
}

const writeNewerSql = `with held as materialized (
       select x.id, x.units, x.version, s.physical_on_hand, s.applied_version, coalesce(s.withdrawn, false) as withdrawn,
              (select stock_set_at from products where id = x.id) as stock_set_at,
              (select true from product_suppliers where product_id = x.id and supplier_id = :supplierId) is not null
                as assigned
       from unnest(:ids::text[], :units::int[], :versions::int[]) as x(id, units, version)
       left join lateral (
         select * from stock where product_id = x.id and warehouse_id = :warehouseId limit 1) s on true),
     newer as materialized (
       select held.*, units is distinct from physical_on_hand or withdrawn or stock_set_at is null or exists (
                select from order_lines l
                where l.product_id = held.id and l.warehouse_id = :warehouseId and l.cancelled < l.quantity
                  and ${isNotIn('l', 'held.applied_version')}
                  and ${reservedVersion('l')} <= held.version) as changes
       from held
       where assigned and (applied_version is null or version > applied_version
                           or (withdrawn and version >= applied_version))),
     put as (
       update stock s set physical_on_hand = newer.units, applied_version = newer.version, withdrawn = false
       from newer where s.product_id = newer.id and s.product_id = any(:ids) and s.warehouse_id = :warehouseId),
     added as (
       insert into stock (account_id, product_id, warehouse_id, physical_on_hand, applied_version)
       select :accountId, id, :warehouseId, units, version from newer where physical_on_hand is null)
     select held.id, case when not held.assigned then 'unassigned' when newer.id is null then 'stale'
                          when newer.changes then 'written' else 'unchanged' end as outcome
     from held left join newer on newer.id = held.id`;

/**
 * The caller holds the products' locks, so the compared rows do not change. The statement looks at the rows of the batch
 * one by one: its cost does not grow with the number of products.
 */
async function writeNewer(
  db: AccountDb,
  warehouse: SupplierWarehouse,
  figures: readonly Reported[],
): Promise<Map<string, ReportOutcome>> {
  const { rows } = await db.raw<{ rows: { id: string; outcome: ReportOutcome }[] }>(writeNewerSql, {
    ...warehouse,
    accountId: db.accountId,
    ids: figures.map(({ productId }) => productId),
    units: figures.map(({ units }) => units),
    versions: figures.map(({ version }) => version),
  });
  return new Map(rows.map((row) => [row.id, row.outcome]));
}
