import type { FastifyRequest } from 'fastify';
import { listOrdersById, listOrdersByNumber, type NumberedOrder } from '../../db/orders/numbered-orders.ts';
import { listOrdersByIds, type Order } from '../../db/orders/view.ts';
import { orderNotFound } from '../../db/orders/orders.ts';
import type { Shipment } from '../../db/shipments/shipments.ts';
import { carrierName, findCarrier, suggestedCarrier, type CarrierCode } from '../../domain/shipments/carriers.ts';
import { DomainError } from '../../domain/errors.ts';
import { leafMeant, unitsNamed, type NumberedLeaf } from '../../domain/shipments/matching.ts';
import { normalTrackingNumber } from '../../domain/shipments/shipment.ts';
import { isDropshipped } from '../../domain/shipments/route.ts';
import { findPart } from '../plugins/idempotency.ts';
import { logCause, toRefusal } from '../plugins/problems.ts';
import { read } from '../request/reading.ts';
import { knownShipments, shipmentContent, recordShipment } from './record-shipment.ts';
import type { ShipmentItem } from '../schemas/shipment-batch.ts';

export type RecordOutcome = { id: string } | { refusal: DomainError };

/** Orders that are worked on at the same time. Shipments of one order are recorded one after the other. */
const ordersAtOnce = 6;
/** Most proxies wait a minute for an answer. */
const longestMs = 50_000;

type Batch = {
  request: FastifyRequest;
  items: readonly ShipmentItem[];
  leaves: readonly NumberedOrder[];
  /** Identifies all parts of the request. */
  content: unknown;
  outcomes: RecordOutcome[];
  endsAt: number;
  /** Why no further item is begun. */
  stopped?: DomainError;
};

/**
 * Records shipments, each by itself: a shipment of the account's own order in a transaction, a shipment of a dropship by a
 * message. A repeat under the same key goes on where the first attempt ended.
 * @returns the outcome of each item, in their order; a refused item fails alone
 */
export async function recordEach(
  request: FastifyRequest,
  items: readonly ShipmentItem[],
  content: unknown,
): Promise<RecordOutcome[]> {
  const leaves = await read(request, async (db) => [
    ...(await listOrdersByNumber(db, items.flatMap(({ number }) => number ?? []))),
    ...(await listOrdersById(db, items.flatMap(({ orderId }) => orderId ?? []))),
  ]); // prettier-ignore
  const endsAt = request.server.deps.now().getTime() + longestMs;
  const batch: Batch = { request, items, leaves, content, outcomes: [], endsAt };
  const queue = queuesOf(batch);
  const work = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      for (const index of next) batch.outcomes[index] = await outcomeOf(batch, index);
    }
  };
  await Promise.all(Array.from({ length: ordersAtOnce }, work));
  return batch.outcomes;
}

/** Whether a repeat would give the same outcome. After silence of the database or Temporal it may not. */
export const isFinal = (outcome: RecordOutcome): boolean => 'id' in outcome || !passing.includes(outcome.refusal.code);

const passing: readonly string[] = [
  'temporal_unavailable',
  'database_unavailable',
  'request_in_progress',
  'no_answer',
  'unexpected',
];

const nameOf = ({ orderId, number }: ShipmentItem): string => orderId ?? number!;

/** Positions of the items, grouped by order; the items of an order stay in their order. */
function queuesOf({ items, leaves }: Batch): number[][] {
  const queues = new Map<string, number[]>();
  for (const [index, item] of items.entries()) {
    const root = leaves.find((leaf) => leaf.name === nameOf(item))?.root ?? nameOf(item);
    queues.set(root, [...(queues.get(root) ?? []), index]);
  }
  return [...queues.values()];
}

async function outcomeOf(batch: Batch, index: number): Promise<RecordOutcome> {
  const { request, endsAt } = batch;
  if (request.server.deps.now().getTime() > endsAt) {
    batch.stopped ??= new DomainError('no_answer', 'Not begun in time: send the same batch again, with the same key.');
  }
  if (batch.stopped) return { refusal: batch.stopped };
  try {
    return { id: await recordOne(batch, index) };
  } catch (error) {
    const refusal = toRefusal(error);
    if (refusal.code === 'unexpected') logCause(error, request);
    // The key was used with another batch, so no item can go on.
    if (refusal.code === 'idempotency_key_reused') throw refusal;
    if (refusal.code === 'temporal_unavailable' || refusal.code === 'database_unavailable') batch.stopped = refusal;
    return { refusal };
  }
}

async function recordOne({ request, items, leaves, content }: Batch, index: number): Promise<string> {
  const item = items[index]!;
  if (items.slice(0, index).some((other) => isRepeated(item, other))) {
    throw new DomainError(
      'duplicate_in_batch',
      `The shipment ${item.trackingNumber ?? '(no number)'} comes twice for one order.`,
    );
  }
  // Number 0 is the request's own key, which stores the answer.
  const part = { number: index + 1, content };
  const known = await findPart<Shipment>(request, part);
  if (known) return known.id;
  const ids = leaves.filter(({ name }) => name === nameOf(item)).map(({ id }) => id);
  const orders = await read(request, (db) => listOrdersByIds(db, ids));
  if (orders.length === 0) throw orderNotFound();
  const named = { ...item, trackingNumber: item.trackingNumber ?? null };
  const leaf = leafMeant(orders.map(toLeaf), named);
  const shipment = shipmentContent(
    { ...item, ...carrierOf(item), lines: unitsNamed(leaf, named) },
    request.server.deps.now(),
  );
  return (await recordShipment(request, { orderId: leaf.id, content: shipment, part })).id;
}

function isRepeated(one: ShipmentItem, other: ShipmentItem): boolean {
  const key = (item: ShipmentItem) => [
    nameOf(item),
    item.method ?? 'tracked',
    normalTrackingNumber(item.trackingNumber ?? ''),
    (item.lines ?? []).map(({ lineId, sku, quantity }) => JSON.stringify([lineId, sku, quantity])).sort(),
  ];
  return JSON.stringify(key(one)) === JSON.stringify(key(other));
}

const toLeaf = (order: Order): NumberedLeaf => ({
  id: order.id,
  number: order.number,
  root: `${order.channelId}/${order.remoteId}`,
  status: order.status,
  isDropshipped: isDropshipped(order),
  lines: order.lines,
  shipments: knownShipments(order),
});

/** @throws DomainError `invalid_request` with the carrier whose number it looks like */
function carrierOf({ carrier, trackingNumber = '' }: ShipmentItem): { carrier: CarrierCode | undefined } {
  if (carrier === undefined) return { carrier: undefined };
  const code = findCarrier(carrier);
  if (code) return { carrier: code };
  const likely = suggestedCarrier(trackingNumber);
  const hint = likely ? `the number looks like one of ${carrierName(likely)} (${likely})` : 'see the list of codes';
  const detail = `is no carrier we know; ${hint}, or send "other" with its name`;
  throw new DomainError('invalid_request', `The carrier ${detail}.`, [{ pointer: '/carrier', detail }]);
}
