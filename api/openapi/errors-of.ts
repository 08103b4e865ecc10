import type { RouteOptions } from 'fastify';
import type { z } from 'zod';
import { takesKey } from '../plugins/idempotency.ts';
import { errorCodes, type ErrorCode } from '../../domain/errors.ts';

/** The codes that an operation answers: those of its kind, and those that it declares, in the order of `errorCodes`. */
export function errorsOf(route: Pick<RouteOptions, 'method' | 'config' | 'schema'>): ErrorCode[] {
  const codes = new Set([...ofEveryRoute, ...ofKind(route), ...(route.schema?.errors ?? [])]);
  return errorCodes.filter((code) => codes.has(code));
}

const ofEveryRoute: readonly ErrorCode[] = [
  'malformed_request',
  'rate_limited',
  'overloaded',
  'database_unavailable',
  'storage_full',
  'unexpected',
];

function ofKind(route: Pick<RouteOptions, 'method' | 'config' | 'schema'>): ErrorCode[] {
  const { method, config, schema } = route;
  const isRead = method === 'GET';
  const query = schema?.querystring as z.ZodObject | undefined;
  return [
    ...when(config?.access !== 'public', 'unauthenticated'),
    ...when(config?.access !== 'public' && config?.access !== 'person', 'scope_missing', 'account_not_found'),
    ...when(query?.shape['cursor'] !== undefined, 'invalid_cursor'),
    ...when(!isRead || query !== undefined || schema?.params !== undefined, 'invalid_request'),
    ...when(!isRead, 'payload_too_large', 'request_timeout'),
    ...when(!isRead && !config?.readsRawBody, 'not_utf8'),
    ...when(!isRead && !config?.readsRawBody, 'unsupported_media_type'),
    ...when(takesKey(route), 'idempotency_key_reused', 'request_in_progress'),
  ];
}

const when = (condition: boolean, ...codes: ErrorCode[]): ErrorCode[] => (condition ? codes : []);
