import cookie from '@fastify/cookie';
import Fastify, { LogController, type onSendAsyncHookHandler } from 'fastify';
import { serializerCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import { inPostgres } from '../db/documents/store.ts';
import type { ApiDeps, App } from './deps.ts';
import { createPasswords } from './people/passwords.ts';
import { setUpAuth } from './plugins/auth.ts';
import { requestMs, setUpBodyLimits } from './plugins/body-limits.ts';
import { setUpBodyParsers } from './plugins/body-parsers.ts';
import { answerBroken, refuseWithoutHost, serverOptions } from './plugins/broken-requests.ts';
import { openApiRoute, setUpOpenApi, setUpSecurityHeaders } from './plugins/docs.ts';
import { healthRoutes, setUpDraining } from './plugins/health.ts';
import { setUpIdempotency } from './plugins/idempotency.ts';
import { metricsRoute, setUpMetrics } from './plugins/metrics.ts';
import { setUpOverload } from './plugins/overload.ts';
import { sendProblem, setUpProblems } from './plugins/problems.ts';
import { setUpRateLimits } from './plugins/rate-limits.ts';
import { requestIdOf, setUpRequestLog } from './plugins/request-log.ts';
import { setUpRouteGuard } from './plugins/route-guard.ts';
import { setUpUnknownRoutes } from './plugins/unknown-routes.ts';
import { setUpUnreadBodies } from './plugins/unread-bodies.ts';
import { requestCompiler } from './plugins/validation.ts';
import { routes } from './routes.ts';

export type { ApiDeps, App } from './deps.ts';

/** The HTTP application, ready for `listen` or `inject`. It gets all its dependencies from the caller. */
export async function buildApp(deps: ApiDeps): Promise<App> {
  const app = createApp(deps);
  // The order matters: hooks that are set before the docs hold for the docs too; later hooks guard our own routes.
  setUpProblems(app);
  setUpRequestLog(app);
  setUpDraining(app);
  setUpMetrics(app);
  setUpUnreadBodies(app);
  setUpSecurityHeaders(app);
  refuseWithoutHost(app);
  setUpUnknownRoutes(app);
  setUpOverload(app);
  setUpBodyLimits(app);
  await setUpOpenApi(app);
  openApiRoute(app);
  await deps.portalPage?.(app);
  await deps.docsPage?.(app);
  setUpRouteGuard(app);
  setUpBodyParsers(app);
  await app.register(cookie);
  setUpAuth(app);
  setUpRateLimits(app);
  setUpIdempotency(app);
  healthRoutes(app);
  metricsRoute(app);
  await app.register(
    async (v1) => {
      v1.addHook('onSend', keepNone);
      for (const addRoutes of routes) await addRoutes(v1);
    },
    { prefix: '/v1' },
  );
  await app.ready();
  return app;
}

/** What a session reads stays on no disk of a shared computer, and in no cache between: nothing else marks it as private. */
const keepNone: onSendAsyncHookHandler = async (_request, reply, payload) => {
  if (!reply.hasHeader('cache-control')) void reply.header('cache-control', 'no-store');
  return payload;
};

function createApp(deps: ApiDeps): App {
  const app: App = Fastify({
    ...(deps.logger ? { loggerInstance: deps.logger } : { logger: false }),
    genReqId: requestIdOf,
    requestIdHeader: false,
    trustProxy: deps.trustedProxies?.length ? [...deps.trustedProxies] : false,
    // Fastify's log lines show URLs. Ours (request-log.ts) show route patterns.
    logController: new LogController({ disableRequestLogging: true }),
    // setUpDraining answers with `connection: close`. A 503 would break requests that keep-alive clients had under way.
    return503OnClosing: false,
    requestTimeout: requestMs,
    http: serverOptions,
    clientErrorHandler: (error, socket) => answerBroken(app, error, socket),
    frameworkErrors: (error, request, reply) => void sendProblem(error, request as never, reply as never),
  }).withTypeProvider<ZodTypeProvider>();
  app.decorate('deps', {
    ...deps,
    documents: deps.documents ?? inPostgres,
    now: deps.now ?? (() => new Date()),
    clock: deps.clock ?? (() => performance.now()),
    isLogDropping: deps.isLogDropping ?? (() => false),
    crashPoint: deps.crashPoint ?? (() => undefined),
    passwords: deps.passwords ?? createPasswords(),
  });
  app.setValidatorCompiler(requestCompiler);
  app.setSerializerCompiler(serializerCompiler);
  return app;
}
