import { DomainError } from './errors.ts';

export const taskTypes = ['import_orders', 'import_products', 'write_inventory', 'cancel_orders'] as const;
export type TaskType = (typeof taskTypes)[number];

export const isTask = (task: string): task is TaskType => (taskTypes as readonly string[]).includes(task);

/** @throws DomainError `schedule_not_found` for what is no task */
export function requireTaskType(task: string): TaskType {
  if (isTask(task)) return task;
  throw new DomainError('schedule_not_found', 'There is no schedule of this name.');
}

export const taskTriggers = ['schedule', 'sync', 'webhook'] as const;
export type TaskTrigger = (typeof taskTriggers)[number];

export const taskStatuses = ['running', 'succeeded', 'partly_failed', 'failed'] as const;
export type TaskStatus = (typeof taskStatuses)[number];

/** What one run did, by what became of each item. `seen` counts every item once; the same words on every task. */
export const countKinds = [
  'seen',
  'created',
  'updated',
  'unchanged',
  'waiting',
  'cancelled',
  'written',
  'failed',
] as const;
export type CountKind = (typeof countKinds)[number];
export type TaskCounts = Record<CountKind, number>;
export type TaskFailure = { item: string; code: string };

export const noCounts = (): TaskCounts => addCounts({}, {});

export const addCounts = (one: Partial<TaskCounts>, other: Partial<TaskCounts>): TaskCounts =>
  Object.fromEntries(countKinds.map((kind) => [kind, (one[kind] ?? 0) + (other[kind] ?? 0)])) as TaskCounts;

/** A row lists the first failures only; the count says how many there were. */
export const listedFailures = 20;

/** "Nothing to do" is a success with zeros (domain rules §8). */
export function outcomeOf(counts: TaskCounts, cause: string | null): Exclude<TaskStatus, 'running'> {
  if (cause !== null) return 'failed';
  return counts.failed > 0 ? 'partly_failed' : 'succeeded';
}
