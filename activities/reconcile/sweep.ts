import { listAccountsWithUnmapped, listChannelsBehindCredentials, listOldestAttentions } from '../../db/attentions.ts';
import { listLabelAccountsBehind } from '../../db/labels/behind.ts';
import { listChannelsToSchedule } from '../../db/channels/channels.ts';
import { listChannelsToConnect } from '../../db/channels/webhooks-due.ts';
import { listConnectionsToSetUp, listConnectionsToWithdraw } from '../../db/accounts/connections.ts';
import { confirmStarted, listDropshipStarts, listUnstartedDropships } from '../../db/dropships/dropships.ts';
import { listUnsignalledDropships, noteSignalled } from '../../db/dropships/imports.ts';
import { listChannelsWithOpenWebhooks } from '../../db/channels/inbound-webhooks.ts';
import { listUnstartedLabels, requireLabelStart } from '../../db/labels/labels.ts';
import { closeAnswered, listAccountsThatRoute } from '../../db/orders/decisions.ts';
import { listBrandsToCopy } from '../../db/paper/brands.ts';
import { listUnstartedPrintJobs, notePrintJobStarted } from '../../db/paper/print-jobs.ts';
import { listUnstartedPushes, requirePushStart } from '../../db/shipments/push-starts.ts';
import { listAccountsWithDueStock } from '../../db/stock/due-channels.ts';
import { readInAccount, withAccount, withSystem, type SystemDb } from '../../db/engine/with-account.ts';
import {
  brandCopy,
  changedPush,
  channelResume,
  channelSetUp,
  channelWebhooks,
  connectionEnd,
  connectionSetUp,
  printJobStart,
  labelStart,
  labelAccountResume,
  pushStart,
} from '../../workflows/starts.ts';
import { kindsWithWebhooks } from '../channels/kinds.ts';
import type { Deps } from '../deps.ts';
import { eachOf } from '../each-of.ts';
import { routeMapped } from './mapped-orders.ts';
import { ownerOfOrder } from '../owners.ts';
import { resumeParked } from '../resume-parked.ts';
import { describeSchedule, scheduleHandle } from '../../temporal/schedule.ts';
import { releaseDropship, startOnce } from '../../temporal/starts.ts';
import { startDropships } from '../dropships/start.ts';
import { triggerWriteBack } from '../trigger-write-back.ts';
import type { Round } from '../../workflows/messages.ts';

/** Younger rows are left to the process that has just committed them. */
const olderThan = { seconds: 5, limit: 200 };
const againAfterMs = 5 * 60_000;
/** A push that parked because the shop holds its order back is tried again after so long, a few in a round. */
const heldAgainMs = 60 * 60_000;
const heldAtOnce = 20;

/** Completes requests that a crash cut in two (law 1): each by a start with a derived id, or by an idempotent message. */
export function createSweepActivities(deps: Deps) {
  const { pool, client, now, sweepIntervalMs } = deps;

  async function runOpenWebhooks(): Promise<void> {
    const open = await withSystem(pool, (db) => listChannelsWithOpenWebhooks(db, olderThan));
    await eachOf(open, async ({ channelId, task, receivedAt }) => {
      const schedule = await describeSchedule(client, { task, channelId });
      // A paused task imports no orders, also not by webhook.
      if (!schedule || schedule.paused) return;
      // The task has run since the webhook came, so the shop is down. Try it every few minutes, not in each round.
      const lastRunAt = schedule.lastRunAt === null ? 0 : Date.parse(schedule.lastRunAt);
      if (lastRunAt > receivedAt.getTime() && now().getTime() - lastRunAt < againAfterMs) return;
      await scheduleHandle(client, { task, channelId }).trigger('SKIP');
    });
  }

  async function triggerDueWriteBacks(): Promise<void> {
    const accountIds = await withSystem(pool, (db) => listAccountsWithDueStock(db, olderThan.limit));
    await eachOf(accountIds, (accountId) => triggerWriteBack(deps, accountId, 'SKIP'));
  }

  return {
    /** One round. A failing part does not stop the others; it fails the round at its end. The next round starts over. */
    async sweep(): Promise<Round> {
      await eachOf(
        [
          ...lostStarts(deps),
          ...lostPaper(deps),
          runOpenWebhooks,
          triggerDueWriteBacks,
          ...resumes(deps),
          ...routes(deps),
        ],
        (part) => part(),
      );
      return { intervalMs: sweepIntervalMs };
    },
  };
}

/** Steps that are parked behind older credentials than there are now; webhooks that a shop has to have, or not to have any more. */
function resumes({ pool, client, queues, publicUrl, now }: Deps): (() => Promise<void>)[] {
  async function connectShops(): Promise<void> {
    const kinds = publicUrl === undefined ? [] : kindsWithWebhooks;
    const due = await withSystem(pool, (db) => listChannelsToConnect(db, { kinds, limit: olderThan.limit }));
    await eachOf(due, (channelId) => startOnce(client, 'ensureWebhooks', channelWebhooks(channelId, queues)));
  }

  /** A hold ends without a word to us, so the shop is asked again. */
  async function retryHeld(): Promise<void> {
    const filter = {
      code: 'held_at_channel',
      olderThan: new Date(now().getTime() - heldAgainMs).toISOString(),
    } as const;
    const { data } = await withSystem(pool, (db) => listOldestAttentions(db, filter, { limit: heldAtOnce }));
    await eachOf(data, async ({ accountId, workflowId }) => {
      if (workflowId !== null) await resumeParked({ pool, client }, accountId, { workflowId, by: 'hold' });
    });
  }

  async function resumeChannels(): Promise<void> {
    const behind = await withSystem(pool, (db) => listChannelsBehindCredentials(db, olderThan.limit));
    await eachOf(behind, (channelId) => startOnce(client, 'resumeChannel', channelResume(channelId, queues)));
  }

  async function resumeLabelAccounts(): Promise<void> {
    const behind = await withSystem(pool, (db) => listLabelAccountsBehind(db, olderThan.limit));
    await eachOf(behind, (id) => startOnce(client, 'resumeLabelAccount', labelAccountResume(id, queues)));
  }

  return [connectShops, retryHeld, resumeChannels, resumeLabelAccounts];
}

/** Orders that wait for a decision who ships them, and need none any more. */
function routes(deps: Deps): (() => Promise<void>)[] {
  const { pool } = deps;

  async function routeMappedOrders(): Promise<void> {
    await eachOf(await withSystem(pool, listAccountsWithUnmapped), (accountId) => routeMapped(deps, accountId));
  }

  async function closeAnsweredRoutes(): Promise<void> {
    const actor = { kind: 'system', id: 'sweep' } as const;
    const accountIds = await withSystem(pool, listAccountsThatRoute);
    await eachOf(accountIds, (id) =>
      withAccount(pool, id, (db) => closeAnswered(db, { most: olderThan.limit, actor })),
    );
  }

  return [routeMappedOrders, closeAnsweredRoutes];
}

function lostStarts(deps: Deps): (() => Promise<void>)[] {
  const { pool, client, queues } = deps;
  const list = <T>(read: (db: SystemDb) => Promise<T>) => withSystem(pool, read);

  async function startDropshipsAgain(): Promise<void> {
    const lost = await list((db) => listUnstartedDropships(db, olderThan));
    await eachOf(lost, async ({ accountId, dropshipId }) => {
      await startDropships(deps, accountId, [dropshipId]);
      // A workflow that was started as new does not note it itself.
      await withAccount(pool, accountId, (db) => confirmStarted(db, [dropshipId]));
    });
  }

  async function signalDropshipsAgain(): Promise<void> {
    const unsignalled = await list((db) => listUnsignalledDropships(db, olderThan));
    await eachOf(unsignalled, async ({ accountId, dropshipId }) => {
      const [start] = await readInAccount(pool, accountId, (db) => listDropshipStarts(db, [dropshipId]));
      if (start) await releaseDropship(deps, start);
      await withAccount(pool, accountId, (db) => noteSignalled(db, [dropshipId]));
    });
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

  return [startDropshipsAgain, signalDropshipsAgain, startPushesAgain, finishSetUps, endConnections];
}

function lostPaper({ pool, client, queues }: Deps): (() => Promise<void>)[] {
  async function startLabelsAgain(): Promise<void> {
    const lost = await withSystem(pool, (db) => listUnstartedLabels(db, olderThan));
    await eachOf(lost, async ({ accountId, labelId }) => {
      const start = await readInAccount(pool, accountId, (db) => requireLabelStart(db, labelId));
      await startOnce(client, 'label', labelStart(start, queues));
    });
  }

  async function startPrintJobsAgain(): Promise<void> {
    const lost = await withSystem(pool, (db) => listUnstartedPrintJobs(db, olderThan));
    await eachOf(lost, async ({ accountId, printJobId }) => {
      await startOnce(client, 'printJob', printJobStart(printJobId, queues));
      await withAccount(pool, accountId, (db) => notePrintJobStarted(db, printJobId));
    });
  }

  async function copyBrandsAgain(): Promise<void> {
    const accountIds = await withSystem(pool, (db) => listBrandsToCopy(db, olderThan));
    await eachOf(accountIds, (id) => client.workflow.signalWithStart('copyBrand', brandCopy(id, queues)));
  }

  return [startLabelsAgain, startPrintJobsAgain, copyBrandsAgain];
}
