import {
  proxyActivities,
  proxyLocalActivities,
  workflowInfo,
  type ActivityInterfaceFor,
  type ActivityOptions,
} from '@temporalio/workflow';
import type { Activities } from '../activities/index.ts';
import { queueBeside, type Queues } from './names.ts';

/**
 * The ways a workflow calls activities. A worker's death is noticed by the missing heartbeat (workers/ sends it), long
 * before the time limit.
 */

/** They wait for somebody outside, so they run apart: a shop that hangs must not hold up our own work. */
const callsOutside: ReadonlySet<string> = new Set<keyof Activities>([
  'pushShipment',
  'checkChannel',
  'checkLabelAccount',
  'rateParcel',
  'prepareLabel',
  'buyLabel',
  'abandonLabel',
  'storeLabel',
  'refundLabel',
  'lookUpRefunds',
]);

/** @param queueOf the queue of an activity; undefined: the workflow's own */
function proxied(
  options: ActivityOptions,
  queueOf: (activity: string) => keyof Queues | undefined = (activity) =>
    callsOutside.has(activity) ? 'calls' : undefined,
): ActivityInterfaceFor<Activities> {
  const own = proxyActivities<Activities>(options);
  const of = (activity: keyof Activities) => {
    const queue = queueOf(activity);
    if (queue === undefined) return own[activity];
    const taskQueue = queueBeside(workflowInfo().taskQueue, queue);
    return proxyActivities<Activities>({ ...options, taskQueue })[activity];
  };
  return new Proxy(own, { get: (_, activity) => of(activity as keyof Activities) });
}

/** Our own rows: an outage of Postgres delays them, it never fails them. */
export const rows = proxyActivities<Activities>({
  startToCloseTimeout: '20s',
  heartbeatTimeout: '6s',
  retry: { initialInterval: '200ms', maximumInterval: '30s' },
});

/** A step's first tries, about half a minute. */
export const quick = proxied({
  startToCloseTimeout: '40s',
  heartbeatTimeout: '6s',
  retry: { initialInterval: '500ms', maximumInterval: '20s', maximumAttempts: 7 },
});

/** Then slowly, for a working day's half; after that the step parks. */
export const patient = proxied({
  startToCloseTimeout: '40s',
  heartbeatTimeout: '6s',
  scheduleToCloseTimeout: '6h',
  retry: { initialInterval: '5m', backoffCoefficient: 1 },
});

/** A person waits for the answer of somebody outside. Without one, the same is tried again as a step. */
export const prompt = proxied({
  startToCloseTimeout: '5s',
  retry: { maximumAttempts: 1 },
});

const aMinute: ActivityOptions = {
  startToCloseTimeout: '45s',
  scheduleToCloseTimeout: '50s',
  heartbeatTimeout: '6s',
  retry: { initialInterval: '1s', maximumAttempts: 3 },
};

/**
 * A task's work on a channel: a dead channel ends the run within a minute, the next interval tries again. A portal's other
 * end is our own rows.
 */
export const onPortal = proxyActivities<Activities>(aMinute);
export const onShop = proxied(aMinute, () => 'calls');

/** Paper: bytes are read, rendered and stored. A job that ends its worker is not tried for ever. */
export const paperWork = proxied(
  {
    startToCloseTimeout: '2m',
    heartbeatTimeout: '6s',
    retry: { initialInterval: '500ms', maximumInterval: '20s', maximumAttempts: 7 },
  },
  () => 'documents',
);

/** A provider of labels, while a person waits for the answer. */
export const labelWork = proxied({
  startToCloseTimeout: '12s',
  scheduleToCloseTimeout: '13s',
  heartbeatTimeout: '6s',
  retry: { initialInterval: '500ms', maximumAttempts: 3 },
});

/** A pass over all rows. It may take minutes. A failed pass is not retried: the next pass follows it. */
export const passes = proxied({
  startToCloseTimeout: '10m',
  heartbeatTimeout: '6s',
  retry: { maximumAttempts: 1 },
});

/** Our own rows in workflows that take no Updates: several cost one action. */
export const localRows = proxyLocalActivities<Activities>({
  startToCloseTimeout: '8s',
  retry: { initialInterval: '200ms', maximumInterval: '10s' },
});
