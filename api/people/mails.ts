import type { InvitationKind } from '../../domain/people.ts';
import type { Mail } from './mailer.ts';

/** A mail with a link that signs in. */
export const linkMail = (to: string, link: string): Mail => ({
  to,
  subject: 'Your sign-in link',
  text: `Hello,

this link signs you in to Vendor Portals. It works once, for 15 minutes:

${link}

If you did not ask for it, do nothing.
`,
});

const asks: Readonly<Record<InvitationKind, string>> = {
  member: 'invites you to its Vendor Portals account',
  supplier: 'invites you as a supplier. You will get its orders in your own account',
  merchant: 'invites you to sell its products. Your orders will reach it through your own account',
};

/** @param invitation.accountName who invites */
export const invitationMail = (
  invitation: { email: string; kind: InvitationKind; accountName: string },
  link: string,
): Mail => ({
  to: invitation.email,
  subject: `${invitation.accountName} invites you to Vendor Portals`,
  text: `Hello,

${invitation.accountName} ${asks[invitation.kind]}. Accept here within 7 days:

${link}

If you do not know this company, do nothing.
`,
});
