import type { FastifyRequest } from 'fastify';
import { findConnectionOfChannel } from '../../db/accounts/connections.ts';
import { listDropshipStarts, type DropshipStart } from '../../db/dropships/dropships.ts';
import type { Order } from '../../db/orders/view.ts';
import { correctShipment, voidShipment } from '../../db/shipments/corrections.ts';
import { requirePushStart, type PushStart } from '../../db/shipments/push-starts.ts';
import { requireShipment, type Shipment } from '../../db/shipments/shipments.ts';
import { readInAccount, type AccountDb } from '../../db/engine/with-account.ts';
import { DomainError } from '../../domain/errors.ts';
import {
  assertNotVoided,
  assertTakesVoids,
  changeRoute,
  type TrackingChange,
} from '../../domain/shipments/corrections.ts';
import { withoutTexts, type TrackingTexts } from '../../domain/shipments/texts.ts';
import { changeMeant, correctionOf } from '../../domain/shipments/tracking-change.ts';
import type { Workflows } from '../../temporal/client.ts';
import type { ShipmentChange } from '../../workflows/messages.ts';
import { authorOf } from '../plugins/auth.ts';
import type { Part } from '../plugins/idempotency.ts';
import { read, readOne } from '../request/reading.ts';
import type { CorrectionBody, NewVoid } from '../schemas/shipments.ts';
import { orderCommand } from './order-command.ts';
import { storeNote } from './store-note.ts';

type Found = { shipment: Shipment; order: Order };
type Message = { start: DropshipStart; input: ShipmentChange; updateId: string };

type Change = {
  part?: Part | undefined;
  note?: string | undefined;
  texts?: TrackingTexts | undefined;
  own: (db: AccountDb, found: Found) => Promise<void>;
  /** Refuses, before anything is stored or sent. */
  assertMessage: (found: Found) => void;
  send: (workflows: Workflows, message: Message) => Promise<unknown>;
};

/** `part`: given when the request contains several commands. */
type Correction = { entered: CorrectionBody; part?: Part | undefined };

/** Gives a shipment another tracking. The shop's fulfillment is updated, never created again. */
export function correct(request: FastifyRequest, id: string, { entered, part }: Correction): Promise<Shipment> {
  const body = changeMeant(entered);
  return change(request, id, {
    part,
    own: async (db, { shipment, order }) => {
      const tracking = correctionOf(shipment, body, order.shipments);
      await correctShipment(db, shipment, { tracking, actor: authorOf(request).actor });
    },
    assertMessage: ({ shipment, order }) => void correctionOf(shipment, body, order.shipments),
    texts: writtenIn(body),
    send: (workflows, { start, input, updateId }) =>
      workflows.correctTracking(start, { ...input, ...withoutTexts(body) }, updateId),
  });
}

/** All texts of a correction: it changes those that it names. */
function writtenIn({ carrierName, trackingUrl, service }: TrackingChange): TrackingTexts | undefined {
  const texts = { carrierName, trackingUrl, service };
  return Object.values(texts).some((text) => text !== undefined) ? texts : undefined;
}

/** Voids a shipment. Its units are open again, and the shop's fulfillment is cancelled. */
export const voidOf = (request: FastifyRequest, id: string, { reason, note }: NewVoid): Promise<Shipment> =>
  change(request, id, {
    note,
    own: async (db, { shipment, order }) => {
      assertNotVoided(shipment);
      assertTakesVoids(order);
      const noteId = await storeNote(db, request, { orderId: order.id, note });
      await voidShipment(db, shipment, { reason, actor: authorOf(request).actor, noteId });
    },
    assertMessage: ({ shipment }) => assertNotVoided(shipment),
    send: (workflows, { start, input, updateId }) => workflows.voidShipment(start, { ...input, reason }, updateId),
  });

/** A shipment that the account changes itself is pushed to its channel afterwards. */
async function change(request: FastifyRequest, id: string, how: Change): Promise<Shipment> {
  const { orderId } = await readOne(request, (db) => requireShipment(db, id));
  const find = (order: Order): Found => ({ order, shipment: order.shipments.find((shipment) => shipment.id === id)! });
  let push: PushStart | undefined;
  const changed = await orderCommand(request, orderId, {
    status: 200,
    part: how.part,
    route: (order) => changeRoute(find(order).shipment, order),
    own: async (db, order) => {
      const found = find(order);
      await how.own(db, found);
      const start = await requirePushStart(db, id);
      if (start.revision > found.shipment.revision) push = start;
    },
    message: async (order) => {
      const start = await reopeningOf(request, order);
      how.assertMessage(find(order));
      const input = { shipmentId: id, by: request.actor.keyId };
      return {
        note: how.note,
        texts: how.texts,
        send: (workflows, base, updateId) => how.send(workflows, { start, input: { ...input, ...base }, updateId }),
      };
    },
    answer: (db) => requireShipment(db, id),
  });
  if (push) await request.server.deps.workflows.pushAgain(push, request.actor.keyId);
  return changed;
}

/**
 * The input that starts the workflow of the units' dropship again. It is read in the merchant's account, which the
 * connection names (law 2).
 */
async function reopeningOf(request: FastifyRequest, { channelId, originDropshipId }: Order): Promise<DropshipStart> {
  const { merchantAccountId } = await read(request, (db) => findConnectionOfChannel(db, channelId));
  const { pool } = request.server.deps;
  const [start] = await readInAccount(pool, merchantAccountId, (db) => listDropshipStarts(db, [originDropshipId!]));
  if (!start) throw new DomainError('dropship_not_open', 'The dropship does not exist any more.');
  return start;
}
