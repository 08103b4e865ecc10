import { DefaultLogger, Runtime } from '@temporalio/worker';

let isQuiet = false;

/**
 * Silences the SDK's log, which would hide the results. Install it right before the first connection of a file: an
 * installed runtime without a connection does not let its process end.
 */
export function quietRuntime(): void {
  if (isQuiet) return;
  isQuiet = true;
  Runtime.install({ logger: new DefaultLogger('ERROR'), telemetryOptions: { logging: { forward: {} } } });
}
