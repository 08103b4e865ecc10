import type { FastifyRequest } from 'fastify';
import { cancelParts } from '../../db/orders/cancels.ts';
import { requireOrder, type Order } from '../../db/orders/view.ts';
import {
  assertCancellable,
  assertOwnOrder,
  cancelRoute,
  linesToCancel,
  remainingAfter,
  type Remaining,
} from '../../domain/orders/cancel.ts';
import { DomainError } from '../../domain/errors.ts';
import type { App } from '../deps.ts';
import { orderCommand } from '../commands/order-command.ts';
import { storeNote } from '../commands/store-note.ts';
import { authorOf, forAccount } from '../plugins/auth.ts';
import { newCancel, type NewCancel } from '../schemas/cancels.ts';
import { answers, idParams } from '../schemas/common.ts';
import { order as orderAnswer, toOrder } from '../schemas/orders.ts';

export function cancelRoutes(app: App): void {
  app.post(
    '/orders/:id/cancel',
    {
      config: { access: forAccount('write') },
      schema: {
        tags: ['orders'],
        operationId: 'cancelOrder',
        summary: 'Cancels open units; a supplier that has them is asked to',
        params: idParams,
        body: newCancel,
        response: answers(
          { 200: orderAnswer },
          'The order as it is now: units that its supplier has are requested, all others are cancelled.',
        ),
        errors: [
          'order_not_found',
          'order_is_split',
          'order_dropshipped',
          'order_cancelled',
          'order_shipped',
          'order_received',
          'line_not_found',
          'quantity_exceeds_open',
          'dropship_not_open',
          'temporal_unavailable',
        ],
      },
    },
    async (request) => toOrder(await cancel(request, request.params.id, request.body)),
  );
}

const cancel = (request: FastifyRequest, orderId: string, body: NewCancel): Promise<Order> =>
  orderCommand(request, orderId, {
    status: 200,
    route: cancelRoute,
    own: async (db, order) => {
      assertOwnOrder(order);
      assertCancellable(order.status);
      // It was dropshipped after the first look: its supplier is to be asked.
      if (cancelRoute(order).via !== 'own')
        throw new DomainError('order_dropshipped', 'The order was dropshipped just now.');
      const lines = linesToCancel(order.lines, body.lines);
      const noteId = await storeNote(db, request, { orderId, note: body.note });
      await cancelParts(db, [{ orderId, lines }], { actor: authorOf(request).actor, reason: body.reason, noteId });
    },
    message: (order, { dropshipId }) => {
      assertCancellable(order.status);
      const { note, reason } = body;
      const input = { reason, lines: linesToKeep(order, body), actor: authorOf(request).actor };
      return {
        note,
        send: (workflows, base, updateId) => workflows.requestCancel(dropshipId, { ...input, ...base }, updateId),
      };
    },
    answer: (db) => requireOrder(db, orderId),
  });

/** Null: no unit that is open shall leave. */
function linesToKeep(order: Order, { lines }: NewCancel): Remaining[] | null {
  const units = linesToCancel(order.lines, lines);
  const ownShipments = order.shipments.filter(({ status }) => status === 'recorded').flatMap((one) => one.lines);
  return lines ? remainingAfter(order.lines, { units, ownShipments }) : null;
}
