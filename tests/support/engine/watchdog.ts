import { removeRun } from './runs.ts';

// Ends a run's servers and children and removes its folder as soon as the test run closes our input. That happens at its
// tear-down, and also when the run is interrupted or killed, where no tear-down runs.
const runDir = process.argv[2];
if (runDir === undefined) throw new Error('Which folder?');
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
process.stdin.resume().once('end', () => void end(runDir));

async function end(folder: string): Promise<void> {
  await removeRun(folder);
  process.exit(0);
}
