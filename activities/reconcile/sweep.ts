import { listAccountsWithUnmapped, listChannelsBehindCredentials } from '../../db/attentions.ts';
import { listChannelsToSchedule } from '../../db/channels/channels.ts';
import { listConnectionsToSetUp, listConnectionsToWithdraw } from '../../db/accounts/connections.ts';
import { listUnstartedDropships } from '../../db/dropships/dropships.ts';
import { listChannelsWithOpenWebhooks } from '../../db/channels/inbound-webhooks.ts';
import { listUnstartedPushes, requirePushStart } from '../../db/shipments/shipments.ts';
import { listAccountsWithDueStock } from '../../db/stock/due-channels.ts';
import { readInAccount, withSystem, type SystemDb } from '../../db/engine/with-account.ts';
import { workflowIds } from '../../workflows/names.ts';
import {
  changedPush,
  channelResume,
  channelSetUp,
  connectionEnd,
  connectionSetUp,
  pushStart,
} from '../../workflows/starts.ts';
import type { Deps } from '../deps.ts';
import { eachOf } from '../each-of.ts';
import { routeMapped } from './mapped-orders.ts';
import { ownerOfOrder } from '../owners.ts';
import { describeSchedule } from '../schedules.ts';
import { startDropships, startOnce } from '../starts.ts';
import { triggerWriteBack } from '../trigger-write-back.ts';
import type { Round } from '../../workflows/messages.ts';

/** Young rows are left to whoever has just committed them; a sweep takes what is older. */
const olderThan = { seconds: 5, limit: 200 };
const againAfterMs = 5 * 60_000;

/** The second half of every intake that a crash cut in two: each is a start by derived id, or a repeatable message. */
export function createSweepActivities(deps: Deps) {
  const { pool, client, queues, now, sweepIntervalMs } = deps;

  async function resumeChannels(): Promise<void> {
    const behind = await withSystem(pool, (db) => listChannelsBehindCredentials(db, olderThan.limit));
    await eachOf(behind, (channelId) => startOnce(client, 'resumeChannel', channelResume(channelId, queues)));
  }

  async function routeMappedOrders(): Promise<void> {
    await eachOf(await withSystem(pool, listAccountsWithUnmapped), (accountId) => routeMapped(deps, accountId));
  }

  async function takeUpWebhooks(): Promise<void> {
    const open = await withSystem(pool, (db) => listChannelsWithOpenWebhooks(db, olderThan));
    await eachOf(open, async ({ channelId, task, receivedAt }) => {
      const schedule = await describeSchedule(client, task, channelId);
      // A paused task imports nothing, also not by webhook.
      if (!schedule || schedule.paused) return;
      // A shop that is down has been tried since: it gets a run now and then, not one in each round.
      const lastRunAt = schedule.lastRunAt === null ? 0 : Date.parse(schedule.lastRunAt);
      if (lastRunAt > receivedAt.getTime() && now().getTime() - lastRunAt < againAfterMs) return;
      await client.schedule.getHandle(workflowIds.task(task, channelId)).trigger('SKIP');
    });
  }

  async function triggerDueWriteBacks(): Promise<void> {
    const accountIds = await withSystem(pool, (db) => listAccountsWithDueStock(db, olderThan.limit));
    await eachOf(accountIds, (accountId) => triggerWriteBack(deps, accountId, 'SKIP'));
  }

  return {
    /** One round. What fails stops nothing else and fails the round at its end; the next one begins again. */
    async sweep(): Promise<Round> {
      await eachOf(
        [...lostStarts(deps), takeUpWebhooks, triggerDueWriteBacks, resumeChannels, routeMappedOrders],
        (part) => part(),
      );
      return { intervalMs: sweepIntervalMs };
    },
  };
}

function lostStarts(deps: Deps): (() => Promise<void>)[] {
  const { pool, client, queues } = deps;
  const list = <T>(read: (db: SystemDb) => Promise<T>) => withSystem(pool, read);

  async function startDropshipsAgain(): Promise<void> {
    const lost = await list((db) => listUnstartedDropships(db, olderThan));
    await eachOf(lost, ({ accountId, dropshipId }) => startDropships(deps, accountId, [dropshipId]));
  }

  async function startPushesAgain(): Promise<void> {
    const lost = await list((db) => listUnstartedPushes(db, olderThan));
    await eachOf(lost, async ({ orderId, shipmentId }) => {
      const accountId = await ownerOfOrder(pool, orderId);
      const start = await readInAccount(pool, accountId, (db) => requirePushStart(db, shipmentId));
      if (start.revision === 1) await startOnce(client, 'pushShipment', pushStart(start, queues));
      else await client.workflow.signalWithStart('pushShipment', changedPush(start, 'sweep', queues));
    });
  }

  async function finishSetUps(): Promise<void> {
    const connectionIds = await list((db) => listConnectionsToSetUp(db, olderThan));
    await eachOf(connectionIds, (id) => startOnce(client, 'setUpConnection', connectionSetUp(id, queues)));
    const channelIds = await list((db) => listChannelsToSchedule(db, olderThan));
    await eachOf(channelIds, (id) => startOnce(client, 'setUpChannel', channelSetUp(id, queues)));
  }

  async function endConnections(): Promise<void> {
    const ended = await list((db) => listConnectionsToWithdraw(db, olderThan.limit));
    await eachOf(ended, (id) => startOnce(client, 'endConnection', connectionEnd(id, queues)));
  }

  return [startDropshipsAgain, startPushesAgain, finishSetUps, endConnections];
}
