import type { FastifyRequest } from 'fastify';
import { DomainError } from '../../domain/errors.ts';

/**
 * A cookie goes along with requests that other sites cause. So a session counts only where the browser says that our own
 * page asks: by `Sec-Fetch-Site` where it sends that, and in a change by `Origin`.
 * @throws DomainError `unauthenticated`
 */
export function assertSameOrigin({ headers, method, server }: FastifyRequest): void {
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin') throw crossSite();
  const isRead = method === 'GET' || method === 'HEAD';
  if (headers.origin === undefined && isRead) return;
  const origin = hostOf(headers.origin);
  const own = [hostOf(`http://${headers.host}`), hostOf(server.deps.publicUrl)];
  if (origin === undefined || !own.includes(origin)) throw crossSite();
}

/** `null` is the origin of a page without one, such as a file. */
const hostOf = (url: string | undefined): string | undefined =>
  url !== undefined && URL.canParse(url) ? new URL(url).host : undefined;

const crossSite = () =>
  new DomainError('unauthenticated', 'A session works only from the page of this service; programs use a key.');
