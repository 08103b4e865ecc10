import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { taskOfEvent } from '../../../domain/webhook.ts';
import { ChannelError, type WebhookEvent } from '../channel.ts';

const toleranceSeconds = 5 * 60;
const bodySchema = z.object({ type: z.string(), orderIds: z.array(z.string()).default([]) });

type Delivery = { rawBody: Uint8Array; headers: Headers };

/**
 * Checks and reads a webhook of the companion plugin.
 * @param secrets the current secret and, while it is being replaced, the previous one
 * @throws ChannelError `invalid`, field `signature`
 * @see https://www.standardwebhooks.com
 */
export function verifyWebhook({ rawBody, headers }: Delivery, secrets: string[], now: Date): WebhookEvent {
  const deliveryId = headers.get('webhook-id') ?? '';
  const timestamp = headers.get('webhook-timestamp') ?? '';
  const given = (headers.get('webhook-signature') ?? '').split(' ');
  const isRecent = /^\d+$/.test(timestamp) && Math.abs(now.getTime() / 1000 - Number(timestamp)) <= toleranceSeconds;
  if (deliveryId === '' || !isRecent) throw invalidSignature();
  const signed = Buffer.concat([Buffer.from(`${deliveryId}.${timestamp}.`), rawBody]);
  const isGenuine = secrets.some((secret) => given.some((signature) => isSame(signature, sign(secret, signed))));
  if (!isGenuine) throw invalidSignature();
  const { type, orderIds } = readBody(rawBody);
  return { deliveryId, task: taskOfEvent(type), remoteOrderIds: orderIds };
}

const invalidSignature = () => new ChannelError({ kind: 'invalid', field: 'signature', code: 'not_genuine' });

function sign(secret: string, content: Buffer): string {
  const key = secret.startsWith('whsec_') ? Buffer.from(secret.slice(6), 'base64') : Buffer.from(secret);
  return `v1,${createHmac('sha256', key).update(content).digest('base64')}`;
}

function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function readBody(rawBody: Uint8Array): z.infer<typeof bodySchema> {
  try {
    return bodySchema.parse(JSON.parse(Buffer.from(rawBody).toString('utf8')));
  } catch {
    throw new ChannelError({ kind: 'invalid', field: 'body', code: 'unreadable' });
  }
}
