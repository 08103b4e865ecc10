import type { App } from '../deps.ts';
import { forAccount } from '../plugins/auth.ts';
import { answers, pageOf } from '../schemas/common.ts';
import { accountSchedule, accountScheduleQuery, accountSync, accountSynced } from '../schemas/schedules.ts';

const tags = ['schedules'];

export function accountScheduleRoutes(app: App): void {
  app.get(
    '/schedules',
    {
      config: { access: forAccount('read') },
      schema: {
        tags,
        operationId: 'listAccountSchedules',
        summary: 'Lists the schedules of all your channels',
        description: 'By channel and task. Schedules of a channel that is still being set up are left out.',
        querystring: accountScheduleQuery,
        response: answers({ 200: pageOf(accountSchedule) }, 'A page of schedules.'),
        errors: ['temporal_unavailable'],
      },
    },
    async () => ({ data: [], nextCursor: null }),
  );
  syncRoute(app);
}

function syncRoute(app: App): void {
  app.post(
    '/sync',
    {
      config: { access: forAccount('write') },
      schema: {
        tags,
        operationId: 'syncAccount',
        summary: 'Runs tasks on all your channels now, also while they are paused',
        description:
          'A channel on which a task cannot be started fails alone; the others run. Channels without such a task, and ' +
          'those whose connection has ended, are passed over.',
        body: accountSync,
        response: answers({ 202: accountSynced }, 'The runs, and what could not be started.'),
        errors: ['channel_not_found'],
      },
    },
    async () => {
      throw new Error('syncAccount is not there yet.');
    },
  );
}
