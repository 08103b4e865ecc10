import type { FastifyRequest } from 'fastify';
import { attentionOfShipment, listAttentionsOfOrders } from '../../db/attentions.ts';
import { derivedId, newId } from '../../db/ids.ts';
import { requireOrder, type Order } from '../../db/order-view.ts';
import { lockOrder } from '../../db/orders.ts';
import { insertShipment, requirePushStart, requireShipment, type Shipment } from '../../db/shipments.ts';
import { carrierName, trackingUrl } from '../../domain/carriers.ts';
import { unitsOfParcel } from '../../domain/shipment.ts';
import { assertTakesShipments, shipmentRoute } from '../../domain/shipment-route.ts';
import type { PushStart } from '../../workflows/starts.ts';
import type { App } from '../deps.ts';
import { authorOf, forAccount } from '../plugins/auth.ts';
import { command, findReplay, message, type Ticket } from '../plugins/idempotency.ts';
import { read } from '../reading.ts';
import { answers, idParams } from '../schemas/common.ts';
import { newShipment, shipment, toShipment, type NewShipmentBody } from '../schemas/shipments.ts';

const tags = ['shipments'];
const status = 201;

export function shipmentRoutes(app: App): void {
  app.post(
    '/orders/:id/shipments',
    {
      config: { access: forAccount('write') },
      schema: {
        tags,
        summary: 'Records a shipment; its tracking travels to the merchant and its shop',
        params: idParams,
        body: newShipment,
        response: answers({ 201: shipment }),
      },
    },
    async (request) => {
      // Read before the key is looked up: what a repeat sees shipped, its first request has stored with its answer.
      const order = await read(request, (db) => requireOrder(db, request.params.id));
      const parcel = parcelOf(request.body, app.deps.now());
      const route = shipmentRoute(order);
      const recorded =
        route.via === 'message'
          ? await tell(request, { order, parcel, dropshipId: route.dropshipId })
          : await record(request, order.id, parcel);
      return toShipment(recorded);
    },
  );
  app.get(
    '/shipments/:id',
    {
      config: { access: forAccount('read') },
      schema: { tags, summary: 'How far it travelled', params: idParams, response: answers({ 200: shipment }) },
    },
    (request) =>
      read(request, async (db) => {
        const found = await requireShipment(db, request.params.id);
        const parked = await listAttentionsOfOrders(db, [found.orderId]);
        return toShipment(found, attentionOfShipment(parked, found));
      }),
  );
}

type Parcel = ReturnType<typeof parcelOf>;

/** The body with its defaults. @throws DomainError `carrier_name_missing` */
function parcelOf(body: NewShipmentBody, now: Date) {
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

/** The units are a dropship's: its workflow decides and writes, in the order in which messages come. */
async function tell(
  request: FastifyRequest,
  { order, parcel, dropshipId }: { order: Order; parcel: Parcel; dropshipId: string },
): Promise<Shipment> {
  return message(request, { status }, async ({ updateId, idempotency: key }: Ticket) => {
    assertTakesShipments(order);
    const { requested, ...tracking } = parcel;
    const lines = unitsOfParcel(openLines(order), knownShipments(order), { ...tracking, requested });
    const input = {
      ...tracking,
      ...(key && { key }),
      shipmentId: shipmentIdFor(request),
      orderId: order.id,
      lines: lines.map(({ lineId, quantity }) => ({ lineId: remoteLineId(order, lineId), quantity })),
      by: request.actor.keyId,
    };
    const recorded = await request.server.deps.workflows.recordShipment(dropshipId, input, updateId);
    // The update id gives the first answer to another body as well; only the stored key tells the two apart.
    if (key) await read(request, (db) => findReplay(db, key.key, key.fingerprint));
    return recorded;
  });
}

/** The units are the account's own: one transaction under the order's row lock, then the push to its channel. */
async function record(request: FastifyRequest, orderId: string, parcel: Parcel): Promise<Shipment> {
  let push: PushStart | undefined;
  const recorded = await command(request, { status }, async (db) => {
    await lockOrder(db, orderId);
    const order = await requireOrder(db, orderId);
    assertTakesShipments(order);
    const { requested, ...tracking } = parcel;
    const lines = unitsOfParcel(openLines(order), knownShipments(order), { ...tracking, requested });
    const id = shipmentIdFor(request);
    await insertShipment(db, { ...tracking, id, orderId, dropshipId: null, lines }, authorOf(request).actor);
    push = await requirePushStart(db, id);
    return requireShipment(db, id);
  });
  if (push) await request.server.deps.workflows.startPush(push);
  return recorded;
}

const openLines = ({ lines }: Order) => lines.map(({ id, ...units }) => ({ ...units, lineId: id }));

const knownShipments = ({ shipments }: Order) =>
  shipments.filter(({ status }) => status === 'recorded').map((shipment) => ({ ...shipment, shipmentId: shipment.id }));

const remoteLineId = ({ lines }: Order, lineId: string): string =>
  lines.find((line) => line.id === lineId)!.remoteLineId;

/** The same request names the same shipment, also after a workflow has forgotten its update ids (law 5). */
const shipmentIdFor = ({ actor, idempotencyKey }: FastifyRequest): string =>
  idempotencyKey === undefined ? newId('shipment') : derivedId('shipment', actor.accountId, idempotencyKey);
