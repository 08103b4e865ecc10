import type { FastifyRequest } from 'fastify';
import { cancelParts } from '../../db/orders/cancels.ts';
import { requireOrder, type Order } from '../../db/orders/view.ts';
import { lockOrder } from '../../db/orders/orders.ts';
import {
  assertCancellable,
  cancelRoute,
  remainingAfter,
  linesToCancel,
  linesToGiveUp,
  type CancelRoute,
} from '../../domain/orders/cancel.ts';
import { DomainError } from '../../domain/errors.ts';
import type { App } from '../deps.ts';
import { storeNote } from '../commands/store-note.ts';
import { authorOf, forAccount } from '../plugins/auth.ts';
import { command, findReplay, message, type Ticket } from '../plugins/idempotency.ts';
import { inAccount, read } from '../request/reading.ts';
import { newCancel, type NewCancel } from '../schemas/cancels.ts';
import { answers, idParams } from '../schemas/common.ts';
import { order as orderAnswer, toOrder } from '../schemas/orders.ts';
import type { Workflows } from '../../temporal/client.ts';
import type { RequestCancelInput } from '../../workflows/messages.ts';

const status = 200;

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
        response: answers(
          { 200: orderAnswer },
          'The order as it is now: units that its supplier has are requested, all others are cancelled.',
        ),
        errors: [
          'order_not_found',
          'order_is_split',
          'order_dropshipped',
          'order_cancelled',
          'already_shipped',
          'no_cancel_requested',
          'nothing_left_to_ship',
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

/** A dropship may end between the look at the order and the message to it: then the order is looked at again, once. */
async function cancel(request: FastifyRequest, orderId: string, body: NewCancel): Promise<Order> {
  try {
    return await cancelAsPlaced(request, orderId, body);
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== 'dropship_not_open') throw error;
    return cancelAsPlaced(request, orderId, body);
  }
}

async function cancelAsPlaced(request: FastifyRequest, orderId: string, body: NewCancel): Promise<Order> {
  // Read before the key is looked up: what a repeat sees cancelled, its first request has stored with its answer.
  const order = await read(request, (db) => requireOrder(db, orderId));
  const route = cancelRoute(order);
  return route.via === 'own' ? cancelOwn(request, orderId, body) : tell(request, { order, route, body });
}

/** The units are the account's own: one transaction under the order's row lock. */
const cancelOwn = (request: FastifyRequest, orderId: string, body: NewCancel): Promise<Order> =>
  command(request, { status }, async (db) => {
    await lockOrder(db, orderId);
    const order = await requireOrder(db, orderId);
    assertCancellable(order.status);
    // Handed on since it was looked at: its supplier is to be asked.
    if (cancelRoute(order).via !== 'own')
      throw new DomainError('order_dropshipped', 'The order was handed on just now.');
    const lines = linesToCancel(order.lines, body.lines);
    const { actor } = authorOf(request);
    const noteId = await storeNote(db, request, { orderId, note: body.note });
    await cancelParts(db, [{ orderId, lines }], { actor, reason: body.reason, noteId });
    return requireOrder(db, orderId);
  });

type Telling = { order: Order; route: Exclude<CancelRoute, { via: 'own' }>; body: NewCancel };

/** The units are a dropship's: its workflow decides and writes, in the order in which messages come. */
async function tell(request: FastifyRequest, { order, route, body }: Telling): Promise<Order> {
  return message(request, { status }, async ({ updateId, idempotency: key }: Ticket) => {
    assertCancellable(order.status);
    const send = route.via === 'request' ? requestFor(order, body) : acceptanceFor(order, body);
    const noteId = await inAccount(request, (db) => storeNote(db, request, { orderId: order.id, note: body.note }));
    const { actor } = authorOf(request);
    const told = { reason: body.reason, actor, ...(noteId !== undefined && { noteId }), ...(key && { key }) };
    await send(request.server.deps.workflows, { dropshipId: route.dropshipId, told, updateId });
    return read(request, async (db) => {
      // The update id gives the first answer to another body as well; only the stored key tells the two apart.
      if (key) await findReplay(db, key.key, key.fingerprint);
      return requireOrder(db, order.id);
    });
  });
}

type Send = (
  workflows: Workflows,
  facts: { dropshipId: string; told: Omit<RequestCancelInput, 'lines'>; updateId: string },
) => Promise<unknown>;

/** The merchant names units, or none: then nothing that is open shall leave. */
function requestFor(order: Order, body: NewCancel): Send {
  const units = linesToCancel(order.lines, body.lines);
  const ownShipments = order.shipments
    .filter((shipment) => shipment.status === 'recorded')
    .flatMap(({ lines }) => lines);
  const lines = body.lines ? remainingAfter(order.lines, { units, ownShipments }) : null;
  return (workflows, { dropshipId, told, updateId }) =>
    workflows.requestCancel(dropshipId, { ...told, lines }, updateId);
}

function acceptanceFor(order: Order, body: NewCancel): Send {
  const remoteIdOf = (lineId: string) => order.lines.find((line) => line.lineId === lineId)!.remoteLineId;
  const units = linesToGiveUp(order.lines, body.lines);
  const lines = units.map(({ lineId, quantity }) => ({ lineId: remoteIdOf(lineId), quantity }));
  return (workflows, { dropshipId, told, updateId }) =>
    workflows.acceptCancel(dropshipId, { ...told, lines, orderId: order.id }, updateId);
}
