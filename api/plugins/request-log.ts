import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { App } from '../deps.ts';

const saneId = /^[A-Za-z0-9._-]{1,64}$/;

/** The caller's own request id where it is harmless to repeat and to log, else a new one. */
export function requestIdOf(request: IncomingMessage): string {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && saneId.test(given) ? given : `req_${randomUUID()}`;
}

/** Ids, route patterns, statuses, durations: no URL, since queries and paths may hold what people typed. */
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
