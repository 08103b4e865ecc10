import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { headerOf, text, type Delivery, type ShopEvent, type WebhookEvent, type WebhookHeaders } from '../kind.ts';

const forms = {
  'x-shopify-webhook-id': /^[\x21-\x7e]{1,200}$/,
  'x-shopify-topic': /^[a-z_]{1,100}\/[a-z_]{1,100}$/,
  // A SHA-256 in base64.
  'x-shopify-hmac-sha256': /^[A-Za-z0-9+/]{43}=$/,
};

/** Whether a body could fit these headers. Shopify signs no time, so a message has no age. */
export const fitsShopify = (headers: WebhookHeaders): boolean =>
  Object.entries(forms).every(([name, form]) => form.test(headerOf(headers, name)));

const secretsSchema = z.looseObject({
  clientSecret: z.string().min(1).optional(),
  previousClientSecret: z.string().min(1).optional(),
});

export function secretsOf(credentials: unknown): string[] {
  const { clientSecret, previousClientSecret } = secretsSchema.safeParse(credentials).data ?? {};
  return [clientSecret, previousClientSecret].filter((secret) => secret !== undefined);
}

const events: Readonly<Record<string, ShopEvent>> = {
  'app/uninstalled': 'uninstalled',
  'customers/redact': 'customer_redact',
  'customers/data_request': 'data_request',
  'shop/redact': 'shop_redact',
};

/** A loose object: a shop may send more. The numeric `id` beside it may be beyond what a number can hold. */
const messageSchema = z.looseObject({ admin_graphql_api_id: text(200).optional() });

/** @see shopify.dev, "Verify webhooks": HMAC-SHA256 of the raw body by the secret of the app, in base64 */
export function readWebhook(delivery: Delivery, secrets: readonly string[]): WebhookEvent | null {
  const { rawBody, headers } = delivery;
  if (!fitsShopify(headers)) return null;
  const given = Buffer.from(headerOf(headers, 'x-shopify-hmac-sha256'), 'base64');
  if (!secrets.some((secret) => isSigned(rawBody, given, secret))) return null;
  const topic = headerOf(headers, 'x-shopify-topic');
  const { admin_graphql_api_id: id } = delivery.read(messageSchema);
  const isOfOrder = topic.startsWith('orders/');
  return {
    deliveryId: headerOf(headers, 'x-shopify-webhook-id'),
    tasks: isOfOrder ? ['import_orders'] : [],
    remoteOrderIds: isOfOrder && id !== undefined ? [id] : [],
    event: events[topic] ?? null,
  };
}

function isSigned(rawBody: Uint8Array, given: Buffer, secret: string): boolean {
  const own = createHmac('sha256', secret).update(rawBody).digest();
  return own.length === given.length && timingSafeEqual(own, given);
}
