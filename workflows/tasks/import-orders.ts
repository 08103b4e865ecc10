import { addPage, eachPage, runTask, type ChannelWork, type TaskInput, type TaskRun } from './task-run.ts';

/** Released dropships that a run waits for, to count the imports that really happened. */
const mostAwaited = 300;

/** A run of Import Orders on a channel: orders that webhooks named, new orders, and orders that were not paid yet. */
export function importOrders(input: TaskInput): Promise<TaskRun> {
  return runTask('import_orders', input, (run, channelWork) => importEverything(channelWork, input.channelId, run));
}

async function importEverything(channelWork: ChannelWork, channelId: string, run: TaskRun): Promise<void> {
  const released = await importUntilNow(channelWork, channelId, run);
  if (released.length === 0) return;
  // Thousands are counted as waiting: a history holds no long lists.
  addPage(run, { counts: { waiting: Math.max(0, released.length - mostAwaited) }, failures: [] });
  addPage(run, await channelWork.awaitImported({ channelId, dropshipIds: released.slice(0, mostAwaited) }));
}

/** All that the channel has by now. @returns the dropships that a portal released */
export async function importUntilNow(channelWork: ChannelWork, channelId: string, run: TaskRun): Promise<string[]> {
  await eachPage(run, () => channelWork.importNamedOrders({ channelId }));
  const released: string[] = [];
  await eachPage(run, async (after) => {
    const page = await channelWork.importOrderPage({ channelId, after });
    released.push(...page.released);
    return page;
  });
  await eachPage(run, (after) => channelWork.importAwaitedOrders({ channelId, after }));
  return released;
}
