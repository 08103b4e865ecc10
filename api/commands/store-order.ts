import type { FastifyRequest } from 'fastify';
import type { DropshipStart } from '../../db/dropships/dropships.ts';
import type { PushStart } from '../../db/shipments/push-starts.ts';
import { startDropships } from './start-dropships.ts';
import type { AccountDb } from '../../db/engine/with-account.ts';
import { command, type CommandOptions } from '../plugins/idempotency.ts';

/** The result of a transaction: its answer, and the dropships and pushes whose workflows start after the commit. */
type Stored<T> = { answer: T; starts: readonly DropshipStart[]; pushes?: readonly PushStart[] };

/**
 * Inserts rows, then starts workflows by derived ids (law 1). After a crash in between, the sweep starts them. For the
 * same reason a failed start does not fail the request.
 */
export async function storeAndStart<T>(
  request: FastifyRequest,
  options: CommandOptions<T>,
  work: (db: AccountDb) => Promise<Stored<T>>,
): Promise<T> {
  let starts: readonly DropshipStart[] = [];
  let pushes: readonly PushStart[] = [];
  const answer = await command(request, options, async (db) => {
    const stored = await work(db);
    starts = stored.starts;
    pushes = stored.pushes ?? [];
    return stored.answer;
  });
  const { workflows, crashPoint } = request.server.deps;
  await startDropships(request, starts);
  for (const push of pushes) await workflows.startPush(push);
  crashPoint('store-order.started');
  return answer;
}
