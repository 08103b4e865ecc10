import { recordAudit } from '../../db/accounts/audit-events.ts';
import { listInvitations, withdrawInvitation } from '../../db/people/invitations.ts';
import type { App } from '../deps.ts';
import { accept, look } from '../people/accept-invitation.ts';
import { invite } from '../people/invite.ts';
import { authorOf, forAccount } from '../plugins/auth.ts';
import { command } from '../plugins/idempotency.ts';
import { readOne } from '../request/reading.ts';
import { answers, idParams, nothing, pageOf, pageQuery } from '../schemas/common.ts';
import {
  invitation,
  invitationAcceptance,
  invitationLook,
  invitationShown,
  issuedInvitation,
  newInvitation,
} from '../schemas/people.ts';
import { session } from '../schemas/session.ts';

const tags = ['people'];
const config = { access: forAccount('admin') };
const open = { access: 'public', takesKey: false } as const;

export function invitationRoutes(app: App): void {
  listingRoute(app);
  invitingRoute(app);
  withdrawingRoute(app);
  lookingRoute(app);
  acceptingRoute(app);
}

function listingRoute(app: App): void {
  app.get(
    '/invitations',
    {
      config,
      schema: {
        tags,
        operationId: 'listInvitations',
        summary: 'Lists the invitations',
        querystring: pageQuery,
        response: answers({ 200: pageOf(invitation) }, 'A page of invitations, without their links.'),
      },
    },
    (request) => readOne(request, (db) => listInvitations(db, request.query, app.deps.now())),
  );
}

function invitingRoute(app: App): void {
  app.post(
    '/invitations',
    {
      config,
      schema: {
        tags,
        operationId: 'createInvitation',
        summary: 'Invites a colleague, a supplier or a merchant',
        description: 'It replaces a pending invitation of the same e-mail and kind.',
        body: newInvitation,
        response: answers({ 201: issuedInvitation }, 'The invitation. It has its link where none was mailed.'),
        errors: ['member_exists', 'too_many_attempts'],
      },
    },
    (request) => invite(request, request.body),
  );
}

function withdrawingRoute(app: App): void {
  app.delete(
    '/invitations/:id',
    {
      config,
      schema: {
        tags,
        operationId: 'withdrawInvitation',
        summary: 'Withdraws an invitation',
        params: idParams,
        response: answers({ 204: nothing }, 'The link of the invitation works no more.'),
        errors: ['invitation_not_found'],
      },
    },
    (request) => {
      const { id } = request.params;
      return command(request, { status: 204 }, async (db) => {
        await withdrawInvitation(db, id, app.deps.now());
        await recordAudit(db, authorOf(request), { action: 'invitation.withdrawn', subjectId: id });
        return null;
      });
    },
  );
}

function lookingRoute(app: App): void {
  app.post(
    '/invitations/look',
    {
      config: open,
      schema: {
        tags,
        operationId: 'lookAtInvitation',
        summary: 'Reads an invitation by its link',
        description: 'Only from the portal’s own page. It does not use the link up.',
        body: invitationLook,
        response: answers({ 200: invitationShown }, 'The invitation, as the invited person sees it.'),
        errors: ['unauthenticated', 'link_invalid', 'too_many_attempts'],
      },
    },
    (request) => look(request, request.body.token),
  );
}

function acceptingRoute(app: App): void {
  app.post(
    '/invitations/accept',
    {
      config: open,
      schema: {
        tags,
        operationId: 'acceptInvitation',
        summary: 'Accepts an invitation and signs in',
        description:
          'A person whose e-mail is known is signed in already, or gives the password. ' +
          'An invitation of another company makes a connection, which is active at once.',
        body: invitationAcceptance,
        response: answers({ 200: session }, 'Who is signed in. The answer sets the cookie of the session.'),
        errors: [
          'unauthenticated',
          'sign_in_failed',
          'sign_in_needed',
          'link_invalid',
          'too_many_attempts',
          'account_not_found',
          'password_not_acceptable',
          'connection_exists',
          'connection_with_itself',
        ],
      },
    },
    (request, reply) => accept(request, reply, request.body),
  );
}
