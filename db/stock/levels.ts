import { findNearestSkus } from '../catalogue/nearest-skus.ts';
import { DomainError, orRefusal } from '../../domain/errors.ts';
import { unknownSku } from '../../domain/nearest-sku.ts';
import { onHandAfter, warehouseToSet, type LevelWish, type Warehouse, type StockReason } from '../../domain/stock.ts';
import { bumpVersions } from './stock.ts';
import { listAllWarehouses } from './warehouses.ts';
import type { AccountDb } from '../engine/with-account.ts';

/** `warehouseId` is left out for the account's oldest own warehouse. */
export type StockWish = {
  sku: string;
  warehouseId?: string | undefined;
  level: LevelWish;
  reason?: StockReason | undefined;
};
/** `isChange`: the number differs, or the product was counted for the first time. `isNew`: this warehouse has no row of it. */
export type StockOutcome =
  | { productId: string; warehouseId: string; before: number; after: number; isChange: boolean; isNew: boolean }
  | { refusal: DomainError };
type Written = Exclude<StockOutcome, { refusal: DomainError }>;

/**
 * Sets or adjusts levels, in a fixed number of statements. A refused wish fails alone; a product and warehouse named twice
 * count the first time. An unchanged level does not raise the version, so that nothing is published for it.
 * @returns one outcome per wish, in their order
 */
export async function setLevels(db: AccountDb, wishes: readonly StockWish[]): Promise<StockOutcome[]> {
  const warehouses = await listAllWarehouses(db);
  const products = await lockBySku(
    db,
    wishes.map((wish) => wish.sku),
  );
  const onHand = await readOnHand(
    db,
    [...products.values()].map((product) => product.id),
  );
  const unknown = wishes.map(({ sku }) => sku).filter((sku) => !products.has(sku));
  const facts = { warehouses, products, onHand, seen: new Set<string>(), nearest: await findNearestSkus(db, unknown) };
  const outcomes = wishes.map((wish): StockOutcome => {
    const written = orRefusal(() => outcomeOf(wish, facts));
    return written instanceof DomainError ? { refusal: written } : written;
  });
  await write(
    db,
    outcomes.filter((outcome): outcome is Written => !('refusal' in outcome)),
  );
  return outcomes;
}

type Product = { id: string; isCounted: boolean };

/** The locks come first, in the order of all writers: the levels that are read afterwards do not change. */
async function lockBySku(db: AccountDb, skus: readonly string[]): Promise<Map<string, Product>> {
  const { rows } = await db.raw<{ rows: (Product & { sku: string })[] }>(
    `select id, sku, stock_set_at is not null as "isCounted" from products
     where sku = any(:skus) order by sku collate "C" for no key update`,
    { skus: [...new Set(skus)] },
  );
  return new Map(rows.map(({ sku, ...product }) => [sku, product]));
}

const keyOf = (row: { productId: string; warehouseId: string }): string => `${row.productId} ${row.warehouseId}`;

async function readOnHand(db: AccountDb, productIds: readonly string[]): Promise<Map<string, number>> {
  const { rows } = await db.raw<{ rows: { productId: string; warehouseId: string; units: number }[] }>(
    `select product_id as "productId", warehouse_id as "warehouseId", physical_on_hand as units
     from stock where product_id = any(:productIds)`,
    { productIds },
  );
  return new Map(rows.map((row) => [keyOf(row), row.units]));
}

type Facts = {
  warehouses: readonly Warehouse[];
  products: ReadonlyMap<string, Product>;
  onHand: ReadonlyMap<string, number>;
  seen: Set<string>;
  nearest: ReadonlyMap<string, string>;
};

function outcomeOf(wish: StockWish, { warehouses, products, onHand, seen, nearest }: Facts): Written {
  const product = products.get(wish.sku);
  if (!product) throw unknownSku(wish.sku, nearest.get(wish.sku));
  const row = { productId: product.id, warehouseId: warehouseToSet(warehouses, wish.warehouseId).id };
  if (seen.has(keyOf(row))) {
    throw new DomainError('duplicate_in_batch', `The SKU ${wish.sku} comes twice for one warehouse.`);
  }
  seen.add(keyOf(row));
  const known = onHand.get(keyOf(row));
  const before = known ?? 0;
  const after = onHandAfter(before, wish.level);
  return { ...row, before, after, isChange: before !== after || !product.isCounted, isNew: known === undefined };
}

/** A first count of 0 in one more warehouse changes no figure, and yet the warehouse shows the product from then on. */
async function write(db: AccountDb, outcomes: readonly Written[]): Promise<void> {
  const rows = outcomes.filter(({ isChange, isNew }) => isChange || isNew);
  if (rows.length === 0) return;
  const changed = rows.filter(({ isChange }) => isChange);
  await bumpVersions(
    db,
    changed.map(({ productId }) => productId),
    { counted: true },
  );
  await db.raw(
    `insert into stock (account_id, product_id, warehouse_id, physical_on_hand)
     select :accountId, x."productId", x."warehouseId", x.after
     from jsonb_to_recordset(:rows::jsonb) as x("productId" text, "warehouseId" text, after int)
     on conflict (account_id, product_id, warehouse_id) do update set physical_on_hand = excluded.physical_on_hand`,
    { accountId: db.accountId, rows: JSON.stringify(rows) },
  );
}
