import { listDropshipStarts } from '../../db/dropships/dropships.ts';
import { listPushStarts } from '../../db/shipments/push-starts.ts';
import { readInAccount, withAccount } from '../../db/engine/with-account.ts';
import { startOnce } from '../../temporal/starts.ts';
import { dropshipStart, pushStart } from '../../workflows/starts.ts';
import type { Deps } from '../deps.ts';

/** Starts the workflows of dropships that this account's transaction has just made. Idempotent. */
export async function startDropships(
  { client, queues, pool }: Pick<Deps, 'client' | 'queues' | 'pool'>,
  accountId: string,
  dropshipIds: readonly string[],
): Promise<void> {
  if (dropshipIds.length === 0) return;
  const starts = await withAccount(pool, accountId, (db) => listDropshipStarts(db, dropshipIds));
  await Promise.all(starts.map((start) => startOnce(client, 'dropship', dropshipStart(start, queues))));
}

/** Starts the pushes of what shipped by itself when this order was stored. Idempotent. */
export async function startPushes(
  { client, queues, pool }: Pick<Deps, 'client' | 'queues' | 'pool'>,
  accountId: string,
  orderId: string,
): Promise<void> {
  const starts = await readInAccount(pool, accountId, (db) => listPushStarts(db, orderId));
  await Promise.all(starts.map((start) => startOnce(client, 'pushShipment', pushStart(start, queues))));
}
