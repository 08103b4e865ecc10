import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import { pino } from 'pino';
import { temporalWorkflows, type Workflows } from '../../temporal/client.ts';
import { connectTemporal, type TemporalConnection } from '../../temporal/connection.ts';
import { newId } from '../../db/engine/ids.ts';
import { DomainError } from '../../domain/errors.ts';
import { queuesFor, workflowIds } from '../../workflows/names.ts';
import { taskSchedule } from '../../workflows/schedules.ts';
import { facts, ownNamespace } from '../support/engine/facts.ts';
import { quietRuntime } from '../support/engine/quiet-runtime.ts';
import { waitUntil } from '../support/engine/wait-until.ts';

const queues = queuesFor(`-${randomBytes(4).toString('hex')}`);
const log = pino({ level: 'silent' });
const task = 'import_orders';
/** Far below the 20 seconds that a call to a dead server takes by itself; the target is two. */
const givenUpMs = 6_000;
let temporal: TemporalConnection;
let client: Client;
let workflows: Workflows;
beforeAll(async () => {
  temporal = connectTemporal(facts().temporal.address);
  client = new Client({ connection: temporal.connection, namespace: ownNamespace() });
  workflows = temporalWorkflows(client, queues, log);
});
afterAll(() => temporal.close());

const handleOf = (channelId: string) => client.schedule.getHandle(workflowIds.task(task, channelId));
/** No worker listens: a run that begins stays. */
async function aSchedule(paused = false): Promise<string> {
  const channelId = newId('channel');
  await client.schedule.create(
    taskSchedule(task, channelId, { everyMs: 3_600_000, paused, accountId: 'acct_1', queues }),
  );
  return channelId;
}
const codeOf = async (call: Promise<unknown>): Promise<string> => {
  const error: unknown = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return error instanceof DomainError ? error.code : `not a refusal: ${String(error)}`;
};

describe('a schedule', () => {
  it('shows its interval, its pause and its next runs', async () => {
    const channelId = await aSchedule();

    const shown = await workflows.findSchedule({ channelId, task });

    expect(shown).toMatchObject({ task, interval: '1h', paused: false });
    expect(Date.parse(shown!.nextRuns[1]!) - Date.parse(shown!.nextRuns[0]!)).toBe(3_600_000);
    expect(await workflows.findSchedule({ channelId: newId('channel'), task })).toBeNull();
  });

  it('changes its interval and pause, and keeps what was edited elsewhere', async () => {
    const channelId = await aSchedule();
    await handleOf(channelId).update((current) => ({
      ...current,
      spec: { ...current.spec, jitter: '7s', timezone: 'Europe/Lisbon' },
      policies: { ...current.policies, overlap: 'BUFFER_ONE', pauseOnFailure: true },
      state: { ...current.state, note: 'Watched by ops', remainingActions: 99 },
    }));
    const before = await handleOf(channelId).describe();

    const changed = await workflows.changeSchedule(
      { channelId, task },
      { interval: '10m', by: 'key_1', accountId: 'acct_1' },
    );

    const after = await handleOf(channelId).describe();
    expect(changed).toMatchObject({ interval: '10m', paused: false });
    expect(after.spec).toEqual({ ...before.spec, intervals: [{ every: 600_000, offset: expect.any(Number) }] });
    expect(after.policies).toEqual({ ...before.policies, catchupWindow: 600_000 });
    expect(after.state).toEqual(before.state);
    expect(after.action).toEqual(before.action);

    await workflows.changeSchedule({ channelId, task }, { paused: true, by: 'key_1', accountId: 'acct_1' });

    const paused = await handleOf(channelId).describe();
    expect(paused.state).toEqual({ ...before.state, paused: true, note: 'Paused by key_1' });
    expect(paused.spec).toEqual(after.spec);
    expect(await workflows.findSchedule({ channelId, task })).toMatchObject({ paused: true, nextRuns: [] });
  });

  it('shows no interval while its rhythm is made by hand, and leaves it so on a pause', async () => {
    const channelId = await aSchedule();
    await handleOf(channelId).update((current) => ({
      ...current,
      spec: { ...current.spec, intervals: [{ every: '20m' }, { every: '3h' }] },
    }));

    const paused = await workflows.changeSchedule(
      { channelId, task },
      { paused: true, by: 'key_1', accountId: 'acct_1' },
    );

    expect(paused).toMatchObject({ interval: null, paused: true });
    expect((await handleOf(channelId).describe()).spec.intervals).toHaveLength(2);
  });

  it('that is missing is made by its first change', async () => {
    const channelId = newId('channel');

    const made = await workflows.changeSchedule(
      { channelId, task },
      { interval: '6h', paused: true, by: 'key_1', accountId: 'acct_1' },
    );

    expect(made).toMatchObject({ interval: '6h', paused: true });
    expect((await handleOf(channelId).describe()).action).toMatchObject({ workflowType: 'importOrders' });
  });

  it('that is missing is made as it was last seen, but for what is changed', async () => {
    const channelId = newId('channel');
    const lastSeen = { everyMs: 420_000, paused: true };

    const made = await workflows.changeSchedule(
      { channelId, task },
      { paused: false, by: 'key_1', accountId: 'acct_1', lastSeen },
    );

    expect(made).toMatchObject({ interval: null, paused: false });
    expect((await handleOf(channelId).describe()).spec.intervals).toMatchObject([{ every: 420_000 }]);
  });
});

const goesOn = async () => false;

describe('Sync', () => {
  it('names the run it made, also while paused, which stays so', async () => {
    const channelId = await aSchedule(true);

    const run = await workflows.sync({ channelId, task }, goesOn);

    expect(run).toMatchObject({ task, workflowId: expect.stringContaining(`${task}/${channelId}-`), nextRunAt: null });
    const { firstExecutionRunId } = await client.workflow
      .getHandle(run.workflowId)
      .describe()
      .then(({ raw }) => ({
        firstExecutionRunId: raw.workflowExecutionInfo?.firstRunId,
      }));
    expect(run.runId).toBe(firstExecutionRunId);
    expect((await handleOf(channelId).describe()).state.paused).toBe(true);
  });

  it('during a run answers with that run, and with a new one after it', async () => {
    const channelId = await aSchedule();
    const first = await workflows.sync({ channelId, task }, goesOn);
    const again = () => workflows.sync({ channelId, task }, goesOn);

    const during = await Promise.all([again(), again()]);
    await client.workflow.getHandle(first.workflowId).terminate();
    // The server looks after the runs of its Schedules in its own time.
    await waitUntil(async () => (await handleOf(channelId).describe()).info.runningActions.length === 0, {
      timeoutMs: 90_000,
    });
    const after = await again();

    expect(during.map((run) => run.runId)).toEqual([first.runId, first.runId]);
    expect(after.runId).not.toBe(first.runId);
  }, 120_000);

  it('waits for a run that has done its work and is only ending, and makes another', async () => {
    const channelId = await aSchedule();
    const first = await workflows.sync({ channelId, task }, goesOn);
    let isAsked = false;

    const after = await workflows.sync({ channelId, task }, async (runId) => {
      if (!isAsked) await client.workflow.getHandle(first.workflowId).terminate();
      isAsked = true;
      return runId === first.runId;
    });

    expect(isAsked).toBe(true);
    expect(after.runId).not.toBe(first.runId);
  });

  it('of a channel without a schedule is refused', async () => {
    expect(await codeOf(workflows.sync({ channelId: newId('channel'), task }, goesOn))).toBe('schedule_not_found');
  });
});

describe('a trigger of write-back', () => {
  it('runs the task, unless it is paused, and never fails', async () => {
    const [running, paused] = [await aSchedule(), await aSchedule(true)];

    for (const channelId of [running, paused, newId('channel')]) await workflows.triggerSoon({ channelId, task });

    await waitUntil(async () => (await handleOf(running).describe()).info.runningActions.length === 1);
    expect((await handleOf(paused).describe()).info.numActionsTaken).toBe(0);
  });

  it('for what is instant alone leaves the others, and follows a run that may have passed by', async () => {
    const [hourly, instant, paused] = [await aSchedule(), await aSchedule(), await aSchedule(true)];
    for (const channelId of [instant, paused]) {
      await workflows.changeSchedule({ channelId, task }, { interval: 'instant', by: 'key_1', accountId: 'acct_1' });
    }
    const triggerSoon = (channelId: string) => workflows.triggerSoon({ channelId, task }, { onlyInstant: true });
    const runsOf = async (channelId: string) => (await handleOf(channelId).describe()).info;
    const waiting = async () => Number((await handleOf(instant).describe()).raw.info?.bufferSize ?? 0);

    for (const channelId of [hourly, instant, paused, newId('channel')]) await triggerSoon(channelId);
    await waitUntil(async () => (await runsOf(instant)).runningActions.length === 1);
    for (let more = 0; more < 3; more += 1) await triggerSoon(instant);

    // When the run ends the one that waits follows, in the server's own time, which may be a minute.
    await waitUntil(async () => (await waiting()) === 1);
    expect((await runsOf(instant)).numActionsTaken).toBe(1);
    expect((await runsOf(hourly)).numActionsTaken).toBe(0);
    expect((await runsOf(paused)).numActionsTaken).toBe(0);
  });
});

describe('asking a dropship', () => {
  let native: NativeConnection;
  let workers: Worker[];
  let runs: Promise<void>[];
  const calls: string[] = [];
  beforeAll(async () => {
    quietRuntime();
    native = await NativeConnection.connect({ address: facts().temporal.address });
    const common = { connection: native, namespace: ownNamespace(), shutdownGraceTime: 0 };
    workers = await Promise.all([
      Worker.create({
        ...common,
        taskQueue: queues.dropships,
        workflowBundle: { codePath: facts().workflowBundle },
        activities: {
          openDropship: async () => ({ released: true, ended: false }),
          importDropship: async () => ({ lines: [{ lineId: 'line_1', quantity: 2, shipped: 0, cancelled: 0 }] }),
          recordShipment: async ({ shipmentId }: { shipmentId: string }) => {
            calls.push(shipmentId);
            return { shipment: { id: shipmentId }, relayed: { orderId: 'ord_1', isShown: false } };
          },
        },
      }),
      Worker.create({
        ...common,
        taskQueue: queues.calls,
        activities: { pushShipment: async () => ({ remoteIds: [] }) },
      }),
    ]);
    runs = workers.map((worker) => worker.run());
  });
  afterAll(async () => {
    workers.forEach((worker) => worker.shutdown());
    await Promise.all(runs);
    await native.close();
  });

  const aDropship = async (taskQueue = queues.dropships): Promise<string> => {
    const dropshipId = newId('dropship');
    const workflowId = workflowIds.dropship(dropshipId);
    await client.workflow.start('dropship', { workflowId, taskQueue, args: [{ dropshipId }] });
    return dropshipId;
  };
  const aShipment = (shipmentId: string, quantity = 1) => ({
    shipmentId,
    orderId: 'ord_2',
    lines: [{ lineId: 'line_1', quantity }],
    carrier: 'ups',
    trackingNumber: shipmentId,
    shippedAt: '2026-11-22T10:00:00.000Z',
    by: 'key_1',
  });

  it('gives its result, and the same again for the same question', async () => {
    const dropshipId = await aDropship();
    const ask = () => workflows.recordShipment(dropshipId, aShipment('shp_1'), 'acct_1/key-1');
    await waitUntil(() => ask());

    const answers = await Promise.all([ask(), ask(), ask()]);

    expect(answers.map(({ id }) => id)).toEqual(['shp_1', 'shp_1', 'shp_1']);
    expect(calls.filter((id) => id === 'shp_1')).toEqual(['shp_1']);
  });

  it('gives its refusal by the code, with the line and what is left', async () => {
    const dropshipId = await aDropship();
    await waitUntil(() => workflows.recordShipment(dropshipId, aShipment('shp_2'), 'acct_1/key-2'));

    const refused = workflows.recordShipment(dropshipId, aShipment('shp_3', 2), 'acct_1/key-3');

    await expect(refused).rejects.toMatchObject({
      code: 'quantity_exceeds_open',
      faults: [{ pointer: '/lines/0/quantity', detail: 'Line line_1 has 1 units left, 2 were sent.' }],
    });
    const nothing = workflows.resolveAttention(
      workflowIds.dropship(dropshipId),
      { action: 'retry', by: 'key_1' },
      'r-1',
    );
    expect(await codeOf(nothing)).toBe('nothing_parked');
  });

  it('that was never started, or has ended, is refused', async () => {
    const ended = await aDropship();
    await client.workflow.getHandle(workflowIds.dropship(ended)).terminate();

    for (const id of [newId('dropship'), ended]) {
      expect(await codeOf(workflows.recordShipment(id, aShipment('shp_4'), 'acct_1/key-4'))).toBe('dropship_not_open');
      const resolution = { action: 'retry', by: 'key_1' } as const;
      expect(await codeOf(workflows.resolveAttention(workflowIds.dropship(id), resolution, 'r-2'))).toBe(
        'nothing_parked',
      );
    }
  });

  it('about a step of a workflow that has come to its end is over', async () => {
    const dropshipId = await aDropship();
    await waitUntil(() => workflows.recordShipment(dropshipId, aShipment('shp_6', 2), 'acct_1/key-6'));
    const workflowId = workflowIds.dropship(dropshipId);
    await client.workflow.getHandle(workflowId).result();

    expect(await workflows.resolveAttention(workflowId, { action: 'retry', by: 'key_1' }, 'r-4')).toBe('over');
  });

  it('without a worker is given up soon, as unknown', async () => {
    const dropshipId = await aDropship('nobody-listens');
    const begun = performance.now();

    const code = await codeOf(workflows.recordShipment(dropshipId, aShipment('shp_5'), 'acct_1/key-5'));

    expect(code).toBe('temporal_unavailable');
    expect(performance.now() - begun).toBeLessThan(givenUpMs);
  });
});

describe('while Temporal is away', () => {
  it('every question is given up soon', async () => {
    const nowhere = connectTemporal('127.0.0.1:1');
    const lost = temporalWorkflows(new Client({ connection: nowhere.connection }), queues, log);
    const place = { channelId: 'chan_1', task } as const;
    const questions = [
      () => lost.findSchedule(place),
      () => lost.changeSchedule(place, { paused: true, by: 'key_1', accountId: 'acct_1' }),
      () => lost.sync(place, goesOn),
      () => lost.resolveAttention('dropship/1', { action: 'retry', by: 'key_1' }, 'r-3'),
    ];

    for (const question of questions) {
      const begun = performance.now();
      expect(await codeOf(question())).toBe('temporal_unavailable');
      expect(performance.now() - begun).toBeLessThan(givenUpMs);
    }
    await lost.triggerSoon(place);
    await nowhere.close();
  });
});
