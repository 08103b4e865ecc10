import type { Actor } from '../../domain/account.ts';
import { assertConnectionCarries, type ConnectionStatus } from '../../domain/connection.ts';
import { assertNoLoop } from '../../domain/dropships/dropship.ts';
import { DomainError } from '../../domain/errors.ts';
import {
  assertSplittable,
  hasShippedGoods,
  leafNumber,
  statusOf,
  type OrderStatus,
} from '../../domain/orders/order.ts';
import {
  assertMayDropship,
  isCancelledInShop,
  planAutomatic,
  planManual,
  unmappedSkus,
  type Leaf,
  type RoutableLine,
} from '../../domain/orders/routing.ts';
import { raiseAttention, closeRouteAttention } from '../attentions.ts';
import { insertDropship } from '../dropships/dropships.ts';
import { newId } from '../engine/ids.ts';
import { closeRouted } from './decisions.ts';
import { upFrom } from './family.ts';
import { findLivingDropship, orderNotFound, refreshStatus } from './orders.ts';
import { onlyShopCancelled, refreshShopCancel } from './shop-cancel-attention.ts';
import { becomeParent, insertLeaf } from './splits.ts';
import { shipDigitalLines } from '../shipments/digital.ts';
import { lockProducts } from '../stock/stock.ts';
import { bindLines } from '../stock/of-orders.ts';
import type { AccountDb } from '../engine/with-account.ts';

/** The result of routing: the dropships to start, and the leaves of the order (itself when it is not split). */
type Routed = { dropshipIds: string[]; leafIds: string[] };

type Route = { id: string; number: string; status: OrderStatus; via: string[]; lines: RoutableLine[] };

/**
 * Dropships the lines of automatically dropshipped products to their suppliers, and splits the order where several ship
 * it. Lines that cannot be routed stay here and raise an attention: an unknown SKU, a supplier that may not get the order,
 * or an order to split of which the shop has shipped a part.
 */
export async function routeAutomatically(db: AccountDb, orderId: string, actor: Actor): Promise<Routed> {
  const route = await readRoute(db, orderId);
  const routed = await dropshipGroups(db, route, actor);
  await bindLines(db, routed.leafIds);
  if (route.lines.some((line) => !line.requiresShipping)) await shipDigitalLines(db, routed.leafIds, actor);
  return routed;
}

/**
 * Routes orders that this transaction has stored. One that stays here whole, as all its products are in-house and need
 * shipping, has nothing to decide but its warehouse. @returns the dropships made, by order
 */
export async function routeNew(db: AccountDb, ids: readonly string[], actor: Actor): Promise<Map<string, string[]>> {
  if (ids.length === 0) return new Map();
  if (ids.length > 1) await lockGoodsOf(db, ids);
  const { rows } = await db.raw<{ rows: { id: string }[] }>(
    `select distinct l.order_id as id from order_lines l left join products p on p.id = l.product_id
     where l.order_id = any(:ids) and (p.id is null or p.fulfillment_type <> 'in_house' or not l.requires_shipping)`,
    { ids },
  );
  const toDecide = rows.map((row) => row.id);
  const inHouse = ids.filter((id) => !toDecide.includes(id));
  if (inHouse.length > 0) await bindLines(db, inHouse);
  const made = new Map<string, string[]>();
  for (const id of toDecide) made.set(id, (await routeAutomatically(db, id, actor)).dropshipIds);
  return made;
}

/** Routing locks the products of one order after those of another; two transactions would wait for each other. */
async function lockGoodsOf(db: AccountDb, ids: readonly string[]): Promise<void> {
  const lines = db('order_lines').whereIn('order_id', ids).whereNotNull('product_id');
  await lockProducts(db, await lines.distinct().pluck<string[]>('product_id'));
}

async function dropshipGroups(db: AccountDb, route: Route, actor: Actor): Promise<Routed> {
  const { id: orderId } = route;
  const unknown = unmappedSkus(route.lines);
  if (unknown.length > 0) {
    await park(db, orderId, 'unmapped_sku');
    return { dropshipIds: [], leafIds: [orderId] };
  }
  const leaves: Leaf[] = [];
  for (const leaf of planAutomatic(route.lines)) {
    const refusal = leaf.supplierId === null ? null : await automaticRefusalOf(db, route, leaf);
    if (refusal) await park(db, orderId, refusal.code);
    leaves.push(refusal ? { ...leaf, supplierId: null } : leaf);
  }
  // The shop has shipped part of this order. Those units fit into no new leaf and the order cannot be refused, so raise an
  // attention: a person splits it.
  if (mergeInHouse(leaves).length > 1 && hasShippedGoods(route.lines)) {
    await park(db, orderId, 'order_shipped');
    return { dropshipIds: [], leafIds: [orderId] };
  }
  return applyLeaves(db, { route, leaves, actor });
}

/**
 * Dropships lines to a supplier by hand; the other lines are split off.
 * @throws DomainError `lines_not_assigned` naming the SKUs, `dropship_loop`, `connection_not_active`,
 *   `connection_paused`, `supplier_not_found`, or why the order cannot be dropshipped
 */
export async function routeManually(
  db: AccountDb,
  wish: { orderId: string; supplierId: string; lineIds?: readonly string[] | undefined; actor: Actor },
): Promise<Routed> {
  const { orderId, supplierId, lineIds, actor } = wish;
  const route = await readRoute(db, orderId);
  assertMayDropship(route.status);
  const dropshipId = await findLivingDropship(db, orderId);
  if (dropshipId) throw new DomainError('order_dropshipped', `The order is dropshipped already, by ${dropshipId}.`);
  assertLinesKnown(route, lineIds);
  const refusal = await refusalOf(db, route, { supplierId, paused: 'refused' });
  if (refusal) throw refusal;
  const leaves = planManual(route.lines, supplierId, lineIds);
  if (leaves.length === 0) {
    const skus = route.lines.map((line) => line.sku);
    const faults = skus.map((sku) => ({ pointer: '/supplierId', detail: `${sku} is not assigned to this supplier.` }));
    throw new DomainError('lines_not_assigned', `Nothing is assigned to this supplier: ${skus.join(', ')}.`, faults);
  }
  const routed = await applyLeaves(db, { route, leaves, actor });
  await bindLines(db, routed.leafIds);
  await shipDigitalLines(db, routed.leafIds, actor);
  // A person has decided who ships it. With unknown SKUs left, the attention stays open.
  if (unmappedSkus(route.lines).length === 0) await closeRouteAttention(db, { orderId, action: 'skip', actor });
  await closeRouted(db, { orderId, actor });
  return routed;
}

/**
 * Why no supplier may get a leaf by hand, of those that its products are assigned to. It changes nothing.
 * @returns null where one of them may
 */
export async function whyNotRouted(db: AccountDb, orderId: string): Promise<DomainError['code'] | null> {
  const route = await withLines(db, await routeOf(db, orderId));
  const assigned = new Set(route.lines.flatMap((line) => line.supplierIds));
  const suppliers = [...assigned].filter((supplierId) => planManual(route.lines, supplierId).length > 0);
  let code: DomainError['code'] = 'lines_not_assigned';
  for (const supplierId of suppliers) {
    const refusal = await refusalOf(db, route, { supplierId, paused: 'refused' });
    if (!refusal) return null;
    code = refusal.code;
  }
  return code;
}

function assertLinesKnown({ lines }: Route, lineIds: readonly string[] | undefined): void {
  const unknown = (lineIds ?? []).findIndex((id) => !lines.some((line) => line.lineId === id));
  if (unknown < 0) return;
  const detail = `Line ${lineIds![unknown]!} is not a line of this order.`;
  throw new DomainError('line_not_found', detail, [{ pointer: `/lines/${unknown}`, detail }]);
}

type RouteRow = Omit<Route, 'lines'>;
const routeOf = (db: AccountDb, orderId: string) =>
  db('orders').where({ id: orderId }).first<RouteRow | undefined>('id', 'number', 'status', 'via');

/** A leaf with all that routing depends on; takes its row lock. */
export const readRoute = async (db: AccountDb, orderId: string): Promise<Route> =>
  withLines(db, await routeOf(db, orderId).forUpdate());

async function withLines(db: AccountDb, order: RouteRow | undefined): Promise<Route> {
  if (!order) throw orderNotFound();
  const { rows } = await db.raw<{ rows: (Omit<RoutableLine, 'supplierIds'> & { supplierIds: string[] | null })[] }>(
    `select l.id as "lineId", l.sku, l.product_id as "productId", l.quantity, l.shipped, l.cancelled,
            l.requires_shipping as "requiresShipping", ${onlyShopCancelled('l')} - l.let_ship as "cancelledInShop", p.fulfillment_type as "fulfillmentType",
            array_agg(s.supplier_id order by s.supplier_id) filter (where s.supplier_id is not null) as "supplierIds",
            max(s.supplier_id) filter (where s.is_default) as "defaultSupplierId"
     from order_lines l
     left join products p on p.id = l.product_id
     left join product_suppliers s on s.product_id = p.id
     where l.order_id = :orderId
     group by l.id, l.position, l.sku, l.product_id, l.quantity, l.shipped, l.cancelled, l.cancel_requested, l.cancelled_in_shop,
              l.let_ship, l.requires_shipping, p.fulfillment_type
     order by l.position`,
    { orderId: order.id },
  );
  return {
    ...order,
    lines: rows.map((row) => ({ ...row, supplierIds: row.supplierIds ?? [] })),
  };
}

/** An order that a supplier rejected, or of which the shop cancelled all units, goes to it only by hand. */
async function automaticRefusalOf(db: AccountDb, route: Route, leaf: Leaf): Promise<DomainError | null> {
  const supplierId = leaf.supplierId!;
  if (isCancelledInShop(leaf, route.lines)) return new DomainError('cancelled_in_shop', 'The shop has cancelled it.');
  const refusal = await refusalOf(db, route, { supplierId, paused: 'waits' });
  if (refusal || !(await hasRejected(db, route.id, supplierId))) return refusal;
  return new DomainError('rejected_by_supplier', 'The supplier has sent it back.');
}

/** Whether this supplier rejected the order, or an order that it is a leaf of. */
async function hasRejected(db: AccountDb, orderId: string, supplierId: string): Promise<boolean> {
  const { rows } = await db.raw<{ rows: unknown[] }>(
    `select 1 from dropships d join ${upFrom('o.id = :orderId')} f on f.id = d.order_id
     where d.supplier_id = :supplierId and d.status = 'rejected' limit 1`,
    { orderId, supplierId },
  );
  return rows.length > 0;
}

/** Why this supplier may not get the order; a paused connection lets automatic dropships wait (rules §2). */
async function refusalOf(
  db: AccountDb,
  { via }: Route,
  { supplierId, paused }: { supplierId: string; paused: 'waits' | 'refused' },
): Promise<DomainError | null> {
  const connection = await db('suppliers as s')
    .join('connections as c', 'c.id', 's.connection_id')
    .where('s.id', supplierId)
    .first<{ status: ConnectionStatus; supplier_account_id: string } | undefined>('c.status', 'c.supplier_account_id');
  if (!connection) return new DomainError('supplier_not_found', 'There is no supplier with this id.');
  try {
    if (!(paused === 'waits' && connection.status === 'paused')) assertConnectionCarries(connection.status);
    assertNoLoop([...via, db.accountId], connection.supplier_account_id);
    return null;
  } catch (refusal) {
    if (refusal instanceof DomainError) return refusal;
    throw refusal;
  }
}

const park = (db: AccountDb, orderId: string, code: DomainError['code']) =>
  raiseAttention(db, { orderId, workflowId: null, step: 'route', code });

async function applyLeaves(
  db: AccountDb,
  { route, leaves, actor }: { route: Route; leaves: Leaf[]; actor: Actor },
): Promise<Routed> {
  const merged = mergeInHouse(leaves);
  if (merged.length <= 1) {
    const supplierId = merged[0]?.supplierId ?? null;
    const dropshipIds = supplierId === null ? [] : [await insertDropship(db, { orderId: route.id, supplierId, actor })];
    const status = statusOf(route.lines, supplierId !== null);
    if (status !== route.status) await db('orders').where({ id: route.id }).update({ status });
    if (route.lines.some(({ cancelledInShop = 0 }) => cancelledInShop !== 0))
      await refreshShopCancel(db, { orderId: route.id, action: 'skip', actor });
    return { dropshipIds, leafIds: [route.id] };
  }
  assertSplittable(
    route.status,
    route.lines,
    merged.map((leaf) => leaf.lines),
  );
  const routed: Routed = { dropshipIds: [], leafIds: [] };
  for (const [index, leaf] of merged.entries()) {
    const orderId = newId('order');
    const lines = leaf.lines.map((line) => ({ ...line, id: newId('line') }));
    await insertLeaf(db, route.id, { id: orderId, number: leafNumber(route.number, index + 1), lines });
    routed.leafIds.push(orderId);
    if (leaf.supplierId !== null)
      routed.dropshipIds.push(await insertDropship(db, { orderId, supplierId: leaf.supplierId, actor }));
    await refreshStatus(db, orderId);
    await refreshShopCancel(db, { orderId, action: 'skip', actor });
  }
  await becomeParent(db, { orderId: route.id, leafIds: routed.leafIds, actor });
  return routed;
}

/** A leaf whose supplier was refused joins the in-house leaf. */
function mergeInHouse(leaves: readonly Leaf[]): Leaf[] {
  const inHouse = leaves.filter((leaf) => leaf.supplierId === null).flatMap((leaf) => leaf.lines);
  const supplied = leaves.filter((leaf) => leaf.supplierId !== null);
  return inHouse.length > 0 ? [...supplied, { supplierId: null, lines: inHouse }] : supplied;
}
