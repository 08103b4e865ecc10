import { DomainError } from '../../domain/errors.ts';
import {
  addCounts,
  listedFailures,
  noCounts,
  outcomeOf,
  type TaskCounts,
  type TaskFailure,
  type TaskStatus,
  type TaskTrigger,
  type TaskType,
} from '../../domain/task.ts';
import { counterpartOf, merchantOf, type Counterpart } from './counterparts.ts';
import { derivedId } from '../engine/ids.ts';
import { planForValues, readPage, type Page, type PageRequest } from '../engine/paging.ts';
import type { AccountDb } from '../engine/with-account.ts';

/** One run of a task on a channel. `cause`: why the whole run failed; `counterpart`: the merchant of a portal. */
export type Task = {
  id: string;
  channelId: string;
  channelName: string;
  counterpart: Counterpart | null;
  type: TaskType;
  trigger: TaskTrigger;
  status: TaskStatus;
  counts: TaskCounts;
  failures: TaskFailure[];
  cause: string | null;
  workflowId: string;
  runId: string;
  startedAt: string;
  finishedAt: string | null;
  nextRunAt: string | null;
};
type Row = {
  id: string;
  channel_id: string;
  channel_name: string;
  merchant_account_id: string | null;
  type: TaskType;
  trigger: TaskTrigger;
  status: TaskStatus;
  counts: Partial<TaskCounts>;
  failures: TaskFailure[];
  cause: string | null;
  workflow_id: string;
  run_id: string;
  started_at: Date;
  finished_at: Date | null;
  next_run_at: Date | null;
};
const columns = [
  'id', 'channel_id', 'type', 'trigger', 'status', 'counts', 'failures', 'cause', 'workflow_id', 'run_id',
  'started_at', 'finished_at', 'next_run_at',
]; // prettier-ignore
/** For the rows of a page alone: a join could read all tasks. */
const names = [
  '(select c.name from channels c where c.id = tasks.channel_id) as channel_name',
  `${merchantOf('tasks.channel_id')} as merchant_account_id`,
];
const allColumns = (db: AccountDb) => [...columns, ...names.map((name) => db.raw(name))];

const toTask = (row: Row): Task => ({
  id: row.id,
  channelId: row.channel_id,
  channelName: row.channel_name,
  counterpart: counterpartOf(row.merchant_account_id, row.channel_name),
  type: row.type,
  trigger: row.trigger,
  status: row.status,
  counts: addCounts(noCounts(), row.counts),
  failures: row.failures,
  cause: row.cause,
  workflowId: row.workflow_id,
  runId: row.run_id,
  startedAt: row.started_at.toISOString(),
  finishedAt: row.finished_at?.toISOString() ?? null,
  nextRunAt: row.next_run_at?.toISOString() ?? null,
});

/** The task of a workflow's run: known as soon as the run is. */
export const taskIdOf = (runId: string): string => derivedId('task', runId);

type NewTask = { channelId: string; type: TaskType; trigger: TaskTrigger; workflowId: string; runId: string };

/** A run as Temporal has it. */
type Begun = { startedAt: string; nextRunAt: string | null };

/** A task has a row from the moment it starts. Idempotent by the run's id. */
export async function insertTask(db: AccountDb, task: NewTask): Promise<string> {
  const id = taskIdOf(task.runId);
  // Runs never overlap: an older run that is still open was ended from outside, and cannot close its own row.
  await db('tasks')
    .where({ channel_id: task.channelId, type: task.type })
    // Not a parameter: whatever the values are, the plan takes the index of the running ones.
    .whereRaw(`status = 'running'`)
    .whereNot({ id })
    .update({ status: 'failed', cause: 'no_answer', finished_at: db.fn.now() });
  await insertRow(db, task, 'merge');
  return id;
}

/** The row of a run that no worker has begun yet. A run that was begun has its row, which stays as it is. */
export async function insertBegunTask(db: AccountDb, task: Omit<NewTask, 'trigger'> & Begun): Promise<void> {
  await insertRow(db, { ...task, trigger: 'sync' }, 'ignore');
}

/** `merge`: the worker knows better what started the run. */
async function insertRow(db: AccountDb, task: NewTask & Partial<Begun>, onConflict: 'merge' | 'ignore'): Promise<void> {
  const insert = db('tasks')
    .insert({
      account_id: db.accountId,
      id: taskIdOf(task.runId),
      channel_id: task.channelId,
      type: task.type,
      trigger: task.trigger,
      status: 'running',
      workflow_id: task.workflowId,
      run_id: task.runId,
      ...(task.startedAt !== undefined && { started_at: task.startedAt, next_run_at: task.nextRunAt }),
    })
    .onConflict(['account_id', 'id']);
  await (onConflict === 'merge' ? insert.merge(['trigger']) : insert.ignore());
}

/** Ends a task's row. Idempotent. `cause`: a code, when the whole run failed. */
export async function finishTask(
  db: AccountDb,
  end: {
    id: string;
    counts: TaskCounts;
    failures: readonly TaskFailure[];
    cause: string | null;
    nextRunAt: string | null;
  },
): Promise<void> {
  await db('tasks')
    .where({ id: end.id, status: 'running' })
    .update({
      status: outcomeOf(end.counts, end.cause),
      counts: JSON.stringify(end.counts),
      failures: JSON.stringify(end.failures.slice(0, listedFailures)),
      cause: end.cause,
      finished_at: db.fn.now(),
      next_run_at: end.nextRunAt,
    });
}

/** @throws DomainError `task_not_found` */
export async function requireTask(db: AccountDb, id: string): Promise<Task> {
  const row = await db('tasks')
    .where({ id })
    .first<Row | undefined>(...allColumns(db));
  if (!row) throw new DomainError('task_not_found', 'There is no task with this id.');
  return toTask(row);
}

/** Whether the row of a run is finished. Its workflow ends a moment later. */
export async function isTaskOver(db: AccountDb, id: string): Promise<boolean> {
  const row = await db('tasks').where({ id }).first<{ status: TaskStatus } | undefined>('status');
  return row !== undefined && row.status !== 'running';
}

/** In the order of the ids. */
export async function listTasksById(db: AccountDb, ids: readonly string[]): Promise<Task[]> {
  const rows = await db('tasks')
    .whereIn('id', ids)
    .select<Row[]>(...allColumns(db));
  const tasks = new Map(rows.map((row) => [row.id, toTask(row)]));
  return ids.flatMap((id) => tasks.get(id) ?? []);
}

/**
 * The latest run of each task on each of these channels, in one statement. It takes the first row from there on in the
 * order of the index `tasks_of_kind`: asked for that channel and task alone, Postgres may read all runs of the account,
 * the newest first, for a task that never ran.
 */
export async function listLastTasks(
  db: AccountDb,
  places: readonly { channelId: string; task: TaskType }[],
): Promise<Task[]> {
  if (places.length === 0) return [];
  const { rows } = await db.raw<{ rows: Row[] }>(
    `select tasks.*, ${names.join(', ')}
     from unnest(:channelIds::text[], :types::text[]) as place (channel_id, type)
     cross join lateral (
       select ${columns.join(', ')} from tasks t where (t.channel_id, t.type) >= (place.channel_id, place.type)
       order by t.channel_id, t.type, t.started_at desc, t.id desc limit 1) tasks
     where (tasks.channel_id, tasks.type) = (place.channel_id, place.type)`,
    { channelIds: places.map(({ channelId }) => channelId), types: places.map(({ task }) => task) },
  );
  return rows.map(toTask);
}

type TaskFilter = {
  channelId?: string | undefined;
  type?: TaskType | undefined;
  status?: TaskStatus | undefined;
};

/** Activity: the most recent tasks first. */
export async function listTasks(db: AccountDb, filter: TaskFilter, page: PageRequest): Promise<Page<Task>> {
  await planForValues(db, [filter.channelId, filter.type, filter.status]);
  const query = db('tasks').select(...allColumns(db));
  if (filter.channelId !== undefined) void query.where({ channel_id: filter.channelId });
  if (filter.type !== undefined) void query.where({ type: filter.type });
  if (filter.status !== undefined) void query.where({ status: filter.status });
  return readPage<Row, Task>(query, { ...page, column: 'started_at', idColumn: 'id' }, toTask);
}
