import { eachPage, runTask, type TaskInput, type TaskRun } from './task-run.ts';

/** One run of Import Products on one channel: its catalogue becomes products and listings. */
export function importProducts(input: TaskInput): Promise<TaskRun> {
  const { channelId } = input;
  return runTask('import_products', input, (run, channelWork) =>
    eachPage(run, (after) => channelWork.importProductPage({ channelId, after })),
  );
}
