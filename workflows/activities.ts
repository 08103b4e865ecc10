import { proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type { Activities } from '../activities/index.ts';

/**
 * The ways a workflow calls activities. A worker's death is noticed by the missing heartbeat (workers/ sends it), long
 * before the time limit.
 */

/** Our own rows: an outage of Postgres delays them, it never fails them. */
export const rows = proxyActivities<Activities>({
  startToCloseTimeout: '20s',
  heartbeatTimeout: '6s',
  retry: { initialInterval: '200ms', maximumInterval: '30s' },
});

/** A step's first tries, about half a minute. */
export const quick = proxyActivities<Activities>({
  startToCloseTimeout: '40s',
  heartbeatTimeout: '6s',
  retry: { initialInterval: '500ms', maximumInterval: '20s', maximumAttempts: 7 },
});

/** Then slowly, for a working day's half; after that the step parks. */
export const patient = proxyActivities<Activities>({
  startToCloseTimeout: '40s',
  heartbeatTimeout: '6s',
  scheduleToCloseTimeout: '6h',
  retry: { initialInterval: '5m', backoffCoefficient: 1 },
});

/** A person waits for the answer of somebody outside. Without one, the same is tried again as a step. */
export const prompt = proxyActivities<Activities>({
  startToCloseTimeout: '5s',
  retry: { maximumAttempts: 1 },
});

/** A task's work on a channel: a dead channel ends the run within a minute, the next interval tries again. */
export const channelWork = proxyActivities<Activities>({
  startToCloseTimeout: '45s',
  scheduleToCloseTimeout: '50s',
  heartbeatTimeout: '6s',
  retry: { initialInterval: '1s', maximumAttempts: 3 },
});

/** Paper: bytes are read, rendered and stored. A job that ends its worker is not tried for ever. */
export const paperWork = proxyActivities<Activities>({
  startToCloseTimeout: '2m',
  heartbeatTimeout: '6s',
  retry: { initialInterval: '500ms', maximumInterval: '20s', maximumAttempts: 7 },
});

/** A provider of labels, while a person waits for the answer. */
export const labelWork = proxyActivities<Activities>({
  startToCloseTimeout: '12s',
  scheduleToCloseTimeout: '13s',
  heartbeatTimeout: '6s',
  retry: { initialInterval: '500ms', maximumAttempts: 3 },
});

/** A pass over all rows. It may take minutes. A failed pass is not retried: the next pass follows it. */
export const passes = proxyActivities<Activities>({
  startToCloseTimeout: '10m',
  heartbeatTimeout: '6s',
  retry: { maximumAttempts: 1 },
});

/** Our own rows in workflows that take no Updates: several cost one action. */
export const localRows = proxyLocalActivities<Activities>({
  startToCloseTimeout: '8s',
  retry: { initialInterval: '200ms', maximumInterval: '10s' },
});
