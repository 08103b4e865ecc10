import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { recordAudit } from '../../db/accounts/audit-events.ts';
import { withUser, type UserDb } from '../../db/engine/with-account.ts';
import { asPersonIn } from '../../db/people/acting.ts';
import { forgetAttempts } from '../../db/people/attempts.ts';
import { listAccountsOf } from '../../db/people/memberships.ts';
import { peopleAccount } from '../../db/people/people-account.ts';
import { endSession, insertSession, type Session } from '../../db/people/sessions.ts';
import { hashToken, newToken } from '../../db/people/tokens.ts';
import { requireOwnUser, type User } from '../../db/people/users.ts';
import { later, lifetimes, needsCurrentPassword } from '../../domain/sign-in.ts';
import { readSystem } from '../request/reading.ts';
import type { session } from '../schemas/session.ts';
import { setSessionCookie } from './session-cookie.ts';
import { authoredBy, sessionOf } from './who.ts';

export type Shown = z.output<typeof session>;
/** `by`: how the person signed in. `attempts`: those that succeeded. `before`: what the same transaction does first. */
type Beginning = {
  by: 'password' | 'link' | 'invitation';
  attempts: readonly string[];
  before?: (db: UserDb) => Promise<void>;
};

/** Signs the person in under a new token, whatever cookie the request had. @returns who is signed in */
export async function beginSession(
  request: FastifyRequest,
  reply: FastifyReply,
  { userId, by, attempts, before }: Beginning & { userId: string },
): Promise<Shown> {
  const { pool, now } = request.server.deps;
  const token = newToken();
  const at = now();
  const replaced = await sessionOf(request, null);
  const { expiresAt, user } = await withUser(pool, userId, async (db) => {
    await before?.(db);
    const person = await requireOwnUser(db);
    if (replaced?.userId === userId) await endSession(db, replaced.id, later(at, lifetimes.replacedSession));
    const userAgent = request.headers['user-agent'] ?? null;
    const { staff } = person;
    const end = await insertSession(db, { hash: hashToken(token), userAgent, staff, byLink: by === 'link', now: at });
    await asPersonIn(db, peopleAccount, async (people) => {
      await forgetAttempts(people, attempts);
      await recordAudit(people, authoredBy(userId, request), { action: 'session.started', subjectId: userId, details: { by } }); // prettier-ignore
    });
    return { expiresAt: end, user: person };
  });
  if (replaced && replaced.userId !== userId) await endOther(request, replaced);
  setSessionCookie(request, reply, { token, expiresAt });
  return shownSession(request, user, by === 'link' ? at : null);
}

/** Another person was signed in in this browser: nobody uses that session any more, and it would be in the list of devices. */
function endOther(request: FastifyRequest, { id, userId }: Session): Promise<void> {
  const { pool, now } = request.server.deps;
  return withUser(pool, userId, async (db) => {
    if (!(await endSession(db, id, now()))) return;
    await asPersonIn(db, peopleAccount, (people) =>
      recordAudit(people, authoredBy(userId, request), { action: 'session.ended', subjectId: userId }),
    );
  });
}

/** A person with the accounts. @param byLinkAt of the session */
export async function shownSession(request: FastifyRequest, user: User, byLinkAt: Date | null): Promise<Shown> {
  const accounts = await readSystem(request, (db) => listAccountsOf(db, user.id));
  const { id, name, email, staff, hasPassword } = user;
  const needsCurrent = needsCurrentPassword({ hasPassword, byLinkAt }, request.server.deps.now());
  return { user: { id, name, email, staff, hasPassword, needsCurrentPassword: needsCurrent }, accounts };
}
