import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { headerOf, type Delivery, type WebhookEvent, type WebhookHeaders } from '../kind.ts';

const forms = {
  'x-wc-webhook-delivery-id': /^[\x21-\x7e]{1,100}$/,
  'x-wc-webhook-topic': /^order\.[a-z_]{1,50}$/,
  // A SHA-256 in base64.
  'x-wc-webhook-signature': /^[A-Za-z0-9+/]{43}=$/,
};
/** `webhook_id=` and a number. */
const longestPing = 40;

/** Whether a body could fit these headers: a signed message about an order, or the ping. */
export const couldBeMessage = (headers: WebhookHeaders): boolean => isSignedForm(headers) || isPingForm(headers);

const isSignedForm = (headers: WebhookHeaders): boolean =>
  Object.entries(forms).every(([name, form]) => form.test(headerOf(headers, name)));

/** A new webhook is tried with a form that nobody signs. */
const isPingForm = (headers: WebhookHeaders): boolean =>
  headerOf(headers, 'content-type').startsWith('application/x-www-form-urlencoded') &&
  Number(headerOf(headers, 'content-length') || longestPing) <= longestPing;

/**
 * The whole order is in the body, with the buyer's name; only its id is read.
 * @returns an event whose `deliveryId` has a digest of the body, since all deliveries of one second have the same id
 */
export function readWebhook({ rawBody, headers }: Delivery, secrets: readonly string[]): WebhookEvent | null {
  const body = Buffer.from(rawBody);
  if (isPingForm(headers) && /^webhook_id=\d+$/.test(body.toString('latin1'))) return ping;
  if (!isSignedForm(headers) || !secrets.some((secret) => isSignedWith(secret, body, headers))) return null;
  // The id comes first. JSON.parse would round one beyond 2^53.
  const remoteOrderId = /^\s*\{\s*"id"\s*:\s*"?(\d{1,20})\b/.exec(body.subarray(0, 100).toString('latin1'))?.[1];
  const digest = createHash('sha256').update(body).digest('hex');
  return {
    deliveryId: `${headerOf(headers, 'x-wc-webhook-delivery-id')}:${digest}`,
    tasks: ['import_orders'],
    remoteOrderIds: remoteOrderId === undefined ? [] : [remoteOrderId],
    event: null,
  };
}

const ping: WebhookEvent = { deliveryId: 'ping', tasks: [], remoteOrderIds: [], event: 'ping' };

function isSignedWith(secret: string, body: Buffer, headers: WebhookHeaders): boolean {
  const given = Buffer.from(headerOf(headers, 'x-wc-webhook-signature'));
  const expected = Buffer.from(createHmac('sha256', secret).update(body).digest('base64'));
  return given.length === expected.length && timingSafeEqual(given, expected);
}
