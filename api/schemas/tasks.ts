import { z } from 'zod';
import { countKinds, noCounts, taskStatuses, taskTriggers, taskTypes, type CountKind } from '../../domain/task.ts';
import { taskIdOf, type Task } from '../../db/channels/tasks.ts';
import type { TaskRun } from '../../temporal/schedules.ts';
import { idOf, limitDefaultingTo, pageQuery, timeOut } from './common.ts';

/** Activity shows the five most recent ones. */
export const taskQuery = pageQuery.extend({
  limit: limitDefaultingTo(5),
  channelId: idOf('chan').optional(),
  type: z.enum(taskTypes).optional(),
  status: z.enum(taskStatuses).optional(),
});

export const task = z
  .object({
    id: z.string(),
    channelId: z.string(),
    type: z.enum(taskTypes),
    trigger: z.enum(taskTriggers),
    status: z.enum(taskStatuses),
    counts: z.object(Object.fromEntries(countKinds.map((kind) => [kind, z.int()])) as Record<CountKind, z.ZodInt>),
    failures: z.array(z.object({ item: z.string(), code: z.string() })).describe('The first ones, by remote id.'),
    startedAt: timeOut,
    finishedAt: timeOut.nullable(),
    cause: z.string().nullable().describe('Why the whole run failed, a code.'),
    nextRunAt: timeOut.nullable(),
    workflowId: z.string(),
    runId: z.string(),
  })
  .meta({ id: 'Task' });

/** A run whose worker has not made its row yet: the row will have this id. */
export const begun = (channelId: string, run: TaskRun): Task => ({
  id: taskIdOf(run.runId),
  channelId,
  type: run.task,
  trigger: 'sync',
  status: 'running',
  counts: noCounts(),
  failures: [],
  startedAt: run.startedAt,
  finishedAt: null,
  cause: null,
  nextRunAt: run.nextRunAt,
  workflowId: run.workflowId,
  runId: run.runId,
});
