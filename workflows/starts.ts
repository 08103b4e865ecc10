import { TypedSearchAttributes } from '@temporalio/common';
import type { WorkflowStartOptions } from '@temporalio/client';
import type { DropshipStart } from '../db/dropships/dropships.ts';
import type { LabelStart } from '../db/labels/labels.ts';
import type { PushStart } from '../db/shipments/push-starts.ts';
import { fairTo, searchAttributes, workflowIds, type Queues } from './names.ts';
import { brandChanged, shipmentChanged, type RateParcelInput } from './messages.ts';

/**
 * How workflows are started: by the API after a commit, and by activities for rows whose start a crash prevented. The
 * derived id is the same, so that a second start finds the first (law 5).
 */
const once = { workflowIdReusePolicy: 'REJECT_DUPLICATE', workflowIdConflictPolicy: 'USE_EXISTING' } as const;

type Start = WorkflowStartOptions & { workflowId: string };

export function dropshipStart(start: DropshipStart, queues: Queues): Start {
  const { dropshipId, fresh } = start;
  return {
    ...once,
    ...fairTo(start.merchantId),
    workflowId: workflowIds.dropship(dropshipId),
    taskQueue: queues.dropships,
    args: [{ dropshipId, ...(fresh && { fresh }) }],
    staticSummary: `${start.orderNumber} (${start.channelKind})`,
    typedSearchAttributes: new TypedSearchAttributes([
      { key: searchAttributes.merchantId, value: start.merchantId },
      { key: searchAttributes.supplierId, value: start.supplierId },
      { key: searchAttributes.connectionId, value: start.connectionId },
      { key: searchAttributes.channelId, value: start.channelId },
      { key: searchAttributes.orderNumber, value: start.orderNumber },
      { key: searchAttributes.stage, value: 'awaiting_release' },
      { key: searchAttributes.needsAttention, value: false },
    ]),
  };
}

/**
 * Reopens a closed dropship for a late correction or void. The run rebuilds its state from the rows, delivers the change
 * and closes.
 */
export const dropshipReopening = (
  start: DropshipStart,
  queues: Queues,
): Start & { workflowIdConflictPolicy: 'USE_EXISTING' } => ({
  ...dropshipStart(start, queues),
  workflowIdReusePolicy: 'ALLOW_DUPLICATE',
  workflowIdConflictPolicy: 'USE_EXISTING',
});

/** Buys a label, and records its shipment. */
export const labelStart = ({ labelId, orderId, ...shown }: LabelStart, queues: Queues): Start => ({
  ...once,
  ...fairTo(shown.accountId),
  workflowId: workflowIds.label(labelId),
  taskQueue: queues.dropships,
  args: [{ orderId, labelId }],
  staticSummary: `${shown.orderNumber} (label)`,
  typedSearchAttributes: new TypedSearchAttributes([
    { key: searchAttributes.merchantId, value: shown.accountId },
    { key: searchAttributes.channelId, value: shown.channelId },
    { key: searchAttributes.orderNumber, value: shown.orderNumber },
    { key: searchAttributes.stage, value: 'label' },
    { key: searchAttributes.needsAttention, value: false },
  ]),
});

/** Runs the closed workflow of a label again, for a void. */
export const labelReopening = (start: LabelStart, queues: Queues) => ({
  ...labelStart(start, queues),
  workflowIdReusePolicy: 'ALLOW_DUPLICATE' as const,
  workflowIdConflictPolicy: 'USE_EXISTING' as const,
});

/** A shipment has one workflow at a time. A running workflow gets the change as a message; an ended workflow runs again. */
export const changedPush = (start: PushStart, by: string, queues: Queues) =>
  ({
    ...pushStart(start, queues),
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    signal: shipmentChanged,
    signalArgs: [{ by }] as [{ by: string }],
  }) as const;

export function pushStart(
  { orderId, shipmentId, accountId, channelId, orderNumber }: Omit<PushStart, 'revision'>,
  queues: Queues,
): Start {
  return {
    ...once,
    ...fairTo(accountId),
    workflowId: workflowIds.pushShipment(shipmentId),
    taskQueue: queues.dropships,
    args: [{ orderId, shipmentId }],
    staticSummary: `${orderNumber} (in-house shipment)`,
    typedSearchAttributes: new TypedSearchAttributes([
      { key: searchAttributes.merchantId, value: accountId },
      { key: searchAttributes.channelId, value: channelId },
      { key: searchAttributes.orderNumber, value: orderNumber },
      { key: searchAttributes.stage, value: 'push' },
      { key: searchAttributes.needsAttention, value: false },
    ]),
  };
}

export const connectionSetUp = (connectionId: string, queues: Queues): Start => ({
  ...once,
  workflowId: workflowIds.setUpConnection(connectionId),
  taskQueue: queues.tasks,
  args: [{ connectionId }],
});

export const connectionEnd = (connectionId: string, queues: Queues): Start => ({
  ...once,
  workflowId: workflowIds.endConnection(connectionId),
  taskQueue: queues.tasks,
  args: [{ connectionId }],
});

export const channelSetUp = (channelId: string, queues: Queues): Start => ({
  ...once,
  workflowId: workflowIds.setUpChannel(channelId),
  taskQueue: queues.tasks,
  args: [{ channelId }],
});

/** Each time anew: after a day, after new credentials, and when the channel is deleted. */
export const channelWebhooks = (channelId: string, queues: Queues): Start => ({
  ...once,
  workflowIdReusePolicy: 'ALLOW_DUPLICATE',
  workflowId: workflowIds.ensureWebhooks(channelId),
  taskQueue: queues.tasks,
  args: [{ channelId }],
});

/** As `channelResume`, for labels that are parked behind old credentials of a label account. */
export const labelAccountResume = (labelAccountId: string, queues: Queues): Start => ({
  ...once,
  workflowIdReusePolicy: 'ALLOW_DUPLICATE',
  workflowId: workflowIds.resumeLabelAccount(labelAccountId),
  taskQueue: queues.tasks,
  args: [{ labelAccountId }],
});

/** A repeated request finds the rating that runs or is done. One that failed is tried again: nothing was written. */
export const ratingStart = (input: RateParcelInput, queues: Queues): Start => ({
  ...once,
  workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY',
  workflowId: workflowIds.rating(input.ratingId),
  taskQueue: queues.dropships,
  args: [input],
});

/** One run at a time for each channel. After its end it runs again, for steps that have parked since. */
export const channelResume = (channelId: string, queues: Queues): Start => ({
  ...once,
  workflowIdReusePolicy: 'ALLOW_DUPLICATE',
  workflowId: workflowIds.resumeChannel(channelId),
  taskQueue: queues.tasks,
  args: [{ channelId }],
});

export const printJobStart = (printJobId: string, queues: Queues): Start => ({
  ...once,
  workflowId: workflowIds.printJob(printJobId),
  taskQueue: queues.tasks,
  args: [{ printJobId }],
});

/** An account's brand has one workflow at a time. A run that is under way gets the change as a message. */
export const brandCopy = (accountId: string, queues: Queues) =>
  ({
    ...once,
    ...fairTo(accountId),
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    workflowId: workflowIds.brand(accountId),
    taskQueue: queues.tasks,
    args: [{ accountId }] as [{ accountId: string }],
    signal: brandChanged,
    signalArgs: [] as [],
  }) as const;
