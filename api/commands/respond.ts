import type { FastifyRequest } from 'fastify';
import { requireOrder, type Order } from '../../db/orders/view.ts';
import { assertMayAccept, assertMayReject, responseRoute } from '../../domain/orders/supplier-response.ts';
import { DomainError } from '../../domain/errors.ts';
import { linesToShip, type ShipmentLine } from '../../domain/shipments/shipment.ts';
import { authorOf } from '../plugins/auth.ts';
import type { Part } from '../plugins/idempotency.ts';
import type { Acceptance, Rejection } from '../schemas/supplier-response.ts';
import { orderCommand } from './order-command.ts';
import { byRemoteId } from './order-lines.ts';

/** `part`: given when the request contains several orders. */
type Response<Body> = { orderId: string; body: Body; part?: Part };

/** A supplier promises to ship an order. */
export const acceptOrder = (
  request: FastifyRequest,
  { orderId, body: { expectedShipAt }, part }: Response<Acceptance>,
): Promise<Order> =>
  orderCommand(request, orderId, {
    status: 200,
    part,
    route: responseRoute,
    own: async (_db, order) => assertMayAccept(order),
    message: (order, { dropshipId }) => {
      assertMayAccept(order);
      const input = {
        orderId,
        actor: authorOf(request).actor,
        ...(expectedShipAt !== undefined && { expectedShipAt: new Date(expectedShipAt).toISOString() }),
      };
      return {
        send: (workflows, base, updateId) => workflows.acceptOrder(dropshipId, { ...input, ...base }, updateId),
      };
    },
    answer: (db) => requireOrder(db, orderId),
  });

/** A supplier sends units of an order back to its merchant. */
export const rejectOrder = (
  request: FastifyRequest,
  { orderId, body: { reason, note, lines }, part }: Response<Rejection>,
): Promise<Order> =>
  orderCommand(request, orderId, {
    status: 200,
    part,
    route: responseRoute,
    own: async (_db, order) => assertMayReject(order),
    message: (order, { dropshipId }) => {
      assertMayReject(order);
      const input = { orderId, reason, lines: unitsToReject(order, lines), actor: authorOf(request).actor };
      return {
        note,
        send: (workflows, base, updateId) =>
          workflows.rejectOrder(dropshipId, { ...input, ...base }, updateId).catch((refusal: unknown) => {
            throw isGone(refusal) && order.status === 'split' ? isSplit() : refusal;
          }),
      };
    },
    answer: (db) => requireOrder(db, orderId),
  });

const isGone = (refusal: unknown) => refusal instanceof DomainError && refusal.code === 'dropship_not_open';
/** The dropship was split. Each leaf has a dropship of its own now. */
const isSplit = () => new DomainError('order_is_split', 'The order is split; accept or reject its leaves.');

/** Units by the merchant's line ids. Null means the whole order, also when units of it are cancelled at the same time. */
function unitsToReject(order: Order, lines: readonly ShipmentLine[] | undefined): ShipmentLine[] | null {
  if (!lines && order.parentId === null) return null;
  return byRemoteId(order, linesToShip(order.lines, lines));
}
