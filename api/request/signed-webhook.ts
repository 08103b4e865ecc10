import type { IncomingHttpHeaders } from 'node:http';
import { Webhook } from 'standardwebhooks';
import { DomainError } from '../../domain/errors.ts';

/** The same answer for a wrong or old signature, an unknown channel, and a channel that expects no messages. */
export const signatureInvalid = (): DomainError =>
  new DomainError('signature_invalid', 'The message is not signed with the secret of this channel, or is too old.');

const forms = {
  'webhook-id': /^[\x21-\x7e]{1,200}$/,
  // In whole seconds: the library would read the digits at the beginning and leave the rest.
  'webhook-timestamp': /^\d{1,12}$/,
  // A SHA-256 in base64, among others while a secret is replaced.
  'webhook-signature': /(?:^| )v1,[A-Za-z0-9+/]{43}=(?: |$)/,
};
const toleranceSeconds = 300;

/** The headers of a signed message, in their form. */
export type SignedHeaders = Record<keyof typeof forms, string>;

/**
 * Reads the headers of a message before its body. @throws DomainError `signature_invalid` where no body could fit them
 * @see Standard Webhooks 1.0: five minutes of tolerance
 */
export function signedHeaders(headers: IncomingHttpHeaders, now: Date): SignedHeaders {
  const signed = Object.entries(forms).map(([name, form]) => {
    const value = headers[name];
    if (typeof value !== 'string' || !form.test(value)) throw signatureInvalid();
    return [name, value] as const;
  });
  const given = Object.fromEntries(signed) as SignedHeaders;
  const age = now.getTime() / 1_000 - Number(given['webhook-timestamp']);
  if (Math.abs(age) > toleranceSeconds) throw signatureInvalid();
  return given;
}

/**
 * Checks a message byte for byte as it was sent. Signatures are compared in constant time.
 * @param secrets the current secret and, while the shop changes over, the previous secret
 * @returns the id of the delivery
 * @throws DomainError `signature_invalid`
 * @see Standard Webhooks 1.0: `whsec_` and base64, or (the companion plugin) the key itself
 */
export function verifiedDelivery(rawBody: Buffer, headers: SignedHeaders, secrets: readonly string[]): string {
  if (!secrets.some((secret) => isSignedWith(secret, rawBody, headers))) throw signatureInvalid();
  return headers['webhook-id'];
}

function isSignedWith(secret: string, rawBody: Buffer, headers: SignedHeaders): boolean {
  try {
    const webhook = secret.startsWith('whsec_') ? new Webhook(secret) : new Webhook(secret, { format: 'raw' });
    webhook.verify(rawBody, headers, { jsonParse: false });
    return true;
  } catch {
    // A stored secret may be no base64. Then no message passes.
    return false;
  }
}
