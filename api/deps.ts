import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { DocumentStore } from '../db/documents/store.ts';
import type { CrashPoint } from '../db/engine/crash-point.ts';
import type { Pool } from '../db/engine/pool.ts';
import type { Rates, Saturation } from '../domain/rate-limit.ts';
import type { Sealer } from '../db/engine/sealing.ts';
import type { Workflows } from '../temporal/client.ts';
import type { Mailer } from './people/mailer.ts';
import type { Passwords } from './people/passwords.ts';

/** All dependencies of the API. main.ts gives them, or a test. */
export type ApiDeps = {
  pool: Pool;
  workflows: Workflows;
  sealer: Sealer;
  /** Where the bytes of documents are. Left out: in Postgres. */
  documents?: DocumentStore | undefined;
  operatorKey: string;
  /** The secret under which API keys are hashed (`derivePepper`). */
  keyPepper: Buffer | string;
  /** `host:port` pairs that merchant-given URLs may reach although they are private. */
  allowedPrivateHosts: readonly string[];
  /** The address of the Temporal UI for people; tasks and dropships link to it. */
  temporalUiUrl?: string | undefined;
  temporalNamespace?: string | undefined;
  /** Adds the page at /docs. It has four megabytes, so only a serving process loads it. */
  docsPage?: ((app: App) => Promise<void>) | undefined;
  /** Adds the web portal at /portal. */
  portalPage?: ((app: App) => Promise<void>) | undefined;
  /** The portal's address for people, without a path: links in mails begin with it, and its cookies are secure. */
  publicUrl?: string | undefined;
  /** Addresses or networks of proxies: their X-Forwarded-… headers say where a request came from. */
  trustedProxies?: readonly string[] | undefined;
  /** Sends mail. Left out: links are shown to whoever asks for them, or printed. */
  mailer?: Mailer | undefined;
  /** Tests count its work. */
  passwords?: Passwords | undefined;
  logger?: FastifyBaseLogger | undefined;
  /** Whether lines of the log are lost. */
  isLogDropping?: (() => boolean) | undefined;
  now?: (() => Date) | undefined;
  /** Left out: requests are not limited. */
  rates?: Rates | undefined;
  /** When a process refuses new requests. Left out: never. */
  saturation?: Saturation | undefined;
  /** The most milliseconds in which a JSON body must arrive; tests shorten it. */
  bodyMs?: number | undefined;
  /** Milliseconds that only grow, whatever the time of day is set to. */
  clock?: (() => number) | undefined;
  /** Tests check each answer by its schema, also where the API leaves that out (api/plugins/as-built.ts). */
  checksAnswers?: boolean | undefined;
  /** Fault tests end the process here. In production it does nothing. */
  crashPoint?: CrashPoint | undefined;
};

/** `ApiDeps` with every default filled in, as routes see them: `request.server.deps`. */
export type AppDeps = ApiDeps & {
  documents: DocumentStore;
  now: () => Date;
  clock: () => number;
  isLogDropping: () => boolean;
  crashPoint: CrashPoint;
  passwords: Passwords;
};

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
