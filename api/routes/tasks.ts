import { listTasks, requireTask } from '../../db/channels/tasks.ts';
import type { App } from '../deps.ts';
import { forAccount } from '../plugins/auth.ts';
import { readOne } from '../request/reading.ts';
import { answers, idParams, pageOf } from '../schemas/common.ts';
import { task, taskQuery } from '../schemas/tasks.ts';

const tags = ['tasks'];
const config = { access: forAccount('read') };

export function taskRoutes(app: App): void {
  app.get(
    '/tasks',
    {
      config,
      schema: {
        tags,
        operationId: 'listTasks',
        summary: 'Lists the tasks (Activity)',
        querystring: taskQuery,
        response: answers({ 200: pageOf(task) }, 'A page of tasks, the newest first.'),
      },
    },
    (request) =>
      readOne(request, (db) => {
        const { limit, cursor, ...filter } = request.query;
        return listTasks(db, filter, { limit, cursor });
      }),
  );
  app.get(
    '/tasks/:id',
    {
      config,
      schema: {
        tags,
        operationId: 'getTask',
        summary: 'Reads a task',
        params: idParams,
        response: answers({ 200: task }, 'The task.'),
        errors: ['task_not_found'],
      },
    },
    (request) => readOne(request, (db) => requireTask(db, request.params.id)),
  );
}
