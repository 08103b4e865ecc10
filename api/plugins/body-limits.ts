import type { FastifyRequest, RequestPayload, RouteOptions } from 'fastify';
import { DomainError } from '../../domain/errors.ts';
import type { App } from '../deps.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Set on a route whose body may have hundreds of items, each with many fields. */
    largeBody?: boolean;
    /** The most fields and items of a JSON body. `setUpBodyLimits` sets it. */
    mostValues?: number;
    /** Milliseconds in which a body must arrive. `setUpBodyLimits` sets it. */
    bodyMs?: number;
  }
}

/** `bytes`, and fields and items of JSON. `ms`: in which it must arrive. */
type BodyLimits = { bytes: number; values: number; ms: number };

/** Of a route that serves every caller. */
const small: BodyLimits = { bytes: 16 * 1024, values: 200, ms: 10_000 };
const usual: BodyLimits = { bytes: 256 * 1024, values: 5_000, ms: 20_000 };
/** 1,000 products, each with 15 fields and a few suppliers. A client sends more of them in several requests. */
const large: BodyLimits = { bytes: 4 * 1024 * 1024, values: 50_000, ms: 60_000 };

/** All of a request, a file too. */
export const requestMs = 300_000;

/**
 * Sets the limits of each route. Their cost is bounded before a body is read (its declared size), while it is read (its
 * size and time) and before it is parsed (api/request/json-shape.ts). Call it before the routes.
 */
export function setUpBodyLimits(app: App): void {
  const { bodyMs = Infinity } = app.deps;
  app.addHook('onRoute', (route) => {
    const { bytes, values, ms } = limitsOf(route);
    route.bodyLimit ??= bytes;
    route.config = { ...route.config, mostValues: values, bodyMs: Math.min(ms, bodyMs) };
  });
  app.addHook('preParsing', async (request, _reply, payload) => {
    // `complete` is undefined where a test injects the request.
    if (request.raw.complete === false && !isFile(request)) endInTime(request, payload);
    return payload;
  });
}

/** A file is read piece by piece: the time of the whole request bounds it. */
const isFile = ({ headers, routeOptions: { config } }: FastifyRequest): boolean =>
  config.csv !== undefined && !/^\s*application\/json\b/i.test(headers['content-type'] ?? '');

/** The parser then answers the error, and forgets what it has read. A method without a body has no parser. */
function endInTime({ raw, routeOptions: { config } }: FastifyRequest, payload: RequestPayload): void {
  const fail = () => void (payload.listenerCount('error') > 0 && payload.emit('error', tooSlow()));
  const timer = setTimeout(fail, config.bodyMs ?? usual.ms);
  for (const event of ['end', 'close']) raw.once(event, () => clearTimeout(timer));
}

function limitsOf({ config }: RouteOptions): BodyLimits {
  if (config?.largeBody || config?.csv !== undefined) return large;
  return config?.access === 'public' && !config.readsRawBody ? small : usual;
}

const tooSlow = () => new DomainError('request_timeout', 'The body did not arrive in time.');
