import type { FastifyRequest } from 'fastify';
import { confirmStarted, type DropshipStart } from '../../db/dropships/dropships.ts';
import { freshStarts } from '../../db/dropships/fresh-starts.ts';
import { withAccount } from '../../db/engine/with-account.ts';

/**
 * Starts the workflows of dropships that a commit of one account has made just now. It never throws: what fails here is
 * left to the sweep (law 1).
 */
export async function startDropships(request: FastifyRequest, starts: readonly DropshipStart[]): Promise<void> {
  const [first] = starts;
  if (!first) return;
  const { pool, workflows } = request.server.deps;
  const fresh = await orLeftToSweep(request, freshStarts(pool, starts));
  const started = await workflows.startDropships(fresh ?? starts);
  if (started.length === 0) return;
  await orLeftToSweep(
    request,
    withAccount(pool, first.merchantId, (db) => confirmStarted(db, started)),
  );
}

async function orLeftToSweep<T>(request: FastifyRequest, work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    request.log.warn({ cause: (error as Error).name }, 'start left to the sweep');
    return undefined;
  }
}
