import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import { schemaVersion } from '../../db/migrations.ts';
import { isOutOfStorage } from '../../db/engine/storage.ts';
import { requireSchema } from '../../db/engine/with-account.ts';
import type { App, AppDeps } from '../deps.ts';
import { answers } from '../schemas/common.ts';

declare module 'fastify' {
  interface FastifyInstance {
    /** Set when the process is asked to stop. It still answers requests under way; /readyz sends balancers elsewhere. */
    draining: { since: Date | null };
  }
}

const readiness = z.object({
  ready: z.boolean(),
  database: z.enum(['ok', 'not_ready']),
  temporal: z.enum(['ok', 'away']).describe('Only reported: without it, reads still work and orders are still stored.'),
  storage: z
    .enum(['ok', 'full'])
    .describe('Only reported: `full` for half a minute after Postgres refused a write for want of room.'),
  logs: z.enum(['ok', 'dropping']).describe('Only reported: whether log lines are lost, as on a full disk.'),
  draining: z.boolean(),
});

/** Each check ends within this time, so that a probe always gets an answer. */
const checkMs = 1_500;

export function healthRoutes(app: App): void {
  const { deps } = app;
  const live = { hide: true, response: answers({ 200: z.object({ status: z.literal('ok') }) }, 'The process runs.') };
  const config = { access: 'public', isUnlimited: true } as const;
  app.get('/livez', { schema: live, config }, async () => ({ status: 'ok' as const }));

  const ready = { hide: true, response: { ...answers({ 200: readiness }, 'The process serves.'), 503: readiness } };
  app.get('/readyz', { schema: ready, config }, async (_request, reply) => {
    const [database, temporal] = await Promise.all([
      within(isDatabaseReady(deps)),
      within(deps.workflows.isReachable()),
    ]);
    const draining = app.draining.since !== null;
    const isReady = database && !draining;
    void reply.code(isReady ? 200 : 503);
    return {
      ready: isReady,
      database: database ? ('ok' as const) : ('not_ready' as const),
      temporal: temporal ? ('ok' as const) : ('away' as const),
      storage: isOutOfStorage(deps.pool) ? ('full' as const) : ('ok' as const),
      logs: deps.isLogDropping() ? ('dropping' as const) : ('ok' as const),
      draining,
    };
  });
}

async function isDatabaseReady({ pool }: AppDeps): Promise<boolean> {
  try {
    await requireSchema(pool, schemaVersion);
    return true;
  } catch {
    return false;
  }
}

async function within(check: Promise<boolean>): Promise<boolean> {
  const stop = new AbortController();
  const timeout = wait(checkMs, false, { signal: stop.signal, ref: false }).catch(() => false);
  const result = await Promise.race([check, timeout]);
  stop.abort();
  return result;
}

/** While draining every answer closes its connection, so that keep-alive clients go elsewhere without a cut. */
export function setUpDraining(app: App): void {
  app.decorate('draining', { since: null });
  const { now } = app.deps;
  app.addHook('preClose', async () => {
    app.draining.since ??= now();
  });
  app.addHook('onSend', async (_request, reply, payload) => {
    if (app.draining.since !== null) void reply.header('connection', 'close');
    return payload;
  });
}
