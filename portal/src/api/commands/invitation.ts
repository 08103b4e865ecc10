import type { InvitationAcceptance } from '../../../../clients/typescript/src/index.ts';
import { got, personApi } from '../client.ts';
import type { InvitationShown } from '../queries/people.ts';
import type { Session } from '../queries/session.ts';

/** What the invitation is for. @throws ApiError `link_invalid` */
export const lookAtInvitation = (token: string): Promise<InvitationShown> =>
  got(personApi.POST('/v1/invitations/look', { body: { token } }));

/** Accepts and signs in. @throws ApiError `link_invalid`, `sign_in_needed`, `password_not_acceptable` */
export const acceptInvitation = (body: InvitationAcceptance): Promise<Session> =>
  got(personApi.POST('/v1/invitations/accept', { body }));
