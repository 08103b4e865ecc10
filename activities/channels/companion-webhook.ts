import { z } from 'zod';
import { text, type Webhooks } from './kind.ts';
import { signedDelivery } from './signed-webhook.ts';

/** A loose object: a newer companion sends more fields. */
const messageSchema = z.object({ type: text(100), orderIds: z.array(text(200)).max(1_000).default([]) });

/**
 * Checks and reads a message of our companion plugin.
 * @param importing the types of messages after which there may be an order to import, or a change of one to show
 */
export const readsCompanion =
  (importing: readonly string[]): Webhooks['read'] =>
  (delivery, secrets) => {
    const deliveryId = signedDelivery(delivery, secrets);
    if (deliveryId === null) return null;
    const { type, orderIds } = delivery.read(messageSchema);
    const tasks = importing.includes(type) ? (['import_orders'] as const) : [];
    return { deliveryId, tasks, remoteOrderIds: orderIds, event: null };
  };
