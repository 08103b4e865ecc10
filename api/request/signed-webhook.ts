import type { IncomingHttpHeaders } from 'node:http';
import { Webhook } from 'standardwebhooks';
import { DomainError } from '../../domain/errors.ts';

/** One answer for a wrong signature, an old one, an unknown channel and one that expects no messages. */
export const signatureInvalid = (): DomainError =>
  new DomainError('signature_invalid', 'The message is not signed with the secret of this channel, or is too old.');

export type SignedMessage = { rawBody: Buffer; headers: IncomingHttpHeaders };

/**
 * Checks a message byte for byte as it was sent; signatures are compared in constant time.
 * @param secrets the current one and, while the shop changes over, the one before
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
    // Also a secret that is no base64: whoever saved it gets no message through.
    return false;
  }
}
