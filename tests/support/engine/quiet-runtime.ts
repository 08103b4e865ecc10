import { IllegalStateError } from '@temporalio/common';
import { DefaultLogger, Runtime } from '@temporalio/worker';

/**
 * Silences the SDK's log, which would hide the results. Call it right before a connection is made: an installed runtime
 * without a connection does not let its process end. The runtime is of the process and ends with its last connection, so
 * that an earlier file or the same one may have installed it.
 */
export function quietRuntime(): void {
  try {
    Runtime.install({ logger: new DefaultLogger('ERROR'), telemetryOptions: { logging: { forward: {} } } });
  } catch (error) {
    if (!(error instanceof IllegalStateError)) throw error;
  }
}
