import { beforeAll, expect } from '@jest/globals';

/** Where real workers run. Loading the SDK costs the other files 0.4 s each for nothing. */
const withWorkers = /\/tests\/(workflows|workers|e2e)\//;

if (withWorkers.test(expect.getState().testPath ?? '')) {
  // Once per process and before any connection; its own log would drown the results.
  beforeAll(async () => {
    const { DefaultLogger, Runtime } = await import('@temporalio/worker');
    Runtime.install({ logger: new DefaultLogger('ERROR'), telemetryOptions: { logging: { forward: {} } } });
  });
}
