import type { TaskType } from './task.ts';

/** Events of a shop after which there may be an order to import, or one to show as cancelled or refunded. */
const importing = ['order.placed', 'order.paid', 'order.cancelled', 'order.refunded'];

/**
 * The task that a shop's webhook starts; `null` for an event that waits for the next run of its task. The task reads the
 * shop: a webhook is a hint and its content is not trusted.
 */
export const taskOfEvent = (type: string): Extract<TaskType, 'import_orders'> | null =>
  importing.includes(type) ? 'import_orders' : null;
