import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { Client, type ScheduleUpdateOptions } from '@temporalio/client';
import { pino } from 'pino';
import type { Deps } from '../../../activities/deps.ts';
import { createReconcileActivities, type PassResult } from '../../../activities/reconcile/reconcile-schedules.ts';
import { createSetUpActivities } from '../../../activities/set-up.ts';
import { connectTemporal } from '../../../temporal/connection.ts';
import { schedules, type Schedules } from '../../../temporal/schedules.ts';
import { findLastSeen, recordSeen } from '../../../db/channels/schedules.ts';
import { deleteChannel } from '../../../db/channels/channels.ts';
import { newId } from '../../../db/engine/ids.ts';
import type { Pool } from '../../../db/engine/pool.ts';
import { withAccount } from '../../../db/engine/with-account.ts';
import { taskTypes, type TaskType } from '../../../domain/task.ts';
import { queuesFor, workflowIds } from '../../../workflows/names.ts';
import { taskSchedule } from '../../../workflows/schedules.ts';
import { aMerchant, type Merchant } from '../../support/trade/database-trade.ts';
import { facts, ownNamespace } from '../../support/engine/facts.ts';
import { waitUntil } from '../../support/engine/wait-until.ts';
import { onDatabase } from '../../support/engine/database.ts';
import { atTheEnd } from '../../support/engine/for-the-file.ts';

const queues = queuesFor(`-${randomBytes(4).toString('hex')}`);
const hour = 3_600_000;
let pool: Pool;
let client: Client;
let deps: Deps;
let api: Schedules;
onDatabase(10, (opened) => {
  pool = opened;
  const temporal = connectTemporal(facts().temporal.address);
  atTheEnd(() => temporal.close());
  client = new Client({ connection: temporal.connection, namespace: ownNamespace() });
  deps = { pool, client, queues, now: () => new Date(), sweepIntervalMs: 50, crashPoint: () => undefined } as never;
  api = schedules({ client, queues, log: pino({ level: 'silent' }) });
});

const pass = () => createReconcileActivities(deps).reconcileSchedules();
const handleOf = (channelId: string, task: TaskType) => client.schedule.getHandle(workflowIds.task(task, channelId));
const exists = (channelId: string, task: TaskType = 'import_orders') =>
  handleOf(channelId, task)
    .describe()
    .then(
      () => true,
      () => false,
    );
const rhythmOf = async (channelId: string, task: TaskType) => {
  const { spec, state } = await handleOf(channelId, task).describe();
  return { everyMs: spec.intervals?.[0]?.every, paused: state.paused };
};
const lastSeen = ({ accountId, channelId }: Merchant, task: TaskType) =>
  withAccount(pool, accountId, (db) => findLastSeen(db, channelId, task));
const edit = ({ channelId }: Merchant, task: TaskType, change: (now: ScheduleUpdateOptions) => ScheduleUpdateOptions) =>
  handleOf(channelId, task).update((now) => change(now as ScheduleUpdateOptions));

/** A channel as it is after its set-up. */
async function aChannel(): Promise<Merchant> {
  const merchant = await aMerchant(pool);
  await createSetUpActivities(deps).ensureSchedules({ channelId: merchant.channelId });
  return merchant;
}
/** The list of Schedules lags, on a busy machine by many seconds: passes go on, as in life, until one has seen it. */
const passUntil = (holds: (done: PassResult) => boolean | Promise<boolean>) =>
  waitUntil(async () => holds(await pass()), { timeoutMs: 40_000, what: `a pass after which ${holds.toString()}` });
const untilSeen = (merchant: Merchant, task: TaskType, rhythm: { everyMs: number; paused: boolean }) =>
  passUntil(async () => {
    const seen = await lastSeen(merchant, task);
    return seen?.everyMs === rhythm.everyMs && seen.paused === rhythm.paused;
  });
const didNothing = (done: PassResult) => done.recorded + done.made + done.removed + done.triggered === 0;
const untilNothingIsLeft = () => passUntil(didNothing);
/** A pass also does nothing while the list does not show new Schedules yet, so the stored rows are counted too. */
const untilAllIsSeen = (merchant: Merchant) =>
  passUntil(
    async (done) =>
      didNothing(done) && (await Promise.all(taskTypes.map((task) => lastSeen(merchant, task)))).every(Boolean),
  );

describe('the Schedules of a channel', () => {
  it('are four, an hour apart, and cancelling starts paused', async () => {
    const { channelId } = await aChannel();

    const shown = await Promise.all(taskTypes.map((task) => api.findSchedule({ channelId, task })));

    expect(shown.map((one) => [one?.task, one?.interval, one?.paused])).toEqual([
      ['import_orders', '1h', false],
      ['import_products', '1h', false],
      ['write_inventory', '1h', false],
      ['cancel_orders', '1h', true],
    ]);
  });

  it('keep what was edited by hand: it is adopted, shown, and never set back', async () => {
    const merchant = await aChannel();
    const { channelId } = merchant;
    await untilAllIsSeen(merchant);
    await edit(merchant, 'write_inventory', (now) => ({
      ...now,
      spec: { intervals: [{ every: 420_000, offset: 11_000 }] },
      policies: { ...now.policies, overlap: 'BUFFER_ONE' },
    }));
    await handleOf(channelId, 'import_products').pause('The catalogue moves');
    const before = await handleOf(channelId, 'write_inventory').describe();

    await untilSeen(merchant, 'write_inventory', { everyMs: 420_000, paused: false });
    await untilSeen(merchant, 'import_products', { everyMs: hour, paused: true });
    await untilNothingIsLeft();

    const after = await handleOf(channelId, 'write_inventory').describe();
    expect([after.spec, after.policies, after.state]).toEqual([before.spec, before.policies, before.state]);
    expect((await handleOf(channelId, 'import_products').describe()).state.note).toBe('The catalogue moves');
    expect(await api.findSchedule({ channelId, task: 'write_inventory' })).toMatchObject({ interval: null });
    expect(await api.findSchedule({ channelId, task: 'import_products' })).toMatchObject({ paused: true });
  });

  it('are known as the API has just changed them, though the list of Schedules still says otherwise', async () => {
    const merchant = await aChannel();
    const { accountId, channelId } = merchant;
    await untilAllIsSeen(merchant);
    const task = 'write_inventory';
    const heard: (number | undefined)[] = [];

    for (const everyMs of [600_000, 900_000, hour, 600_000]) {
      await edit(merchant, task, (now) => ({ ...now, spec: { intervals: [{ every: everyMs }] } }));
      await withAccount(pool, accountId, (db) => recordSeen(db, [{ channelId, task, everyMs, paused: false }]));
      await pass();
      heard.push((await lastSeen(merchant, task))?.everyMs);
    }

    expect(heard).toEqual([600_000, 900_000, hour, 600_000]);
  });

  it('come back as they were last seen when someone deletes them', async () => {
    const merchant = await aChannel();
    const { channelId } = merchant;
    const plain = { everyMs: 420_000, paused: true };
    // At once: of an edit and a pause in the same moment Temporal may do the pause first, and the edit then undoes it.
    await edit(merchant, 'write_inventory', (now) => ({
      ...now,
      spec: { intervals: [{ every: plain.everyMs }] },
      state: { ...now.state, paused: plain.paused },
    }));
    await handleOf(channelId, 'cancel_orders').unpause();
    await edit(merchant, 'import_products', (now) => ({ ...now, spec: { calendars: [{ hour: 3 }] } }));
    // Each edit by itself: a pass may see a Schedule between two of them.
    await untilSeen(merchant, 'write_inventory', plain);
    await untilSeen(merchant, 'import_products', { everyMs: 0, paused: false });
    await untilSeen(merchant, 'cancel_orders', { everyMs: hour, paused: false });

    for (const task of taskTypes) await handleOf(channelId, task).delete();
    await passUntil(async () => (await Promise.all(taskTypes.map((task) => exists(channelId, task)))).every(Boolean));
    await untilNothingIsLeft();

    expect(await Promise.all(taskTypes.map((task) => rhythmOf(channelId, task)))).toEqual([
      { everyMs: hour, paused: false },
      // A calendar is not stored: the default.
      { everyMs: hour, paused: false },
      plain,
      { everyMs: hour, paused: false },
    ]);
  });

  it('cost nothing once all is seen: a repeat changes no row and no Schedule', async () => {
    const merchant = await aChannel();
    await untilAllIsSeen(merchant);
    const rows = () =>
      withAccount(pool, merchant.accountId, (db) => db('channel_schedules').select(db.raw('xmin, task')));
    const before = await rows();

    const again = await pass();

    expect(again).toEqual({ recorded: 0, made: 0, removed: 0, triggered: 0, intervalMs: 200 });
    expect(before).toHaveLength(4);
    expect(await rows()).toEqual(before);
  });
});

describe('a Schedule that is left over', () => {
  it('goes with its channel', async () => {
    const merchant = await aChannel();
    await withAccount(pool, merchant.accountId, (db) => deleteChannel(db, merchant.channelId));

    await passUntil(async () => !(await exists(merchant.channelId)));
    await untilNothingIsLeft();

    expect(await Promise.all(taskTypes.map((task) => exists(merchant.channelId, task)))).toEqual(
      taskTypes.map(() => false),
    );
  });

  it('goes when nobody knows its channel, and only when it is ours', async () => {
    const make = async (taskQueues: typeof queues, memo = true) => {
      const channelId = newId('channel');
      const made = taskSchedule('import_orders', channelId, {
        everyMs: hour,
        paused: true,
        accountId: 'acct_1',
        queues: taskQueues,
      });
      const { memo: own, ...old } = made;
      await client.schedule.create(memo ? { ...old, memo: own! } : old);
      return channelId;
    };
    const others = queuesFor('-other');
    const [ours, oursOfOld] = [await make(queues), await make(queues, false)];
    const [theirs, theirsOfOld] = [await make(others), await make(others, false)];
    const notATask = `nightly/${newId('channel')}`;
    await client.schedule.create({
      scheduleId: notATask,
      spec: { intervals: [{ every: hour }] },
      action: { type: 'startWorkflow', workflowType: 'x', taskQueue: queues.tasks },
      memo: { taskQueue: queues.tasks },
    });

    await passUntil(async () => !(await exists(ours)) && !(await exists(oursOfOld)));
    await untilNothingIsLeft();

    expect([await exists(theirs), await exists(theirsOfOld)]).toEqual([true, true]);
    expect((await client.schedule.getHandle(notATask).describe()).scheduleId).toBe(notATask);
  });

  it('stays while its channel is still being set up', async () => {
    const { channelId } = await aMerchant(pool);
    await client.schedule.create(
      taskSchedule('import_orders', channelId, { everyMs: hour, paused: false, accountId: 'acct_1', queues }),
    );
    const stray = newId('channel');
    await client.schedule.create(
      taskSchedule('import_orders', stray, { everyMs: hour, paused: false, accountId: 'acct_1', queues }),
    );

    await passUntil(async () => !(await exists(stray)));

    expect(await exists(channelId)).toBe(true);
  });
});

it('two passes at once do each thing once, and neither fails', async () => {
  const [present, gone] = [await aChannel(), await aChannel()];
  await untilAllIsSeen(present);
  for (const task of taskTypes) await handleOf(present.channelId, task).delete();
  await withAccount(pool, gone.accountId, (db) => deleteChannel(db, gone.channelId));
  const done: PassResult[] = [];

  await waitUntil(async () => {
    done.push(...(await Promise.all([pass(), pass(), pass()])));
    return done.reduce((sum, { made }) => sum + made, 0) >= 4 && !(await exists(gone.channelId, 'cancel_orders'));
  });

  expect(done.reduce((sum, { made }) => sum + made, 0)).toBe(4);
  expect(await Promise.all(taskTypes.map((task) => rhythmOf(present.channelId, task)))).toEqual(
    taskTypes.map((task) => ({ everyMs: hour, paused: task === 'cancel_orders' })),
  );
});
