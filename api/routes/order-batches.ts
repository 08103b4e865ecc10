import { notePrinted } from '../../db/orders/orders.ts';
import type { App } from '../deps.ts';
import { cancelOrder } from '../commands/cancel-order.ts';
import { eachOrder } from '../commands/each-order.ts';
import { acceptOrder, rejectOrder } from '../commands/respond.ts';
import { forAccount } from '../plugins/auth.ts';
import { command } from '../plugins/idempotency.ts';
import { answers, batchResults, nothing } from '../schemas/common.ts';
import { acceptanceBatch, cancelBatch, printedOrders, rejectionBatch } from '../schemas/order-batches.ts';

const tags = ['orders'];
/** What a packer answers and prints; a cancel is the merchant's. */
const ships = { access: forAccount('ship') };
const writes = { access: forAccount('write') };
const response = answers({ 200: batchResults }, 'The outcome of each order, in the order of the request.');
const description =
  'Each order is a command by itself; a refused one fails alone. A repeat with the same Idempotency-Key gets the same ' +
  'answer, and tries again those without an answer (`no_answer`, `temporal_unavailable`).';

export function orderBatchRoutes(app: App): void {
  responseRoutes(app);
  cancelsRoute(app);
  printedRoute(app);
}

function responseRoutes(app: App): void {
  app.post(
    '/orders/batch/accept',
    {
      config: ships,
      schema: {
        tags,
        operationId: 'acceptOrders',
        summary: 'Accepts up to 200 orders of merchants',
        description,
        body: acceptanceBatch,
        response,
      },
    },
    (request) => {
      const { orders, ...body } = request.body;
      return eachOrder(request, orders, (orderId, part) => acceptOrder(request, { orderId, body, part }));
    },
  );
  app.post(
    '/orders/batch/reject',
    {
      config: ships,
      schema: {
        tags,
        operationId: 'rejectOrders',
        summary: 'Rejects up to 200 orders of merchants, before any unit of them has shipped',
        description,
        body: rejectionBatch,
        response,
      },
    },
    (request) => {
      const { orders, ...body } = request.body;
      return eachOrder(request, orders, (orderId, part) => rejectOrder(request, { orderId, body, part }));
    },
  );
}

function cancelsRoute(app: App): void {
  app.post(
    '/orders/batch/cancel',
    {
      config: writes,
      schema: {
        tags,
        operationId: 'cancelOrders',
        summary: 'Cancels the open units of up to 200 orders; suppliers that have them are asked to',
        description,
        body: cancelBatch,
        response,
      },
    },
    (request) => {
      const { orders, ...body } = request.body;
      return eachOrder(request, orders, (orderId, part) => cancelOrder(request, { orderId, body, part }));
    },
  );
}

function printedRoute(app: App): void {
  app.post(
    '/orders/printed',
    {
      config: ships,
      schema: {
        tags,
        operationId: 'markOrdersPrinted',
        summary: 'Notes that the packing slips of up to 200 orders were printed now',
        body: printedOrders,
        response: answers({ 204: nothing }, 'The time is noted.'),
        errors: ['order_not_found'],
      },
    },
    (request) => command(request, { status: 204 }, (db) => notePrinted(db, request.body.orders)),
  );
}
