import type { FastifyRequest } from 'fastify';
import { requireOrder, type Order } from '../../db/orders/view.ts';
import { assertAsked, assertCancellable, linesToGiveUp } from '../../domain/orders/cancel.ts';
import { assertReceived, responseRoute } from '../../domain/orders/supplier-response.ts';
import type { ErrorCode } from '../../domain/errors.ts';
import type { App } from '../deps.ts';
import { orderCommand } from '../commands/order-command.ts';
import { byRemoteId } from '../commands/order-lines.ts';
import { authorOf, forAccount } from '../plugins/auth.ts';
import { cancelAcceptance, cancelDecline, type CancelAcceptance, type CancelDecline } from '../schemas/cancels.ts';
import { answers, idParams } from '../schemas/common.ts';
import { order as orderAnswer, toOrder } from '../schemas/orders.ts';

const tags = ['orders'];
const config = { access: forAccount('ship') };
const response = answers({ 200: orderAnswer }, 'The order as it is now.');
const errors: readonly ErrorCode[] = [
  'order_not_found',
  'order_not_received',
  'order_is_split',
  'order_cancelled',
  'order_shipped',
  'no_cancel_requested',
  'line_not_found',
  'quantity_exceeds_open',
  'dropship_not_open',
  'temporal_unavailable',
];

/** A supplier's answers to a merchant that asks to cancel units. */
export function cancelAnswerRoutes(app: App): void {
  app.post(
    '/orders/:id/cancel/accept',
    {
      config,
      schema: {
        tags,
        operationId: 'acceptCancel',
        summary: 'Accepts a cancel request: its units are cancelled in both accounts',
        params: idParams,
        body: cancelAcceptance,
        response,
        errors,
      },
    },
    async (request) => toOrder(await accept(request, request.params.id, request.body)),
  );
  app.post(
    '/orders/:id/cancel/decline',
    {
      config,
      schema: {
        tags,
        operationId: 'declineCancel',
        summary: 'Declines the cancel request: its units stay ordered, and the merchant sees the reason',
        params: idParams,
        body: cancelDecline,
        response,
        errors,
      },
    },
    async (request) => toOrder(await decline(request, request.params.id, request.body)),
  );
}

const accept = (request: FastifyRequest, orderId: string, body: CancelAcceptance): Promise<Order> =>
  orderCommand(request, orderId, {
    status: 200,
    route: responseRoute,
    own: async (_db, order) => assertReceived(order),
    message: (order, { dropshipId }) => {
      assertCancellable(order.status);
      const { note, reason } = body;
      const lines = byRemoteId(order, linesToGiveUp(order.lines, body.lines));
      const input = { orderId, reason, lines, actor: authorOf(request).actor };
      return {
        note,
        send: (workflows, base, updateId) => workflows.acceptCancel(dropshipId, { ...input, ...base }, updateId),
      };
    },
    answer: (db) => requireOrder(db, orderId),
  });

const decline = (request: FastifyRequest, orderId: string, { reason, note }: CancelDecline): Promise<Order> =>
  orderCommand(request, orderId, {
    status: 200,
    route: responseRoute,
    own: async (_db, order) => assertReceived(order),
    message: (order, { dropshipId }) => {
      assertCancellable(order.status);
      assertAsked(order.lines);
      const input = { orderId, reason, actor: authorOf(request).actor };
      return {
        note,
        send: (workflows, base, updateId) => workflows.declineCancel(dropshipId, { ...input, ...base }, updateId),
      };
    },
    answer: (db) => requireOrder(db, orderId),
  });
