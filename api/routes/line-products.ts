import { listDropshipStarts } from '../../db/dropships/dropships.ts';
import { chooseProduct } from '../../db/orders/unmapped.ts';
import { requireOrder } from '../../db/orders/view.ts';
import type { App } from '../deps.ts';
import { storeAndStart } from '../commands/store-order.ts';
import { authorOf, forAccount } from '../plugins/auth.ts';
import { answers, lineParams } from '../schemas/common.ts';
import { lineProduct } from '../schemas/order-bodies.ts';
import { order, toOrder } from '../schemas/orders.ts';

/** An order that waits for a line without a product. */
export function lineProductRoutes(app: App): void {
  app.post(
    '/orders/:id/lines/:lineId/product',
    {
      config: { access: forAccount('write') },
      schema: {
        tags: ['orders'],
        operationId: 'chooseLineProduct',
        summary: 'Chooses the product of a line that means none; with the last such line the order goes on by itself',
        description:
          'Where the channel names its product, its listing is linked by hand too, so that the next orders find your product.',
        params: lineParams,
        body: lineProduct,
        response: answers({ 200: order }, 'The order as it is now.'),
        errors: ['order_not_found', 'line_not_found', 'line_has_product', 'order_is_split', 'product_not_found'],
      },
    },
    (request) =>
      storeAndStart(request, { status: 200 }, async (db) => {
        const { id: orderId, lineId } = request.params;
        const { actor } = authorOf(request);
        const dropshipIds = await chooseProduct(db, { orderId, lineId, productId: request.body.productId }, actor);
        return {
          answer: toOrder(await requireOrder(db, orderId)),
          starts: await listDropshipStarts(db, dropshipIds),
        };
      }),
  );
}
