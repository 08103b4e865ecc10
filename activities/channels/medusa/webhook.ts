import { z } from 'zod';
import { text, type Delivery, type WebhookEvent } from '../kind.ts';
import { signedDelivery } from '../signed-webhook.ts';

/** A loose object: a newer companion sends more fields. */
const messageSchema = z.object({ type: text(100), orderIds: z.array(text(200)).max(1_000).default([]) });

/** After these there may be an order to import, or a change of one to show. */
const importing = ['order.placed', 'order.paid', 'order.edited', 'order.cancelled', 'order.refunded'];

/** Checks and reads a message of the companion. */
export function readWebhook(delivery: Delivery, secrets: readonly string[]): WebhookEvent | null {
  const deliveryId = signedDelivery(delivery, secrets);
  if (deliveryId === null) return null;
  const { type, orderIds } = delivery.read(messageSchema);
  const tasks = importing.includes(type) ? (['import_orders'] as const) : [];
  return { deliveryId, tasks, remoteOrderIds: orderIds, event: null };
}
