import type { CookieSerializeOptions } from '@fastify/cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';

const loopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/i;

/** On http a browser stores no secure cookie. Only on this machine may that be: elsewhere the cookie needs https. */
function isSecure({ protocol, hostname, server }: FastifyRequest): boolean {
  if (server.deps.publicUrl?.startsWith('https:')) return true;
  return protocol === 'https' || !loopback.test(hostname);
}

/** `__Host-`: browsers accept it only over https, and from this host alone. */
const nameFor = (request: FastifyRequest): string => (isSecure(request) ? '__Host-vp_session' : 'vp_session');

const options = (request: FastifyRequest): CookieSerializeOptions => ({
  httpOnly: true,
  secure: isSecure(request),
  sameSite: 'lax',
  path: '/',
});

/** The token of the session, where the request has one. */
export function sessionToken(request: FastifyRequest): string | undefined {
  const token = request.cookies[nameFor(request)];
  return token !== undefined && /^[\w-]{43}$/.test(token) ? token : undefined;
}

export function setSessionCookie(
  request: FastifyRequest,
  reply: FastifyReply,
  session: { token: string; expiresAt: Date },
): void {
  void reply.setCookie(nameFor(request), session.token, { ...options(request), expires: session.expiresAt });
}

export const clearSessionCookie = (request: FastifyRequest, reply: FastifyReply): void =>
  void reply.clearCookie(nameFor(request), options(request));
