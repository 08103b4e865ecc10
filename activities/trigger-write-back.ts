import { listDueChannels } from '../db/stock/due-channels.ts';
import { readInAccount } from '../db/engine/with-account.ts';
import { intervalOfMs } from '../domain/intervals.ts';
import { workflowIds } from '../workflows/names.ts';
import type { Deps } from './deps.ts';
import { eachOf } from './each-of.ts';
import { describeSchedule } from './schedules.ts';

/** A channel whose last run failed as a whole gets one now and then, not one in each round. */
const quietSeconds = 5 * 60;
/** The sweep comes back for more. */
const atOnce = 50;
const task = 'write_inventory';

/** `BUFFER_ONE`: a run that is under way, and may have passed by what is new, is followed by another. */
export type Overlap = 'SKIP' | 'BUFFER_ONE';

/** Runs Write Inventory Back on those instant channels of an account that have something new to tell. Repeatable. */
export async function triggerWriteBack(deps: Pick<Deps, 'pool' | 'client'>, accountId: string, overlap: Overlap) {
  const channelIds = await readInAccount(deps.pool, accountId, (db) =>
    listDueChannels(db, { quietSeconds, limit: atOnce }),
  );
  await eachOf(channelIds, (channelId) => triggerInstant(deps.client, channelId, overlap));
}

/** The rows say how the Schedule was last seen; the Schedule itself decides. */
async function triggerInstant(client: Deps['client'], channelId: string, overlap: Overlap): Promise<void> {
  const schedule = await describeSchedule(client, task, channelId);
  if (!schedule || schedule.paused || intervalOfMs(schedule.everyMs) !== 'instant') return;
  await client.schedule.getHandle(workflowIds.task(task, channelId)).trigger(overlap);
}
