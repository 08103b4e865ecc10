import { setTimeout as wait } from 'node:timers/promises';
import type { FastifyBaseLogger } from 'fastify';
import { DatabaseError, toDatabaseError } from '../db/engine/database-error.ts';
import type { Pool } from '../db/engine/pool.ts';
import { requireSafety, requireSchema } from '../db/engine/with-account.ts';

/**
 * Waits while Postgres is away or not migrated yet: a crash loop would only make the log longer.
 * @throws Error at once when the role may bypass row-level security, or confirmed writes could be lost: a wait would not help
 */
export async function untilDatabaseServes(pool: Pool, version: string, log: FastifyBaseLogger): Promise<void> {
  for (let said = ''; ; await wait(1_000)) {
    const missing = await whatIsMissing(pool, version);
    if (missing === null) return;
    if (missing !== said) log.warn(`Not serving yet: ${missing}`);
    said = missing;
  }
}

async function whatIsMissing(pool: Pool, version: string): Promise<string | null> {
  try {
    await requireSafety(pool);
  } catch (error) {
    const cause = toDatabaseError(error);
    if (cause instanceof DatabaseError && cause.isAway) return 'Postgres does not answer at DATABASE_URL.';
    throw cause;
  }
  try {
    await requireSchema(pool, version);
    return null;
  } catch (error) {
    return error instanceof DatabaseError
      ? 'The schema is not there: run "npm run migrate".'
      : (error as Error).message;
  }
}
