import { isGrpcServiceError } from '@temporalio/client';
import { DatabaseError } from '../db/engine/database-error.ts';

/**
 * Works on all items, one after the other, also when some fail.
 * @throws the first failure, once all are done; at once if Postgres or Temporal is unavailable
 */
export async function eachOf<T>(items: readonly T[], work: (item: T) => Promise<unknown>): Promise<void> {
  const failures: unknown[] = [];
  for (const item of items) {
    try {
      await work(item);
    } catch (failure) {
      if (isOutage(failure)) throw failure;
      failures.push(failure);
    }
  }
  if (failures.length > 0) throw failures[0];
}

function isOutage(failure: unknown): boolean {
  if (failure instanceof DatabaseError) return failure.isAway;
  const cause = isGrpcServiceError(failure) ? failure : (failure as { cause?: unknown } | undefined)?.cause;
  // DEADLINE_EXCEEDED, UNAVAILABLE.
  return isGrpcServiceError(cause) && [4, 14].includes(cause.code);
}
