import { DomainError } from '../../domain/errors.ts';
import type { App } from '../deps.ts';
import { answers, nothing } from '../schemas/common.ts';
import { linkRequest, linkUse, session, signIn } from '../schemas/session.ts';

const tags = ['people'];
/** A repeat is another attempt, so none takes an Idempotency-Key. */
const config = { access: 'public', takesKey: false } as const;
const signedIn = answers({ 200: session }, 'Who is signed in. The answer sets the cookie of the session.');
const notYet = () => Promise.reject(new DomainError('unexpected', 'Not yet.'));

export function signInRoutes(app: App): void {
  app.post(
    '/session',
    {
      config,
      schema: {
        tags,
        operationId: 'signIn',
        summary: 'Signs in by password',
        body: signIn,
        response: signedIn,
        errors: ['unauthenticated', 'sign_in_failed', 'too_many_attempts'],
      },
    },
    notYet,
  );
  linkRoutes(app);
}

function linkRoutes(app: App): void {
  app.post(
    '/session/link',
    {
      config,
      schema: {
        tags,
        operationId: 'signInByLink',
        summary: 'Signs in by a link, once',
        body: linkUse,
        response: signedIn,
        errors: ['unauthenticated', 'link_invalid', 'too_many_attempts'],
      },
    },
    notYet,
  );
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
    notYet,
  );
}
