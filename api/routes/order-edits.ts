import type { FastifyRequest } from 'fastify';
import { listDropshipStarts } from '../../db/dropships/dropships.ts';
import { acceptEdit, dismissEdit } from '../../db/orders/edits.ts';
import { requireOrder } from '../../db/orders/view.ts';
import type { ErrorCode } from '../../domain/errors.ts';
import type { App } from '../deps.ts';
import { listPushStarts } from '../../db/shipments/push-starts.ts';
import { storeAndStart } from '../commands/store-order.ts';
import { storeNote } from '../commands/store-note.ts';
import { authorOf, forAccount } from '../plugins/auth.ts';
import { command } from '../plugins/idempotency.ts';
import { answers, idParams } from '../schemas/common.ts';
import { editAcceptance, editDismissal } from '../schemas/order-edits.ts';
import { order, toOrder } from '../schemas/orders.ts';

const tags = ['orders'];
const config = { access: forAccount('write') };
const response = answers({ 200: order }, 'The order as it is now.');
const status = 200;
const acceptErrors: readonly ErrorCode[] = [
  'order_not_found',
  'no_edit_pending',
  'order_already_imported',
  'order_is_split',
  'order_cancelled',
  'order_shipped',
  'order_dropshipped',
];

/** An order that was edited in its shop stays as it is until a person decides. */
export function orderEditRoutes(app: App): void {
  app.post(
    '/orders/:id/edit/accept',
    {
      config,
      schema: {
        tags,
        operationId: 'acceptOrderEdit',
        summary: 'Accepts the edit of the shop, while no unit of the order has crossed or shipped',
        params: idParams,
        body: editAcceptance,
        response,
        errors: acceptErrors,
      },
    },
    (request) => accept(request, { orderId: request.params.id, ...request.body }),
  );
  dismissRoute(app);
}

function dismissRoute(app: App): void {
  app.post(
    '/orders/:id/edit/dismiss',
    {
      config,
      schema: {
        tags,
        operationId: 'dismissOrderEdit',
        summary: 'Dismisses the edit of the shop: the order stays as it is, and the edit is not shown again',
        params: idParams,
        body: editDismissal,
        response,
        errors: ['order_not_found', 'no_edit_pending'],
      },
    },
    (request) =>
      command(request, { status }, async (db) => {
        const { id: orderId } = request.params;
        const { note, ...decision } = request.body;
        await requireOrder(db, orderId);
        const noteId = await storeNote(db, request, { orderId, note });
        await dismissEdit(db, { orderId, ...decision, noteId, actor: authorOf(request).actor });
        return toOrder(await requireOrder(db, orderId));
      }),
  );
}

const accept = (request: FastifyRequest, wish: { orderId: string; editId: string }) =>
  storeAndStart(request, { status }, async (db) => {
    const dropshipIds = await acceptEdit(db, { ...wish, actor: authorOf(request).actor });
    return {
      answer: toOrder(await requireOrder(db, wish.orderId)),
      starts: await listDropshipStarts(db, dropshipIds),
      pushes: await listPushStarts(db, wish.orderId),
    };
  });
