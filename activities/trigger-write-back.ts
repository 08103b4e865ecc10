import { listDueChannels } from '../db/stock/due-channels.ts';
import { readOnce } from '../db/engine/with-account.ts';
import { triggerUnlessPaused, type Overlap } from '../temporal/schedule.ts';
import type { Deps } from './deps.ts';
import { eachOf } from './each-of.ts';

/** Runs Write Inventory Back on those instant channels of an account that have something to write. Idempotent. */
export async function triggerWriteBack(
  { pool, client }: Pick<Deps, 'pool' | 'client'>,
  accountId: string,
  overlap: Overlap,
) {
  const channelIds = await readOnce(pool, accountId, (db) => listDueChannels(db));
  await eachOf(channelIds, (channelId) =>
    triggerUnlessPaused(client, { task: 'write_inventory', channelId }, { onlyInstant: true, overlap }),
  );
}
