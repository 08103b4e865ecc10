import type { ScheduleOptions, ScheduleSpecDescription } from '@temporalio/client';
import { defaultInterval, intervalMs, offsetMs, startsPaused } from '../domain/intervals.ts';
import type { TaskType } from '../domain/task.ts';
import { fairTo, workflowIds, type Queues } from './names.ts';

/** The workflow type of each task; a name once in a history is for ever. */
const workflowTypes: Readonly<Record<TaskType, string>> = {
  import_orders: 'importOrders',
  import_products: 'importProducts',
  write_inventory: 'writeInventory',
  cancel_orders: 'cancelOrders',
};

/** `everyMs` 0: a rhythm that is not one plain interval. */
export type Rhythm = { everyMs: number; paused: boolean };

/** The length of the one plain interval that a Schedule follows; 0 for calendars, several intervals, or none. */
export function everyMsOf(spec: Pick<ScheduleSpecDescription, 'intervals' | 'calendars'> | undefined): number {
  const [interval, ...more] = spec?.intervals ?? [];
  const isPlain = more.length === 0 && (spec?.calendars ?? []).length === 0;
  return interval && isPlain ? interval.every : 0;
}

/** How a lost Schedule is made again: as ops had left it, as far as that was seen and is a plain interval. */
export function rhythmAgain(task: TaskType, lastSeen: Rhythm | undefined): Rhythm {
  const { everyMs = 0, paused = startsPaused(task) } = lastSeen ?? {};
  return { everyMs: everyMs > 0 ? everyMs : intervalMs(defaultInterval), paused };
}

/** The two parts of a Schedule that follow the interval; `update` changes these and leaves all else as ops made it. */
export function spacing(scheduleId: string, everyMs: number) {
  return {
    spec: { intervals: [{ every: everyMs, offset: offsetMs(scheduleId, everyMs) }] },
    // One run after an outage: a shorter window loses runs, a longer one floods. Temporal takes none below ten seconds.
    policies: { overlap: 'SKIP', catchupWindow: everyMs, pauseOnFailure: false },
  } as const;
}

type Owned = { accountId: string; queues: Queues };

/** The Schedule of a task on a channel, as it is created. */
export function taskSchedule(
  task: TaskType,
  channelId: string,
  { everyMs, paused, accountId, queues }: Rhythm & Owned,
): ScheduleOptions {
  const scheduleId = workflowIds.task(task, channelId);
  const { spec, policies } = spacing(scheduleId, everyMs);
  return {
    scheduleId,
    spec: { intervals: [...spec.intervals] },
    policies,
    action: {
      type: 'startWorkflow',
      workflowType: workflowTypes[task],
      workflowId: scheduleId,
      args: [{ channelId }],
      taskQueue: queues.tasks,
      ...fairTo(accountId),
    },
    state: { paused },
    // A list of Schedules does not contain their queues, and several installations may share a namespace.
    memo: { taskQueue: queues.tasks },
  };
}
