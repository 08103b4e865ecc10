import type { IncomingHttpHeaders } from 'node:http';
import { Webhook } from 'standardwebhooks';
import { DomainError } from '../../domain/errors.ts';

/** The same answer for a wrong or old signature, an unknown channel, and a channel that expects no messages. */
export const signatureInvalid = (): DomainError =>
  new DomainError('signature_invalid', 'The message is not signed with the secret of this channel, or is too old.');

type SignedMessage = { rawBody: Buffer; headers: IncomingHttpHeaders };

/**
 * Checks a message byte for byte as it was sent. Signatures are compared in constant time.
 * @param secrets the current secret and, while the shop changes over, the previous secret
 * @returns the id of the delivery
 * @throws DomainError `signature_invalid`
 * @see Standard Webhooks 1.0: five minutes of tolerance, `whsec_` and base64, or (the companion plugin) the key itself
 */
export function verifiedDelivery({ rawBody, headers }: SignedMessage, secrets: readonly string[]): string {
  const signed = Object.fromEntries(
    ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) => [name, String(headers[name] ?? '')]),
  );
  const deliveryId = signed['webhook-id']!;
  if (!/^[\x21-\x7e]{1,200}$/.test(deliveryId) || !secrets.some((secret) => isSignedWith(secret, rawBody, signed)))
    throw signatureInvalid();
  return deliveryId;
}

function isSignedWith(secret: string, rawBody: Buffer, headers: Record<string, string>): boolean {
  try {
    const webhook = secret.startsWith('whsec_') ? new Webhook(secret) : new Webhook(secret, { format: 'raw' });
    webhook.verify(rawBody, headers, { jsonParse: false });
    return true;
  } catch {
    // A stored secret may be no base64. Then no message passes.
    return false;
  }
}
