import { isDue } from '../catalogue/due-listings.ts';
import { containing, decodeKeys, encodeKeys, type Page, type PageRequest } from '../engine/paging.ts';
import type { AccountDb } from '../engine/with-account.ts';
import { sharingOf, type Sharing, type StockView } from '../../domain/stock-sharing.ts';
import { availableInWarehouse } from './availability.ts';

/**
 * Units of a product in a warehouse. In a supplier's, `physicalOnHand` is the figure that the supplier reported at
 * `appliedVersion`, and `committed` counts the own units that it does not contain yet (rules §6).
 */
export type StockLevel = {
  sku: string;
  productId: string;
  productName: string;
  warehouseId: string;
  warehouseName: string;
  physicalOnHand: number;
  committed: number;
  appliedVersion: number | null;
  /** Of the product, over all its warehouses. */
  version: number;
  /** Of the product, over all channels that list it. */
  sharing: Sharing;
};

/** Where product `p` is shown: the warehouses that hold it, and suppliers' from which it was sold before any report. */
const places = `
  select warehouse_id as id from stock where product_id = p.id
  union all
  select sw.id from product_suppliers a join warehouses sw on sw.supplier_id = a.supplier_id
  where a.product_id = p.id
    and exists (select from order_lines l where l.product_id = p.id and l.warehouse_id = sw.id and l.cancelled < l.quantity)
    and not exists (select from stock x where x.product_id = p.id and x.warehouse_id = sw.id)`;
/** Shown with zeros for a product that is in no warehouse. */
const oldestOwn = '(select id from warehouses where supplier_id is null order by created_at, id limit 1)';
/** SQL: warehouse `w` of each row of product `p`, at least one, and its row of stock `s` or null. */
const placesOf = `left join lateral (${places}) place on true
  join warehouses w on w.id = coalesce(place.id, ${oldestOwn})
  left join stock s on s.product_id = p.id and s.warehouse_id = w.id`;

/** SQL: what the channels that list product `p` know of its stock. */
const sharing = `(
  select jsonb_build_object(
    'channels', count(distinct l.channel_id), 'isSuspended', coalesce(bool_or(l.suspended_at is not null), false),
    'needsSync', coalesce(bool_or(${isDue}), false), 'cause', max(l.cause) filter (where l.suspended_at is not null or ${isDue}))
  from listings l join channels c on c.id = l.channel_id
  where l.product_id = p.id and l.delisted_at is null and c.deleted_at is null)`;

type Row = Omit<StockLevel, 'sharing'> & { sharing: Parameters<typeof sharingOf>[0] };

/**
 * SQL: the rows of some products, at least one of each.
 * @param products a query that selects them from `products p`
 * @param among the ids that it selects from, as SQL: found first, since `products` may have a dear condition
 */
const levelsOf = (products: string, among?: string) => `
  with ${among === undefined ? '' : `some_products as materialized (select id, sku, name, stock_version from products where id in (${among})),`}
  chosen as materialized (
    select p.id, p.sku, p.name, p.stock_version from ${among === undefined ? 'products' : 'some_products'} p ${products})
  select p.sku, p.id as "productId", p.name as "productName", w.id as "warehouseId", w.name as "warehouseName",
         coalesce(s.physical_on_hand, 0) as "physicalOnHand",
         (coalesce(s.physical_on_hand, 0) - ${availableInWarehouse})::float8 as committed,
         s.applied_version as "appliedVersion", p.stock_version as version, ${sharing} as sharing
  from chosen p ${placesOf}`;

const toLevel = ({ sharing: facts, ...row }: Row): StockLevel => ({ ...row, sharing: sharingOf(facts) });

type LevelFilter = {
  sku?: string | undefined;
  warehouseId?: string | undefined;
  /** Part of the SKU or the name, whatever its case. */
  q?: string | undefined;
  view?: StockView | undefined;
  own?: true | undefined;
};

/** SQL: the products of the listings that are in a state, channel by channel, as an index has just those. */
const listedWhere = (state: string) => `
  select l.product_id from channels c
  cross join lateral (select product_id from listings l where l.channel_id = c.id and ${state}) l
  where c.deleted_at is null`;

/**
 * SQL: the products that may have a level below 0; `isOversold` decides for each of their levels. Apart for own and for
 * suppliers' warehouses: the sum over order lines is dear, and only the latter need it.
 */
const mayBeOversold = `
  select s.product_id from stock s
  where s.committed > s.physical_on_hand and s.warehouse_id in (select id from warehouses where supplier_id is null)
  union
  select s.product_id from warehouses w join stock s on s.warehouse_id = w.id
  cross join lateral (select s.product_id as id) p where w.supplier_id is not null and ${availableInWarehouse} < 0
  union
  select a.product_id from product_suppliers a join warehouses w on w.supplier_id = a.supplier_id
  where not exists (select from stock x where x.product_id = a.product_id and x.warehouse_id = w.id)`;
const isOversold = `${availableInWarehouse} < 0`;

const productsOfView: Record<StockView, string> = {
  needs_sync: listedWhere(isDue),
  suspended: listedWhere('l.suspended_at is not null and l.delisted_at is null'),
  oversold: mayBeOversold,
};

/** One row per product and warehouse, by SKU. */
export async function listLevels(
  db: AccountDb,
  filter: LevelFilter,
  { limit, cursor }: PageRequest,
): Promise<Page<StockLevel>> {
  const [afterSku, afterId] = cursor === undefined ? [null, null] : decodeKeys(cursor);
  const { sku = null, q, warehouseId = null, view } = filter;
  const ofRow = [
    ...(warehouseId === null ? [] : ['w.id = :warehouseId']),
    ...(filter.own ? ['w.supplier_id is null'] : []),
    ...(view === 'oversold' ? [isOversold] : []),
  ];
  const ofProduct = [
    ...(sku === null ? [] : ['p.sku = :sku']),
    ...(afterSku === null ? [] : ['p.sku >= :afterSku']),
    ...(q === undefined ? [] : ['(p.sku ilike :pattern or p.name ilike :pattern)']),
    ...(ofRow.length === 0 ? [] : [`exists (select from (select) x ${placesOf} where ${allOf(ofRow)})`]),
  ];
  const after = afterSku === null ? [] : ['(p.sku, w.id) > (:afterSku, :afterId)'];
  // Each product has at least one such row: so many products are enough for the page, the next row, and the cursor's product.
  const products = `where ${allOf(ofProduct)} order by p.sku limit :limit + 1`;
  const { rows } = await db.raw<{ rows: Row[] }>(
    `${levelsOf(products, view && productsOfView[view])} where ${allOf([...ofRow, ...after])} order by p.sku, w.id limit :limit`,
    { sku, warehouseId, pattern: containing(q ?? ''), afterSku, afterId, limit: limit + 1 },
  );
  const data = rows.slice(0, limit).map(toLevel);
  const last = data.at(-1);
  return { data, nextCursor: rows.length > limit && last ? encodeKeys([last.sku, last.warehouseId]) : null };
}

const allOf = (conditions: readonly string[]): string => ['true', ...conditions].join(' and ');

/** A row that was just written. */
export async function requireLevel(
  db: AccountDb,
  row: { productId: string; warehouseId: string },
): Promise<StockLevel> {
  const { rows } = await db.raw<{ rows: Row[] }>(
    `${levelsOf('where p.id = :productId')} where w.id = :warehouseId`,
    row,
  );
  return toLevel(rows[0]!);
}
