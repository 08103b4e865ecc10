import { z } from 'zod';
import { invitationKinds, invitationStatuses, roles } from '../../domain/people.ts';
import { idOf, text, timeOut } from './common.ts';
import { chosenPassword, email, invitationToken } from './session.ts';

export const member = z
  .object({
    userId: z.string(),
    name: z.string(),
    email: z.string(),
    role: z.enum(roles),
    joinedAt: timeOut,
    lastSeenAt: timeOut.nullable().describe('The last use of this account by a session, to the minute.'),
  })
  .meta({ id: 'Member' });

const role = z
  .enum(roles)
  .describe('`viewer` reads; `packer` also ships and answers merchants; `member` also changes; `admin` also manages.');
export const memberChange = z.strictObject({ role }).meta({ id: 'MemberChange' });

export const invitation = z
  .object({
    id: z.string(),
    kind: z.enum(invitationKinds),
    email: z.string(),
    role: z.enum(roles),
    createdAt: timeOut,
    expiresAt: timeOut,
    status: z.enum(invitationStatuses),
    sentByMail: z.boolean(),
  })
  .meta({ id: 'Invitation' });

export const issuedInvitation = invitation
  .extend({
    link: z
      .string()
      .nullable()
      .describe('For you to pass on; shown only once. Null where it was sent by mail, and in a replay.'),
  })
  .meta({ id: 'IssuedInvitation' });

export const newInvitation = z
  .strictObject({
    email,
    kind: z
      .enum(invitationKinds)
      .describe('`member`: a colleague. `supplier`, `merchant`: another company, which is connected with yours then.'),
    role: role
      .optional()
      .describe('Of a member. Left out: `member`. The first person of another company is its admin.'),
  })
  .meta({ id: 'NewInvitation' });

export const invitationLook = z.strictObject({ token: invitationToken }).meta({ id: 'InvitationLook' });

export const invitationShown = z
  .object({
    kind: z.enum(invitationKinds),
    email: z.string(),
    role: z.enum(roles),
    accountName: z.string().describe('The account that invites.'),
    isKnown: z.boolean().describe('The e-mail has a person already, who signs in to accept.'),
    needsPassword: z
      .boolean()
      .describe('The new person must choose a password: the installation mails no sign-in links.'),
    accounts: z
      .array(z.object({ id: z.string(), name: z.string() }))
      .describe('For another company: accounts that the signed-in person may connect, as their admin.'),
  })
  .meta({ id: 'InvitationShown' });

export const invitationAcceptance = z
  .strictObject({
    token: invitationToken,
    name: text(200).optional().describe('Of the person. Needed where the e-mail is new.'),
    password: chosenPassword
      .optional()
      .describe(
        'A new person may choose one, and must where `needsPassword` says so. A known person who is not signed in gives the present one.',
      ),
    accountName: text(200).optional().describe('The company, for an account of its own.'),
    accountId: idOf('acct').optional().describe('In place of `accountName`: an account that the person is admin of.'),
  })
  .meta({ id: 'InvitationAcceptance' });
