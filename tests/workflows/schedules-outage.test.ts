import { randomBytes } from 'node:crypto';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from '@temporalio/client';
import { NativeConnection, type Worker } from '@temporalio/worker';
import { pino } from 'pino';
import type { Deps } from '../../activities/deps.ts';
import { createActivities, type Activities } from '../../activities/index.ts';
import { createReconcileActivities } from '../../activities/reconcile/reconcile-schedules.ts';
import { createSetUpActivities } from '../../activities/set-up.ts';
import { connectTemporal, type TemporalConnection } from '../../temporal/connection.ts';
import { createPool, type Pool } from '../../db/engine/pool.ts';
import { inPostgres } from '../../db/documents/store.ts';
import type { TaskType } from '../../domain/task.ts';
import { isAlive } from '../../standalone/processes/pids.ts';
import { startTemporal, type Temporal, type TemporalOptions } from '../../standalone/temporal/temporal.ts';
import { createWorkers } from '../../workers/create-workers.ts';
import { queuesFor, workflowIds } from '../../workflows/names.ts';
import { aMerchant } from '../support/trade/database-trade.ts';
import { cloneDatabase, type ClonedDatabase } from '../support/engine/database.ts';
import { engineFolder, facts } from '../support/engine/facts.ts';
import { quietRuntime } from '../support/engine/quiet-runtime.ts';
import { waitUntil } from '../support/engine/wait-until.ts';
import { emptyPage } from '../support/engine/well-done.ts';

/** A run, by the time it was due; `endedAt` 0 while it goes on. */
type Run = { task: TaskType; dueAt: number; begunAt: number; endedAt: number };
const everyMs = 3_000;
const queues = queuesFor(`-${randomBytes(4).toString('hex')}`);
const log = pino({ level: 'silent' });
const runs = new Map<string, Run>();
const runsOf = (task: TaskType) => [...runs.values()].filter((run) => run.task === task);
/** How long a run takes. */
const work = { ms: 100 };

let options: TemporalOptions;
let server: Temporal;
let database: ClonedDatabase;
let pool: Pool;
let temporal: TemporalConnection;
let native: NativeConnection;
let client: Client;
let deps: Deps;
let workers: Worker[];
let running: Promise<void>[];
let channelId: string;
beforeAll(async () => {
  options = {
    dataDir: join(engineFolder('outage'), 'temporal'),
    binDir: dirname(facts().temporal.binary),
    cliPath: facts().temporal.binary,
    port: 0,
    uiPort: null,
    namespaces: ['default'],
    inMemory: false,
    log: () => undefined,
  };
  server = await startTemporal(options);
  database = await cloneDatabase();
  pool = createPool({ appUrl: database.appUrl, systemUrl: database.systemUrl, name: 'test', size: 10 });
  temporal = connectTemporal(server.address);
  client = new Client({ connection: temporal.connection });
  quietRuntime();
  native = await NativeConnection.connect({ address: server.address });
  deps = {
    pool,
    client,
    queues,
    log,
    now: () => new Date(),
    sweepIntervalMs: 50,
    retention: { recordDays: 30, answerDays: 7, orderDays: null },
    documents: inPostgres,
    crashPoint: () => undefined,
  } as never;
  const activities = withLedger();
  workers = await createWorkers(
    {
      connection: native,
      namespace: 'default',
      queues,
      activities,
      calls: { activities, slots: 10 },
      bundle: { codePath: facts().workflowBundle },
      poolSize: 10,
      log,
    },
    { shutdownGraceTime: 0, shutdownForceTime: '2s' },
  );
  running = workers.map((worker) => worker.run());
  ({ channelId } = await aMerchant(pool));
}, 120_000);
afterAll(async () => {
  for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
  await Promise.allSettled(running);
  await temporal.close();
  await native.close();
  await server.stop();
  await pool.destroy();
  await database.drop();
});

/** Tasks that find nothing on their channel, take their time for it, and are written down. */
function withLedger(): Activities {
  const idle = Object.keys(createActivities({} as Deps)).map((name) => [name, () => emptyPage]);
  return {
    ...(Object.fromEntries(idle) as Activities),
    async startTask({ type, runId, scheduledAt }) {
      const dueAt = Date.parse(scheduledAt!);
      if (!runs.has(runId)) runs.set(runId, { task: type, dueAt, begunAt: Date.now(), endedAt: 0 });
      return { taskId: runId, nextRunAt: null, isPortal: false };
    },
    async importNamedOrders() {
      await delay(work.ms);
      return emptyPage;
    },
    async finishTask({ taskId }) {
      runs.get(taskId)!.endedAt = Date.now();
    },
  };
}

const handleOf = (task: TaskType) => client.schedule.getHandle(workflowIds.task(task, channelId));
/** `dueAt`: one moment at which it runs. */
const rhythm = (task: TaskType, { ms, dueAt = 0 }: { ms: number; dueAt?: number }) =>
  handleOf(task).update((now) => ({
    ...now,
    spec: { intervals: [{ every: ms, offset: dueAt % ms }] },
    policies: { ...now.policies, catchupWindow: ms > everyMs ? 10_000 : ms },
  }));

/** Two reconcilers at once, all the time, whatever is away. @returns how to end them */
function keepReconciling(): () => Promise<unknown> {
  let isOver = false;
  const passes = async () => {
    while (!isOver) {
      await createReconcileActivities(deps)
        .reconcileSchedules()
        .catch(() => undefined);
      await delay(100);
    }
  };
  const ended = Promise.all([passes(), passes()]);
  return () => {
    isOver = true;
    return ended;
  };
}

/** Nothing goes on, and in a second Import Products is due. @returns when */
async function untilNothingRuns(): Promise<number> {
  for (;;) {
    // Two seconds after a run of Import Orders begins, one before the next.
    const dueAt = (Math.floor(Date.now() / everyMs) + 3) * everyMs + 2_000;
    // Due once while Temporal is away, and past its window of ten seconds (the shortest there is) when it is back.
    await rhythm('import_products', { ms: 60_000, dueAt });
    await waitUntil(() => Date.now() > dueAt - 1_500, { timeoutMs: 30_000 });
    const { runningActions } = (await handleOf('import_orders').describe()).info;
    if (runningActions.length === 0 && Date.now() < dueAt - 300) return dueAt;
  }
}

async function away(until: number): Promise<{ from: number; to: number }> {
  const from = Date.now();
  process.kill(server.pid, 'SIGKILL');
  await waitUntil(() => !isAlive(server.pid));
  await delay(until - Date.now());
  server = await startTemporal({ ...options, port: Number(server.address.split(':')[1]) });
  return { from, to: Date.now() };
}

describe('a Temporal that is away for three intervals and more', () => {
  it('is followed by one run of what was missed, no run overlaps another, and edits and pauses are as they were', async () => {
    await createSetUpActivities(deps).ensureSchedules({ channelId });
    await rhythm('import_orders', { ms: everyMs });
    await handleOf('write_inventory').pause('The shelves move');
    const stop = keepReconciling();
    await waitUntil(() => runsOf('import_orders').length >= 2, { timeoutMs: 30_000 });
    const missedAt = await untilNothingRuns();

    // Longer than the rest of the outage: what is due before this test knows that Temporal is back finds it running.
    work.ms = 1.5 * everyMs;
    const outage = await away(Math.max(missedAt + 10_500, Date.now() + 3.5 * everyMs));
    await waitUntil(
      () => runsOf('import_orders').filter((run) => run.dueAt > outage.to && run.endedAt > 0).length >= 2,
      {
        timeoutMs: 30_000,
      },
    );
    await waitUntil(() => runsOf('import_products').length > 0);
    await stop();

    const caughtUp = runsOf('import_orders').filter((run) => run.begunAt > outage.from && run.dueAt <= outage.to);
    expect(caughtUp).toHaveLength(1);
    expect(runsOf('import_orders').filter((run) => run.dueAt % everyMs !== 0)).toEqual([]);
    const inTurn = runsOf('import_orders').sort((one, other) => one.begunAt - other.begunAt);
    expect(inTurn.slice(1).filter((run, index) => run.begunAt < inTurn[index]!.endedAt)).toEqual([]);
    // Past its window: Temporal lets it go, the reconciler runs it, once.
    expect(runsOf('import_products').map((run) => run.dueAt > missedAt + 10_000)).toEqual([true]);
    expect(runsOf('write_inventory')).toEqual([]);
    expect((await handleOf('write_inventory').describe()).state).toMatchObject({
      paused: true,
      note: 'The shelves move',
    });
    expect((await handleOf('import_orders').describe()).spec.intervals).toMatchObject([{ every: everyMs }]);
  }, 120_000);
});
