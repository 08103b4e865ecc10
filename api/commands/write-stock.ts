import type { FastifyRequest } from 'fastify';
import { recordStockChanges } from '../../db/stock/changes.ts';
import { setLevels, type StockOutcome, type StockWish } from '../../db/stock/levels.ts';
import type { AccountDb } from '../../db/engine/with-account.ts';
import { authorOf } from '../plugins/auth.ts';

/** Sets levels. Records for each changed level who changed it, the old and the new units, and the reason. */
export async function writeStock(
  db: AccountDb,
  request: FastifyRequest,
  wishes: readonly StockWish[],
): Promise<StockOutcome[]> {
  const outcomes = await setLevels(db, wishes);
  const changes = outcomes.flatMap((outcome, index) => {
    if ('refusal' in outcome || !outcome.isChange) return [];
    const { productId, warehouseId, before, after } = outcome;
    const { level, reason } = wishes[index]!;
    return [{ productId, warehouseId, before, after, ...('adjustBy' in level && level), ...(reason && { reason }) }];
  });
  await recordStockChanges(db, authorOf(request), changes);
  return outcomes;
}
