import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { App } from '../deps.ts';

const saneId = /^[A-Za-z0-9._-]{1,64}$/;

export const newRequestId = (): string => `req_${randomUUID()}`;

/** The caller's own request id where it is safe to repeat and to log, or else a new one. */
export function requestIdOf(request: IncomingMessage): string {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && saneId.test(given) ? given : newRequestId();
}

/** Logs ids, route patterns, statuses and durations, but no URL: queries and paths may contain text that people typed. */
export function setUpRequestLog(app: App): void {
  app.addHook('onRequest', async (request, reply) => {
    void reply.header('x-request-id', request.id);
  });
  app.addHook('onResponse', async (request, reply) => {
    const { method, routeOptions, actor } = request;
    request.log.info(
      {
        method,
        route: routeOptions.url ?? 'unknown',
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime),
        accountId: actor?.accountId,
        keyId: actor?.keyId,
      },
      'request',
    );
  });
}
