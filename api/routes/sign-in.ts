import type { FastifyRequest } from 'fastify';
import { withUser, type UserDb } from '../../db/engine/with-account.ts';
import { linkInvalid } from '../../db/people/invitations.ts';
import { insertLink, useLink, userOfLink } from '../../db/people/links.ts';
import { proveEmail } from '../../db/people/proof.ts';
import { hashToken, newToken } from '../../db/people/tokens.ts';
import { findOwnUser, findUserId, requireOwnUser } from '../../db/people/users.ts';
import { later, lifetimes, TooManyAttempts } from '../../domain/sign-in.ts';
import { beginSession } from '../people/begin-session.ts';
import { linkPath } from '../people/links.ts';
import type { Mailer } from '../people/mailer.ts';
import { linkMail } from '../people/mails.ts';
import { attempt, checkPassword } from '../people/password-sign-in.ts';
import { assertSameOrigin } from '../people/same-origin.ts';
import { logCause } from '../plugins/problems.ts';
import { readSystem } from '../request/reading.ts';
import type { App } from '../deps.ts';
import { answers, nothing } from '../schemas/common.ts';
import { linkRequest, linkUse, session, signIn } from '../schemas/session.ts';

const tags = ['people'];
/** A repeat is another attempt, so none takes an Idempotency-Key. */
const config = { access: 'public', takesKey: false } as const;
const signedIn = answers({ 200: session }, 'Who is signed in. The answer sets the cookie of the session.');

export function signInRoutes(app: App): void {
  app.post(
    '/session',
    {
      config,
      schema: {
        tags,
        operationId: 'signIn',
        summary: 'Signs in by password',
        description:
          'Only from the portal’s own page: the request has its `Origin`. An unknown e-mail is refused alike.',
        body: signIn,
        response: signedIn,
        errors: ['unauthenticated', 'sign_in_failed', 'too_many_attempts'],
      },
    },
    async (request, reply) => {
      assertSameOrigin(request);
      const checked = await checkPassword(request, request.body);
      return beginSession(request, reply, { ...checked, by: 'password' });
    },
  );
  linkRoute(app);
  linkMailRoute(app);
}

function linkRoute(app: App): void {
  app.post(
    '/session/link',
    {
      config,
      schema: {
        tags,
        operationId: 'signInByLink',
        summary: 'Signs in by a link, once',
        description:
          'Only from the portal’s own page. A link by mail works for 15 minutes, a printed one for 24 hours.',
        body: linkUse,
        response: signedIn,
        errors: ['unauthenticated', 'link_invalid', 'too_many_attempts'],
      },
    },
    async (request, reply) => {
      assertSameOrigin(request);
      const attempts = await attempt(request, { address: request.ip });
      const hash = hashToken(request.body.token);
      const userId = await readSystem(request, (db) => userOfLink(db, hash));
      if (userId === undefined) throw linkInvalid();
      const before = (db: UserDb) => redeem(db, hash, app.deps.now());
      return beginSession(request, reply, { userId, by: 'link', attempts, before });
    },
  );
}

function linkMailRoute(app: App): void {
  app.post(
    '/session/links',
    {
      config,
      schema: {
        tags,
        operationId: 'sendSignInLink',
        summary: 'Mails a sign-in link',
        description: 'The answer does not show whether the e-mail is known. Without `SMTP_URL` nothing is sent.',
        body: linkRequest,
        response: answers({ 202: nothing }, 'Mailed, where the e-mail is known.'),
        errors: ['unauthenticated', 'too_many_attempts'],
      },
    },
    async (request, reply) => {
      assertSameOrigin(request);
      await attempt(request, { address: request.ip });
      // Not awaited: the time of the answer must not show whether the e-mail is known.
      const { mailer } = app.deps;
      if (mailer) void sendLink(request, mailer, request.body.email).catch((error) => logCause(error, request));
      void reply.status(202);
      return null;
    },
  );
}

/** Uses the link. By the first mailed link the person proves the e-mail. @throws DomainError `link_invalid` */
async function redeem(db: UserDb, hash: Buffer, now: Date): Promise<void> {
  const used = await useLink(db, hash, now);
  const user = await requireOwnUser(db);
  if (!used || user.isDisabled) throw linkInvalid();
  if (used.byMail) await proveEmail(db, user, now);
}

/** Mails a link, where the e-mail is known and did not get too many. */
async function sendLink(request: FastifyRequest, mailer: Mailer, email: string): Promise<void> {
  const { pool, now, publicUrl } = request.server.deps;
  const userId = await readSystem(request, (db) => findUserId(db, email));
  if (userId === undefined || publicUrl === undefined || !(await mayMail(request, email))) return;
  const token = newToken();
  const at = now();
  const isSent = await withUser(pool, userId, async (db) => {
    if ((await findOwnUser(db))?.isDisabled !== false) return false;
    const expiresAt = later(at, lifetimes.link);
    await insertLink(db, { hash: hashToken(token), byMail: true, now: at, expiresAt });
    return true;
  });
  if (isSent) await mailer.send(linkMail(email, publicUrl + linkPath('link', token)));
}

async function mayMail(request: FastifyRequest, email: string): Promise<boolean> {
  try {
    await attempt(request, { mail: email });
    return true;
  } catch (error) {
    if (error instanceof TooManyAttempts) return false;
    throw error;
  }
}
