import { whatCrosses, type CrossingOrder } from '../../../domain/dropships/crossing.ts';
import { isLive } from '../../../domain/dropships/dropship.ts';
import { DomainError } from '../../../domain/errors.ts';
import { requireDropship } from '../../../db/dropships/dropships.ts';
import { claimWaiting, readMerchantSide } from '../../../db/dropships/imports.ts';
import type { AccountDb } from '../../../db/engine/with-account.ts';
import { findSupplierByConnection } from '../../../db/accounts/suppliers.ts';
import { ChannelError, type Access, type Channel, type RemoteOrderPage, type RemoteOrder } from '../channel.ts';
import { listProducts } from './products.ts';
import { listCancelled } from './cancels.ts';
import { correctUpstream, pushUpstream, voidUpstream } from './shipments.ts';
import { writeInventory } from './stock.ts';
import { asMerchant, connectionOf, writeAsMerchant, type PortalTools } from './tools.ts';

const pageSize = 100;

/**
 * A supplier's channel whose other end is the merchant's account. It reads as the merchant and returns only fields of the
 * crossing list; the caller writes as the supplier (law 2). Shipments go upstream as a message to the one writer (law 3).
 */
export function openPortal(tools: PortalTools): Channel {
  return {
    kind: 'portal',
    describeTraits: async () => ({
      stock: 'available',
      reference: 'unique',
      correct: 'in_place',
      void: 'any',
      steps: 'one',
      changes: 'all',
      clockGrainMs: 1,
    }),
    describeAccess: () => describeAccess(tools),
    importOrders: (after) => listWaitingOrders(tools, after),
    getOrder: (dropshipId) => getOrder(tools, dropshipId),
    getOrders: (dropshipIds) => getOrders(tools, dropshipIds),
    pushShipment: (push) => pushUpstream(tools, push),
    correctTracking: (push) => correctUpstream(tools, push),
    voidShipment: (push) => voidUpstream(tools, push),
    importProducts: (after) => listProducts(tools, after),
    writeInventory: (batch) => writeInventory(tools, batch),
    listCancelled: (after) => listCancelled(tools, after),
    // The merchant's account is here: it sends no webhooks.
    ensureWebhooks: async () => undefined,
    disconnect: async () => undefined,
  };
}

async function describeAccess(tools: PortalTools): Promise<Access> {
  const { status, merchantAccountId } = await connectionOf(tools);
  const supplier = await asMerchant(tools, (db) => findSupplierByConnection(db, tools.connectionId));
  const missing = [...(status === 'active' ? [] : ['active_connection']), ...(supplier ? [] : ['supplier_entry'])];
  return { account: merchantAccountId, missing, unproven: [], locations: [] };
}

/** Claims what it lists: from then on each order is as the supplier gets it. */
async function listWaitingOrders(tools: PortalTools, after: string | null): Promise<RemoteOrderPage> {
  const { status } = await connectionOf(tools);
  if (status !== 'active') return { items: [], next: after ?? '', more: false };
  const page = { after, limit: pageSize };
  const waiting = await writeAsMerchant(tools, (db) => claimWaiting(db, tools.connectionId, page));
  const { claimed, begun, last, more } = waiting;
  return { items: claimed.map((side) => toRemoteOrder(whatCrosses(side))), begun, next: last ?? after ?? '', more };
}

const getOrder = (tools: PortalTools, dropshipId: string) =>
  asMerchant(tools, async (db) => {
    const dropship = await requireDropship(db, dropshipId);
    const isGone = !isLive(dropship.status) || dropship.connectionId !== tools.connectionId;
    if (isGone) throw new ChannelError({ kind: 'gone', what: 'order' });
    return readCrossing(db, dropshipId);
  });

async function getOrders(tools: PortalTools, dropshipIds: readonly string[]): Promise<RemoteOrder[]> {
  const found: RemoteOrder[] = [];
  for (const dropshipId of new Set(dropshipIds)) {
    const order = await getOrder(tools, dropshipId).catch(unlessGone);
    if (order) found.push(order);
  }
  return found;
}

/** @throws the error again unless the order is gone, or is none of this connection's merchant */
function unlessGone(error: unknown): undefined {
  const isGone = error instanceof ChannelError && error.fault.kind === 'gone' && error.fault.what === 'order';
  if (!isGone && !(error instanceof DomainError && error.code === 'dropship_not_found')) throw error;
}

/** What the supplier gets of an order, read as the merchant. */
export const readCrossing = async (db: AccountDb, dropshipId: string): Promise<RemoteOrder> =>
  toRemoteOrder(whatCrosses(await readMerchantSide(db, dropshipId)));

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
      remoteProductId: line.productId ?? null,
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
