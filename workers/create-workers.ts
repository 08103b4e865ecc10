import { Worker, type NativeConnection, type WorkerOptions } from '@temporalio/worker';
import type { Logger } from 'pino';
import type { Activities } from '../activities/index.ts';
import type { Queues } from '../workflows/names.ts';
import { beatHearts, translateFailures } from './interceptors.ts';

type WorkerParts = {
  connection: NativeConnection;
  namespace: string;
  queues: Queues;
  activities: Activities;
  bundle: NonNullable<WorkerOptions['workflowBundle']>;
  poolSize: number;
  log: Logger;
};

/** A print job holds its labels in memory, and all share one thread that prints: more at once would only wait for it. */
const printJobsAtOnce = 2;

/** One worker per queue, the dropships' first, so that a large import does not delay a tracking. */
export async function createWorkers(parts: WorkerParts, overrides: Partial<WorkerOptions> = {}): Promise<Worker[]> {
  const { connection, namespace, queues, activities, bundle, poolSize, log } = parts;
  const shared: Omit<WorkerOptions, 'taskQueue'> = {
    connection,
    namespace,
    activities,
    workflowBundle: bundle,
    interceptors: { activity: [beatHearts, translateFailures(log)] },
    shutdownGraceTime: '20s',
    shutdownForceTime: '25s',
    // Another worker gets a killed worker's workflows after this time, instead of the default of ten seconds.
    stickyQueueScheduleToStartTimeout: '3s',
    // Each running activity may hold one connection of the pool.
    maxConcurrentActivityTaskExecutions: poolSize,
    ...overrides,
  };
  const few = { maxConcurrentActivityTaskExecutions: Math.min(printJobsAtOnce, poolSize) };
  const create = (taskQueue: string) =>
    Worker.create({ ...shared, taskQueue, ...(taskQueue === queues.documents && few) });
  return Promise.all(Object.values(queues).map(create));
}
