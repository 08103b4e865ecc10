import { DomainError } from './errors.ts';

export const taskTypes = ['import_orders', 'import_products', 'write_inventory', 'cancel_orders'] as const;
export type TaskType = (typeof taskTypes)[number];

/** Tasks that run only where a person asks for them. */
const onDemand: readonly TaskType[] = ['cancel_orders'];
export const usualTasks = taskTypes.filter((task) => !onDemand.includes(task));

export const isTask = (task: string): task is TaskType => (taskTypes as readonly string[]).includes(task);

/** @throws DomainError `schedule_not_found` */
export function requireTaskType(task: string): TaskType {
  if (isTask(task)) return task;
  throw new DomainError('schedule_not_found', 'There is no schedule of this name.');
}

export const taskTriggers = ['schedule', 'sync', 'webhook'] as const;
export type TaskTrigger = (typeof taskTriggers)[number];

export const taskStatuses = ['running', 'succeeded', 'partly_failed', 'failed'] as const;
export type TaskStatus = (typeof taskStatuses)[number];

/** What a run did with its items, in the same words for every task. `seen` counts every item once. */
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

/** How many failures a task's row lists. `failed` counts them all. */
export const listedFailures = 20;

/** "Nothing to do" is a success with zeros (rules §8). */
export function outcomeOf(counts: TaskCounts, cause: string | null): Exclude<TaskStatus, 'running'> {
  if (cause !== null) return 'failed';
  return counts.failed > 0 ? 'partly_failed' : 'succeeded';
}
