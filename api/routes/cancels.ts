import type { App } from '../deps.ts';
import { cancelOrder } from '../commands/cancel-order.ts';
import { forAccount } from '../plugins/auth.ts';
import { newCancel } from '../schemas/cancels.ts';
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
    async (request) => toOrder(await cancelOrder(request, { orderId: request.params.id, body: request.body })),
  );
}
