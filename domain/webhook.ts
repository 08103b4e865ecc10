import type { TaskType } from './task.ts';

/** Of the key by which a shop signs: shorter ones can be guessed. Standard Webhooks, 1.0. */
const shortestKey = 24;

/** `whsec_` and base64, or (the companion plugin) the key itself. */
export function isStrongSecret(secret: string): boolean {
  const base64 = /^whsec_([A-Za-z0-9+/]*)={0,2}$/.exec(secret)?.[1];
  if (base64 !== undefined) return Math.floor((base64.length * 3) / 4) >= shortestKey;
  return !secret.startsWith('whsec_') && secret.length >= shortestKey;
}

/** Events of a shop after which there may be an order to import, or one to show as cancelled or refunded. */
const importing = ['order.placed', 'order.paid', 'order.cancelled', 'order.refunded'];

/**
 * The task that a shop's webhook starts; `null` for an event that waits for the next run of its task. The task reads the
 * shop: a webhook is a hint and its content is not trusted.
 */
export const taskOfEvent = (type: string): Extract<TaskType, 'import_orders'> | null =>
  importing.includes(type) ? 'import_orders' : null;
