import { monitorEventLoopDelay } from 'node:perf_hooks';
import { overloaded } from '../../domain/rate-limit.ts';
import type { App } from '../deps.ts';

const resolutionMs = 20;
const lookEveryMs = 1_000;

/**
 * Refuses new requests at once while the process is behind: those under way end in time, instead of all of them too late.
 * Probes are answered. Call it before the plugins that read the database.
 */
export function setUpOverload(app: App): void {
  const { saturation, pool } = app.deps;
  if (!saturation) return;
  const delay = monitorEventLoopDelay({ resolution: resolutionMs });
  delay.enable();
  let loopMs = 0;
  const timer = setInterval(() => {
    // The histogram counts its own pause too. Half of the samples: one long answer is no overload.
    loopMs = delay.percentile(50) / 1e6 - resolutionMs;
    delay.reset();
  }, lookEveryMs).unref();
  app.addHook('onClose', async () => {
    clearInterval(timer);
    delay.disable();
  });
  app.addHook('onRequest', async ({ routeOptions: { config } }) => {
    if (config.isUnlimited || (loopMs < saturation.loopMs && pool.waiting() < saturation.waiting)) return;
    throw overloaded();
  });
}
