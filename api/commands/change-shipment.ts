import type { FastifyRequest } from 'fastify';
import { findConnectionOfChannel } from '../../db/accounts/connections.ts';
import { listDropshipStarts, type DropshipStart } from '../../db/dropships/dropships.ts';
import { requireOrder, type Order } from '../../db/orders/view.ts';
import { lockOrder } from '../../db/orders/orders.ts';
import { correctShipment, voidShipment } from '../../db/shipments/corrections.ts';
import { requirePushStart, requireShipment, type PushStart, type Shipment } from '../../db/shipments/shipments.ts';
import { readInAccount, type AccountDb } from '../../db/engine/with-account.ts';
import { isLive } from '../../domain/dropships/dropship.ts';
import { DomainError } from '../../domain/errors.ts';
import { assertNotVoided, changeRoute, correctionOf } from '../../domain/shipments/corrections.ts';
import { storeNote } from './store-note.ts';
import { authorOf } from '../plugins/auth.ts';
import { command, findReplay, message, type Ticket } from '../plugins/idempotency.ts';
import { inAccount, read } from '../request/reading.ts';
import type { CorrectionBody, NewVoid } from '../schemas/shipments.ts';
import type { Workflows } from '../../temporal/client.ts';

const status = 200;

type Found = { shipment: Shipment; order: Order };
/** What every message about a shipment says. */
type Told = { shipmentId: string; by: string; key?: { key: string; fingerprint: string } };
type Message = { start: DropshipStart; told: Told; updateId: string };
type Send = (workflows: Workflows, message: Message) => Promise<Shipment>;

/** How a shipment is changed: by the account itself, or by the one who writes the units' rows. */
type Change = { own: (db: AccountDb, found: Found) => Promise<void>; send: (found: Found) => Promise<Send> };

/** Gives a shipment another tracking: on its way to the shop, and there, as an update of what it has. */
export const correct = (request: FastifyRequest, id: string, body: CorrectionBody): Promise<Shipment> =>
  change(request, id, {
    own: async (db, { shipment, order }) => {
      const tracking = correctionOf(shipment, body, order.shipments);
      await correctShipment(db, shipment, { tracking, actor: authorOf(request).actor });
    },
    send: async ({ shipment, order }) => {
      correctionOf(shipment, body, order.shipments);
      return (workflows, { start, told, updateId }) => workflows.correctTracking(start, { ...told, ...body }, updateId);
    },
  });

/** Voids a shipment: its units are open again, and the shop's fulfilment is taken back. */
export const voidOf = (request: FastifyRequest, id: string, { reason, note }: NewVoid): Promise<Shipment> =>
  change(request, id, {
    own: async (db, { shipment, order }) => {
      assertNotVoided(shipment);
      if (order.dropship && isLive(order.dropship.status))
        throw new DomainError('order_dropshipped', 'The order is handed on: its supplier would not have these units.');
      const noteId = await storeNote(db, request, { orderId: order.id, note });
      await voidShipment(db, shipment, { reason, actor: authorOf(request).actor, noteId });
    },
    send: async ({ shipment, order }) => {
      assertNotVoided(shipment);
      const noteId = await inAccount(request, (db) => storeNote(db, request, { orderId: order.id, note }));
      const said = { reason, ...(noteId !== undefined && { noteId }) };
      return (workflows, { start, told, updateId }) => workflows.voidShipment(start, { ...told, ...said }, updateId);
    },
  });

async function change(request: FastifyRequest, id: string, how: Change): Promise<Shipment> {
  const { shipment, order } = await read(request, (db) => find(db, id));
  const route = changeRoute(shipment, order);
  return route.via === 'own' ? changeOwn(request, id, how.own) : tell(request, id, how.send);
}

async function find(db: AccountDb, id: string): Promise<Found> {
  const shipment = await requireShipment(db, id);
  return { shipment, order: await requireOrder(db, shipment.orderId) };
}

/** One transaction under the order's row lock, then the push of what it is now. */
async function changeOwn(request: FastifyRequest, id: string, work: Change['own']): Promise<Shipment> {
  let push: PushStart | undefined;
  const changed = await command(request, { status }, async (db) => {
    const { orderId, revision } = await requireShipment(db, id);
    await lockOrder(db, orderId);
    await work(db, await find(db, id));
    const start = await requirePushStart(db, id);
    if (start.revision > revision) push = start;
    return requireShipment(db, id);
  });
  if (push) await request.server.deps.workflows.pushAgain(push, request.actor.keyId);
  return changed;
}

/** The units are a dropship's: its workflow writes, in the order in which messages come, and runs again if it ended. */
async function tell(request: FastifyRequest, id: string, send: Change['send']): Promise<Shipment> {
  return message(request, { status }, async ({ updateId, idempotency: key }: Ticket) => {
    const replay = () => (key ? read(request, (db) => findReplay(db, key.key, key.fingerprint)) : undefined);
    try {
      const found = await read(request, (db) => find(db, id));
      const told: Told = { shipmentId: id, by: request.actor.keyId, ...(key && { key }) };
      const start = await reopeningOf(request, found.order);
      const changed = await (await send(found))(request.server.deps.workflows, { start, told, updateId });
      // The update id gives the first answer to another body as well; only the stored key tells the two apart.
      await replay();
      return changed;
    } catch (error) {
      // Its twin, sent at the same time, may have done it.
      const done = error instanceof DomainError && error.code === 'shipment_voided' && (await replay());
      if (!done) throw error;
      return done.answer as Shipment;
    }
  });
}

/** With what the workflow of the units' dropship runs again. Law 2: the merchant's side, by the connection. */
async function reopeningOf(request: FastifyRequest, { channelId, originDropshipId }: Order): Promise<DropshipStart> {
  const { merchantAccountId } = await read(request, (db) => findConnectionOfChannel(db, channelId));
  const { pool } = request.server.deps;
  const [start] = await readInAccount(pool, merchantAccountId, (db) => listDropshipStarts(db, [originDropshipId!]));
  if (!start) throw new DomainError('dropship_not_open', 'The dropship is not there any more.');
  return start;
}
