import { fileURLToPath } from 'node:url';
import { NativeConnection, Worker } from '@temporalio/worker';

const activities = { nothing: () => Promise.resolve() };
export type BareActivities = typeof activities;

/** Runs as a process of its own, like our worker, so that both have the same share of the machine. */
if (process.argv[1] === import.meta.filename) {
  const connection = await NativeConnection.connect({ address: process.env['TEMPORAL_ADDRESS']! });
  const workflowsPath = fileURLToPath(new URL('./bare.ts', import.meta.url));
  const worker = await Worker.create({ connection, taskQueue: 'bare', workflowsPath, activities });
  process.once('SIGTERM', () => worker.shutdown());
  await worker.run();
  await connection.close();
}
