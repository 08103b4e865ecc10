import { addPage, eachPage, runTask, type ChannelWork, type TaskInput, type TaskRun } from './task-run.ts';

/** Dropships that a run waits for, to count the cancels that really happened. */
const mostAwaited = 300;

/** A run of Cancel Orders on a channel: on a portal the merchant's cancel requests, on a shop the orders cancelled there. */
export function cancelOrders(input: TaskInput): Promise<TaskRun> {
  return runTask('cancel_orders', input, (run, channelWork) => cancelEverything(channelWork, input.channelId, run));
}

async function cancelEverything(channelWork: ChannelWork, channelId: string, run: TaskRun): Promise<void> {
  const asked: string[] = [];
  await eachPage(run, async (after) => {
    const page = await channelWork.cancelOrderPage({ channelId, after });
    asked.push(...page.asked);
    return page;
  });
  if (asked.length === 0) return;
  // Thousands are counted as waiting: a history holds no long lists.
  addPage(run, { counts: { waiting: Math.max(0, asked.length - mostAwaited) }, failures: [] });
  addPage(run, await channelWork.awaitCancelled({ channelId, dropshipIds: asked.slice(0, mostAwaited) }));
}
