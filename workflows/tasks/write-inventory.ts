import { noCounts } from '../../domain/task.ts';
import { localRows } from '../activities.ts';
import { importUntilNow } from './import-orders.ts';
import { eachPage, runTask, type ChannelWork, type TaskInput, type TaskRun } from './task-run.ts';

/** One run of Write Inventory Back on one channel: each listing that needs sync is passed once. */
export function writeInventory(input: TaskInput): Promise<TaskRun> {
  return runTask('write_inventory', input, (run, channelWork) => writeEverything(channelWork, input.channelId, run));
}

async function writeEverything(channelWork: ChannelWork, channelId: string, run: TaskRun): Promise<void> {
  const { plan } = await localRows.planWriteBack({ channelId });
  if (plan === 'import_paused') run.cause = 'import_orders_paused';
  if (plan === 'nothing' || plan === 'import_paused') return;
  // The counts of the import before the write are no part of this run's result.
  const unseen: TaskRun = { counts: noCounts(), failures: [], cause: null };
  if (plan === 'import_and_write') await importUntilNow(channelWork, channelId, unseen);
  await eachPage(run, (after) => channelWork.writeInventoryPage({ channelId, after }));
}
