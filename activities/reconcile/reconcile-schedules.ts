import { WorkflowNotFoundError, type Client, type ScheduleDescription, type ScheduleSummary } from '@temporalio/client';
import {
  listScheduledChannels,
  recordSeen,
  type LastSeen,
  type ScheduledChannel,
  type SeenSchedule,
} from '../../db/channels/schedules.ts';
import { withAccount, withSystem } from '../../db/engine/with-account.ts';
import { isOverdue, shortestWindowMs } from '../../domain/intervals.ts';
import { taskTypes, type TaskType } from '../../domain/task.ts';
import { taskOfScheduleId, workflowIds } from '../../workflows/names.ts';
import { everyMsOf, rhythmAgain, taskSchedule } from '../../workflows/schedules.ts';
import type { Deps } from '../deps.ts';
import { eachOf } from '../each-of.ts';
import { findOwnerOfChannel } from '../owners.ts';
import {
  createScheduleOnce,
  deleteSchedule,
  findSchedule,
  scheduleHandle,
  type SchedulePlace,
} from '../../temporal/schedule.ts';
import type { Round } from '../../workflows/messages.ts';

/** A pass lists all Schedules, so it runs less often than the sweep: once a minute with the sweep's default interval. */
const sweepsPerPass = 4;

type Expected = { accountId: string; channelId: string; task: TaskType; lastSeen: LastSeen | undefined };
/** What a pass found. `seen` are recorded, `missing` made, `strays` removed and `overdue` triggered. */
type Findings = {
  seen: (SeenSchedule & { accountId: string; isFirst: boolean })[];
  missing: Expected[];
  strays: (SchedulePlace & { taskQueue: unknown })[];
  overdue: (SchedulePlace & { since: number })[];
};
/** Counts of Schedules. A second pass right after it has zeros. */
export type PassResult = Round & { recorded: number; made: number; removed: number; triggered: number };

export function createReconcileActivities(deps: Deps) {
  return {
    /**
     * Compares all our Schedules with the channels: records changes that ops made, makes missing Schedules, removes
     * left-over ones, and triggers missed runs. It never undoes a change of ops. Idempotent, also when two run at once.
     */
    async reconcileSchedules(): Promise<PassResult> {
      const { seen, missing, strays, overdue } = await look(deps);
      const done = { recorded: 0, made: 0, removed: 0, triggered: 0 };
      const parts = [
        async () => void (done.recorded = await record(deps, seen)),
        () => eachOf(missing, async (one) => void (done.made += Number(await make(deps, one)))),
        () => eachOf(strays, async (one) => void (done.removed += Number(await removeStray(deps, one)))),
        () => eachOf(overdue, async (one) => void (done.triggered += Number(await catchUp(deps, one)))),
      ];
      await eachOf(parts, (part) => part());
      return { ...done, intervalMs: sweepsPerPass * deps.sweepIntervalMs };
    },
  };
}

async function look({ pool, client, queues, now }: Deps): Promise<Findings> {
  const missing = expectedOf(await withSystem(pool, (db) => listScheduledChannels(db)));
  const findings: Findings = { seen: [], missing: [], strays: [], overdue: [] };
  for await (const summary of client.schedule.list({ pageSize: 1_000 })) {
    const place = taskOfScheduleId(summary.scheduleId);
    if (!place) continue;
    const expected = missing.get(summary.scheduleId);
    // Older Schedules have no memo with their queue.
    const taskQueue = summary.memo?.['taskQueue'];
    if (expected) compare(summary, expected, { findings, now: now().getTime() });
    else if (taskQueue === undefined || taskQueue === queues.tasks) findings.strays.push({ ...place, taskQueue });
    missing.delete(summary.scheduleId);
  }
  findings.missing.push(...missing.values());
  return findings;
}

async function record(deps: Deps, seen: Findings['seen']): Promise<number> {
  const byAccount = new Map<string, SeenSchedule[]>();
  await eachOf(seen, async ({ accountId, ...listed }) => {
    const one = listed.isFirst ? listed : await asItIsNow(deps, listed);
    if (one) byAccount.set(accountId, [...(byAccount.get(accountId) ?? []), one]);
  });
  let recorded = 0;
  await eachOf([...byAccount], async ([accountId, own]) => {
    recorded += await withAccount(deps.pool, accountId, (db) => recordSeen(db, own));
  });
  return recorded;
}

/** Reads the Schedule itself: the list lags and may not show a change that the API has stored. @returns null if it is gone */
async function asItIsNow({ client }: Deps, { channelId, task }: SchedulePlace): Promise<SeenSchedule | null> {
  const schedule = await findSchedule(client, { task, channelId });
  return schedule && { channelId, task, everyMs: everyMsOf(schedule.spec), paused: schedule.state.paused };
}

/** The list lags, so the Schedule may exist; then it stays as it is. @returns whether it was missing */
async function make({ client, queues }: Deps, { accountId, channelId, task, lastSeen }: Expected): Promise<boolean> {
  const rhythm = rhythmAgain(task, lastSeen);
  return createScheduleOnce(client, taskSchedule(task, channelId, { ...rhythm, accountId, queues }));
}

/** For a channel that is deleted or unknown here. The list lags, so the row is read again. @returns whether it was removed */
async function removeStray({ pool, client, queues }: Deps, stray: Findings['strays'][number]): Promise<boolean> {
  const { channelId, task } = stray;
  if ((await findOwnerOfChannel(pool, channelId)) !== undefined) return false;
  const taskQueue = stray.taskQueue ?? (await findSchedule(client, { task, channelId }))?.action.taskQueue;
  if (taskQueue !== queues.tasks) return false;
  await deleteSchedule(client, { task, channelId });
  return true;
}

/** The list lags and may not show a run that has begun, so the Schedule itself decides. @returns whether it was triggered */
async function catchUp(
  { client, now }: Deps,
  { channelId, task, since }: Findings['overdue'][number],
): Promise<boolean> {
  const schedule = await findSchedule(client, { task, channelId });
  if (!schedule || schedule.state.paused || schedule.info.runningActions.length > 0) return false;
  const { createdAt, lastUpdatedAt = createdAt } = schedule.info;
  // A run that was under way is another reason why no run began. That one is not caught up with.
  const idleSince = Math.max(since, lastUpdatedAt.getTime(), await endOfLastRun(client, schedule));
  const { catchupWindow: windowMs } = schedule.policies;
  if (!isLate(schedule, { windowMs, since: idleSince, now: now().getTime() })) return false;
  await scheduleHandle(client, { task, channelId }).trigger('SKIP');
  return true;
}

/** @returns milliseconds; 0 if there was no run or Temporal has forgotten it */
async function endOfLastRun(client: Client, { info }: ScheduleDescription): Promise<number> {
  const last = info.recentActions.at(-1);
  if (!last) return 0;
  try {
    const { closeTime } = await client.workflow.getHandle(last.action.workflow.workflowId).describe();
    return closeTime?.getTime() ?? 0;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return 0;
    throw error;
  }
}

function expectedOf(channels: readonly ScheduledChannel[]): Map<string, Expected> {
  return new Map(
    channels.flatMap(({ accountId, channelId, lastSeen }) =>
      taskTypes.map((task) => [
        workflowIds.task(task, channelId),
        { accountId, channelId, task, lastSeen: lastSeen.find((one) => one.task === task) },
      ]),
    ),
  );
}

function compare(
  summary: ScheduleSummary,
  { lastSeen, ...place }: Expected,
  { findings, now }: { findings: Findings; now: number },
): void {
  // A Schedule that was just made or changed may have no spec in the list yet.
  if (!summary.spec) return;
  const rhythm = { everyMs: everyMsOf(summary.spec), paused: summary.state.paused };
  const isSame = lastSeen?.everyMs === rhythm.everyMs && lastSeen.paused === rhythm.paused;
  if (!isSame) findings.seen.push({ ...place, ...rhythm, isFirst: lastSeen === undefined });
  else if (!rhythm.paused && isLate(summary, { windowMs: shortestWindowMs, since: lastSeen.seenAt, now })) {
    findings.overdue.push({ ...place, since: lastSeen.seenAt });
  }
}

function isLate(
  { spec, info }: Pick<ScheduleSummary, 'spec' | 'info'>,
  facts: { windowMs: number; since: number; now: number },
): boolean {
  const lastRunAt = info.recentActions.at(-1)?.takenAt.getTime() ?? 0;
  return isOverdue({ ...facts, lastRunAt, everyMs: everyMsOf(spec), offsetMs: spec?.intervals?.[0]?.offset ?? 0 });
}
