import { WorkflowExecutionAlreadyStartedError, type Client } from '@temporalio/client';
import { listDropshipStarts, type DropshipStart } from '../db/dropships/dropships.ts';
import type { Pool } from '../db/engine/pool.ts';
import { readInAccount } from '../db/engine/with-account.ts';
import type { Queues } from '../workflows/names.ts';
import { importReleased } from '../workflows/messages.ts';
import { dropshipStart } from '../workflows/starts.ts';

type Starter = { client: Client; queues: Queues; pool: Pool };

/** Starts by derived ids; one that runs, or ran, is success (law 5). */
export async function startOnce(
  client: Client,
  type: string,
  options: Parameters<Client['workflow']['start']>[1],
): Promise<void> {
  try {
    await client.workflow.start(type, options);
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}

/** Starts the workflows of dropships that this account's transaction has just made. */
export async function startDropships(
  { client, queues, pool }: Starter,
  accountId: string,
  dropshipIds: readonly string[],
): Promise<void> {
  if (dropshipIds.length === 0) return;
  const starts = await readInAccount(pool, accountId, (db) => listDropshipStarts(db, dropshipIds));
  await Promise.all(starts.map((start) => startOnce(client, 'dropship', dropshipStart(start, queues))));
}

/** Tells a waiting dropship to go on; starts it first where its start was lost. */
export async function releaseDropship({ client, queues }: Starter, start: DropshipStart): Promise<void> {
  try {
    await client.workflow.signalWithStart('dropship', {
      ...dropshipStart(start, queues),
      signal: importReleased,
      signalArgs: [],
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}
