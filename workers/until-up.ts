import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import { DatabaseError } from '../db/engine/database-error.ts';

const slowestMs = 5_000;

/** Connects with growing pauses until the server answers, since a worker may start before it. @throws any other error */
export async function untilUp<T>(log: Logger, name: string, connect: () => Promise<T>): Promise<T> {
  for (let waitMs = 250; ; waitMs = Math.min(waitMs * 2, slowestMs)) {
    try {
      return await connect();
    } catch (error) {
      if (!isAway(error)) throw error;
      log.warn({ name }, `waiting for ${name}`);
      await pause(waitMs);
    }
  }
}

/** Also true while the migrations of a first start are running. */
function isAway(error: unknown): boolean {
  if (error instanceof DatabaseError) return error.isAway || error.code === '42P01' || error.code === '42501';
  return error instanceof Error && /does not have migration|connect|unavailable|transport/i.test(error.message);
}
