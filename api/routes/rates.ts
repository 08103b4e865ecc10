import { requireOrder } from '../../db/orders/view.ts';
import type { ErrorCode } from '../../domain/errors.ts';
import { rateOrder } from '../commands/rate-order.ts';
import type { App } from '../deps.ts';
import { forAccount } from '../plugins/auth.ts';
import { readOne } from '../request/reading.ts';
import { answers, idParams } from '../schemas/common.ts';
import { newRating, rating, toRating } from '../schemas/rates.ts';

/** Of rates, and of a label that is bought without a quote. */
export const rateErrors: readonly ErrorCode[] = [
  'order_not_found',
  'order_is_split',
  'order_cancelled',
  'order_erased',
  'order_dropshipped',
  'nothing_left_to_ship',
  'line_not_found',
  'quantity_exceeds_open',
  'label_account_not_found',
  'label_account_missing',
  'label_account_unauthorized',
  'ship_from_missing',
  'warehouse_not_found',
  'customs_data_missing',
  'carrier_not_allowed',
  'address_not_deliverable',
  'label_refused',
  'balance_too_low',
  'label_provider_unreachable',
  'too_many_calls',
  'temporal_unavailable',
];

export function rateRoutes(app: App): void {
  app.post(
    '/orders/:id/rates',
    {
      config: { access: forAccount('ship') },
      schema: {
        tags: ['labels'],
        operationId: 'createRating',
        summary: 'Asks what the labels of a parcel would cost',
        description:
          'It costs nothing and changes nothing. A quote can be bought for a day. With a label account that a merchant lends, ' +
          'the quotes have no price.',
        params: idParams,
        body: newRating,
        response: answers({ 200: rating }, 'The quotes, the cheapest first.'),
        errors: rateErrors,
      },
    },
    async (request) => {
      const { id } = await readOne(request, (db) => requireOrder(db, request.params.id));
      return toRating(await rateOrder(request, id, request.body));
    },
  );
}
