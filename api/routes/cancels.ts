import type { FastifyRequest } from 'fastify';
import { cancelParts } from '../../db/orders/cancels.ts';
import { requireOrder, type Order } from '../../db/orders/view.ts';
import {
  assertCancellable,
  cancelRoute,
  linesToCancel,
  linesToGiveUp,
  remainingAfter,
} from '../../domain/orders/cancel.ts';
import { DomainError } from '../../domain/errors.ts';
import type { App } from '../deps.ts';
import { orderCommand, type OrderMessage } from '../commands/order-command.ts';
import { byRemoteId, openLines } from '../commands/order-lines.ts';
import { storeNote } from '../commands/store-note.ts';
import { authorOf, forAccount } from '../plugins/auth.ts';
import { newCancel, type NewCancel } from '../schemas/cancels.ts';
import { answers, idParams } from '../schemas/common.ts';
import { order as orderAnswer, toOrder } from '../schemas/orders.ts';
import type { RequestCancelInput } from '../../workflows/messages.ts';

export function cancelRoutes(app: App): void {
  app.post(
    '/orders/:id/cancel',
    {
      config: { access: forAccount('write') },
      schema: {
        tags: ['orders'],
        operationId: 'cancelOrder',
        summary:
          'Cancels open units; what a supplier has is requested, and given up by the supplier with the same call',
        params: idParams,
        body: newCancel,
        response: answers({ 200: orderAnswer }),
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
      assertCancellable(order.status);
      // It was dropshipped after the first look: its supplier is to be asked.
      if (cancelRoute(order).via !== 'own')
        throw new DomainError('order_dropshipped', 'The order was dropshipped just now.');
      const lines = linesToCancel(openLines(order), body.lines);
      const noteId = await storeNote(db, request, { orderId, note: body.note });
      await cancelParts(db, [{ orderId, lines }], { actor: authorOf(request).actor, reason: body.reason, noteId });
    },
    message: (order, { via, dropshipId }) => {
      assertCancellable(order.status);
      const sending = { dropshipId, input: { reason: body.reason, actor: authorOf(request).actor } };
      const send = via === 'request' ? requestOf(order, body, sending) : acceptanceOf(order, body, sending);
      return { note: body.note, send };
    },
    answer: (db) => requireOrder(db, orderId),
  });

type Sending = { dropshipId: string; input: Pick<RequestCancelInput, 'reason' | 'actor'> };

/** The merchant names units, or none: then nothing that is open shall leave. */
function requestOf(order: Order, body: NewCancel, { dropshipId, input }: Sending): OrderMessage['send'] {
  const units = linesToCancel(openLines(order), body.lines);
  const ownShipments = order.shipments
    .filter((shipment) => shipment.status === 'recorded')
    .flatMap(({ lines }) => lines);
  const lines = body.lines ? remainingAfter(openLines(order), { units, ownShipments }) : null;
  return (workflows, base, updateId) => workflows.requestCancel(dropshipId, { ...input, ...base, lines }, updateId);
}

function acceptanceOf(order: Order, body: NewCancel, { dropshipId, input }: Sending): OrderMessage['send'] {
  const lines = byRemoteId(order, linesToGiveUp(openLines(order), body.lines));
  return (workflows, base, updateId) =>
    workflows.acceptCancel(dropshipId, { ...input, ...base, lines, orderId: order.id }, updateId);
}
