import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { recordAudit } from '../../db/accounts/audit-events.ts';
import { findLastSeen, recordSeen } from '../../db/channels/schedules.ts';
import { accountOfChannel, requireChannel, type ChannelRecord } from '../../db/channels/channels.ts';
import { requireConnection } from '../../db/accounts/connections.ts';
import { listTasks, type Task } from '../../db/channels/tasks.ts';
import type { AccountDb } from '../../db/engine/with-account.ts';
import { differenceOf } from '../../domain/audit.ts';
import { assertConnectionCarries } from '../../domain/connection.ts';
import { assertIntervalOffered, intervalMs } from '../../domain/intervals.ts';
import { requireTaskType, taskTypes, type TaskType } from '../../domain/task.ts';
import { noteBegun, syncRun } from '../commands/sync-run.ts';
import { accountOver, actIn } from '../request/acting.ts';
import type { App } from '../deps.ts';
import { authorOf, forAccount, forBoth } from '../plugins/auth.ts';
import { read } from '../request/reading.ts';
import { answers, idParams, pageOf, pageQuery } from '../schemas/common.ts';
import { schedule, scheduleChange, scheduleParams, synced, syncRequest } from '../schemas/schedules.ts';
import type { Schedule } from '../../temporal/schedules.ts';

const tags = ['schedules'];

export function scheduleRoutes(app: App): void {
  const { workflows } = app.deps;
  app.get(
    '/channels/:id/schedules',
    {
      config: { access: forBoth('read') },
      schema: {
        tags,
        operationId: 'listSchedules',
        summary: 'Lists the schedules of a channel',
        params: idParams,
        querystring: pageQuery,
        response: answers({ 200: pageOf(schedule) }, 'The schedules of the channel.'),
        errors: ['channel_not_found', 'temporal_unavailable'],
      },
    },
    async (request) => {
      const { id: channelId, accountId } = await channelOf(request, request.params.id);
      const found = await Promise.all(taskTypes.map((task) => workflows.findSchedule({ channelId, task })));
      const shown = found.flatMap((one) => (one ? [withLastTask(request, { accountId, channelId }, one)] : []));
      return { data: await Promise.all(shown), nextCursor: null };
    },
  );
  changeRoute(app);
  syncRoute(app);
}

function changeRoute(app: App): void {
  const { workflows } = app.deps;
  app.patch(
    '/channels/:id/schedules/:task',
    {
      config: { access: forBoth('write') },
      schema: {
        tags,
        operationId: 'updateSchedule',
        summary: 'Changes the interval of a task, pauses or resumes it',
        params: scheduleParams,
        body: scheduleChange,
        response: answers({ 200: schedule }, 'The schedule as it is now.'),
        errors: ['channel_not_found', 'schedule_not_found', 'interval_not_offered', 'temporal_unavailable'],
      },
    },
    async (request) => {
      const { id: channelId, accountId, kind } = await channelOf(request, request.params.id);
      const task = requireTaskType(request.params.task);
      assertIntervalOffered(request.body.interval, { kind, task });
      const before = await workflows.findSchedule({ channelId, task });
      const lastSeen = await actIn(request, accountId, async (db) => {
        await auditChange(db, request, { channelId, task, before });
        return findLastSeen(db, channelId, task);
      });
      const change = { ...request.body, by: request.actor.keyId, accountId, lastSeen };
      const changed = await workflows.changeSchedule({ channelId, task }, change);
      await noteSeen(request, { accountId, channelId }, changed);
      return withLastTask(request, { accountId, channelId }, changed);
    },
  );
}

/** Written before Temporal is asked: where its answer is lost, the change may have happened. */
async function auditChange(
  db: AccountDb,
  request: FastifyRequest,
  { channelId, task, before }: { channelId: string; task: TaskType; before: Schedule | null },
): Promise<void> {
  const wish = request.body as z.output<typeof scheduleChange>;
  const { interval = null, paused = null } = before ?? {};
  const after = { interval, paused, ...wish };
  const difference = differenceOf({ interval, paused }, after);
  const event = { action: 'schedule.changed', subjectId: channelId, details: { task }, ...difference } as const;
  await recordAudit(db, authorOf(request), event);
}

function syncRoute(app: App): void {
  app.post(
    '/channels/:id/sync',
    {
      config: { access: forAccount('write') },
      schema: {
        tags,
        operationId: 'syncChannel',
        summary: 'Runs tasks now, also while they are paused',
        params: idParams,
        body: syncRequest,
        response: answers({ 200: synced }, 'The runs, including those that were under way already.'),
        errors: [
          'channel_not_found',
          'schedule_not_found',
          'connection_not_active',
          'connection_paused',
          'temporal_unavailable',
        ],
      },
    },
    async (request) => {
      const { id: channelId } = await read(request, async (db) => {
        const channel = await requireChannel(db, request.params.id);
        if (channel.connectionId !== null) {
          assertConnectionCarries((await requireConnection(db, channel.connectionId)).status);
        }
        return channel;
      });
      const tasks = [...new Set(request.body.tasks)];
      return { tasks: await Promise.all(tasks.map((task) => sync(request, { channelId, task }))) };
    },
  );
}

async function sync(request: FastifyRequest, place: { channelId: string; task: TaskType }): Promise<Task> {
  const run = await syncRun(request, place);
  const [task] = await noteBegun(request, [{ channelId: place.channelId, run }]);
  return task!;
}

/** An account's own channel; for the operator any channel. */
async function channelOf(request: FastifyRequest, id: string): Promise<ChannelRecord> {
  const accountId = await accountOver(request, id, accountOfChannel);
  return actIn(request, accountId, (db) => requireChannel(db, id));
}

/**
 * Stores how the Schedule was last seen: stock is written at once to channels that were last seen as instant. The next pass
 * over all Schedules would store it too late.
 */
async function noteSeen(
  request: FastifyRequest,
  { accountId, channelId }: { accountId: string; channelId: string },
  { task, interval, paused }: Schedule,
): Promise<void> {
  if (interval === null) return;
  await actIn(request, accountId, (db) => recordSeen(db, [{ channelId, task, everyMs: intervalMs(interval), paused }]));
}

async function withLastTask(
  request: FastifyRequest,
  { accountId, channelId }: { accountId: string; channelId: string },
  shown: Schedule,
) {
  const filter = { channelId, type: shown.task };
  const { data } = await actIn(request, accountId, (db) => listTasks(db, filter, { limit: 1 }));
  return { ...shown, lastTask: data[0] ?? null };
}
