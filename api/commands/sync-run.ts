import type { FastifyRequest } from 'fastify';
import { isTaskOver, taskIdOf } from '../../db/channels/tasks.ts';
import type { TaskType } from '../../domain/task.ts';
import type { Workflows } from '../../temporal/client.ts';
import { read } from '../request/reading.ts';

/**
 * Runs a task now. A run whose row is finished may have passed the change that the caller wants to see: another follows it.
 * @throws DomainError `schedule_not_found`, `temporal_unavailable`
 */
export const syncRun = (
  request: FastifyRequest,
  place: { channelId: string; task: TaskType },
): ReturnType<Workflows['sync']> =>
  request.server.deps.workflows.sync(place, (runId) => read(request, (db) => isTaskOver(db, taskIdOf(runId))));
