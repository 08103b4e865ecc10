import type { FastifyRequest } from 'fastify';
import { requireOrder, type Order } from '../../db/orders/view.ts';
import { assertMayAccept, assertMayReject, responseRoute } from '../../domain/orders/supplier-response.ts';
import { DomainError, type ErrorCode } from '../../domain/errors.ts';
import { linesToShip, type ShipmentLine } from '../../domain/shipments/shipment.ts';
import type { App } from '../deps.ts';
import { orderCommand } from '../commands/order-command.ts';
import { byRemoteId } from '../commands/order-lines.ts';
import { authorOf, forAccount } from '../plugins/auth.ts';
import { answers, idParams } from '../schemas/common.ts';
import { acceptance, rejection, type Acceptance, type Rejection } from '../schemas/supplier-response.ts';
import { order as orderAnswer, toOrder } from '../schemas/orders.ts';

const tags = ['orders'];
const config = { access: forAccount('ship') };
const response = answers({ 200: orderAnswer }, 'The order as it is now.');
const acceptErrors: readonly ErrorCode[] = [
  'order_not_found',
  'order_not_received',
  'order_is_split',
  'order_cancelled',
  'order_shipped',
  'dropship_not_open',
  'temporal_unavailable',
];
const rejectErrors: readonly ErrorCode[] = [
  'order_not_found',
  'order_not_received',
  'order_is_split',
  'order_dropshipped',
  'order_cancelled',
  'order_shipped',
  'cancel_pending',
  'split_refused',
  'line_not_found',
  'quantity_exceeds_open',
  'dropship_not_open',
  'temporal_unavailable',
];

export function supplierResponseRoutes(app: App): void {
  app.post(
    '/orders/:id/accept',
    {
      config,
      schema: {
        tags,
        operationId: 'acceptOrder',
        summary: 'Accepts the order: the merchant sees that it will ship, and when; repeat it to change the time',
        params: idParams,
        body: acceptance,
        response,
        errors: acceptErrors,
      },
    },
    async (request) => toOrder(await accept(request, request.params.id, request.body)),
  );
  app.post(
    '/orders/:id/reject',
    {
      config,
      schema: {
        tags,
        operationId: 'rejectOrder',
        summary: 'Rejects the order or units of it before any unit has shipped; the merchant decides who ships them',
        params: idParams,
        body: rejection,
        response,
        errors: rejectErrors,
      },
    },
    async (request) => toOrder(await reject(request, request.params.id, request.body)),
  );
}

const accept = (request: FastifyRequest, orderId: string, { expectedShipAt }: Acceptance): Promise<Order> =>
  orderCommand(request, orderId, {
    status: 200,
    route: responseRoute,
    own: async (_db, order) => assertMayAccept(order),
    message: (order, { dropshipId }) => {
      assertMayAccept(order);
      const input = {
        orderId,
        actor: authorOf(request).actor,
        ...(expectedShipAt !== undefined && { expectedShipAt: new Date(expectedShipAt).toISOString() }),
      };
      return {
        send: (workflows, base, updateId) => workflows.acceptOrder(dropshipId, { ...input, ...base }, updateId),
      };
    },
    answer: (db) => requireOrder(db, orderId),
  });

const reject = (request: FastifyRequest, orderId: string, { reason, note, lines }: Rejection): Promise<Order> =>
  orderCommand(request, orderId, {
    status: 200,
    route: responseRoute,
    own: async (_db, order) => assertMayReject(order),
    message: (order, { dropshipId }) => {
      assertMayReject(order);
      const input = { orderId, reason, lines: unitsToReject(order, lines), actor: authorOf(request).actor };
      return {
        note,
        send: (workflows, base, updateId) =>
          workflows.rejectOrder(dropshipId, { ...input, ...base }, updateId).catch((refusal: unknown) => {
            throw isGone(refusal) && order.status === 'split' ? isSplit() : refusal;
          }),
      };
    },
    answer: (db) => requireOrder(db, orderId),
  });

const isGone = (refusal: unknown) => refusal instanceof DomainError && refusal.code === 'dropship_not_open';
/** The dropship was split. Each leaf has a dropship of its own now. */
const isSplit = () => new DomainError('order_is_split', 'The order is split; accept or reject its leaves.');

/** Units by the merchant's line ids. Null means the whole order, also when units of it are cancelled at the same time. */
function unitsToReject(order: Order, lines: readonly ShipmentLine[] | undefined): ShipmentLine[] | null {
  if (!lines && order.parentId === null) return null;
  return byRemoteId(order, linesToShip(order.lines, lines));
}
