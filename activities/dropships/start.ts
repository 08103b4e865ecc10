import { listDropshipStarts } from '../../db/dropships/dropships.ts';
import { withAccount } from '../../db/engine/with-account.ts';
import { startOnce } from '../../temporal/starts.ts';
import { dropshipStart } from '../../workflows/starts.ts';
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
