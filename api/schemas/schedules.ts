import { z } from 'zod';
import { intervals } from '../../domain/intervals.ts';
import { taskTypes } from '../../domain/task.ts';
import { timeOut } from './common.ts';
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
