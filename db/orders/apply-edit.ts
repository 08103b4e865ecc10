import type { Actor } from '../../domain/account.ts';
import { DomainError, orRefusal } from '../../domain/errors.ts';
import { assertStaysWithSupplier, unitsAfter, type EditChange, type PendingEdit } from '../../domain/orders/edit.ts';
import { isLive } from '../../domain/dropships/dropship.ts';
import { unitsLeft, type IncomingLine } from '../../domain/orders/order.ts';
import { planAutomatic, type RoutableLine } from '../../domain/orders/routing.ts';
import { findLinkedToLines } from '../catalogue/sku-meanings.ts';
import { listAttentionsOfOrders, closeRouteAttention } from '../attentions.ts';
import { insertLines, linkLines } from './store-order.ts';
import type { Order } from './view.ts';
import { refreshStatus } from './orders.ts';
import { readRoute, routeAutomatically } from './routing.ts';
import { refreshShopCancel } from './shop-cancel-attention.ts';
import { shipDigitalLines } from '../shipments/digital.ts';
import { bindLines, changeUnits } from '../stock/of-orders.ts';
import type { AccountDb } from '../engine/with-account.ts';

type Edit = { order: Order; changes: readonly EditChange[]; inShop: readonly IncomingLine[]; actor: Actor };

/**
 * Gives an order's lines the units that its shop has, and decides again who ships them and which warehouse they come
 * from. The caller holds the order's lock, and has checked that no unit of its goods has crossed or shipped.
 * @returns the dropships to start
 * @throws DomainError `order_dropshipped`
 */
export async function applyEdit(db: AccountDb, edit: Edit): Promise<string[]> {
  const { order, changes, inShop, actor } = edit;
  const before = await readRoute(db, order.id);
  await changeUnits(db, changedUnits(edit));
  const added = changes.flatMap((one) => (one.kind === 'line_added' ? inShop.filter((line) => isOf(line, one)) : []));
  await insertLines(db, order.channelId, [{ orderId: order.id, from: order.lines.length, lines: added }]);
  const { status } = await refreshStatus(db, order.id);
  if (order.dropship && isLive(order.dropship.status)) {
    const { lines } = await readRoute(db, order.id);
    const known = new Set(before.lines.map(({ lineId }) => lineId));
    const isNew = ({ lineId }: { lineId: string }) => !known.has(lineId);
    assertStaysWithSupplier(
      order.dropship.supplierId,
      lines.map((line) => ({ ...line, isNew: isNew(line), supplierIds: dropshippersOf(line) })),
    );
  } else if (status === 'cancelled') {
    await closeRouteAttention(db, { orderId: order.id, action: 'skip', actor });
  } else if (await isToBeRouted(db, order, before.lines)) {
    await closeRouteAttention(db, { orderId: order.id, action: 'retry', actor });
    await linkLines(db, order.id);
    return (await routeAutomatically(db, order.id, actor)).dropshipIds;
  }
  await bindLines(db, [order.id]);
  await shipDigitalLines(db, [order.id], actor);
  await refreshShopCancel(db, { orderId: order.id, action: 'retry', actor });
  return [];
}

/** The suppliers that may ship a line. */
const dropshippersOf = ({ fulfillmentType, supplierIds }: Pick<RoutableLine, 'fulfillmentType' | 'supplierIds'>) =>
  fulfillmentType === 'in_house' ? [] : supplierIds;

/**
 * Why the supplier of an order could not ship what its pending edit leaves; as `applyEdit` refuses it, but nothing changes.
 * @returns null where it could
 */
export async function findEditRefusal(db: AccountDb, order: Order): Promise<DomainError['code'] | null> {
  const stored = await db('orders').where({ id: order.id }).first<{ pending_edit: PendingEdit | null }>('pending_edit');
  const { changes, inShop } = stored?.pending_edit ?? { changes: [], inShop: { lines: [] } };
  const units = changedUnits({ order, changes, inShop: inShop.lines });
  const present = order.lines.map((line) => {
    const after = units.find(({ lineId }) => lineId === line.lineId);
    return { ...line, ...after, isNew: false, supplierIds: [] };
  });
  const added = inShop.lines.filter((line) => changes.some((one) => one.kind === 'line_added' && isOf(line, one)));
  const suppliers = await listDropshippers(db, order.channelId, added);
  const refusal = orRefusal(() =>
    assertStaysWithSupplier(order.dropship!.supplierId, [
      ...present,
      ...added.map((line, index) => ({
        ...line,
        shipped: line.shipped ?? 0,
        cancelled: line.cancelled ?? 0,
        isNew: true,
        supplierIds: suppliers[index]!,
      })),
    ]),
  );
  return refusal instanceof DomainError ? refusal.code : null;
}

/** The suppliers that may ship each of these lines of the shop. */
async function listDropshippers(
  db: AccountDb,
  channelId: string,
  lines: readonly IncomingLine[],
): Promise<readonly string[][]> {
  if (lines.length === 0) return [];
  const productIds = await findLinkedToLines(db, channelId, lines);
  const rows = await db('product_suppliers as s')
    .join('products as p', 'p.id', 's.product_id')
    .whereIn(
      'p.id',
      productIds.filter((id) => id !== null && id !== undefined),
    )
    .whereNot('p.fulfillment_type', 'in_house')
    .select<{ product_id: string; supplier_id: string }[]>('s.product_id', 's.supplier_id');
  return productIds.map((id) => rows.filter((row) => row.product_id === id).map((row) => row.supplier_id));
}

const isOf = (line: { remoteLineId: string }, one: { remoteLineId: string }) => line.remoteLineId === one.remoteLineId;

function changedUnits({ order, changes, inShop }: Omit<Edit, 'actor'>) {
  return changes.flatMap((one) => {
    if (one.kind !== 'quantity_changed' && one.kind !== 'line_removed') return [];
    const line = order.lines.find((candidate) => candidate.lineId === one.lineId)!;
    const now = one.kind === 'line_removed' ? undefined : inShop.find((candidate) => isOf(candidate, one));
    const after = unitsAfter(line, now);
    const more = unitsLeft({ ...line, ...after }) - unitsLeft(line);
    // A shop that lowers its quantity counts no unit of it as cancelled, once the line is lowered here too.
    const cancelledInShop = now ? (now.cancelled ?? 0) : after.quantity;
    return [{ lineId: line.lineId, ...after, cancelledInShop, more }];
  });
}

/**
 * An order that waited because a SKU was unknown, or because its shop had cancelled all of it, was meant to be routed. An order that could go to a supplier and did not,
 * for example because it is older than the assignment of its products, stays with its merchant: an accepted edit must not
 * send old orders.
 */
async function isToBeRouted(
  db: AccountDb,
  { id }: Order,
  before: Parameters<typeof planAutomatic>[0],
): Promise<boolean> {
  const waited = (await listAttentionsOfOrders(db, [id])).some(
    ({ code, step }) => code === 'unmapped_sku' || (code === 'cancelled_in_shop' && step === 'route'),
  );
  return waited || planAutomatic(before).every(({ supplierId }) => supplierId === null);
}
