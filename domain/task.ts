import { DomainError } from './errors.ts';

export const taskTypes = ['import_orders', 'import_products', 'write_inventory', 'cancel_orders'] as const;
export type TaskType = (typeof taskTypes)[number];

/** The tasks that have a schedule on every channel today. */
export const scheduledTasks = ['import_orders'] as const satisfies readonly TaskType[];
export type ScheduledTask = (typeof scheduledTasks)[number];

export const isScheduled = (task: string): task is ScheduledTask =>
  (scheduledTasks as readonly string[]).includes(task);

/** @throws DomainError `schedule_not_found` for what is no task, or not run yet */
export function requireScheduled(task: string): ScheduledTask {
  if (isScheduled(task)) return task;
  throw new DomainError('schedule_not_found', 'There is no schedule of this name.');
}

/** @returns each task once. @throws DomainError `task_not_offered` naming those that are not run yet */
export function assertOffered(tasks: readonly TaskType[]): ScheduledTask[] {
  const faults = tasks.flatMap((task, index) =>
    isScheduled(task) ? [] : [{ pointer: `/tasks/${index}`, detail: `${task} is not offered` }],
  );
  if (faults.length > 0) throw new DomainError('task_not_offered', 'See errors for the tasks that are not.', faults);
  return [...new Set(tasks.filter(isScheduled))];
}

export const taskTriggers = ['schedule', 'sync', 'webhook'] as const;
export type TaskTrigger = (typeof taskTriggers)[number];

export const taskStatuses = ['running', 'succeeded', 'partly_failed', 'failed'] as const;
export type TaskStatus = (typeof taskStatuses)[number];

/** What one run did. `seen` counts every item once. */
export type TaskCounts = { seen: number; created: number; unchanged: number; waiting: number; failed: number };
export type TaskFailure = { item: string; code: string };

export const noCounts = (): TaskCounts => ({ seen: 0, created: 0, unchanged: 0, waiting: 0, failed: 0 });

export function addCounts(one: TaskCounts, other: Partial<TaskCounts>): TaskCounts {
  return {
    seen: one.seen + (other.seen ?? 0),
    created: one.created + (other.created ?? 0),
    unchanged: one.unchanged + (other.unchanged ?? 0),
    waiting: one.waiting + (other.waiting ?? 0),
    failed: one.failed + (other.failed ?? 0),
  };
}

/** A row lists the first failures only; the count says how many there were. */
export const listedFailures = 20;

/** "Nothing to do" is a success with zeros (domain rules §8). */
export function outcomeOf(counts: TaskCounts, cause: string | null): Exclude<TaskStatus, 'running'> {
  if (cause !== null) return 'failed';
  return counts.failed > 0 ? 'partly_failed' : 'succeeded';
}
