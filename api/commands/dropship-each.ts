import { startDropships } from './start-dropships.ts';
import type { FastifyRequest } from 'fastify';
import { listDropshipStarts, type DropshipStart } from '../../db/dropships/dropships.ts';
import { dropshipOrder } from '../../db/orders/go-live.ts';
import { DomainError } from '../../domain/errors.ts';
import { authorOf } from '../plugins/auth.ts';
import { commandPart } from '../plugins/idempotency.ts';

type DropshipOutcome = { id: string } | { refusal: DomainError };

/**
 * Dropships orders to a supplier, each in a transaction of its own: two hundred in one transaction would lock the
 * products for all other orders for seconds. A repeat under the same key goes on where the first attempt ended.
 * @returns the dropship of each order, in their order; a refused order fails alone
 */
export async function dropshipEach(
  request: FastifyRequest,
  wish: { supplierId: string; orderIds: readonly string[] },
): Promise<DropshipOutcome[]> {
  const starts: DropshipStart[] = [];
  const outcomes: DropshipOutcome[] = [];
  try {
    for (const [number, orderId] of wish.orderIds.entries()) {
      const isAgain = wish.orderIds.indexOf(orderId) < number;
      outcomes.push(isAgain ? twice(orderId) : await dropshipOne(request, { ...wish, number }, starts));
    }
  } finally {
    // If the database failed at an order, the dropships before it are started all the same.
    await startDropships(request, starts);
  }
  return outcomes;
}

const twice = (orderId: string) => ({
  refusal: new DomainError('duplicate_in_batch', `The order ${orderId} comes twice.`),
});

/** The whole wish identifies the part: a wish that names other orders is another request. */
async function dropshipOne(
  request: FastifyRequest,
  { number, ...wish }: { supplierId: string; orderIds: readonly string[]; number: number },
  starts: DropshipStart[],
): Promise<DropshipOutcome> {
  const { supplierId, orderIds } = wish;
  const { actor } = authorOf(request);
  const { result } = await commandPart(request, { number, content: wish }, async (db) => {
    const outcome = await dropshipOrder(db, { orderId: orderIds[number]!, supplierId, actor });
    return { outcome, starts: 'id' in outcome ? await listDropshipStarts(db, [outcome.id]) : [] };
  });
  // After a lost answer the workflow may run already; a second start changes nothing.
  starts.push(...result.starts);
  if ('id' in result.outcome) return result.outcome;
  const { code, message, faults } = result.outcome.refused;
  return { refusal: new DomainError(code, message, faults) };
}
