import { listChannelsToSchedule } from '../db/channels.ts';
import { listConnectionsToSetUp } from '../db/connections.ts';
import { listUnstartedDropships } from '../db/dropships.ts';
import { listChannelsWithOpenWebhooks } from '../db/inbound-webhooks.ts';
import { listUnstartedPushes, requirePushStart } from '../db/shipments.ts';
import { withAccount, withSystem, type SystemDb } from '../db/with-account.ts';
import { workflowIds } from '../workflows/names.ts';
import { channelSetUp, connectionSetUp, pushStart } from '../workflows/starts.ts';
import { resumeParked } from './channel-check.ts';
import type { Deps } from './deps.ts';
import { ownerOfOrder } from './owners.ts';
import { describeSchedule } from './schedules.ts';
import { startDropships, startOnce } from './starts.ts';

/** Young rows are left to whoever has just committed them; a sweep takes what is older. */
const olderThan = { seconds: 5, limit: 200 };

/** The second half of every intake that a crash cut in two: each is a start by derived id, or a repeatable message. */
export function createSweepActivities(deps: Deps) {
  const { pool, client, queues } = deps;
  const list = <T>(read: (db: SystemDb) => Promise<T>) => withSystem(pool, read);

  async function startLostDropships(): Promise<void> {
    for (const { accountId, dropshipId } of await list((db) => listUnstartedDropships(db, olderThan))) {
      await startDropships(deps, accountId, [dropshipId]);
    }
  }

  async function startLostPushes(): Promise<void> {
    for (const { orderId, shipmentId } of await list((db) => listUnstartedPushes(db, olderThan))) {
      const accountId = await ownerOfOrder(pool, orderId);
      const start = await withAccount(pool, accountId, (db) => requirePushStart(db, shipmentId));
      await startOnce(client, 'pushShipment', pushStart(start, queues));
    }
  }

  async function finishSetUps(): Promise<void> {
    for (const connectionId of await list((db) => listConnectionsToSetUp(db, olderThan))) {
      await startOnce(client, 'setUpConnection', connectionSetUp(connectionId, queues));
    }
    for (const channelId of await list((db) => listChannelsToSchedule(db, olderThan))) {
      await startOnce(client, 'setUpChannel', channelSetUp(channelId, queues));
    }
  }

  async function takeUpWebhooks(): Promise<void> {
    for (const { channelId, task } of await list((db) => listChannelsWithOpenWebhooks(db, olderThan))) {
      const schedule = await describeSchedule(client, task, channelId);
      // A paused task imports nothing, also not by webhook.
      if (schedule && !schedule.paused)
        await client.schedule.getHandle(workflowIds.task(task, channelId)).trigger('SKIP');
    }
  }

  return {
    /** One round. What one part cannot reach fails the round; the next one begins again. */
    async sweep(): Promise<void> {
      await startLostDropships();
      await startLostPushes();
      await finishSetUps();
      await takeUpWebhooks();
      await resumeParked(deps, { limit: olderThan.limit });
    },
  };
}
