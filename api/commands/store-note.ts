import type { FastifyRequest } from 'fastify';
import { derivedId } from '../../db/engine/ids.ts';
import { insertOrderEvent } from '../../db/orders/events.ts';
import type { AccountDb } from '../../db/engine/with-account.ts';
import { authorOf } from '../plugins/auth.ts';
import { fingerprintOf } from '../plugins/idempotency.ts';

/**
 * Stores the caller's note on the caller's timeline: no message contains it (law 8).
 * @returns the entry's id, the same for the same request and order
 */
export async function storeNote(
  db: AccountDb,
  request: FastifyRequest,
  written: { orderId: string; note: string | undefined },
): Promise<string | undefined> {
  if (written.note === undefined) return undefined;
  const { actor, idempotencyKey } = request;
  const parts = [idempotencyKey ?? request.id, fingerprintOf(request), written.orderId];
  const id = derivedId('event', actor.accountId, ...parts);
  const { actor: author } = authorOf(request);
  const data = { note: written.note };
  await insertOrderEvent(db, { id, orderId: written.orderId, type: 'note_added', actor: author, data });
  return id;
}
