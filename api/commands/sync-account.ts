import { setTimeout as wait } from 'node:timers/promises';
import type { FastifyRequest } from 'fastify';
import { listSyncChannels } from '../../db/channels/account-schedules.ts';
import type { Task } from '../../db/channels/tasks.ts';
import { DomainError } from '../../domain/errors.ts';
import { runsOf, type FailedRun, type WantedRun } from '../../domain/sync.ts';
import { usualTasks, type TaskType } from '../../domain/task.ts';
import { noteBegun, syncRun, type TaskRun } from './sync-run.ts';
import { readOne } from '../request/reading.ts';

type Begun = WantedRun & { run: TaskRun };

/** Runs that are started at the same time, and how long one may take before it counts as failed. */
type Pace = { atATime: number; ms: number };
/** A start has two deadlines of its own, which are shorter together. */
const pace: Pace = { atATime: 8, ms: 8_000 };

/**
 * Runs tasks on many channels. One that cannot be started fails alone.
 * @throws DomainError `channel_not_found`; `temporal_unavailable` where nothing could be started for that
 */
export async function syncAccount(
  request: FastifyRequest,
  { tasks = usualTasks, channelIds }: { tasks?: readonly TaskType[] | undefined; channelIds?: string[] | undefined },
): Promise<{ tasks: Task[]; failed: FailedRun[] }> {
  const channels = await readOne(request, (db) => listSyncChannels(db, channelIds));
  const { wanted, failed } = runsOf(channels, { tasks: [...new Set(tasks)], areNamed: channelIds !== undefined });
  const started = await startEach(wanted, ({ channelId, task }) => syncRun(request, { channelId, task }), pace);
  const begun = started.filter((outcome): outcome is Begun => 'run' in outcome);
  const refused = started.filter((outcome): outcome is FailedRun => 'code' in outcome);
  assertAnyAnswer(begun, refused);
  const tasksBegun = begun.length === 0 ? [] : await noteBegun(request, begun);
  return { tasks: tasksBegun, failed: [...failed, ...refused] };
}

/** Nothing was started, and the same request may work in a moment: its key must not keep this answer. */
function assertAnyAnswer(begun: readonly Begun[], refused: readonly FailedRun[]): void {
  const isAway = begun.length === 0 && refused.some(({ code }) => code === 'temporal_unavailable');
  if (isAway) throw new DomainError('temporal_unavailable', 'No run could be started.');
}

/**
 * Starts each run. A refusal, or no answer in time, fails it alone. Once as many as run at a time have had no answer
 * without any success, the others are not asked: Temporal is away.
 * @returns the outcome of each run, in their order. @throws what is neither a refusal nor silence
 */
export async function startEach(
  wanted: readonly WantedRun[],
  start: (run: WantedRun) => Promise<TaskRun>,
  { atATime, ms }: Pace,
): Promise<(Begun | FailedRun)[]> {
  const outcomes: (Begun | FailedRun)[] = [];
  let [next, silent, begun] = [0, 0, 0];
  const work = async () => {
    while (next < wanted.length) {
      const place = next;
      next += 1;
      const run = wanted[place]!;
      const isAway = begun === 0 && silent >= atATime;
      const outcome = isAway ? silence(run) : await startOne(run, start, ms);
      outcomes[place] = outcome;
      if ('run' in outcome) begun += 1;
      else if (outcome.code === 'temporal_unavailable') silent += 1;
    }
  };
  await Promise.all(Array.from({ length: atATime }, work));
  return outcomes;
}

const silence = (run: WantedRun): FailedRun => ({ ...run, code: 'temporal_unavailable' });

async function startOne(
  wanted: WantedRun,
  start: (run: WantedRun) => Promise<TaskRun>,
  ms: number,
): Promise<Begun | FailedRun> {
  const timer = new AbortController();
  const late = wait(ms, silence(wanted), { signal: timer.signal }).catch(() => silence(wanted));
  try {
    return await Promise.race([start(wanted).then((run) => ({ ...wanted, run })), late]);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return { ...wanted, code: error.code };
  } finally {
    timer.abort();
  }
}
