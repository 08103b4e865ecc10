import { DatabaseError, isStorageFull } from './database-error.ts';
import type { Pool } from './pool.ts';

const refusedAt = new WeakMap<Pool['database'], number>();
/** After the last refusal. There may be room by then, or the next write is refused as well. */
const fullMs = 30_000;

export function noteStorage({ database }: Pool, error: unknown): void {
  if (error instanceof DatabaseError && isStorageFull(error)) refusedAt.set(database, performance.now());
}

/** Whether Postgres has refused a write of this process a moment ago, since its disk is full. Reads go on. */
export const isOutOfStorage = ({ database }: Pool): boolean =>
  performance.now() - (refusedAt.get(database) ?? -Infinity) < fullMs;
