import type { FastifyReply, FastifyRequest } from 'fastify';
import { DomainError } from '../../domain/errors.ts';
import type { App } from '../deps.ts';
import { takeOfAddress } from './rate-limits.ts';

type KnownPath = { pattern: RegExp; methods: Set<string> };

/**
 * Refuses a request without a route before its body is read: 405 where the path has other methods, else 404. Call it before
 * the routes.
 */
export function setUpUnknownRoutes(app: App): void {
  const paths = new Map<string, KnownPath>();
  app.addHook('onRoute', ({ url, method }) => {
    const path = paths.get(url) ?? { pattern: patternOf(url), methods: new Set<string>() };
    for (const one of [method].flat()) path.methods.add(one);
    paths.set(url, path);
  });
  const refuse = (request: FastifyRequest, reply: FastifyReply): never => {
    const [path = ''] = request.url.split('?');
    const known = [...paths.values()].filter(({ pattern }) => pattern.test(path));
    const methods = [...new Set(known.flatMap((one) => [...one.methods]))];
    if (methods.length === 0 || methods.includes(request.method))
      throw new DomainError('route_not_found', 'There is no such route; /docs lists them all.');
    void reply.header('allow', methods.sort().join(', '));
    throw new DomainError('method_not_allowed', `This route takes ${methods.join(', ')}.`);
  };
  app.addHook('onRequest', async (request, reply) => {
    if (!request.is404) return;
    takeOfAddress(request);
    refuse(request, reply);
  });
  // A route may find that it has nothing under its address.
  app.setNotFoundHandler(refuse);
}

/** `:id` is a part of a path, `*` its rest. */
function patternOf(url: string): RegExp {
  const parts = url.split('/').map((part) => {
    if (part.startsWith(':')) return '[^/]+';
    return part === '*' ? '.*' : part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  });
  return new RegExp(`^${parts.join('/')}$`);
}
