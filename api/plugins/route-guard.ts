import type { RouteOptions } from 'fastify';
import { z } from 'zod';
import type { ErrorCode } from '../../domain/errors.ts';
import type { App } from '../deps.ts';
import { takesKey } from './idempotency.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Set on a route that reads its body as raw bytes (signed webhooks). It has no body schema. */
    readsRawBody?: boolean;
    /** The raw bytes of such a body, for the API document. */
    bytes?: { types: readonly string[]; description: string };
  }
  interface FastifySchema {
    /** The codes that this operation answers besides those of every operation of its kind (api/openapi/errors-of.ts). */
    errors?: readonly ErrorCode[];
  }
}

const keyHeader = z.looseObject({
  'idempotency-key': z
    .string()
    .regex(/^[\x21-\x7e](?:[\x20-\x7e]{0,253}[\x21-\x7e])?$/, 'must be 1 to 255 printable ASCII characters')
    .optional()
    .describe('Makes the request idempotent: a repeat with the same key gets the first answer.'),
});
/** The body of a command without fields: absent or empty. */
export const noBody = z.strictObject({}).nullish();

/**
 * Refuses to start the API with an incomplete route. Without an operationId a generated client has no name for its
 * function. Without declared access a route would serve every caller. Without a response schema a status would send all
 * that the handler returned. Adds the key header and the strict empty body to the routes that need them.
 */
export function setUpRouteGuard(app: App): void {
  app.addHook('onRoute', (route) => {
    const name = `${String(route.method)} ${route.url}`;
    if (route.config?.access === undefined) throw new Error(`${name} does not declare who may call it.`);
    if (!route.schema?.hide && !route.schema?.operationId) throw new Error(`${name} has no operationId.`);
    const statuses = Object.keys(route.schema?.response ?? {});
    if (!statuses.some((status) => /^2\d\d$/.test(status))) throw new Error(`${name} declares no success status.`);
    for (const needed of ['4xx', '5xx']) {
      if (!statuses.includes(needed)) throw new Error(`${name} declares no ${needed}: use answers().`);
    }
    complete(route);
  });
  // A success without a schema could leak fields; 4xx and 5xx are always declared.
  app.addHook('preSerialization', async (request, reply, payload) => {
    const { response } = request.routeOptions.schema ?? {};
    const isDeclared =
      response === undefined || reply.statusCode >= 400 || String(reply.statusCode) in (response as object);
    if (!isDeclared)
      throw new Error(`${request.routeOptions.url} sends ${reply.statusCode}, which it does not declare.`);
    return payload;
  });
}

function complete(route: RouteOptions): void {
  const { schema } = route;
  const method = String(route.method);
  if (!schema || !['POST', 'PUT', 'PATCH', 'DELETE'].includes(method) || route.config?.readsRawBody) return;
  schema.body ??= noBody;
  if (takesKey(route)) schema.headers ??= keyHeader;
}
