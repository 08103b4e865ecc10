import type { IssuedInvitation } from '../../../../clients/typescript/src/index.ts';
import { api, got, sent } from '../client.ts';
import type { Member } from '../queries/people.ts';
import type { Role } from '../queries/session.ts';

interface Invited {
  readonly email: string;
  readonly role: Role;
}

/**
 * It replaces a pending invitation of the same e-mail. The link is in the answer where it was not mailed, and only once: no
 * Idempotency-Key, so that a repeat makes a new link. @throws ApiError `member_exists`
 */
export const inviteMember = (account: string, { email, role }: Invited): Promise<IssuedInvitation> =>
  got(api(account).POST('/v1/invitations', { body: { email, kind: 'member', role } }));

interface NewRole {
  readonly userId: string;
  readonly role: Role;
}

/** @throws ApiError `member_not_found`, `last_admin` */
export const changeRole = (account: string, { userId, role }: NewRole): Promise<Member> =>
  sent(() => api(account).PATCH('/v1/members/{id}', { params: { path: { id: userId } }, body: { role } }));

/** @throws ApiError `member_not_found`, `last_admin` */
export const removeMember = (account: string, userId: string): Promise<unknown> =>
  got(api(account).DELETE('/v1/members/{id}', { params: { path: { id: userId } } }));
