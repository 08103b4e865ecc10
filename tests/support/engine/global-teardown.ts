import { once } from 'node:events';

/** The watchdog ends the servers by their pids, removes the folder, and exits. */
export default async function tearDown(): Promise<void> {
  const watchdog = globalThis.vendorPortalsWatchdog;
  if (watchdog === undefined || watchdog.exitCode !== null) return;
  const exited = once(watchdog, 'exit');
  watchdog.stdin?.end();
  await exited;
}
