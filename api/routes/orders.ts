import type { FastifyRequest } from 'fastify';
import { requireChannel } from '../../db/channels/channels.ts';
import { listDropships, listDropshipStarts } from '../../db/dropships/dropships.ts';
import { hasMore, readMore, readPlacedOrder, toDetail, type OrderDetail } from '../../db/orders/detail.ts';
import { insertOrderEvent } from '../../db/orders/events.ts';
import { listPushStarts } from '../../db/shipments/push-starts.ts';
import { storeOrder } from '../../db/orders/store-order.ts';
import { listOrders, listOrdersByIds, requireOrder } from '../../db/orders/view.ts';
import { lockOrder, updateOrder } from '../../db/orders/orders.ts';
import { findNearestSkus } from '../../db/catalogue/nearest-skus.ts';
import { findProductsBySku } from '../../db/catalogue/products.ts';
import { routeManually } from '../../db/orders/routing.ts';
import { isImported } from '../../domain/dropships/dropship.ts';
import { assertNotErased } from '../../domain/erasure.ts';
import { assertEditable, shipsByItself } from '../../domain/orders/order.ts';
import {
  assertConsistent,
  assertSameOrder,
  assertSkusKnown,
  assertTakesPosts,
} from '../../domain/orders/posted-order.ts';
import type { PageRequest } from '../../db/engine/paging.ts';
import type { App } from '../deps.ts';
import { sendList } from '../files/csv-lists.ts';
import { ordersToShip } from '../files/lists.ts';
import { storeAndStart } from '../commands/store-order.ts';
import { asBuilt } from '../plugins/as-built.ts';
import { authorOf, forAccount } from '../plugins/auth.ts';
import { command } from '../plugins/idempotency.ts';
import { read, readOne, readOrders } from '../request/reading.ts';
import { answers, idParams, listAnswers } from '../schemas/common.ts';
import {
  newDropship,
  newOrder,
  orderChange,
  toChange,
  toIncoming,
  type NewOrder,
  type OrderChangeBody,
} from '../schemas/order-bodies.ts';
import { orderDetail, toOrderDetail } from '../schemas/order-detail.ts';
import { orderQuery, toOrderFilter } from '../schemas/order-query.ts';
import { dropshipsMade, order, toOrder, type DropshipsMade, type OrderAnswer } from '../schemas/orders.ts';

const tags = ['orders'];
const reads = { access: forAccount('read') };
const writes = { access: forAccount('write') };
const response = answers({ 200: order }, 'The order as it is now.');

export function orderRoutes(app: App): void {
  listingRoute(app);
  readingRoute(app);
  app.post(
    '/orders',
    {
      config: { ...writes, largeBody: true },
      schema: {
        tags,
        operationId: 'createOrder',
        summary: 'Posts an order of an api channel; the same order again gets 200',
        body: newOrder,
        response: answers(
          { 200: order, 201: order },
          { 200: 'The order, which was posted before with the same content.', 201: 'The new order.' },
        ),
        errors: ['channel_not_found', 'channel_not_for_posting', 'currency_differs', 'unknown_sku', 'remote_id_taken'],
      },
    },
    (request) => post(request, request.body),
  );
  changingRoute(app);
  dropshipRoute(app);
}

function changingRoute(app: App): void {
  app.patch(
    '/orders/:id',
    {
      config: writes,
      schema: {
        tags,
        operationId: 'updateOrder',
        summary: 'Changes ship-to and notes until the supplier has the order',
        params: idParams,
        body: orderChange,
        response,
        errors: [
          'order_not_found',
          'order_is_split',
          'order_cancelled',
          'order_shipped',
          'order_already_imported',
          'order_erased',
        ],
      },
    },
    (request) => change(request, request.params.id, request.body),
  );
}

function dropshipRoute(app: App): void {
  app.post(
    '/orders/:id/dropship',
    {
      config: writes,
      schema: {
        tags,
        operationId: 'dropshipOrder',
        summary: 'Dropships lines to a supplier; the other lines are split off',
        params: idParams,
        body: newDropship,
        response: answers({ 201: dropshipsMade }, 'The dropships that were made, and the orders as they are now.'),
        errors: [
          'order_not_found',
          'supplier_not_found',
          'connection_not_active',
          'connection_paused',
          'order_is_split',
          'order_dropshipped',
          'order_cancelled',
          'order_shipped',
          'dropship_loop',
          'lines_not_assigned',
          'line_not_found',
        ],
      },
    },
    (request) => dropshipOrder(request, { orderId: request.params.id, ...request.body }),
  );
}

function listingRoute(app: App): void {
  app.get(
    '/orders',
    {
      config: reads,
      serializerCompiler: asBuilt(app),
      schema: {
        tags,
        operationId: 'listOrders',
        summary: 'Lists the orders',
        querystring: orderQuery,
        response: listAnswers(
          order,
          'A page of orders, the newest first unless sorted otherwise.',
          'A row for each line with units that you have to ship. Fill in carrier and tracking, and send it as a file of shipments.',
        ),
      },
    },
    (request, reply) => {
      const filter = toOrderFilter(request.query);
      const pageAt = (page: PageRequest) => readOrders(request, filter, (db) => listOrders(db, filter, page));
      return sendList(request, reply, { ...ordersToShip, pageAt, toJson: toOrder });
    },
  );
}

function readingRoute(app: App): void {
  app.get(
    '/orders/:id',
    {
      config: reads,
      serializerCompiler: asBuilt(app),
      schema: {
        tags,
        operationId: 'getOrder',
        summary: 'Reads an order, and what you may do with it',
        params: idParams,
        response: answers({ 200: orderDetail }, 'The order as it is now.'),
        errors: ['order_not_found'],
      },
    },
    async (request) => toOrderDetail(await readDetail(request, request.params.id)),
  );
}

async function readDetail(request: FastifyRequest, id: string): Promise<OrderDetail> {
  const placed = await readOne(request, (db) => readPlacedOrder(db, id));
  return toDetail(placed, hasMore(placed) ? await read(request, (db) => readMore(db, placed)) : undefined);
}

async function post(request: FastifyRequest, body: NewOrder): Promise<OrderAnswer> {
  type Posted = { order: OrderAnswer; isNew: boolean };
  const status = ({ isNew }: Posted) => (isNew ? 201 : 200);
  const posted = await storeAndStart<Posted>(request, { status }, async (db) => {
    const channel = await requireChannel(db, body.channelId);
    assertTakesPosts(channel.kind);
    assertConsistent(body);
    const skus = body.lines.map((line) => line.sku);
    const known = new Set((await findProductsBySku(db, skus)).map((product) => product.sku));
    const unknown = skus.filter((sku) => !known.has(sku));
    assertSkusKnown(body, known, await findNearestSkus(db, unknown));
    const { actor } = authorOf(request);
    const order = toIncoming(body);
    const taken = await storeOrder(db, { channelId: channel.id, order, actor });
    assertSameOrder(taken);
    const answer = { order: toOrder(await requireOrder(db, taken.orderId)), isNew: taken.isNew };
    const starts = await listDropshipStarts(db, taken.dropshipIds);
    const pushes = shipsByItself(order) ? await listPushStarts(db, taken.orderId) : [];
    return { answer, starts, pushes };
  });
  return posted.order;
}

async function change(request: FastifyRequest, id: string, body: OrderChangeBody): Promise<OrderAnswer> {
  return command(request, { status: 200 }, async (db) => {
    await lockOrder(db, id);
    const current = await requireOrder(db, id);
    assertEditable(current.status, isImported(current));
    assertNotErased(current);
    await updateOrder(db, id, toChange(body));
    const { actor } = authorOf(request);
    if (body.shipTo) await insertOrderEvent(db, { orderId: id, type: 'ship_to_changed', actor });
    if (body.notes) await insertOrderEvent(db, { orderId: id, type: 'notes_changed', actor });
    return toOrder(await requireOrder(db, id));
  });
}

type DropshipWish = { orderId: string; supplierId: string; lines?: string[] | undefined };

async function dropshipOrder(request: FastifyRequest, wish: DropshipWish): Promise<DropshipsMade> {
  return storeAndStart(request, { status: 201 }, async (db) => {
    const { orderId, supplierId, lines: lineIds } = wish;
    const { actor } = authorOf(request);
    const { dropshipIds, leafIds } = await routeManually(db, { orderId, supplierId, lineIds, actor });
    const dropships = await listDropships(db, dropshipIds);
    const orders = await listOrdersByIds(db, [...new Set([orderId, ...leafIds])]);
    return {
      answer: {
        dropships: dropships.map(({ id, orderId: leafId, supplierId: to, status }) => ({
          id,
          orderId: leafId,
          supplierId: to,
          status,
        })),
        orders: orders.map(toOrder),
      },
      starts: await listDropshipStarts(db, dropshipIds),
    };
  });
}
