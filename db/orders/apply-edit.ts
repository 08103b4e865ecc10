import type { Actor } from '../../domain/account.ts';
import { assertStaysWithSupplier, unitsAfter, type EditChange } from '../../domain/orders/edit.ts';
import { isLive } from '../../domain/dropships/dropship.ts';
import { unitsLeft, type IncomingLine } from '../../domain/orders/order.ts';
import { planAutomatic } from '../../domain/orders/routing.ts';
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
    assertStaysWithSupplier(order.dropship.supplierId, lines.map((line) => ({ ...line, isNew: !known.has(line.lineId), supplierIds: line.fulfillmentType === 'in_house' ? [] : line.supplierIds }))); // prettier-ignore
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

const isOf = (line: { remoteLineId: string }, one: { remoteLineId: string }) => line.remoteLineId === one.remoteLineId;

function changedUnits({ order, changes, inShop }: Edit) {
  return changes.flatMap((one) => {
    if (one.kind !== 'quantity_changed' && one.kind !== 'line_removed') return [];
    const line = order.lines.find((candidate) => candidate.lineId === one.lineId)!;
    const after = unitsAfter(line, one.kind === 'line_removed' ? undefined : inShop.find((now) => isOf(now, one)));
    const more = unitsLeft({ ...line, ...after }) - unitsLeft(line);
    return [{ lineId: line.lineId, ...after, more }];
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
