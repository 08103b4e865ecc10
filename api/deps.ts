import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { CrashPoint } from '../db/engine/crash-point.ts';
import type { Pool } from '../db/engine/pool.ts';
import type { Sealer } from '../db/engine/sealing.ts';
import type { Workflows } from '../temporal/client.ts';

/** Everything the API works with, handed in by main.ts or by a test. */
export type ApiDeps = {
  pool: Pool;
  workflows: Workflows;
  sealer: Sealer;
  operatorKey: string;
  /** Under which API keys are hashed (`derivePepper`). */
  keyPepper: Buffer | string;
  /** `host:port` pairs that merchant-given URLs may reach although they are private. */
  allowedPrivateHosts: readonly string[];
  /** Where people reach the Temporal UI; tasks and dropships link to it. */
  temporalUiUrl?: string | undefined;
  temporalNamespace?: string | undefined;
  /** The page at /docs: four megabytes that only a serving process loads. */
  docsPage?: ((app: App) => Promise<void>) | undefined;
  logger?: FastifyBaseLogger | undefined;
  now?: (() => Date) | undefined;
  /** Where fault tests end the process; nothing in production. */
  crashPoint?: CrashPoint | undefined;
};

/** `ApiDeps` with every default filled in, as routes see them: `request.server.deps`. */
export type AppDeps = ApiDeps & { now: () => Date; crashPoint: CrashPoint };

export type App = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>;

declare module 'fastify' {
  interface FastifyInstance {
    deps: AppDeps;
  }
}
