import { DefaultLogger, Runtime } from '@temporalio/worker';

let isQuiet = false;

/**
 * The SDK's own log would drown the results. Before the first connection of a file; what is installed and never
 * connected keeps its process alive.
 */
export function quietRuntime(): void {
  if (isQuiet) return;
  isQuiet = true;
  Runtime.install({ logger: new DefaultLogger('ERROR'), telemetryOptions: { logging: { forward: {} } } });
}
