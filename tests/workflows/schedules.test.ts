import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { persistently } from '../support/trade/stage.ts';
import { describe, expect, it } from '@jest/globals';
import { deleteChannel } from '../../db/channels/channels.ts';
import { withAccount } from '../../db/engine/with-account.ts';
import type { TaskType } from '../../domain/task.ts';
import { workflowIds } from '../../workflows/names.ts';
import { facts, ownNamespace } from '../support/engine/facts.ts';
import { aCompany, anApiChannel } from '../support/trade/trade.ts';
import { waitUntil } from '../support/engine/wait-until.ts';
import { startWorld } from '../support/trade/world.ts';
import { forTheFile } from '../support/engine/for-the-file.ts';

type Shown = { task: TaskType; interval: string | null; paused: boolean; nextRuns: string[] };

const world = forTheFile(() => startWorld({ sweepMs: 200 }));
const merchant = forTheFile(() => aCompany(world));

const shown = async (channelId: string, rest = merchant.rest) =>
  (await persistently(() => rest.get<{ data: Shown[] }>(`/channels/${channelId}/schedules`))).data;
const shownTask = async (channelId: string, task: TaskType) =>
  (await shown(channelId)).find((schedule) => schedule.task === task);
const describeIt = (channelId: string, task: TaskType) =>
  world.client.schedule.getHandle(workflowIds.task(task, channelId)).describe();

async function aChannel(): Promise<string> {
  const channelId = await anApiChannel(merchant);
  await waitUntil(async () => (await shown(channelId)).length === 4);
  return channelId;
}

/** As ops type it. */
async function cli(verb: string, scheduleId: string, ...words: string[]): Promise<void> {
  const { address, binary } = facts().temporal;
  const where = ['--schedule-id', scheduleId, '--address', address];
  await promisify(execFile)(binary, ['schedule', verb, ...where, '--namespace', ownNamespace(), ...words]);
}

const rounds = async (workflowId: string) => {
  const { events } = await world.client.workflow.getHandle(workflowId).fetchHistory();
  return events?.filter((event) => event.timerFiredEventAttributes).length ?? 0;
};
/** So many looks at all Schedules later. */
async function passes(count: number): Promise<void> {
  const id = `reconcile_schedules${world.queues.tasks.replace('tasks', '')}`;
  const before = await rounds(id);
  await waitUntil(async () => (await rounds(id)) >= before + count, { timeoutMs: 30_000 });
}

describe('the tasks of a channel', () => {
  it('are listed, changed and paused by API, by the account and by the operator', async () => {
    const channelId = await aChannel();

    await merchant.rest.patch(`/channels/${channelId}/schedules/write_inventory`, { interval: '10m' });
    await world.operator.patch(`/channels/${channelId}/schedules/cancel_orders`, { paused: false, interval: '24h' });
    await world.operator.patch(`/channels/${channelId}/schedules/import_products`, { paused: true });
    await passes(2);

    const listed = (await shown(channelId)).map(({ task, interval, paused, nextRuns }) => ({
      ...{ task, interval, paused, runs: nextRuns.length > 0 },
    }));
    expect(listed).toEqual([
      { task: 'import_orders', interval: '1h', paused: false, runs: true },
      { task: 'import_products', interval: '1h', paused: true, runs: false },
      { task: 'write_inventory', interval: '10m', paused: false, runs: true },
      { task: 'cancel_orders', interval: '24h', paused: false, runs: true },
    ]);
    expect(await shown(channelId, world.operator)).toEqual(await shown(channelId));
  });

  it('keep what was edited on the command line, and come back so when they are deleted there', async () => {
    const channelId = await aChannel();
    const workflow = ['--type', 'importProducts', '--workflow-id', `import_products/${channelId}`];
    const start = [...workflow, '--task-queue', world.queues.tasks, '--input', JSON.stringify({ channelId })];
    await cli('update', `import_products/${channelId}`, '--interval', '7m/30s', '--catchup-window', '7m', ...start);
    await cli('toggle', `write_inventory/${channelId}`, '--pause', '--reason', 'shop moves');

    await passes(3);

    expect(await shownTask(channelId, 'import_products')).toMatchObject({ interval: null, paused: false });
    expect(await shownTask(channelId, 'write_inventory')).toMatchObject({ interval: '1h', paused: true });
    const { spec, state } = await describeIt(channelId, 'import_products');
    expect([spec.intervals, state.paused]).toEqual([[{ every: 420_000, offset: 30_000 }], false]);
    expect((await describeIt(channelId, 'write_inventory')).state.note).toBe('shop moves');

    await cli('delete', `import_products/${channelId}`);
    await cli('delete', `write_inventory/${channelId}`);
    await waitUntil(async () => (await shown(channelId)).length === 4, { timeoutMs: 30_000 });

    expect((await describeIt(channelId, 'import_products')).spec.intervals).toMatchObject([{ every: 420_000 }]);
    expect(await shownTask(channelId, 'write_inventory')).toMatchObject({ interval: '1h', paused: true });
  });

  it('end with their channel', async () => {
    const channelId = await aChannel();

    await withAccount(world.pool, merchant.id, (db) => deleteChannel(db, channelId));

    const isGone = (task: TaskType) => describeIt(channelId, task).then(() => false, () => true); // prettier-ignore
    await waitUntil(async () => (await isGone('import_orders')) && (await isGone('cancel_orders')), {
      timeoutMs: 30_000,
    });
  });
});

it('the rounds of a reconciler follow the worker’s interval, not the one it was started with', async () => {
  const { workflowId } = await world.client.workflow.start('reconcile', {
    workflowId: `reconcile-of-yesterday${world.queues.tasks}`,
    taskQueue: world.queues.tasks,
    args: [{ intervalMs: 86_400_000 }],
  });

  await waitUntil(async () => (await rounds(workflowId)) >= 3, { timeoutMs: 30_000 });
  await world.client.workflow.getHandle(workflowId).terminate();
});
