import type { FastifyRequest } from 'fastify';
import { storeAnswer } from '../../db/engine/idempotency.ts';
import { message } from '../plugins/idempotency.ts';
import { inAccount } from './reading.ts';

/**
 * Stores the answer after an effect that is idempotent by itself and not in one transaction. A repeat under the same key
 * then does nothing again.
 */
export const storingAnswer = <T>(request: FastifyRequest, status: number, work: () => Promise<T>): Promise<T> =>
  message(request, { status }, async ({ idempotency }) => {
    const answer = await work();
    if (idempotency) await inAccount(request, (db) => storeAnswer(db, { ...idempotency, status, answer }));
    return async () => answer;
  });
