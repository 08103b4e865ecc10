import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { signedDelivery } from '../../../activities/channels/signed-webhook.ts';

const now = new Date('2026-01-31T12:00:00Z');

function aMessage(key: Buffer, rawBody: Buffer) {
  const timestamp = String(now.getTime() / 1000);
  const content = Buffer.concat([Buffer.from(`msg_1.${timestamp}.`), rawBody]);
  const headers = {
    'webhook-id': 'msg_1',
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,${createHmac('sha256', key).update(content).digest('base64')}`,
  };
  return { rawBody, headers, now, read: () => undefined as never };
}

describe('a signed message', () => {
  it.each(['whsec_', 'whsec_~~~', ''])('passes under no secret without a key: %j', (secret) => {
    expect(signedDelivery(aMessage(Buffer.alloc(0), Buffer.from('{}')), [secret])).toBeNull();
  });

  it('is checked by its bytes, also where they are no text', () => {
    const key = Buffer.alloc(24, 7);
    const secret = `whsec_${key.toString('base64')}`;
    const message = aMessage(key, Buffer.from([0x7b, 0xff, 0x7d]));

    expect(signedDelivery(message, [secret])).toBe('msg_1');
    expect(signedDelivery({ ...message, rawBody: Buffer.from([0x7b, 0xfe, 0x7d]) }, [secret])).toBeNull();
  });
});
