import { ActivityFailure, isCancellation, workflowInfo } from '@temporalio/workflow';
import { defineSearchAttributeKey } from '@temporalio/common';
import type { OrderPage } from '../activities/import-orders.ts';
import { addCounts, listedFailures, noCounts, type TaskCounts, type TaskFailure } from '../domain/task.ts';
import { channelWork, localRows } from './activities.ts';
import { codeOf } from './failures.ts';

export type ImportOrdersInput = { channelId: string };
/** Set by the server on runs of a Schedule. */
const scheduledStart = defineSearchAttributeKey('TemporalScheduledStartTime', 'DATETIME');

/** Released dropships that a run waits for, to count what was really imported. */
const mostAwaited = 300;

type Run = { counts: TaskCounts; failures: TaskFailure[]; cause: string | null };

/**
 * One run of Import Orders on one channel: what webhooks named, what is new, what was not paid yet. It always ends its
 * task row; a channel that does not answer ends it as failed, and the next interval tries again.
 */
export async function importOrders({ channelId }: ImportOrdersInput): Promise<Run> {
  const { workflowId, firstExecutionRunId: runId, typedSearchAttributes } = workflowInfo();
  const scheduledAt = typedSearchAttributes.get(scheduledStart)?.toISOString() ?? null;
  const task = await localRows.startTask({ channelId, type: 'import_orders', workflowId, runId, scheduledAt });
  if (task === null) return { counts: noCounts(), failures: [], cause: 'channel_not_found' };
  const run: Run = { counts: noCounts(), failures: [], cause: null };
  try {
    await importEverything(channelId, run);
  } catch (error) {
    if (isCancellation(error) || !(error instanceof ActivityFailure)) throw error;
    run.cause = codeOf(error);
  }
  await localRows.finishTask({ channelId, ...task, ...run });
  return run;
}

async function importEverything(channelId: string, run: Run): Promise<void> {
  await eachPage(run, () => channelWork.importNamedOrders({ channelId }));
  const released: string[] = [];
  await eachPage(run, async (after) => {
    const page = await channelWork.importOrderPage({ channelId, after });
    released.push(...page.released);
    return page;
  });
  await eachPage(run, (after) => channelWork.importAwaitedOrders({ channelId, after }));
  if (released.length === 0) return;
  // Thousands are counted as waiting: a history holds no long lists.
  add(run, { counts: { ...noCounts(), waiting: Math.max(0, released.length - mostAwaited) }, failures: [] });
  add(run, await channelWork.awaitImported({ channelId, dropshipIds: released.slice(0, mostAwaited) }));
}

async function eachPage(run: Run, read: (after: string | null) => Promise<OrderPage>): Promise<void> {
  let after: string | null = null;
  for (;;) {
    const page: OrderPage = await read(after);
    add(run, page);
    if (!page.more) return;
    after = page.next;
  }
}

function add(run: Run, { counts, failures }: Pick<OrderPage, 'counts' | 'failures'>): void {
  run.counts = addCounts(run.counts, counts);
  run.failures = [...run.failures, ...failures].slice(0, listedFailures);
}
