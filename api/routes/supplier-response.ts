import type { FastifyRequest } from 'fastify';
import { requireOrder, type Order } from '../../db/orders/view.ts';
import { assertMayAccept, assertMayReject } from '../../domain/orders/supplier-response.ts';
import { DomainError, type ErrorCode } from '../../domain/errors.ts';
import { linesToShip, type ShipmentLine } from '../../domain/shipments/shipment.ts';
import type { App } from '../deps.ts';
import { storeNote } from '../commands/store-note.ts';
import { authorOf, forAccount } from '../plugins/auth.ts';
import { findReplay, message, type Ticket } from '../plugins/idempotency.ts';
import { inAccount, read } from '../request/reading.ts';
import { answers, idParams } from '../schemas/common.ts';
import { acceptance, rejection, type Acceptance, type Rejection } from '../schemas/supplier-response.ts';
import { order as orderAnswer, toOrder } from '../schemas/orders.ts';

const tags = ['orders'];
const config = { access: forAccount('write') };
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
  'nothing_left_to_ship',
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
        summary: 'Tells the merchant that its order will ship, and by when; again with another time',
        params: idParams,
        body: acceptance,
        response,
        errors: acceptErrors,
      },
    },
    (request) => decide(request, request.params.id, (order) => accept(request, order, request.body)),
  );
  app.post(
    '/orders/:id/reject',
    {
      config,
      schema: {
        tags,
        operationId: 'rejectOrder',
        summary: 'Sends the merchant its order back, or units of it, before any has shipped',
        params: idParams,
        body: rejection,
        response,
        errors: rejectErrors,
      },
    },
    (request) => decide(request, request.params.id, (order) => reject(request, order, request.body)),
  );
}

type Send = (ticket: Ticket) => Promise<void>;

/** The units are a dropship's: its workflow decides and writes, in the order in which messages come. */
async function decide(request: FastifyRequest, orderId: string, prepare: (order: Order) => Send) {
  // Read before the key is looked up: what a repeat sees decided, its first request has stored with its answer.
  const order = await read(request, (db) => requireOrder(db, orderId));
  const decided = await message(request, { status: 200 }, async (ticket) => {
    await prepare(order)(ticket);
    const { idempotency: key } = ticket;
    return read(request, async (db) => {
      // The update id gives the first answer to another body as well; only the stored key tells the two apart.
      if (key) await findReplay(db, key.key, key.fingerprint);
      return requireOrder(db, orderId);
    });
  });
  return toOrder(decided);
}

function accept(request: FastifyRequest, order: Order, { expectedShipAt }: Acceptance): Send {
  const dropshipId = assertMayAccept(order);
  return ({ updateId, idempotency: key }) =>
    request.server.deps.workflows.acceptOrder(
      dropshipId,
      {
        orderId: order.id,
        actor: authorOf(request).actor,
        ...(expectedShipAt !== undefined && { expectedShipAt: new Date(expectedShipAt).toISOString() }),
        ...(key && { key }),
      },
      updateId,
    );
}

function reject(request: FastifyRequest, order: Order, { reason, note, lines }: Rejection): Send {
  const dropshipId = assertMayReject(order);
  const units = unitsToReject(order, lines);
  return async ({ updateId, idempotency: key }) => {
    const noteId = await inAccount(request, (db) => storeNote(db, request, { orderId: order.id, note }));
    const told = {
      orderId: order.id,
      reason,
      lines: units,
      actor: authorOf(request).actor,
      ...(noteId !== undefined && { noteId }),
      ...(key && { key }),
    };
    const rejected = request.server.deps.workflows.rejectOrder(dropshipId, told, updateId);
    await rejected.catch((refusal: unknown) => {
      throw isGone(refusal) && order.status === 'split' ? isSplit() : refusal;
    });
  };
}

const isGone = (refusal: unknown) => refusal instanceof DomainError && refusal.code === 'dropship_not_open';
/** By its dropship, whose parts go on by dropships of their own. */
const isSplit = () => new DomainError('order_is_split', 'The order is split; accept or reject its leaves.');

/** By the merchant's line ids. An order that was not split is sent back as it is then, whatever has been cancelled of it. */
function unitsToReject(order: Order, lines: readonly ShipmentLine[] | undefined): ShipmentLine[] | null {
  if (!lines && order.parentId === null) return null;
  const remoteIdOf = (lineId: string) => order.lines.find((line) => line.lineId === lineId)!.remoteLineId;
  return linesToShip(order.lines, lines).map(({ lineId, quantity }) => ({ lineId: remoteIdOf(lineId), quantity }));
}
