import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { isStrongSecret } from '../../domain/webhook.ts';
import { headerOf, text, writeOnly, type Delivery, type WebhookHeaders } from './kind.ts';

const forms = {
  'webhook-id': /^[\x21-\x7e]{1,200}$/,
  'webhook-timestamp': /^\d{1,12}$/,
  // A SHA-256 in base64, among others while a secret is replaced.
  'webhook-signature': /(?:^| )v1,[A-Za-z0-9+/]{43}=(?: |$)/,
};
const toleranceSeconds = 300;

/**
 * Whether a body could fit these headers: each has its form, and the time is recent.
 * @see Standard Webhooks 1.0: five minutes of tolerance
 */
export function fitsSigned(headers: WebhookHeaders, now: Date): boolean {
  const haveForms = Object.entries(forms).every(([name, form]) => form.test(headerOf(headers, name)));
  const age = now.getTime() / 1_000 - Number(headerOf(headers, 'webhook-timestamp'));
  return haveForms && Math.abs(age) <= toleranceSeconds;
}

/**
 * Checks a message byte for byte as it was sent. The library for this decodes the bytes first, and reads the clock itself.
 * @returns the id of the delivery; null where none of the secrets has signed it
 * @see Standard Webhooks 1.0: `whsec_` and base64, or (a companion plugin) the key itself
 */
export function signedDelivery({ rawBody, headers, now }: Delivery, secrets: readonly string[]): string | null {
  if (!fitsSigned(headers, now)) return null;
  const id = headerOf(headers, 'webhook-id');
  const content = Buffer.concat([Buffer.from(`${id}.${headerOf(headers, 'webhook-timestamp')}.`), rawBody]);
  const given = headerOf(headers, 'webhook-signature').split(' ');
  const isGenuine = secrets.some((secret) => given.some((signature) => isSame(signature, sign(secret, content))));
  return isGenuine ? id : null;
}

function sign(secret: string, content: Buffer): string {
  const key = secret.startsWith('whsec_') ? Buffer.from(secret.slice(6), 'base64') : Buffer.from(secret);
  // A stored secret may be no base64. Then no message passes: with an empty key anybody could sign.
  return key.length === 0 ? '' : `v1,${createHmac('sha256', key).update(content).digest('base64')}`;
}

function isSame(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return b.length > 0 && a.length === b.length && timingSafeEqual(a, b);
}

const webhookSecret = text(200)
  .meta(writeOnly)
  .refine(isStrongSecret, 'must be whsec_ and at least 24 bytes in base64, or at least 24 characters');
/** As a person enters them, among the credentials. */
export const webhookSecrets = {
  webhookSecret: webhookSecret
    .optional()
    .describe('Signs the messages of the shop: `whsec_…`, or at least 24 characters.'),
  previousWebhookSecret: webhookSecret.optional().describe('Still accepted while the shop changes over.'),
};

const secretsSchema = z.looseObject({
  webhookSecret: z.string().min(1).optional(),
  previousWebhookSecret: z.string().min(1).optional(),
});

/** The current secret and, while the shop changes over, the previous one. */
export function webhookSecretsOf(credentials: unknown): string[] {
  const { webhookSecret, previousWebhookSecret } = secretsSchema.safeParse(credentials).data ?? {};
  return [webhookSecret, previousWebhookSecret].filter((secret) => secret !== undefined);
}
