import { collectDefaultMetrics, Histogram, Registry } from 'prom-client';
import { z } from 'zod';
import type { App } from '../deps.ts';
import { answers } from '../schemas/common.ts';

/** Each app has its own registry: in tests, two apps run in one process. */
export function setUpMetrics(app: App): void {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const durations = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from request to answer, by route pattern and status.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 20],
    registers: [registry],
  });
  app.addHook('onResponse', async (request, reply) => {
    const labels = { method: request.method, route: request.routeOptions.url ?? 'unknown', status: reply.statusCode };
    durations.observe(labels, reply.elapsedTime / 1_000);
  });
  app.decorate('metrics', registry);
}

declare module 'fastify' {
  interface FastifyInstance {
    metrics: Registry;
  }
}

/** For the scraper on the private network, see docs/operations.md. */
export function metricsRoute(app: App): void {
  const schema = { hide: true, response: answers({ 200: z.string() }, 'Metrics in the text format of Prometheus.') };
  app.get('/metrics', { schema, config: { access: 'public', isUnlimited: true } }, async (_request, reply) => {
    void reply.type(app.metrics.contentType).serializer(String);
    return app.metrics.metrics();
  });
}
