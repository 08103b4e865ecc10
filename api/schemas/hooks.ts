import { z } from 'zod';
import { parseFields } from '../plugins/validation.ts';
import { DomainError } from '../../domain/errors.ts';
import { assertShape } from '../request/json-shape.ts';
import { text } from './common.ts';

/** A loose object: shops send more fields than we read, and more with each version. */
const shopMessage = z.object({ type: text(100), orderIds: z.array(text(200)).max(1_000).default([]) });
type ShopMessage = z.output<typeof shopMessage>;

export const hookParams = z.strictObject({ channelId: z.string().regex(/^[\w-]{1,64}$/, 'must be an id') });

export const accepted = z.object({ status: z.literal('accepted') }).meta({ id: 'WebhookAccepted' });

const secretsSchema = z.looseObject({
  webhookSecret: z.string().min(1).optional(),
  previousWebhookSecret: z.string().min(1).optional(),
});

/** The secrets that sign a channel's messages, from its opened credentials; empty where it expects no messages. */
export function secretsOf(credentials: unknown): string[] {
  const { webhookSecret, previousWebhookSecret } = secretsSchema.safeParse(credentials).data ?? {};
  return [webhookSecret, previousWebhookSecret].filter((secret) => secret !== undefined);
}

/** The parameter, before it is validated with the body. @throws RequestFault */
export function channelOf(params: unknown): string {
  const parsed = parseFields(hookParams, params);
  if ('data' in parsed) return parsed.data.channelId;
  parsed.fault.validationContext = 'params';
  throw parsed.fault;
}

/**
 * @param values the most fields and items
 * @throws DomainError `malformed_request`, `payload_too_large`; RequestFault with the fields
 */
export function readMessage(rawBody: Buffer, values: number | undefined): ShopMessage {
  assertShape(rawBody, values);
  const parsed = parseFields(shopMessage, jsonOf(rawBody));
  if ('fault' in parsed) throw parsed.fault;
  return parsed.data;
}

function jsonOf(rawBody: Buffer): unknown {
  try {
    return JSON.parse(rawBody.toString('utf8'));
  } catch {
    throw new DomainError('malformed_request', 'The body is not JSON.');
  }
}
