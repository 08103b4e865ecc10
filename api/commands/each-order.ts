import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { DomainError } from '../../domain/errors.ts';
import { inParts, type Part } from '../plugins/idempotency.ts';
import { resultsOf } from '../request/batch-results.ts';
import type { batchResults } from '../schemas/common.ts';
import { inTurn, isFinal } from './in-turn.ts';

/**
 * Does one command to each of many orders; a refused order fails alone. A repeat under the same key goes on where the first
 * attempt ended. The whole body identifies each part: another batch under the same key is refused.
 */
export async function eachOrder(
  request: FastifyRequest,
  orderIds: readonly string[],
  command: (orderId: string, part: Part) => Promise<unknown>,
): Promise<z.output<typeof batchResults>> {
  const content = request.body;
  return inParts(request, content, async () => {
    const queues = orderIds.map((_id, index) => [index]);
    const outcomes = await inTurn(request, queues, async (index) => {
      const id = orderIds[index]!;
      if (orderIds.indexOf(id) < index) throw new DomainError('duplicate_in_batch', `The order ${id} comes twice.`);
      // Number 0 is the request's own key, which stores the answer.
      await command(id, { number: index + 1, content });
      return { id };
    });
    return { result: resultsOf(outcomes, request), isFinal: outcomes.every(isFinal) };
  });
}
