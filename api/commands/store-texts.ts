import type { FastifyRequest } from 'fastify';
import { derivedId } from '../../db/engine/ids.ts';
import type { AccountDb } from '../../db/engine/with-account.ts';
import { storeTexts as insertTexts } from '../../db/shipments/texts.ts';
import type { TrackingTexts } from '../../domain/shipments/texts.ts';

/**
 * Stores what the caller wrote about a shipment: no message contains it (law 8).
 * @returns the row's id, the same for the same request, order and texts
 */
export async function storeTexts(
  db: AccountDb,
  request: FastifyRequest,
  written: { orderId: string; texts: TrackingTexts | undefined },
): Promise<string | undefined> {
  const { orderId, texts } = written;
  if (texts === undefined) return undefined;
  const { actor, idempotencyKey } = request;
  const content = JSON.stringify([texts.carrierName, texts.trackingUrl, texts.service]);
  const id = derivedId('texts', actor.accountId, idempotencyKey ?? request.id, orderId, content);
  await insertTexts(db, { id, orderId, texts });
  return id;
}
