import type { FastifyRequest } from 'fastify';
import type { AccountDb } from '../../db/engine/with-account.ts';
import { lockOrder } from '../../db/orders/orders.ts';
import { requireOrder, type Order } from '../../db/orders/view.ts';
import { DomainError } from '../../domain/errors.ts';
import type { TrackingTexts } from '../../domain/shipments/texts.ts';
import type { Workflows } from '../../temporal/client.ts';
import type { RequestKey } from '../../workflows/messages.ts';
import { command, commandPart, message, messagePart, type Part, type Ticket } from '../plugins/idempotency.ts';
import { inAccount, read } from '../request/reading.ts';
import { storeNote } from './store-note.ts';
import { storeTexts } from './store-texts.ts';

/** `own`: the account writes the units alone. Any other: only the workflow of a dropship writes them (law 3). */
type Route = { via: string };

/**
 * Fields that each message has besides its own. `noteId`: the timeline entry that holds the caller's note; `textsId`: the row that
 * holds what the caller wrote about a shipment.
 */
type MessageBase = { noteId?: string; textsId?: string; key?: RequestKey };

export type OrderMessage<T> = {
  /** Stored in the account before the message is sent: no message contains it (law 8). */
  note?: string | undefined;
  /** The same, of a shipment. */
  texts?: TrackingTexts | undefined;
  send: (workflows: Workflows, base: MessageBase, updateId: string) => Promise<unknown>;
  /** Given where the workflow's answer is the answer: nothing has to be read. */
  answer?: () => T | undefined;
};

type OrderCommand<R extends Route, T> = {
  /** The HTTP status of an answer that is not a replay. */
  status: number;
  /** Given when the request contains several commands. */
  part?: Part | undefined;
  /** Decides who writes the units. `own` and `message` judge later, after the key, whether the command is allowed. */
  route: (order: Order, db: AccountDb) => R | Promise<R>;
  /** Writes the account's own units in a transaction, under the order's row lock. Refuses a command that is not allowed. */
  own: (db: AccountDb, order: Order) => Promise<void>;
  /** Refuses a command that is not allowed, before anything is stored or sent. */
  message: (order: Order, route: Exclude<R, { via: 'own' }>) => OrderMessage<T> | Promise<OrderMessage<T>>;
  answer: (db: AccountDb) => Promise<T>;
};

/**
 * Writes to an order: the account does it itself, or the workflow of a dropship does. A dropship may end between the read
 * of the order and the message to it. Then the order is read once more, since another route may be open now.
 * @throws DomainError `order_not_found`, `idempotency_key_reused`, and the refusals of `own`, `message` and the workflow
 */
export async function orderCommand<R extends Route, T>(
  request: FastifyRequest,
  orderId: string,
  how: OrderCommand<R, T>,
): Promise<T> {
  try {
    return await routed(request, orderId, how);
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== 'dropship_not_open') throw error;
    return routed(request, orderId, how);
  }
}

async function routed<R extends Route, T>(
  request: FastifyRequest,
  orderId: string,
  how: OrderCommand<R, T>,
): Promise<T> {
  // Read the order before the key. On a repeat it may look shipped or cancelled already; the stored answer is returned
  // before that is judged.
  const { order, route } = await read(request, async (db) => {
    const order = await requireOrder(db, orderId);
    return { order, route: await how.route(order, db) };
  });
  if (route.via === 'own') return writeOwn(request, orderId, how);
  return sendMessage(request, how, { order, route: route as Exclude<R, { via: 'own' }> });
}

async function writeOwn<R extends Route, T>(
  request: FastifyRequest,
  orderId: string,
  { status, part, own, answer }: OrderCommand<R, T>,
): Promise<T> {
  const work = async (db: AccountDb) => {
    await lockOrder(db, orderId);
    await own(db, await requireOrder(db, orderId));
    return answer(db);
  };
  return part ? (await commandPart(request, part, work)).result : command(request, { status }, work);
}

/** The workflow decides and writes, in the order in which messages arrive. */
async function sendMessage<R extends Route, T>(
  request: FastifyRequest,
  { status, part, message: prepare, answer }: OrderCommand<R, T>,
  { order, route }: { order: Order; route: Exclude<R, { via: 'own' }> },
): Promise<T> {
  const send = async ({ updateId, idempotency: key }: Ticket) => {
    const prepared = await prepare(order, route);
    const base = { ...(await storeWords(request, order.id, prepared)), ...(key && { key }) };
    await prepared.send(request.server.deps.workflows, base, updateId);
    const answered = prepared.answer?.();
    return answered === undefined ? () => read(request, answer) : () => Promise.resolve(answered);
  };
  return part ? messagePart(request, part, send) : message(request, { status }, send);
}

/** In one transaction, before the message. @returns the ids that the message has in their place */
async function storeWords<T>(
  request: FastifyRequest,
  orderId: string,
  { note, texts }: OrderMessage<T>,
): Promise<Pick<MessageBase, 'noteId' | 'textsId'>> {
  if (note === undefined && texts === undefined) return {};
  return inAccount(request, async (db) => {
    const noteId = await storeNote(db, request, { orderId, note });
    const textsId = await storeTexts(db, request, { orderId, texts });
    return { ...(noteId !== undefined && { noteId }), ...(textsId !== undefined && { textsId }) };
  });
}
