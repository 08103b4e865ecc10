import { confirmStarted, listDropshipStarts, type DropshipStart } from '../../db/dropships/dropships.ts';
import { freshStarts } from '../../db/dropships/fresh-starts.ts';
import { listPushStarts } from '../../db/shipments/push-starts.ts';
import { readOnce, withAccount } from '../../db/engine/with-account.ts';
import { startOnce } from '../../temporal/starts.ts';
import { dropshipStart, pushStart } from '../../workflows/starts.ts';
import type { Deps } from '../deps.ts';

type Tools = Pick<Deps, 'client' | 'queues' | 'pool'>;

/** Starts the workflows of an account's dropships. Each reads first what has happened to it. Idempotent. */
export async function startDropships(tools: Tools, accountId: string, dropshipIds: readonly string[]): Promise<void> {
  if (dropshipIds.length === 0) return;
  await startEach(tools, await readOnce(tools.pool, accountId, (db) => listDropshipStarts(db, dropshipIds)));
}

/** Starts the workflows of dropships that this account's transaction has made just now, with nothing to read. */
export async function startNewDropships(
  tools: Tools,
  accountId: string,
  dropshipIds: readonly string[],
): Promise<void> {
  if (dropshipIds.length === 0) return;
  const { pool } = tools;
  const starts = await readOnce(pool, accountId, (db) => listDropshipStarts(db, dropshipIds));
  await startEach(tools, await freshStarts(pool, starts));
  await withAccount(pool, accountId, (db) => confirmStarted(db, dropshipIds));
}

const startEach = ({ client, queues }: Tools, starts: readonly DropshipStart[]) =>
  Promise.all(starts.map((start) => startOnce(client, 'dropship', dropshipStart(start, queues))));

/** Starts the pushes of what shipped by itself when this order was stored. Idempotent. */
export async function startPushes({ client, queues, pool }: Tools, accountId: string, orderId: string): Promise<void> {
  const starts = await readOnce(pool, accountId, (db) => listPushStarts(db, orderId));
  await Promise.all(starts.map((start) => startOnce(client, 'pushShipment', pushStart(start, queues))));
}
