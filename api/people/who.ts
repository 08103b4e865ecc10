import type { FastifyRequest } from 'fastify';
import type { Author } from '../../db/accounts/audit-events.ts';
import { withAccount, withUser } from '../../db/engine/with-account.ts';
import { touchMember } from '../../db/people/memberships.ts';
import { findSession, touchSession, type Session } from '../../db/people/sessions.ts';
import { hashToken } from '../../db/people/tokens.ts';
import { readSystem } from '../request/reading.ts';
import { sessionToken } from './session-cookie.ts';

/**
 * The session of the request's cookie, with the role in an account. It is read at each request, so that whoever was
 * removed or signed out is refused at once.
 * @param accountId null for none
 */
export async function sessionOf(request: FastifyRequest, accountId: string | null): Promise<Session | undefined> {
  const token = sessionToken(request);
  if (token === undefined) return undefined;
  const { now } = request.server.deps;
  const hash = hashToken(token);
  return readSystem(request, (db) => findSession(db, { hash, accountId, now: now() }));
}

/** Writes at most once a minute: otherwise each read would write. */
export async function noteUse(request: FastifyRequest, session: Session, accountId: string | null): Promise<void> {
  const { pool, now } = request.server.deps;
  const at = now();
  const isOld = (seen: Date | null) => seen === null || at.getTime() - seen.getTime() >= 60_000;
  if (isOld(session.seenAt)) await withUser(pool, session.userId, (db) => touchSession(db, session.id, at));
  if (accountId !== null && session.role !== null && isOld(session.seenInAccountAt))
    await withAccount(pool, accountId, (db) => touchMember(db, session.userId, at));
}

/** A person as the author of a change. */
export const authoredBy = (userId: string, { id }: FastifyRequest): Author => ({
  actor: { kind: 'account', id: userId },
  requestId: id,
});
