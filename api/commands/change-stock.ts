import type { FastifyRequest } from 'fastify';
import { requireLevel } from '../../db/stock/level-rows.ts';
import type { DomainError } from '../../domain/errors.ts';
import { command } from '../plugins/idempotency.ts';
import { eachAcceptable } from '../request/batch-items.ts';
import { resultsOf } from '../request/batch-results.ts';
import { toLevel, toWish, type NewAdjustment, type NewLevel } from '../schemas/stock.ts';
import { triggerWriteBack } from './trigger-write-back.ts';
import { writeStock } from './write-stock.ts';

/** A refused item fails alone; all others commit together. */
export async function changeAll(request: FastifyRequest, items: readonly (NewLevel | NewAdjustment | DomainError)[]) {
  const results = await command(request, { status: 200 }, async (db) => {
    const outcomes = await eachAcceptable(items, (acceptable) => writeStock(db, request, acceptable.map(toWish)));
    return resultsOf(
      outcomes.map((outcome) => ('refusal' in outcome ? outcome : { id: outcome.productId })),
      request,
    );
  });
  triggerWriteBack(request);
  return results;
}

/** Changes one level. @returns the changed level */
export async function changeOne(request: FastifyRequest, change: NewLevel | NewAdjustment) {
  const level = await command(request, { status: 200 }, async (db) => {
    const [outcome] = await writeStock(db, request, [toWish(change)]);
    if ('refusal' in outcome!) throw outcome.refusal;
    return toLevel(await requireLevel(db, outcome!));
  });
  triggerWriteBack(request);
  return level;
}
