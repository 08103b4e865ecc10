import { z } from 'zod';
import { countKinds, taskStatuses, taskTriggers, taskTypes, type CountKind } from '../../domain/task.ts';
import { idOf, limitDefaultingTo, pageQuery, timeOut } from './common.ts';
import { counterpartOf } from './counterpart.ts';

/** The default: Activity shows the five most recent tasks. */
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
    channelName: z.string(),
    counterpart: counterpartOf('The merchant of the portal that it ran on; null for a shop.'),
    type: z.enum(taskTypes),
    trigger: z.enum(taskTriggers),
    status: z.enum(taskStatuses),
    counts: z.object(Object.fromEntries(countKinds.map((kind) => [kind, z.int()])) as Record<CountKind, z.ZodInt>),
    failures: z.array(z.object({ item: z.string(), code: z.string() })).describe('The first failures, by remote id.'),
    startedAt: timeOut,
    finishedAt: timeOut.nullable(),
    cause: z.string().nullable().describe('Why the whole run failed: a code.'),
    nextRunAt: timeOut.nullable(),
    workflowId: z.string(),
    runId: z.string(),
  })
  .meta({ id: 'Task' });
