import { whatCrosses, type CrossingOrder } from '../../domain/crossing.ts';
import { isLive } from '../../domain/dropship.ts';
import { requireConnection } from '../../db/connections.ts';
import { listWaitingSides, readMerchantSide, requireDropship } from '../../db/dropships.ts';
import { findShipment } from '../../db/shipments.ts';
import { findSupplierByConnection } from '../../db/suppliers.ts';
import type { Pool } from '../../db/pool.ts';
import { withAccount, type AccountDb } from '../../db/with-account.ts';
import type { RecordShipmentInput } from '../../workflows/dropship.ts';
import { ChannelError, type Channel, type Push, type Pushed, type RemoteOrder } from './channel.ts';

/** How a portal reaches the workflow that governs the merchant's order. */
export type Messenger = {
  recordShipment(
    dropshipId: string,
    input: RecordShipmentInput,
    updateId: string,
  ): Promise<{ outcome: 'recorded' } | { outcome: 'closed' } | { outcome: 'refused'; code: string }>;
};

type PortalTools = { pool: Pool; accountId: string; connectionId: string; messenger: Messenger };

const pageSize = 100;

/**
 * A supplier's channel whose other end is the merchant's account. It reads as the merchant, maps the crossing list, and
 * returns; the caller writes as the supplier (law 2). Shipments go upstream as a message to the one writer (law 3).
 */
export function openPortal({ pool, accountId, connectionId, messenger }: PortalTools): Channel {
  async function asMerchant<T>(read: (db: AccountDb) => Promise<T>): Promise<T> {
    const connection = await withAccount(pool, accountId, (db) => requireConnection(db, connectionId));
    return withAccount(pool, connection.merchantAccountId, read);
  }

  return {
    kind: 'portal',
    traits: { orders: 'released', stock: 'available', lookup: 'reference', correct: 'in_place', void: 'any' },

    async describeAccess() {
      const connection = await withAccount(pool, accountId, (db) => requireConnection(db, connectionId));
      const supplier = await asMerchant((db) => findSupplierByConnection(db, connectionId));
      const missing = [
        ...(connection.status === 'active' ? [] : ['active_connection']),
        ...(supplier ? [] : ['supplier_entry']),
      ];
      return { account: connection.merchantAccountId, missing, unproven: [], locations: [] };
    },

    async importOrders(after) {
      const { status } = await withAccount(pool, accountId, (db) => requireConnection(db, connectionId));
      if (status !== 'active') return { items: [], next: after ?? '', more: false };
      const sides = await asMerchant((db) => listWaitingSides(db, connectionId, { after, limit: pageSize }));
      const items = sides.map((side) => toRemoteOrder(whatCrosses(side)));
      return { items, next: items.at(-1)?.remoteId ?? after ?? '', more: items.length === pageSize };
    },

    getOrder: (dropshipId) =>
      asMerchant(async (db) => {
        const dropship = await requireDropship(db, dropshipId);
        if (!isLive(dropship.status) || dropship.connectionId !== connectionId)
          throw new ChannelError({ kind: 'gone', what: 'order' });
        return toRemoteOrder(whatCrosses(await readMerchantSide(db, dropshipId)));
      }),

    async pushShipment(push) {
      const answer = await messenger.recordShipment(
        push.remoteOrderId,
        toMessage(push, accountId),
        `${push.shipmentId}.${push.revision}`,
      );
      if (answer.outcome === 'refused')
        throw new ChannelError({ kind: 'invalid', field: 'shipment', code: answer.code });
      if (answer.outcome === 'closed') {
        const known = await asMerchant((db) => findShipment(db, push.shipmentId));
        if (!known) throw new ChannelError({ kind: 'gone', what: 'order' });
      }
      return { remoteIds: [push.shipmentId], found: answer.outcome === 'closed', order: null } satisfies Pushed;
    },

    correctTracking: notOffered,
    voidShipment: notOffered,
    importProducts: notOffered,
    writeInventory: notOffered,
    listCancelled: notOffered,
    verifyWebhook() {
      throw new ChannelError({ kind: 'invalid', field: 'signature', code: 'not_offered' });
    },
  };
}

/** Corrections, catalogue and stock do not cross a portal yet; nothing calls these. */
const notOffered = (): Promise<never> =>
  Promise.reject(new ChannelError({ kind: 'invalid', field: 'task', code: 'not_offered' }));

function toRemoteOrder(order: CrossingOrder): RemoteOrder {
  return {
    remoteId: order.dropshipId,
    number: order.number,
    placedAt: order.placedAt,
    currency: order.currency,
    state: 'ready',
    shipTo: order.shipTo,
    ...(order.billTo && { billTo: order.billTo }),
    ...(order.notes && { notes: order.notes }),
    ...(order.tags && { tags: order.tags }),
    shippingMethod: order.shippingMethod,
    lines: order.lines.map((line) => ({
      remoteLineId: line.lineId,
      remoteProductId: null,
      sku: line.sku,
      name: line.name,
      ordered: line.quantity,
      cancelled: 0,
      shipped: 0,
      priceMinor: line.unitPriceMinor ?? null,
      ...(line.costMinor !== undefined && { costMinor: line.costMinor }),
    })),
    shipments: [],
    origin: { dropshipId: order.dropshipId, merchantName: order.merchantName, via: order.via },
  };
}

function toMessage(push: Push, by: string): RecordShipmentInput {
  const { shipmentId, units, tracking, shippedAt } = push;
  return {
    shipmentId,
    lines: units.map(({ remoteLineId, quantity }) => ({ lineId: remoteLineId, quantity })),
    carrier: tracking.carrier,
    carrierName: tracking.carrierName,
    trackingNumber: tracking.number,
    ...(tracking.url !== undefined && { trackingUrl: tracking.url }),
    shippedAt,
    by,
  };
}
