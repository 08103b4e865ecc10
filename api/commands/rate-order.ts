import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { derivedId, newId } from '../../db/engine/ids.ts';
import { requireRating, type Rating } from '../../db/labels/ratings.ts';
import { message } from '../plugins/idempotency.ts';
import { read } from '../request/reading.ts';
import { contentOf, type newRating } from '../schemas/rates.ts';

/**
 * Rates a parcel of an order: a workflow asks the provider and writes the rating.
 * @throws DomainError the refusals of the activity `rateParcel`, `temporal_unavailable`
 */
export const rateOrder = (
  request: FastifyRequest,
  orderId: string,
  body: z.output<typeof newRating>,
): Promise<Rating> =>
  message(request, { status: 200 }, async ({ idempotency }) => {
    const { labelAccountId, isReturn } = body;
    const ratingId = idempotency
      ? derivedId('rating', request.actor.accountId, idempotency.key, idempotency.fingerprint)
      : newId('rating');
    await request.server.deps.workflows.rateParcel({
      ratingId,
      orderId,
      ...(labelAccountId !== undefined && { labelAccountId }),
      isReturn,
      content: contentOf(body),
      ...(idempotency && { key: idempotency }),
    });
    return () => read(request, (db) => requireRating(db, ratingId));
  });
