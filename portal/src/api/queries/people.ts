import type {
  Invitation as ApiInvitation,
  InvitationShown as ApiShown,
  Member as ApiMember,
} from '../../../../clients/typescript/src/index.ts';
import { api } from '../client.ts';
import { pagesOf } from './pages.ts';

export type Member = ApiMember;
export type Invitation = ApiInvitation;
export type InvitationShown = ApiShown;

export const membersQuery = (account: string) =>
  pagesOf([account, 'members'], ({ page, signal }) =>
    api(account).GET('/v1/members', { params: { query: page }, signal }),
  );
