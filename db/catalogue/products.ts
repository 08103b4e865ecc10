import { DomainError } from '../../domain/errors.ts';
import { noShippingData, type ProductSupplier, type ShippingData } from '../../domain/product.ts';
import type { FulfillmentType } from '../../domain/orders/routing.ts';
import { newId } from '../engine/ids.ts';
import { containing, planForValues, readPage, type Page, type PageRequest } from '../engine/paging.ts';
import { refusing } from '../engine/refusal.ts';
import { lockLinksOf } from './lock-links.ts';
import { noteNewSku } from './sku-changes.ts';
import { withdrawStock } from '../stock/withdrawal.ts';
import type { AccountDb } from '../engine/with-account.ts';

/** `name`: the account's name for the supplier. */
type ShownSupplier = ProductSupplier & { name: string };
export type ProductRecord = {
  id: string;
  sku: string;
  name: string;
  fulfillmentType: FulfillmentType;
  suppliers: ShownSupplier[];
  shipping: ShippingData;
  createdAt: string;
  updatedAt: string;
};
/** `suppliers` as domain/product.ts has completed them. `shipping`: left out, none. */
export type ProductContent = Pick<ProductRecord, 'sku' | 'name' | 'fulfillmentType'> & {
  suppliers: ProductSupplier[];
  shipping?: ShippingData;
};
export type ProductChange = Omit<ProductContent, 'sku'> & { sku?: string | undefined };

type Row = {
  id: string;
  sku: string;
  name: string;
  fulfillment_type: FulfillmentType;
  created_at: Date;
  updated_at: Date;
  suppliers: ShownSupplier[];
  shipping: ShippingData;
};

/** Numbers of jsonb: a bigint of its own would arrive as text. */
const suppliersOf = `coalesce((
  select jsonb_agg(jsonb_build_object('supplierId', ps.supplier_id, 'name', s.name, 'supplierSku', ps.supplier_sku,
           'costMinor', ps.cost_minor, 'costCurrency', ps.cost_currency, 'isDefault', ps.is_default) order by ps.supplier_id)
  from product_suppliers ps join suppliers s on s.account_id = ps.account_id and s.id = ps.supplier_id where ps.account_id = p.account_id and ps.product_id = p.id), '[]') as suppliers`;

const shippingOf = `jsonb_build_object('weightGrams', p.weight_grams, 'hsCode', p.hs_code, 'originCountry', p.origin_country,
  'customsValue', case when p.customs_value_minor is not null
    then jsonb_build_object('amount', p.customs_value_minor, 'currency', p.customs_value_currency) end, 'bin', p.bin) as shipping`;

const products = (db: AccountDb) =>
  db('products as p').select(
    'p.id',
    'p.sku',
    'p.name',
    'p.fulfillment_type',
    'p.created_at',
    'p.updated_at',
    db.raw(suppliersOf),
    db.raw(shippingOf),
  );

const toProduct = (row: Row): ProductRecord => ({
  id: row.id,
  sku: row.sku,
  name: row.name,
  fulfillmentType: row.fulfillment_type,
  suppliers: row.suppliers,
  shipping: row.shipping,
  createdAt: row.created_at.toISOString(),
  updatedAt: row.updated_at.toISOString(),
});

/** @throws DomainError `product_not_found` */
export async function requireProduct(db: AccountDb, id: string): Promise<ProductRecord> {
  const row = await products(db).where('p.id', id).first<Row | undefined>();
  if (!row) throw new DomainError('product_not_found', `There is no product ${id}.`);
  return toProduct(row);
}

/** The products of these SKUs, in no order. */
export async function findProductsBySku(db: AccountDb, skus: readonly string[]): Promise<ProductRecord[]> {
  if (skus.length === 0) return [];
  const rows = (await products(db).whereIn('p.sku', [...new Set(skus)])) as Row[];
  return rows.map(toProduct);
}

/** `q`: part of the SKU or the name, whatever its case; `unassigned`: without any supplier. */
type ProductFilter = {
  sku?: string | undefined;
  q?: string | undefined;
  supplierId?: string | undefined;
  unassigned?: true | undefined;
  fulfillmentType?: FulfillmentType | undefined;
};

export async function listProducts(
  db: AccountDb,
  request: PageRequest,
  filter: ProductFilter,
): Promise<Page<ProductRecord>> {
  const { supplierId, unassigned, fulfillmentType } = filter;
  await planForValues(db, [filter.sku, filter.q, supplierId, unassigned, fulfillmentType]);
  const query = products(db);
  const assigned = 'select from product_suppliers a where a.product_id = p.id';
  if (supplierId !== undefined) void query.whereRaw(`exists (${assigned} and a.supplier_id = ?)`, [supplierId]);
  if (unassigned) void query.whereRaw(`not exists (${assigned})`);
  if (fulfillmentType !== undefined) void query.where('p.fulfillment_type', fulfillmentType);
  if (filter.sku !== undefined) void query.where('p.sku', filter.sku);
  if (filter.q !== undefined) {
    const pattern = containing(filter.q);
    void query.whereRaw('(p.sku ilike ? or p.name ilike ?)', [pattern, pattern]);
  }
  return readPage<Row, ProductRecord>(query, { ...request, column: 'p.created_at', idColumn: 'p.id' }, toProduct);
}

/** The products that a merchant has assigned to the supplier of a connection, by id. `sku`: the supplier's, where it differs. */
export async function listAssigned(
  db: AccountDb,
  connectionId: string,
  page: { after: string; limit: number },
): Promise<{ id: string; sku: string; name: string }[]> {
  const { rows } = await db.raw<{ rows: { id: string; sku: string; name: string }[] }>(
    `select p.id, coalesce(a.supplier_sku, p.sku) as sku, p.name
     from product_suppliers a join products p on p.id = a.product_id
     where a.supplier_id = (select id from suppliers where connection_id = :connectionId) and a.product_id > :after
     order by a.product_id limit :limit`,
    { connectionId, ...page },
  );
  return rows;
}

/** The account's products by id. `after`: the last id of the page before. */
export async function listOwnProducts(
  db: AccountDb,
  { after, limit }: { after: string; limit: number },
): Promise<{ id: string; sku: string; name: string }[]> {
  return db('products')
    .where('id', '>', after)
    .orderBy('id')
    .limit(limit)
    .select<{ id: string; sku: string; name: string }[]>('id', 'sku', 'name');
}

/** @throws DomainError `sku_taken` */
export async function insertProduct(db: AccountDb, product: ProductContent): Promise<ProductRecord> {
  const id = newId('product');
  await refusing(
    db('products').insert({ account_id: db.accountId, id, ...rowOf(product) }),
    skuConstraint,
    skuTaken(product),
  );
  await replaceSuppliers(db, [{ id, suppliers: product.suppliers }]);
  return requireProduct(db, id);
}

/**
 * Writes the whole product. `sku`: left out where it stays as it is, also as another request changes it meanwhile.
 * @throws DomainError `sku_taken`, `product_not_found`
 */
export async function changeProduct(db: AccountDb, id: string, product: ProductChange): Promise<ProductRecord> {
  await requireProduct(db, id);
  const { sku, suppliers, ...content } = product;
  if (sku !== undefined) {
    await lockLinksOf(db, { productId: id });
    if ((await lockSku(db, id)) !== sku) await renameProduct(db, id, sku);
  }
  await db('products')
    .where({ id })
    .update({ ...plainOf(content), updated_at: db.fn.now() });
  await replaceSuppliers(db, [{ id, suppliers }]);
  return requireProduct(db, id);
}

/** Gives a product another SKU. The caller has called `lockLinksOf`. @throws DomainError `sku_taken` */
export async function renameProduct(db: AccountDb, id: string, sku: string): Promise<void> {
  const before = await lockSku(db, id);
  const renamed = db('products').where({ id }).update({ sku, updated_at: db.fn.now() });
  await refusing(renamed, skuConstraint, skuTaken({ sku }));
  await noteNewSku(db, { id, from: before, to: sku });
}

/** Takes the lock that a change of a SKU takes. With a weaker lock first it could wait for an order that waits for it. */
async function lockSku(db: AccountDb, id: string): Promise<string> {
  const { sku } = await db('products').where({ id }).forUpdate().first<{ sku: string }>('sku');
  return sku;
}

/**
 * Inserts or overwrites by SKU, all in three statements.
 * @param contents each SKU once
 * @returns the id of each SKU
 */
export async function upsertProducts(db: AccountDb, contents: readonly ProductContent[]): Promise<Map<string, string>> {
  if (contents.length === 0) return new Map();
  // One order of locks for all writers: two batches wait for each other instead of deadlocking.
  const sorted = [...contents].sort((one, other) => (one.sku < other.sku ? -1 : 1));
  const written = await db('products')
    .insert(sorted.map((product) => ({ account_id: db.accountId, id: newId('product'), ...rowOf(product) })))
    .onConflict(['account_id', 'sku'])
    .merge({
      name: db.raw('excluded.name'),
      fulfillment_type: db.raw('excluded.fulfillment_type'),
      ...Object.fromEntries(shippingColumns.map((column) => [column, db.raw(`excluded.${column}`)])),
      updated_at: db.fn.now(),
    })
    .returning<{ id: string; sku: string }[]>(['id', 'sku']);
  const ids = new Map(written.map(({ id, sku }) => [sku, id]));
  await replaceSuppliers(
    db,
    contents.map(({ sku, suppliers }) => ({ id: ids.get(sku)!, suppliers })),
  );
  return ids;
}

const skuConstraint = 'products_account_id_sku_key';
const skuTaken = (product: Pick<ProductContent, 'sku'>) => () =>
  new DomainError('sku_taken', `Another product has the SKU ${product.sku}.`, [
    { pointer: '/sku', detail: 'is taken' },
  ]);

const rowOf = ({ sku, ...content }: ProductContent) => ({ sku, ...plainOf(content) });

const shippingColumns = [
  'weight_grams', 'hs_code', 'origin_country', 'customs_value_minor', 'customs_value_currency', 'bin',
] as const; // prettier-ignore

const plainOf = ({ name, fulfillmentType, shipping = noShippingData }: Omit<ProductContent, 'sku' | 'suppliers'>) => ({
  name,
  fulfillment_type: fulfillmentType,
  weight_grams: shipping.weightGrams,
  hs_code: shipping.hsCode,
  origin_country: shipping.originCountry,
  customs_value_minor: shipping.customsValue?.amount ?? null,
  customs_value_currency: shipping.customsValue?.currency ?? null,
  bin: shipping.bin,
});

/** A supplier that is not assigned any more promises nothing of the product. */
async function replaceSuppliers(
  db: AccountDb,
  changes: readonly { id: string; suppliers: readonly ProductSupplier[] }[],
): Promise<void> {
  const before = await db('product_suppliers')
    .whereIn(
      'product_id',
      changes.map(({ id }) => id),
    )
    .del()
    .returning<{ product_id: string; supplier_id: string }[]>(['product_id', 'supplier_id']);
  const rows = changes.flatMap(({ id, suppliers }) =>
    suppliers.map((supplier) => ({
      account_id: db.accountId,
      product_id: id,
      supplier_id: supplier.supplierId,
      supplier_sku: supplier.supplierSku,
      cost_minor: supplier.costMinor,
      cost_currency: supplier.costCurrency,
      is_default: supplier.isDefault,
    })),
  );
  // 65,535 bindings are the protocol's limit.
  for (let index = 0; index < rows.length; index += 5_000) {
    await db('product_suppliers').insert(rows.slice(index, index + 5_000));
  }
  const assigned = new Set(rows.map((row) => `${row.product_id} ${row.supplier_id}`));
  const dropped = before.filter((row) => !assigned.has(`${row.product_id} ${row.supplier_id}`));
  await withdrawStock(
    db,
    dropped.map((row) => ({ productId: row.product_id, supplierId: row.supplier_id })),
  );
}
