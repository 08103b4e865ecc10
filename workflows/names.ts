import { defineSearchAttributeKey } from '@temporalio/common';
import { isTask, type TaskType } from '../domain/task.ts';

/** Ids are derived from rows, so that a repeated start names the same workflow (law 5). */
export const workflowIds = {
  dropship: (dropshipId: string) => `dropship/${dropshipId}`,
  pushShipment: (shipmentId: string) => `push_shipment/${shipmentId}`,
  setUpConnection: (connectionId: string) => `set_up_connection/${connectionId}`,
  setUpChannel: (channelId: string) => `set_up_channel/${channelId}`,
  ensureWebhooks: (channelId: string) => `ensure_webhooks/${channelId}`,
  endConnection: (connectionId: string) => `end_connection/${connectionId}`,
  resumeChannel: (channelId: string) => `resume_channel/${channelId}`,
  resumeLabelAccount: (labelAccountId: string) => `resume_label_account/${labelAccountId}`,
  label: (labelId: string) => `label/${labelId}`,
  rating: (ratingId: string) => `rating/${ratingId}`,
  printJob: (printJobId: string) => `print_job/${printJobId}`,
  brand: (accountId: string) => `brand/${accountId}`,
  /** A Schedule's id, and the beginning of the ids of its runs. */
  task: (task: TaskType, channelId: string) => `${task}/${channelId}`,
  reconcile: 'reconcile',
  reconcileSchedules: 'reconcile_schedules',
  prune: 'prune',
  lookUpRefunds: 'look_up_refunds',
  eraseOrders: 'erase_orders',
} as const;

/** The task and channel that a Schedule's id names; `undefined` for a Schedule that is not ours. */
export function taskOfScheduleId(scheduleId: string): { task: TaskType; channelId: string } | undefined {
  const [task = '', channelId = '', ...more] = scheduleId.split('/');
  return isTask(task) && /^chan_\w+$/.test(channelId) && more.length === 0 ? { task, channelId } : undefined;
}

/**
 * Dropships and tasks have queues of their own, so that a large import never delays a tracking. `documents` and `calls` are for
 * activities alone: paper takes long, and somebody outside may never answer.
 */
export type Queues = Readonly<Record<'dropships' | 'tasks' | 'documents' | 'calls', string>>;

/** @param suffix separates installations that share a namespace; empty in production */
export const queuesFor = (suffix: string): Queues => ({
  dropships: `dropships${suffix}`,
  tasks: `tasks${suffix}`,
  documents: `documents${suffix}`,
  calls: `calls${suffix}`,
});

/** For activities, from the queue of their workflow: it has the same suffix. */
export const queueBeside = (taskQueue: string, name: keyof Queues): string =>
  taskQueue.replace(/^(dropships|tasks)/, name);

/** Where tasks wait in a queue, accounts take turns. The activities of a workflow have its key. Older servers ignore it. */
export const fairTo = (accountId: string) => ({ priority: { fairnessKey: accountId } });

export const searchAttributes = {
  merchantId: defineSearchAttributeKey('MerchantId', 'KEYWORD'),
  supplierId: defineSearchAttributeKey('SupplierId', 'KEYWORD'),
  connectionId: defineSearchAttributeKey('ConnectionId', 'KEYWORD'),
  channelId: defineSearchAttributeKey('ChannelId', 'KEYWORD'),
  orderNumber: defineSearchAttributeKey('OrderNumber', 'KEYWORD'),
  stage: defineSearchAttributeKey('Stage', 'KEYWORD'),
  attentionCode: defineSearchAttributeKey('AttentionCode', 'KEYWORD'),
  needsAttention: defineSearchAttributeKey('NeedsAttention', 'BOOL'),
} as const;

/** Search attributes that a server must have before the first start, as the Temporal CLI spells them. */
export const searchAttributeTypes: Readonly<Record<string, 'Keyword' | 'Bool'>> = Object.fromEntries(
  Object.values(searchAttributes).map(({ name, type }) => [name, type === 'BOOL' ? 'Bool' : 'Keyword']),
);
