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
  /** For the queue of calls: the activities on connections of their own, and how many wait at the same time. */
  calls: { activities: Activities; slots: number };
  bundle: NonNullable<WorkerOptions['workflowBundle']>;
  poolSize: number;
  log: Logger;
};

/** A print job holds its labels in memory, and all share one thread that prints: more at once would only wait for it. */
const printJobsAtOnce = 2;

/**
 * One worker per queue: the dropships' first, so that a large import does not delay a tracking. Those of documents and calls
 * run no workflows, so they cost no thread.
 */
export async function createWorkers(parts: WorkerParts, overrides: Partial<WorkerOptions> = {}): Promise<Worker[]> {
  const { connection, namespace, queues, log } = parts;
  const shared: Omit<WorkerOptions, 'taskQueue'> = {
    connection,
    namespace,
    interceptors: { activity: [beatHearts, translateFailures(log)] },
    shutdownGraceTime: '20s',
    shutdownForceTime: '25s',
    ...overrides,
  };
  const crew = crewOf(parts);
  const rooms = Object.keys(crew) as (keyof Queues)[];
  return Promise.all(rooms.map((room) => Worker.create({ ...crew[room], ...shared, taskQueue: queues[room] })));
}

function crewOf({ activities, calls, bundle, poolSize }: WorkerParts): Record<keyof Queues, Partial<WorkerOptions>> {
  const withWorkflows = {
    activities,
    workflowBundle: bundle,
    // Another worker gets a killed worker's workflows after this time, instead of the default of ten seconds.
    stickyQueueScheduleToStartTimeout: '3s',
    // Each running activity may hold one connection of the pool.
    maxConcurrentActivityTaskExecutions: poolSize,
  } as const;
  return {
    dropships: withWorkflows,
    tasks: withWorkflows,
    documents: { activities, maxConcurrentActivityTaskExecutions: Math.min(printJobsAtOnce, poolSize) },
    calls: { activities: calls.activities, maxConcurrentActivityTaskExecutions: calls.slots },
  };
}
