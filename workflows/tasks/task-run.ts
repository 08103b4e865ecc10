import { workflowInfo } from '@temporalio/workflow';
import { defineSearchAttributeKey } from '@temporalio/common';
import {
  addCounts,
  listedFailures,
  noCounts,
  type TaskCounts,
  type TaskFailure,
  type TaskType,
} from '../../domain/task.ts';
import { localRows, onPortal, onShop } from '../activities.ts';
import { codeOf, isFailure } from '../failures.ts';

export type TaskInput = { channelId: string };
/** How a run works on its channel. */
export type ChannelWork = typeof onShop;
/** The result of a run of a task. `cause`: why the whole run failed. */
export type TaskRun = { counts: TaskCounts; failures: TaskFailure[]; cause: string | null };
/** The result of a page of a run. `next`: where the run goes on, ids only. */
type TaskPage = { counts: Partial<TaskCounts>; failures: TaskFailure[]; more: boolean; next: string | null };

/** Set by the server on runs of a Schedule. */
const scheduledStart = defineSearchAttributeKey('TemporalScheduledStartTime', 'DATETIME');

/**
 * One run of a task on one channel. It always ends its task's row; a channel that does not answer ends it as failed, and
 * the next interval tries again.
 */
export async function runTask(
  type: TaskType,
  { channelId }: TaskInput,
  work: (run: TaskRun, channelWork: ChannelWork) => Promise<void>,
): Promise<TaskRun> {
  const { workflowId, firstExecutionRunId: runId, typedSearchAttributes } = workflowInfo();
  const scheduledAt = typedSearchAttributes.get(scheduledStart)?.toISOString() ?? null;
  const started = await localRows.startTask({ channelId, type, workflowId, runId, scheduledAt });
  const run: TaskRun = { counts: noCounts(), failures: [], cause: null };
  if (started === null) return { ...run, cause: 'channel_not_found' };
  const { isPortal, ...task } = started;
  try {
    await work(run, isPortal ? onPortal : onShop);
  } catch (error) {
    if (!isFailure(error)) throw error;
    run.cause = codeOf(error);
  }
  await localRows.finishTask({ channelId, ...task, ...run });
  return run;
}

/** Reads page after page, until one says that it was the last. */
export async function eachPage(run: TaskRun, read: (after: string | null) => Promise<TaskPage>): Promise<void> {
  let after: string | null = null;
  for (;;) {
    const page: TaskPage = await read(after);
    addPage(run, page);
    if (!page.more) return;
    after = page.next;
  }
}

export function addPage(run: TaskRun, { counts, failures }: Pick<TaskPage, 'counts' | 'failures'>): void {
  run.counts = addCounts(run.counts, counts);
  run.failures = [...run.failures, ...failures].slice(0, listedFailures);
}
