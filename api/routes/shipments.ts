import { attentionOfShipment, listAttentionsOfOrders } from '../../db/attentions.ts';
import type { Page, PageRequest } from '../../db/engine/paging.ts';
import type { AccountDb } from '../../db/engine/with-account.ts';
import { listOrdersByIds } from '../../db/orders/view.ts';
import { listShipments, requireShipment, type ShipmentFilter } from '../../db/shipments/shipments.ts';
import type { ErrorCode } from '../../domain/errors.ts';
import type { App } from '../deps.ts';
import { sendList } from '../files/csv-lists.ts';
import { trackings, type OrderShipment } from '../files/lists.ts';
import { forAccount } from '../plugins/auth.ts';
import { read } from '../request/reading.ts';
import { shipmentContent, recordShipment } from '../commands/record-shipment.ts';
import { answers, idParams, listAnswers } from '../schemas/common.ts';
import { newShipment, shipment, shipmentQuery, toShipment } from '../schemas/shipments.ts';

const tags = ['shipments'];
const recordErrors: readonly ErrorCode[] = [
  'order_not_found',
  'order_is_split',
  'order_dropshipped',
  'order_cancelled',
  'nothing_left_to_ship',
  'tracking_already_recorded',
  'line_not_found',
  'quantity_exceeds_open',
  'carrier_name_missing',
  'tracking_not_acceptable',
  'ship_date_not_acceptable',
  'dropship_not_open',
  'temporal_unavailable',
];

export function shipmentRoutes(app: App): void {
  app.post(
    '/orders/:id/shipments',
    {
      config: { access: forAccount('ship') },
      schema: {
        tags,
        operationId: 'createShipment',
        summary: 'Records a shipment; its tracking goes to the merchant and the shop',
        params: idParams,
        body: newShipment,
        response: answers({ 201: shipment }, 'The new shipment.'),
        errors: recordErrors,
      },
    },
    async (request) => {
      const content = shipmentContent(request.body, app.deps.now());
      return toShipment(await recordShipment(request, { orderId: request.params.id, content }));
    },
  );
  listingRoute(app);
  readingRoute(app);
}

function listingRoute(app: App): void {
  app.get(
    '/shipments',
    {
      config: { access: forAccount('read') },
      schema: {
        tags,
        operationId: 'listShipments',
        summary: 'Lists the shipments, those recorded last first',
        querystring: shipmentQuery,
        response: listAnswers(
          shipment,
          'A page of shipments.',
          'A row for each line of a shipment, in the columns of a file of shipments, with `status` and `shipment`, its id.',
        ),
      },
    },
    (request, reply) =>
      sendList(request, reply, {
        ...trackings,
        pageAt: (page) => read(request, (db) => listWithOrders(db, request.query, page)),
        toJson: ({ shipment: one }) => toShipment(one, one.attention),
      }),
  );
}

async function listWithOrders(db: AccountDb, filter: ShipmentFilter, page: PageRequest): Promise<Page<OrderShipment>> {
  const { data, nextCursor } = await listShipments(db, filter, page);
  const orders = await listOrdersByIds(db, [...new Set(data.map(({ orderId }) => orderId))]);
  const all = orders.flatMap((order) => order.shipments.map((shipment) => ({ order, shipment })));
  return { data: data.flatMap(({ id }) => all.find(({ shipment }) => shipment.id === id) ?? []), nextCursor };
}

function readingRoute(app: App): void {
  app.get(
    '/shipments/:id',
    {
      config: { access: forAccount('read') },
      schema: {
        tags,
        operationId: 'getShipment',
        summary: 'Reads a shipment, with the times when merchant and shop had it',
        params: idParams,
        response: answers({ 200: shipment }, 'The shipment.'),
        errors: ['shipment_not_found'],
      },
    },
    (request) =>
      read(request, async (db) => {
        const found = await requireShipment(db, request.params.id);
        const parked = await listAttentionsOfOrders(db, [found.orderId]);
        return toShipment(found, attentionOfShipment(parked, found));
      }),
  );
}
