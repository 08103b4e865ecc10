import type { FastifyRequest } from 'fastify';
import { derivedId, newId } from '../../db/engine/ids.ts';
import { requireOrder, type Order } from '../../db/orders/view.ts';
import { lockOrder } from '../../db/orders/orders.ts';
import {
  insertShipment,
  requirePushStart,
  requireShipment,
  type PushStart,
  type Shipment,
} from '../../db/shipments/shipments.ts';
import type { AccountDb } from '../../db/engine/with-account.ts';
import { carrierName, trackingUrl } from '../../domain/shipments/carriers.ts';
import { unitsOfShipment } from '../../domain/shipments/shipment.ts';
import { assertTakesShipments, shipmentRoute } from '../../domain/shipments/route.ts';
import { authorOf } from '../plugins/auth.ts';
import {
  command,
  commandPart,
  findReplay,
  message,
  messagePart,
  type Part,
  type Ticket,
} from '../plugins/idempotency.ts';
import { read } from '../request/reading.ts';
import type { NewShipmentBody } from '../schemas/shipments.ts';

const status = 201;

export type ShipmentContent = ReturnType<typeof shipmentContent>;

/** `part`: it is one of several that a request tells. */
export type Recording = { order: Order; content: ShipmentContent; part?: Part | undefined };

/** The body with its defaults. @throws DomainError `carrier_name_missing` */
export function shipmentContent(body: NewShipmentBody, now: Date) {
  const { carrier, trackingNumber, service, labelCost, lines } = body;
  const url = body.trackingUrl ?? trackingUrl(carrier, trackingNumber);
  return {
    requested: lines,
    carrier,
    carrierName: carrierName(carrier, body.carrierName),
    trackingNumber,
    shippedAt: new Date(body.shippedAt ?? now).toISOString(),
    ...(url !== undefined && { trackingUrl: url }),
    ...(service !== undefined && { service }),
    ...(labelCost && { labelCost }),
  };
}

/**
 * Records a shipment where its units are decided over.
 * @param telling.order as it was before the key is looked up: what a repeat sees shipped, its first request has stored
 *   with its answer
 */
export function recordShipment(request: FastifyRequest, recording: Recording): Promise<Shipment> {
  const route = shipmentRoute(recording.order);
  return route.via === 'message' ? sendRecording(request, recording, route.dropshipId) : record(request, recording);
}

/** The units are a dropship's: its workflow decides and writes, in the order in which messages come. */
async function sendRecording(
  request: FastifyRequest,
  { order, content, part }: Recording,
  dropshipId: string,
): Promise<Shipment> {
  const send = async ({ updateId, idempotency: key }: Ticket) => {
    assertTakesShipments(order);
    const { requested, ...tracking } = content;
    const lines = unitsOfShipment(order.lines, knownShipments(order), { ...tracking, requested });
    const input = {
      ...tracking,
      ...(key && { key }),
      shipmentId: shipmentIdFor(request, part),
      orderId: order.id,
      lines: lines.map(({ lineId, quantity }) => ({ lineId: remoteLineId(order, lineId), quantity })),
      by: request.actor.keyId,
    };
    const recorded = await request.server.deps.workflows.recordShipment(dropshipId, input, updateId);
    // The update id gives the first answer to another body as well; only the stored key tells the two apart.
    if (key) await read(request, (db) => findReplay(db, key.key, key.fingerprint));
    return recorded;
  };
  return part ? messagePart(request, part, send) : message(request, { status }, send);
}

/** The units are the account's own: one transaction under the order's row lock, then the push to its channel. */
async function record(
  request: FastifyRequest,
  { order: { id: orderId }, content, part }: Recording,
): Promise<Shipment> {
  let push: PushStart | undefined;
  const work = async (db: AccountDb) => {
    await lockOrder(db, orderId);
    const order = await requireOrder(db, orderId);
    assertTakesShipments(order);
    const { requested, ...tracking } = content;
    const lines = unitsOfShipment(order.lines, knownShipments(order), { ...tracking, requested });
    const id = shipmentIdFor(request, part);
    await insertShipment(db, { ...tracking, id, orderId, dropshipId: null, lines }, authorOf(request).actor);
    push = await requirePushStart(db, id);
    return requireShipment(db, id);
  };
  const recorded = part ? (await commandPart(request, part, work)).result : await command(request, { status }, work);
  if (push) await request.server.deps.workflows.startPush(push);
  return recorded;
}

export const knownShipments = ({ shipments }: Order) =>
  shipments.filter(({ status }) => status === 'recorded').map((shipment) => ({ ...shipment, shipmentId: shipment.id }));

const remoteLineId = ({ lines }: Order, lineId: string): string =>
  lines.find((line) => line.lineId === lineId)!.remoteLineId;

/** The same request names the same shipment, also after a workflow has forgotten its update ids (law 5). */
function shipmentIdFor({ actor, idempotencyKey }: FastifyRequest, part: Part | undefined): string {
  if (idempotencyKey === undefined) return newId('shipment');
  const place = part ? [String(part.number)] : [];
  return derivedId('shipment', actor.accountId, idempotencyKey, ...place);
}
