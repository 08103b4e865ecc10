import type { FastifyRequest } from 'fastify';
import { listOrdersByIds, requireOrder, type Order } from '../../db/orders/view.ts';
import { findReceivedOrder, lockOrder } from '../../db/orders/orders.ts';
import { splitInHouse } from '../../db/orders/splits.ts';
import type { AccountDb } from '../../db/engine/with-account.ts';
import { isImported } from '../../domain/dropships/dropship.ts';
import { assertDivisible, assertInHouse, splitRoute, type SplitRoute } from '../../domain/dropships/splits.ts';
import { DomainError } from '../../domain/errors.ts';
import type { SplitGroup } from '../../domain/orders/order.ts';
import { merged, type ShipmentLine } from '../../domain/shipments/shipment.ts';
import type { App } from '../deps.ts';
import { authorOf, forAccount } from '../plugins/auth.ts';
import { command, findReplay, message, type Ticket } from '../plugins/idempotency.ts';
import { read } from '../request/reading.ts';
import { answers, idParams } from '../schemas/common.ts';
import { toOrder } from '../schemas/orders.ts';
import { newSplit, ordersMade, type NewSplit } from '../schemas/splits.ts';

const status = 201;

export function splitRoutes(app: App): void {
  app.post(
    '/orders/:id/split',
    {
      config: { access: forAccount('write') },
      schema: {
        tags: ['orders'],
        operationId: 'splitOrder',
        summary: 'Splits an order of which nothing has shipped; a split by the supplier is mirrored at its merchant',
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

/** A line that is named twice in a group is one line. */
const groupsOf = ({ groups }: NewSplit): ShipmentLine[][] => groups.map(({ lines }) => merged(lines));

/** A dropship may end between the look at the order and the message to it: then the order is looked at again, once. */
async function split(request: FastifyRequest, orderId: string, groups: ShipmentLine[][]): Promise<Order[]> {
  try {
    return await splitAsPlaced(request, orderId, groups);
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== 'dropship_not_open') throw error;
    return splitAsPlaced(request, orderId, groups);
  }
}

async function splitAsPlaced(request: FastifyRequest, orderId: string, groups: ShipmentLine[][]): Promise<Order[]> {
  // Read before the key is looked up: what a repeat sees split, its first request has stored with its answer.
  const { order, route } = await read(request, (db) => readPlace(db, orderId));
  return route.via === 'own' ? splitOwn(request, orderId, groups) : tell(request, { order, route, groups });
}

async function readPlace(db: AccountDb, orderId: string): Promise<{ order: Order; route: SplitRoute }> {
  const order = await requireOrder(db, orderId);
  const { originDropshipId } = order;
  const isWholeOrigin = originDropshipId !== null && (await findReceivedOrder(db, originDropshipId)) === orderId;
  return { order, route: splitRoute({ ...order, isWholeOrigin }) };
}

/** Nobody else works from the order: one transaction under its row lock. */
const splitOwn = (request: FastifyRequest, orderId: string, groups: ShipmentLine[][]): Promise<Order[]> =>
  command(request, { status }, async (db) => {
    await lockOrder(db, orderId);
    const { order } = await readPlace(db, orderId);
    // Also what was handed on since it was looked at.
    assertInHouse(order);
    assertMayBecome(order, groups);
    const { actor } = authorOf(request);
    return listOrdersByIds(db, await splitInHouse(db, { order, groups, actor }));
  });

type Telling = { order: Order; route: Exclude<SplitRoute, { via: 'own' }>; groups: ShipmentLine[][] };

/** The order is one side of a dropship: its workflow decides and writes, in the order in which messages come. */
const tell = (request: FastifyRequest, { order, route, groups }: Telling): Promise<Order[]> =>
  message(request, { status }, async ({ updateId, idempotency: key }: Ticket) => {
    const { side, dropshipId } = route;
    if (side === 'merchant' && isImported(order))
      throw new DomainError('order_already_imported', 'The supplier has the order already, or is getting it.');
    assertMayBecome(order, groups);
    const { actor } = authorOf(request);
    const told = { side, groups: side === 'merchant' ? groups : byRemoteId(order, groups), actor };
    await request.server.deps.workflows.splitOrder(dropshipId, { ...told, ...(key && { key }) }, updateId);
    return read(request, async (db) => {
      // The update id gives the first answer to another body as well; only the stored key tells the two apart.
      const stored = key && (await findReplay(db, key.key, key.fingerprint));
      if (stored) return stored.answer as Order[];
      return listOrdersByIds(db, (await requireOrder(db, order.id)).childIds);
    });
  });

/** @throws DomainError as `assertDivisible`, in the caller's own line ids */
const assertMayBecome = (order: Order, groups: readonly SplitGroup[]): void => assertDivisible(order, groups);

function byRemoteId({ lines }: Order, groups: ShipmentLine[][]): ShipmentLine[][] {
  const remoteIdOf = (lineId: string) => lines.find((line) => line.lineId === lineId)!.remoteLineId;
  return groups.map((group) => group.map((part) => ({ ...part, lineId: remoteIdOf(part.lineId) })));
}
