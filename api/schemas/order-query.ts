import { z } from 'zod';
import { orderSides, orderSorts } from '../../domain/orders/list.ts';
import { orderStatuses } from '../../domain/orders/order.ts';
import { idOf, onlyTrue, pageQuery, text, time } from './common.ts';

/** A query has a text where a parameter stands once. */
const toList = (given: unknown): unknown => (Array.isArray(given) ? given : [given]);
/** Ids may also stand in one parameter, with dots between them. */
const toIds = (given: unknown): unknown =>
  (toList(given) as unknown[]).flatMap((one) => (typeof one === 'string' ? one.split('.') : [one]));

/** The filters of `GET /orders` and of `GET /order-rows`. */
export const orderQuery = pageQuery.extend({
  status: z
    .preprocess(toList, z.array(z.enum(orderStatuses)).min(1).max(orderStatuses.length))
    .optional()
    .describe('Orders that have one of these. Give the parameter once for each.'),
  q: text(200)
    .optional()
    .describe(
      'Finds orders by the beginning of their number, by a part of the ship-to name or of the SKU of a line, or by a ' +
        'tracking number. Case does not count.',
    ),
  sort: z
    .enum(orderSorts)
    .default('-createdAt')
    .describe(
      'A minus means the newest first. `shipBy` is the promised date; an order without a promise has the date it was ' +
        'placed. A cursor goes with the sort of its list.',
    ),
  side: z
    .enum(orderSides)
    .optional()
    .describe('`supplying`: orders of your merchants. `selling`: orders of your own channels.'),
  channelId: idOf('chan').optional(),
  supplierId: idOf('sup').optional().describe('Orders that have a dropship to this supplier which has not ended.'),
  number: text(100).optional().describe('The number exactly.'),
  placedAfter: time.optional(),
  placedBefore: time.optional(),
  attention: onlyTrue.describe('Orders that wait for a decision.'),
  accepted: onlyTrue.describe('Orders that you have accepted, with units that are open.'),
  cancelRequested: onlyTrue.describe('Orders with open units that are asked to be cancelled.'),
  late: onlyTrue.describe('Orders whose promised date is past, with units that are open.'),
  leaves: onlyTrue.describe('Leaves out orders that were split.'),
  parents: onlyTrue.describe('Leaves out the leaves of orders that were split.'),
  ids: z
    .preprocess(toIds, z.array(idOf('ord')).min(1).max(100))
    .optional()
    .describe('Up to 100 ids. Give the parameter once for each, or once with dots between the ids.'),
});

type OrderQuery = z.output<typeof orderQuery>;

/** The filters and the sort alone: without the place in the list. */
export const toOrderFilter = ({ limit: _limit, cursor: _cursor, ...filter }: OrderQuery) => filter;
