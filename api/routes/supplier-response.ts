import type { ErrorCode } from '../../domain/errors.ts';
import type { App } from '../deps.ts';
import { acceptOrder, rejectOrder } from '../commands/respond.ts';
import { forAccount } from '../plugins/auth.ts';
import { answers, idParams } from '../schemas/common.ts';
import { acceptance, rejection } from '../schemas/supplier-response.ts';
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
    async (request) => toOrder(await acceptOrder(request, { orderId: request.params.id, body: request.body })),
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
    async (request) => toOrder(await rejectOrder(request, { orderId: request.params.id, body: request.body })),
  );
}
