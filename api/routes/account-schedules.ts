import type { FastifyRequest } from 'fastify';
import { listAccountSchedules, type ShownSchedule } from '../../db/channels/account-schedules.ts';
import { listLastTasks } from '../../db/channels/tasks.ts';
import type { Page } from '../../db/engine/paging.ts';
import { DomainError } from '../../domain/errors.ts';
import { intervalOfMs, nextRunsOf } from '../../domain/intervals.ts';
import type { Schedule } from '../../temporal/schedules.ts';
import { workflowIds } from '../../workflows/names.ts';
import type { App } from '../deps.ts';
import { forAccount } from '../plugins/auth.ts';
import { syncAccount } from '../commands/sync-account.ts';
import { read } from '../request/reading.ts';
import { storingAnswer } from '../request/storing-answer.ts';
import { answers, pageOf } from '../schemas/common.ts';
import { accountSchedule, accountScheduleQuery, accountSync, accountSynced } from '../schemas/schedules.ts';

const tags = ['schedules'];
/** The most Schedules that a request asks Temporal about. */
const askedAtOnce = 20;

export function accountScheduleRoutes(app: App): void {
  app.get(
    '/schedules',
    {
      config: { access: forAccount('read') },
      schema: {
        tags,
        operationId: 'listAccountSchedules',
        summary: 'Lists the schedules of all your channels',
        description:
          `By channel and task. A page of up to ${askedAtOnce} shows the schedules as they are now. A larger one, or one ` +
          'that gets no answer, shows them as they were seen in the last minutes. A channel that is still being set up ' +
          'has none.',
        querystring: accountScheduleQuery,
        response: answers({ 200: pageOf(accountSchedule) }, 'A page of schedules.'),
      },
    },
    async (request) => {
      const { limit, cursor, ...filter } = request.query;
      const { page, lastTasks } = await read(request, async (db) => {
        const seen = await listAccountSchedules(db, filter, { limit, cursor });
        return { page: seen, lastTasks: await listLastTasks(db, seen.data) };
      });
      const now = await schedulesNow(request, page);
      const data = page.data.map(({ channelId, channelName, channelKind, counterpart, task }, index) => ({
        ...now[index]!,
        channelId,
        channelName,
        channelKind,
        counterpart,
        lastTask: lastTasks.find((one) => one.channelId === channelId && one.type === task) ?? null,
      }));
      return { data, nextCursor: page.nextCursor };
    },
  );
  syncRoute(app);
}

async function schedulesNow(request: FastifyRequest, { data }: Page<ShownSchedule>): Promise<Schedule[]> {
  const { now } = request.server.deps;
  if (data.length > askedAtOnce) return data.map((one) => asSeen(one, now()));
  return Promise.all(data.map(async (one) => (await askFor(request, one)) ?? asSeen(one, now())));
}

/** @returns undefined where Temporal has no such Schedule, or gives no answer */
async function askFor(request: FastifyRequest, place: ShownSchedule): Promise<Schedule | undefined> {
  const { channelId, task } = place;
  try {
    return (await request.server.deps.workflows.findSchedule({ channelId, task })) ?? undefined;
  } catch (error) {
    if (error instanceof DomainError && error.code === 'temporal_unavailable') return undefined;
    throw error;
  }
}

function asSeen({ channelId, task, everyMs, paused }: ShownSchedule, now: Date): Schedule {
  const nextRuns = nextRunsOf(workflowIds.task(task, channelId), { everyMs, paused, now: now.getTime() });
  return { task, interval: intervalOfMs(everyMs) ?? null, paused, nextRuns };
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
          'A run that cannot be started fails alone; the others run. Channels without such a task are passed over, and, ' +
          'unless you name them, those whose connection is not active. A paused connection fails.',
        body: accountSync,
        response: answers({ 202: accountSynced }, 'The runs, and what could not be started.'),
        errors: ['channel_not_found', 'temporal_unavailable'],
      },
    },
    (request) => storingAnswer(request, 202, () => syncAccount(request, request.body)),
  );
}
