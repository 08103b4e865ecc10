import type { FastifyRequest } from 'fastify';
import { derivedId, newId } from '../../db/engine/ids.ts';
import type { Order } from '../../db/orders/view.ts';
import { requirePushStart, type PushStart } from '../../db/shipments/push-starts.ts';
import { insertShipment, requireShipment, type Shipment } from '../../db/shipments/shipments.ts';
import { carrierMeant, trackingUrl } from '../../domain/shipments/carriers.ts';
import { assertShipDate, unitsOfShipment } from '../../domain/shipments/shipment.ts';
import { ownTexts, withoutTexts } from '../../domain/shipments/texts.ts';
import { readTrackingNumber } from '../../domain/shipments/tracking-cell.ts';
import { assertTakesShipments, shipmentRoute } from '../../domain/shipments/route.ts';
import type { RecordShipmentInput } from '../../workflows/messages.ts';
import { authorOf } from '../plugins/auth.ts';
import { fingerprintOf, type Part } from '../plugins/idempotency.ts';
import type { NewShipmentBody } from '../schemas/shipments.ts';
import { orderCommand, type OrderMessage } from './order-command.ts';
import { byRemoteId } from './order-lines.ts';

type ShipmentContent = ReturnType<typeof shipmentContent>;

/** `part`: given when the request contains several shipments. */
type Recording = { orderId: string; content: ShipmentContent; part?: Part | undefined };

/** The body as it is meant, with its defaults. @throws DomainError `carrier_name_missing`, `tracking_not_acceptable` */
export function shipmentContent(body: NewShipmentBody, now: Date) {
  const { method = 'tracked', trackingNumber: cell, labelCost, lines } = body;
  const trackingNumber = cell === undefined ? null : readTrackingNumber(cell);
  const { carrier, carrierName, service } =
    body.carrier === undefined
      ? { carrier: null, carrierName: null, service: body.service }
      : carrierMeant({ ...body, carrier: body.carrier });
  const page = carrier !== null && trackingNumber !== null ? trackingUrl(carrier, trackingNumber) : undefined;
  const url = body.trackingUrl ?? page;
  return {
    requested: lines,
    method,
    carrier,
    carrierName,
    trackingNumber,
    shippedAt: new Date(body.shippedAt ?? now).toISOString(),
    ...(url !== undefined && { trackingUrl: url }),
    ...(service !== undefined && { service }),
    ...(labelCost && { labelCost }),
  };
}

/** Records a shipment. A shipment of the account's own units is then pushed to its channel. */
export async function recordShipment(
  request: FastifyRequest,
  { orderId, content, part }: Recording,
): Promise<Shipment> {
  const { requested, ...tracking } = content;
  const id = shipmentIdFor(request, part);
  const linesOf = (order: Order) => {
    assertTakesShipments(order);
    assertShipDate(tracking.shippedAt, { placedAt: order.placedAt, now: request.server.deps.now() });
    return unitsOfShipment(order.lines, knownShipments(order), { ...tracking, requested });
  };
  let push: PushStart | undefined;
  const recorded = await orderCommand(request, orderId, {
    status: 201,
    part,
    route: shipmentRoute,
    own: async (db, order) => {
      const shipment = { ...tracking, id, orderId, dropshipId: null, lines: linesOf(order) };
      await insertShipment(db, shipment, authorOf(request).actor);
      push = await requirePushStart(db, id);
    },
    message: (order, { dropshipId }) => {
      const units = linesOf(order).map(({ lineId, quantity }) => ({ lineId, quantity }));
      const named = { shipmentId: id, orderId, lines: byRemoteId(order, units), by: request.actor.keyId };
      return messageOf(tracking, { dropshipId, named });
    },
    answer: (db) => requireShipment(db, id),
  });
  if (push) await request.server.deps.workflows.startPush(push);
  return recorded;
}

type Tracking = Omit<ShipmentContent, 'requested'>;
type Named = Pick<RecordShipmentInput, 'shipmentId' | 'orderId' | 'lines' | 'by'>;

/** The message has no text that the caller wrote, and neither has its answer: they are put back here. */
function messageOf(
  tracking: Tracking,
  { dropshipId, named }: { dropshipId: string; named: Named },
): OrderMessage<Shipment> {
  const { carrierName, trackingUrl: page = null, service = null } = tracking;
  let answered: Shipment | undefined;
  return {
    texts: ownTexts(tracking),
    send: async (workflows, base, updateId) => {
      const input = { ...withoutTexts(tracking), ...named, ...base };
      const recorded = await workflows.recordShipment(dropshipId, input, updateId);
      answered = { ...recorded, carrierName, trackingUrl: page, service };
    },
    answer: () => answered,
  };
}

export const knownShipments = ({ shipments }: Order) =>
  shipments.filter(({ status }) => status === 'recorded').map((shipment) => ({ ...shipment, shipmentId: shipment.id }));

/**
 * The same request gives the same shipment id, also after a workflow has forgotten its update ids (law 5). Another request
 * gives another id, also where its key was used before and has been pruned.
 */
function shipmentIdFor(request: FastifyRequest, part: Part | undefined): string {
  const { actor, idempotencyKey } = request;
  if (idempotencyKey === undefined) return newId('shipment');
  const place = part ? [String(part.number)] : [];
  return derivedId('shipment', actor.accountId, idempotencyKey, fingerprintOf(request, part?.content), ...place);
}
