import { z } from 'zod';
import { channelKinds } from '../../domain/channel.ts';
import { errorCodes } from '../../domain/errors.ts';
import { intervals } from '../../domain/intervals.ts';
import { taskTypes } from '../../domain/task.ts';
import { idOf, limitDefaultingTo, pageQuery, timeOut } from './common.ts';
import { counterpartOf } from './counterpart.ts';
import { task } from './tasks.ts';

export const scheduleChange = z
  .strictObject({
    interval: z
      .enum(intervals)
      .optional()
      .describe('How often the task runs. `instant`: at each event, and every 15 minutes for lost events.'),
    paused: z.boolean().optional().describe('A paused schedule starts nothing; Sync still runs the task.'),
  })
  .meta({ id: 'ScheduleChange' });

export const scheduleParams = z.strictObject({
  id: z.string().regex(/^[\w-]{1,64}$/, 'must be an id'),
  task: z.string().regex(/^[\w-]{1,64}$/, 'must be the name of a task'),
});

export const schedule = z
  .object({
    task: z.enum(taskTypes),
    interval: z
      .enum(intervals)
      .nullable()
      .describe('Null while the schedule has an interval that was set by hand and is not offered here.'),
    paused: z.boolean(),
    nextRuns: z.array(timeOut),
    lastTask: task.nullable(),
  })
  .meta({ id: 'Schedule' });

export const syncRequest = z
  .strictObject({ tasks: z.array(z.enum(taskTypes)).min(1).max(20).describe('The tasks to run now.') })
  .meta({ id: 'SyncRequest' });
export const synced = z.object({ tasks: z.array(task) }).meta({ id: 'TasksStarted' });

/** Each row is asked of Temporal: a page has few. */
const schedulesAtOnce = 20;
export const accountScheduleQuery = pageQuery.extend({
  limit: limitDefaultingTo(schedulesAtOnce),
  channelId: idOf('chan').optional().describe('Only those of this channel.'),
  task: z.enum(taskTypes).optional().describe('Only those of this task.'),
});

export const accountSchedule = schedule
  .extend({
    channelId: z.string(),
    channelName: z.string(),
    channelKind: z.enum(channelKinds),
    counterpart: counterpartOf('The merchant of a portal; null for a shop.'),
  })
  .meta({ id: 'AccountSchedule' });

export const accountSync = z
  .strictObject({
    tasks: z
      .array(z.enum(taskTypes))
      .min(1)
      .max(20)
      .optional()
      .describe('The tasks to run now. Left out: all but `cancel_orders`.'),
    channelIds: z
      .array(idOf('chan'))
      .min(1)
      .max(200)
      .optional()
      .describe('The channels to run them on. Left out: all channels that have them.'),
  })
  .meta({ id: 'AccountSync' });

export const accountSynced = z
  .object({
    tasks: z.array(task).describe('The runs, including those that were under way already.'),
    failed: z
      .array(
        z.object({
          channelId: z.string(),
          channelName: z.string(),
          task: z.enum(taskTypes),
          code: z.enum(errorCodes).describe('Why it was not started.'),
        }),
      )
      .describe('What could not be started. It can be sent again alone, by `channelIds`.'),
  })
  .meta({ id: 'AccountTasksStarted' });
