import type { FastifyRequest } from 'fastify';
import { insertBegunTask, isTaskOver, listTasksById, taskIdOf, type Task } from '../../db/channels/tasks.ts';
import type { TaskType } from '../../domain/task.ts';
import type { Workflows } from '../../temporal/client.ts';
import { inAccount, readOne } from '../request/reading.ts';

export type TaskRun = Awaited<ReturnType<Workflows['sync']>>;

/**
 * Runs a task now. A run whose row is finished may have passed the change that the caller wants to see: another follows it.
 * @throws DomainError `schedule_not_found`, `temporal_unavailable`
 */
export const syncRun = (request: FastifyRequest, place: { channelId: string; task: TaskType }): Promise<TaskRun> =>
  request.server.deps.workflows.sync(place, (runId) => readOne(request, (db) => isTaskOver(db, taskIdOf(runId))));

/** Stores the rows of runs, so that a run can be read before a worker begins it. @returns the tasks, in their order */
export const noteBegun = (
  request: FastifyRequest,
  begun: readonly { channelId: string; run: TaskRun }[],
): Promise<Task[]> =>
  inAccount(request, async (db) => {
    for (const { channelId, run } of begun) {
      const { task: type, workflowId, runId, startedAt, nextRunAt } = run;
      await insertBegunTask(db, { channelId, type, workflowId, runId, startedAt, nextRunAt });
    }
    return listTasksById(
      db,
      begun.map(({ run }) => taskIdOf(run.runId)),
    );
  });
