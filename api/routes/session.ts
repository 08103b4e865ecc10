import type { FastifyReply, FastifyRequest } from 'fastify';
import { recordAudit } from '../../db/accounts/audit-events.ts';
import { withUser, type UserDb } from '../../db/engine/with-account.ts';
import { asPersonIn } from '../../db/people/acting.ts';
import { forgetAttempts } from '../../db/people/attempts.ts';
import { peopleAccount } from '../../db/people/people-account.ts';
import { endSession, endSessions, forgetLink, listDevices, renewSession } from '../../db/people/sessions.ts';
import { hashToken, newToken } from '../../db/people/tokens.ts';
import { renameUser, requireOwnUser, setPasswordHash } from '../../db/people/users.ts';
import { DomainError } from '../../domain/errors.ts';
import { assertGoodPassword, needsCurrentPassword } from '../../domain/sign-in.ts';
import { shownSession } from '../people/begin-session.ts';
import { checkPassword } from '../people/password-sign-in.ts';
import { clearSessionCookie, setSessionCookie } from '../people/session-cookie.ts';
import { authoredBy } from '../people/who.ts';
import type { App } from '../deps.ts';
import { answers, idParams, nothing } from '../schemas/common.ts';
import { devices, passwordChange, session, userChange } from '../schemas/session.ts';

const tags = ['people'];
const config = { access: 'person' } as const;

/** What a person does with the own session and user, in no account. */
export function sessionRoutes(app: App): void {
  ownSessionRoutes(app);
  userRoutes(app);
  listingRoute(app);
  endingRoute(app);
}

function ownSessionRoutes(app: App): void {
  app.get(
    '/session',
    {
      config,
      schema: {
        tags,
        operationId: 'getSession',
        summary: 'Reads who is signed in',
        response: answers({ 200: session }, 'Who is signed in, with the accounts of the person.'),
      },
    },
    async (request, reply) => {
      if (request.person.renews) await renew(request, reply);
      return shownSession(request, await asOwner(request, requireOwnUser), request.person.byLinkAt);
    },
  );
  app.delete(
    '/session',
    {
      config,
      schema: {
        tags,
        operationId: 'signOut',
        summary: 'Signs out',
        response: answers({ 204: nothing }, 'The session is ended, and its cookie is removed.'),
      },
    },
    async (request, reply) => {
      await signOut(request, reply);
      void reply.status(204);
      return null;
    },
  );
}

function userRoutes(app: App): void {
  app.patch(
    '/session/user',
    {
      config,
      schema: {
        tags,
        operationId: 'updateUser',
        summary: 'Changes the own name',
        body: userChange,
        response: answers({ 200: session }, 'Who is signed in, as it is now.'),
      },
    },
    async (request) => {
      await asOwner(request, (db) => renameUser(db, request.body.name));
      return shownSession(request, await asOwner(request, requireOwnUser), request.person.byLinkAt);
    },
  );
  app.put(
    '/session/password',
    {
      config,
      schema: {
        tags,
        operationId: 'changePassword',
        summary: 'Sets the own password',
        description:
          'It ends all other sessions. For 15 minutes after a sign-in by link it does not need the present one.',
        body: passwordChange,
        response: answers({ 204: nothing }, 'The password is set.'),
        errors: ['sign_in_failed', 'too_many_attempts', 'password_not_acceptable'],
      },
    },
    async (request, reply) => {
      await changePassword(request, request.body);
      void reply.status(204);
      return null;
    },
  );
}

function listingRoute(app: App): void {
  app.get(
    '/session/devices',
    {
      config,
      schema: {
        tags,
        operationId: 'listDevices',
        summary: 'Lists where the person is signed in',
        response: answers({ 200: devices }, 'The sessions that have not ended, the last used first.'),
      },
    },
    async (request) => {
      const found = await asOwner(request, (db) => listDevices(db, app.deps.now()));
      return { data: found.map((one) => ({ ...one, isCurrent: one.id === request.person.id })) };
    },
  );
}

function endingRoute(app: App): void {
  app.delete(
    '/session/devices/:id',
    {
      config,
      schema: {
        tags,
        operationId: 'endDevice',
        summary: 'Ends a session of the person',
        params: idParams,
        response: answers({ 204: nothing }, 'The session is ended.'),
        errors: ['device_not_found'],
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      await asOwner(request, async (db) => {
        if (!(await endSession(db, id, app.deps.now())))
          throw new DomainError('device_not_found', `There is no device ${id}.`);
        await audit(db, request, { action: 'session.ended', subjectId: id });
      });
      if (id === request.person.id) clearSessionCookie(request, reply);
      void reply.status(204);
      return null;
    },
  );
}

async function signOut(request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const { id } = request.person;
  await asOwner(request, async (db) => {
    await endSession(db, id, request.server.deps.now());
    await audit(db, request, { action: 'session.ended', subjectId: id });
  });
  clearSessionCookie(request, reply);
}

const asOwner = <T>(request: FastifyRequest, work: (db: UserDb) => Promise<T>): Promise<T> =>
  withUser(request.server.deps.pool, request.person.userId, work);

const audit = (
  db: UserDb,
  request: FastifyRequest,
  event: { action: 'session.ended' | 'password.changed'; subjectId: string },
): Promise<void> =>
  asPersonIn(db, peopleAccount, (people) => recordAudit(people, authoredBy(db.userId, request), event));

/** @throws DomainError `sign_in_failed`, `password_not_acceptable`, `invalid_request`; TooManyAttempts */
async function changePassword(
  request: FastifyRequest,
  { currentPassword, password }: { currentPassword?: string | undefined; password: string },
): Promise<void> {
  const { now, passwords } = request.server.deps;
  const { email, hasPassword } = await asOwner(request, requireOwnUser);
  const needsCurrent = needsCurrentPassword({ hasPassword, byLinkAt: request.person.byLinkAt }, now());
  if (needsCurrent && currentPassword === undefined) {
    const faults = [{ pointer: '/currentPassword', detail: 'is missing' }];
    throw new DomainError('invalid_request', 'Send the present password too.', faults);
  }
  assertGoodPassword(password, email);
  const { attempts } = needsCurrent
    ? await checkPassword(request, { email, password: currentPassword! })
    : { attempts: [] };
  const hash = await passwords.hash(password);
  await asOwner(request, async (db) => {
    await setPasswordHash(db, hash);
    await forgetLink(db, request.person.id);
    await endSessions(db, request.person.id, now());
    await asPersonIn(db, peopleAccount, (people) => forgetAttempts(people, attempts));
    await audit(db, request, { action: 'password.changed', subjectId: db.userId });
  });
}

/** The rights of the person have changed: another token opens the session from now on. */
async function renew(request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const token = newToken();
  const renewal = { id: request.person.id, hash: hashToken(token), now: request.server.deps.now() };
  const expiresAt = await asOwner(request, (db) => renewSession(db, renewal));
  if (expiresAt) setSessionCookie(request, reply, { token, expiresAt });
}
