import type { FastifyRequest } from 'fastify';
import { findReceivedOrder } from '../../db/orders/orders.ts';
import { splitInHouse } from '../../db/orders/splits.ts';
import { listOrdersByIds, requireOrder, type Order } from '../../db/orders/view.ts';
import type { AccountDb } from '../../db/engine/with-account.ts';
import { isImported } from '../../domain/dropships/dropship.ts';
import {
  assertDivisible,
  assertInHouse,
  assertNotImported,
  splitRoute,
  type SplitRoute,
} from '../../domain/dropships/splits.ts';
import { merged, type ShipmentLine } from '../../domain/shipments/shipment.ts';
import type { App } from '../deps.ts';
import { orderCommand } from '../commands/order-command.ts';
import { byRemoteId } from '../commands/order-lines.ts';
import { authorOf, forAccount } from '../plugins/auth.ts';
import { answers, idParams } from '../schemas/common.ts';
import { toOrder } from '../schemas/orders.ts';
import { newSplit, ordersMade, type NewSplit } from '../schemas/splits.ts';

export function splitRoutes(app: App): void {
  app.post(
    '/orders/:id/split',
    {
      config: { access: forAccount('write') },
      schema: {
        tags: ['orders'],
        operationId: 'splitOrder',
        summary:
          'Splits an order of which no unit has shipped; a split by the supplier also splits the order of the merchant',
        params: idParams,
        body: newSplit,
        response: answers({ 201: ordersMade }, 'The new orders, one for each group.'),
        errors: [
          'order_not_found',
          'order_is_split',
          'order_dropshipped',
          'order_already_imported',
          'order_cancelled',
          'order_shipped',
          'cancel_pending',
          'split_refused',
          'line_not_found',
          'dropship_not_open',
          'temporal_unavailable',
        ],
      },
    },
    async (request) => ({ orders: (await split(request, request.params.id, groupsOf(request.body))).map(toOrder) }),
  );
}

/** The units of a line that is named twice in a group are added. */
const groupsOf = ({ groups }: NewSplit): ShipmentLine[][] => groups.map(({ lines }) => merged(lines));

const split = (request: FastifyRequest, orderId: string, groups: ShipmentLine[][]): Promise<Order[]> =>
  orderCommand(request, orderId, {
    status: 201,
    route: routeOf,
    own: async (db, order) => {
      // An order that was dropshipped after the first read is refused too.
      assertInHouse(order);
      assertDivisible(order, groups);
      await splitInHouse(db, { order, groups, actor: authorOf(request).actor });
    },
    message: (order, { side, dropshipId }) => {
      if (side === 'merchant') assertNotImported(isImported(order));
      // Checked here, so that a refusal names the caller's own line ids.
      assertDivisible(order, groups);
      const parts = side === 'merchant' ? groups : groups.map((group) => byRemoteId(order, group));
      const input = { side, groups: parts, actor: authorOf(request).actor };
      return { send: (workflows, base, updateId) => workflows.splitOrder(dropshipId, { ...input, ...base }, updateId) };
    },
    answer: async (db) => listOrdersByIds(db, (await requireOrder(db, orderId)).childIds),
  });

async function routeOf(order: Order, db: AccountDb): Promise<SplitRoute> {
  const { id, originDropshipId } = order;
  const isWholeOrigin = originDropshipId !== null && (await findReceivedOrder(db, originDropshipId)) === id;
  return splitRoute({ ...order, isWholeOrigin });
}
