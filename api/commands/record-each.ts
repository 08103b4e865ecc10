import type { FastifyRequest } from 'fastify';
import { listOrdersByIds, type Order } from '../../db/orders/view.ts';
import type { Shipment } from '../../db/shipments/shipments.ts';
import { carrierNotice } from '../../domain/shipments/carriers.ts';
import { DomainError, orRefusal } from '../../domain/errors.ts';
import { leafMeant, shipmentToCorrect, unitsNamed, type NumberedLeaf } from '../../domain/shipments/matching.ts';
import { normalTrackingNumber } from '../../domain/shipments/shipment.ts';
import { isDropshipped } from '../../domain/shipments/route.ts';
import { readTrackingNumber } from '../../domain/shipments/tracking-cell.ts';
import { findPart } from '../plugins/idempotency.ts';
import { read, readOne } from '../request/reading.ts';
import { correct } from './change-shipment.ts';
import { inTurn, type Outcome } from './in-turn.ts';
import { listOrdersMeant, notFound, type OrdersMeant } from './orders-meant.ts';
import { knownShipments, shipmentContent, recordShipment } from './record-shipment.ts';
import type { ShipmentItem } from '../schemas/shipment-batch.ts';
import type { CorrectionBody } from '../schemas/shipments.ts';

type Batch = {
  request: FastifyRequest;
  /** As they are meant, or why they cannot be read. */
  items: readonly (ShipmentItem | DomainError)[];
  orders: OrdersMeant;
  /** Of items that come twice, the first position. */
  firsts: ReadonlyMap<string, number>;
  /** Identifies all parts of the request. */
  content: unknown;
};

/**
 * Records shipments, each by itself: a shipment of the account's own order in a transaction, a shipment of a dropship by a
 * message. A repeat under the same key goes on where the first attempt ended.
 * @returns the outcome of each item, in their order; a refused item fails alone
 */
export async function recordEach(
  request: FastifyRequest,
  entered: readonly ShipmentItem[],
  content: unknown,
): Promise<Outcome[]> {
  const orders = await read(request, (db) => listOrdersMeant(db, entered));
  const items = entered.map(readItem);
  const batch: Batch = { request, items, orders, firsts: firstsOf(items), content };
  // Shipments of one order are recorded one after the other.
  return inTurn(request, queuesOf(batch), (index) => recordOne(batch, index));
}

const nameOf = ({ orderId, number }: ShipmentItem): string => orderId ?? number!;

const readItem = (item: ShipmentItem): ShipmentItem | DomainError =>
  orRefusal(() => {
    const { trackingNumber: cell } = item;
    return cell === undefined ? item : { ...item, trackingNumber: readTrackingNumber(cell) };
  });

/** Positions of the items, grouped by order; the items of an order stay in their order. */
function queuesOf({ items, orders }: Batch): number[][] {
  const queues = new Map<string, number[]>();
  for (const [index, item] of items.entries()) {
    const name = item instanceof DomainError ? '' : nameOf(item);
    const root = orders.leaves.find((leaf) => leaf.name === name)?.root ?? name;
    queues.set(root, [...(queues.get(root) ?? []), index]);
  }
  return [...queues.values()];
}

async function recordOne({ request, items, orders, content, firsts }: Batch, index: number): Promise<Outcome> {
  const item = items[index]!;
  if (item instanceof DomainError) throw item;
  if (firsts.get(keyOf(item)) !== index) {
    throw new DomainError(
      'duplicate_in_batch',
      `The shipment ${item.trackingNumber ?? '(no number)'} comes twice for one order.`,
    );
  }
  const notice = item.carrier === undefined ? undefined : carrierNotice(item.carrier, item.trackingNumber);
  const recorded = ({ id }: Shipment) => ({ id, ...(notice !== undefined && { notice }) });
  // Number 0 is the request's own key, which stores the answer.
  const part = { number: index + 1, content };
  const known = await findPart<Shipment>(request, part);
  if (known) return recorded(known);
  const name = nameOf(item);
  const ids = orders.leaves.filter((leaf) => leaf.name === name).map(({ id }) => id);
  const found = await readOne(request, (db) => listOrdersByIds(db, ids));
  if (found.length === 0) throw notFound(item.number, orders.guesses.get(name));
  const named = { ...item, trackingNumber: item.trackingNumber ?? null };
  const leaf = leafMeant(found.map(toLeaf), named);
  const wrong = item.onShipped === 'correct' ? shipmentToCorrect(leaf, named) : undefined;
  if (wrong) return recorded(await correct(request, wrong.shipmentId, { entered: changeIn(item), part }));
  const shipment = shipmentContent({ ...item, lines: unitsNamed(leaf, named) }, request.server.deps.now());
  return recorded(await recordShipment(request, { orderId: leaf.id, content: shipment, part }));
}

/** A correction changes the tracking only. */
function changeIn(item: ShipmentItem): CorrectionBody {
  const { method, carrier, carrierName, trackingNumber, trackingUrl, service } = item;
  return { method, carrier, carrierName, trackingNumber, trackingUrl, service };
}

/** Items with the same key are the same shipment. */
const keyOf = (item: ShipmentItem): string =>
  JSON.stringify([
    nameOf(item),
    item.method ?? 'tracked',
    normalTrackingNumber(item.trackingNumber ?? ''),
    (item.lines ?? []).map(({ lineId, sku, quantity }) => JSON.stringify([lineId, sku, quantity])).sort(),
  ]);

/** The position of the first item with each key. */
const firstsOf = (items: Batch['items']): Map<string, number> =>
  new Map(
    [...items.entries()]
      .reverse()
      .flatMap(([index, item]) => (item instanceof DomainError ? [] : [[keyOf(item), index] as const])),
  );

const toLeaf = (order: Order): NumberedLeaf => ({
  id: order.id,
  number: order.number,
  merchant: order.merchantName,
  root: `${order.channelId}/${order.remoteId}`,
  status: order.status,
  isDropshipped: isDropshipped(order),
  lines: order.lines,
  shipments: knownShipments(order),
});
