import type { FastifyRequest } from 'fastify';
import type { DropshipStart } from '../../db/dropships/dropships.ts';
import type { AccountDb } from '../../db/engine/with-account.ts';
import { command, type CommandOptions } from '../plugins/idempotency.ts';

/** What a transaction gives: its answer, and the dropships whose workflows are to be started once it is committed. */
export type Taken<T> = { answer: T; starts: readonly DropshipStart[] };

/**
 * Insert, then start by a derived id (law 1). A crash in between leaves the start to the sweep, so a start that fails
 * never fails the request.
 */
export async function storeAndStart<T>(
  request: FastifyRequest,
  options: CommandOptions<T>,
  work: (db: AccountDb) => Promise<Taken<T>>,
): Promise<T> {
  let starts: readonly DropshipStart[] = [];
  const answer = await command(request, options, async (db) => {
    const taken = await work(db);
    starts = taken.starts;
    return taken.answer;
  });
  const { workflows, crashPoint } = request.server.deps;
  await workflows.startDropships(starts);
  crashPoint('store-order.started');
  return answer;
}
