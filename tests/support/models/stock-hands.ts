import { createGate } from '../../../activities/gate.ts';
import { createCancelActivities } from '../../../activities/dropships/cancels.ts';
import type { Deps } from '../../../activities/deps.ts';
import { createDropshipActivities } from '../../../activities/dropships/import.ts';
import { findOrigin } from '../../../db/orders/cancels.ts';
import { refreshDropshipStatus } from '../../../db/dropships/dropships.ts';
import { newId } from '../../../db/engine/ids.ts';
import { storeOrder } from '../../../db/orders/store-order.ts';
import { findReceivedOrder, lockOrder, refreshStatus } from '../../../db/orders/orders.ts';
import { routeManually } from '../../../db/orders/routing.ts';
import { createSealer } from '../../../db/engine/sealing.ts';
import { insertShipment, requireShipment, resolveRemoteLines } from '../../../db/shipments/shipments.ts';
import { cancelUnits, returnShipped } from '../../../db/stock/of-orders.ts';
import type { AccountDb } from '../../../db/engine/with-account.ts';
import type { Remaining } from '../../../domain/orders/cancel.ts';
import type { ShipmentLine } from '../../../domain/shipments/shipment.ts';
import { anIncomingOrder, type LineWish } from '../trade/database-trade.ts';
import type { Index } from './stock-truth.ts';
import { inside, merchantName, supplierName, type AccountName, type Pair, type StockWorld } from './stock-world.ts';

/** Changes of stock by people and workflows, through the service's own activities and db functions. */

/** The leaf of an order's line, and the dropship of that leaf. */
export type Place = { remoteLineId: string; lineId: string; orderId: string; dropshipId: string | null };

const actor = { kind: 'account', id: 'key_1' } as const;
const tracking = () => {
  const id = newId('shipment');
  return { id, carrier: 'ups', carrierName: 'UPS', trackingNumber: id, shippedAt: '2026-11-22T10:00:00.000Z' };
};

export const sell = (world: StockWorld, name: AccountName, wish: { remoteId: string; lines: LineWish[] }) =>
  inside(world, name, async (db) => {
    const order = anIncomingOrder(wish.lines, { remoteId: wish.remoteId });
    await storeOrder(db, { channelId: world.accounts[name].channelId, order, actor });
    return locate(db, wish.remoteId);
  });

export const dropshipByHand = (
  world: StockWorld,
  { merchant, supplier }: Pair,
  wish: { remoteId: string; orderId: string; lineIds: string[] },
): Promise<Place[]> =>
  inside(world, merchantName(merchant), async (db) => {
    const { supplierId } = world.link({ merchant, supplier });
    await routeManually(db, { orderId: wish.orderId, supplierId, lineIds: wish.lineIds, actor });
    return locate(db, wish.remoteId);
  });

async function locate(db: AccountDb, remoteId: string): Promise<Place[]> {
  const { rows } = await db.raw<{ rows: Place[] }>(
    `select l.remote_line_id as "remoteLineId", l.id as "lineId", o.id as "orderId", d.id as "dropshipId"
     from orders o join order_lines l on l.order_id = o.id
     left join dropships d on d.order_id = o.id and d.status <> 'cancelled'
     where o.remote_id = :remoteId and o.status <> 'split'`,
    { remoteId },
  );
  return rows;
}

export class Cut extends Error {}

function activitiesOf({ pool }: StockWorld, cutAt?: string) {
  const crashPoint = (passed: string) => {
    if (passed === cutAt) throw new Cut(passed);
  };
  const deps = { pool, sealer, gate: createGate({ slots: 40 }), crashPoint } as unknown as Deps;
  return { ...createDropshipActivities(deps), ...createCancelActivities(deps) };
}
const sealer = createSealer(Buffer.alloc(32).toString('base64'));

/** @param isCut the worker ends after the supplier's write, before the merchant's */
export async function importOrder(world: StockWorld, dropshipId: string, isCut: boolean): Promise<void> {
  try {
    await activitiesOf(world, isCut ? 'supplier-order.committed' : undefined).importDropship({ dropshipId });
  } catch (error) {
    if (!(error instanceof Cut)) throw error;
  }
}

export const takeBack = (world: StockWorld, dropshipId: string) => activitiesOf(world).cancelDropship({ dropshipId });

/** Records a supplier's shipment in its own account only. @param lines by the merchant's line ids */
export const shipOrder = (
  world: StockWorld,
  supplier: Index,
  { dropshipId, lines }: { dropshipId: string; lines: ShipmentLine[] },
): Promise<string> =>
  inside(world, supplierName(supplier), async (db) => {
    const orderId = (await findReceivedOrder(db, dropshipId))!;
    const shipment = tracking();
    await lockOrder(db, orderId);
    const own = await resolveRemoteLines(db, orderId, lines);
    await insertShipment(db, { ...shipment, orderId, dropshipId, lines: own }, actor);
    return shipment.id;
  });

/** Relays that shipment to the merchant's account. */
export const relay = (
  world: StockWorld,
  merchant: Index,
  shipped: { id: string; orderId: string; dropshipId: string; lines: ShipmentLine[] },
) =>
  inside(world, merchantName(merchant), async (db) => {
    await lockOrder(db, shipped.orderId);
    await insertShipment(db, { ...tracking(), ...shipped }, actor);
  });

/** Records a merchant's own shipment. */
export const shipHere = (world: StockWorld, name: AccountName, wish: { orderId: string; lines: ShipmentLine[] }) =>
  inside(world, name, async (db) => {
    const shipment = tracking();
    await lockOrder(db, wish.orderId);
    await insertShipment(db, { ...shipment, ...wish, dropshipId: null }, actor);
    return shipment.id;
  });

/** Voids a shipment in one account. */
export const voidShipment = (world: StockWorld, name: AccountName, shipmentId: string) =>
  inside(world, name, async (db) => {
    const { orderId, dropshipId, lines } = await requireShipment(db, shipmentId);
    await lockOrder(db, orderId);
    await db.raw(
      `update order_lines l set shipped = l.shipped - x.quantity
       from jsonb_to_recordset(:lines::jsonb) as x("lineId" text, quantity int) where l.id = x."lineId"`,
      { lines: JSON.stringify(lines) },
    );
    await db('shipments').where({ id: shipmentId }).update({ status: 'voided' });
    await returnShipped(db, shipmentId);
    await refreshStatus(db, orderId);
    // At the supplier it is the dropship that its order came by, which is the merchant's row.
    if (dropshipId !== null && (await findOrigin(db, orderId)) !== dropshipId)
      await refreshDropshipStatus(db, dropshipId);
  });

/** Cancels open units of an order of that account. */
export const cancel = (world: StockWorld, name: AccountName, wish: { orderId: string; lines: ShipmentLine[] }) =>
  inside(world, name, async (db) => {
    await lockOrder(db, wish.orderId);
    await cancelUnits(db, wish.lines);
    await refreshStatus(db, wish.orderId);
  });

/** Cancels units of a dropship before its import. `lines`: null for all. */
export const cancelBefore = (world: StockWorld, dropshipId: string, lines: Remaining[] | null) =>
  activitiesOf(world).cancelBeforeImport({ dropshipId, lines, ...why, actor });

/** Cancels units of a supplier's order in its own account only. @param lines by the merchant's line ids */
export const cancelReceived = (world: StockWorld, dropshipId: string, lines: Remaining[]) =>
  activitiesOf(world).cancelAtSupplier({ dropshipId, lines, ...why });

/** Relays that cancel to the merchant's account. */
export const relayCancel = (world: StockWorld, dropshipId: string, lines: Remaining[]) =>
  activitiesOf(world).relayCancel({ dropshipId, lines, ...why });

const why = { reason: 'customer_request' } as const;
