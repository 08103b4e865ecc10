import { z } from 'zod';
import { parseFields } from '../plugins/validation.ts';
import { DomainError } from '../../domain/errors.ts';
import { assertShape } from '../request/json-shape.ts';

export const hookParams = z.strictObject({ channelId: z.string().regex(/^[\w-]{1,64}$/, 'must be an id') });

export const accepted = z.object({ status: z.literal('accepted') }).meta({ id: 'WebhookAccepted' });

/** The parameter, before it is validated with the body. @throws RequestFault */
export function channelOf(params: unknown): string {
  const parsed = parseFields(hookParams, params);
  if ('data' in parsed) return parsed.data.channelId;
  parsed.fault.validationContext = 'params';
  throw parsed.fault;
}

/**
 * @param limits.values the most fields and items
 * @throws DomainError `malformed_request`, `payload_too_large`; RequestFault with the fields
 */
export function readMessage<Body>(
  rawBody: Buffer,
  schema: z.ZodType<Body>,
  { values }: { values: number | undefined },
): Body {
  assertShape(rawBody, values);
  const parsed = parseFields(schema, jsonOf(rawBody));
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
