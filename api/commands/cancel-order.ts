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
import { authorOf } from '../plugins/auth.ts';
import type { Part } from '../plugins/idempotency.ts';
import type { NewCancel } from '../schemas/cancels.ts';
import { orderCommand } from './order-command.ts';
import { storeNote } from './store-note.ts';

/** Cancels open units, or asks the supplier that has them. @param how.part given when the request contains several orders */
export const cancelOrder = (
  request: FastifyRequest,
  { orderId, body, part }: { orderId: string; body: NewCancel; part?: Part },
): Promise<Order> =>
  orderCommand(request, orderId, {
    status: 200,
    part,
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
