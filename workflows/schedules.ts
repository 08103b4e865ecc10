import type { ScheduleOptions } from '@temporalio/client';
import { intervalMs, offsetMs, startsPaused, type Interval } from '../domain/intervals.ts';
import type { TaskType } from '../domain/task.ts';
import { workflowIds, type Queues } from './names.ts';

/** The workflow type of each task; a name once in a history is for ever. */
const workflowTypes: Readonly<Record<TaskType, string>> = {
  import_orders: 'importOrders',
  import_products: 'importProducts',
  write_inventory: 'writeInventory',
  cancel_orders: 'cancelOrders',
};

/** The two parts of a Schedule that follow the interval; `update` changes these and leaves all else as ops made it. */
export function rhythm(scheduleId: string, interval: Interval) {
  const every = intervalMs(interval);
  return {
    spec: { intervals: [{ every, offset: offsetMs(scheduleId, every) }] },
    // One run after an outage: a shorter window loses runs, a longer one floods.
    policies: { overlap: 'SKIP', catchupWindow: every, pauseOnFailure: false },
  } as const;
}

/** The Schedule of a task on a channel, as it is created. */
export function taskSchedule(
  task: TaskType,
  channelId: string,
  plan: { interval: Interval; paused?: boolean; queues: Queues },
): ScheduleOptions {
  const scheduleId = workflowIds.task(task, channelId);
  const { spec, policies } = rhythm(scheduleId, plan.interval);
  return {
    scheduleId,
    spec: { intervals: [...spec.intervals] },
    policies,
    action: {
      type: 'startWorkflow',
      workflowType: workflowTypes[task],
      workflowId: scheduleId,
      args: [{ channelId }],
      taskQueue: plan.queues.tasks,
    },
    state: { paused: plan.paused ?? startsPaused(task) },
  };
}
