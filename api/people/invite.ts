import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { requireOwnAccount } from '../../db/accounts/accounts.ts';
import { recordAudit } from '../../db/accounts/audit-events.ts';
import { findMemberByEmail } from '../../db/people/memberships.ts';
import { markSent, putInvitation, requireInvitation, type Invitation } from '../../db/people/invitations.ts';
import { hashToken, newToken } from '../../db/people/tokens.ts';
import { DomainError } from '../../domain/errors.ts';
import { authorOf } from '../plugins/auth.ts';
import { command } from '../plugins/idempotency.ts';
import { logCause } from '../plugins/problems.ts';
import { inAccount } from '../request/reading.ts';
import type { issuedInvitation, newInvitation } from '../schemas/people.ts';
import { linkFor, linkPath } from './links.ts';
import { invitationMail } from './mails.ts';
import { attempt } from './password-sign-in.ts';

/** `token`: null in a replay, for the database does not have it. */
type Made = { id: string; token: string | null };

/** Invites, by mail where that works. @throws DomainError `member_exists`; TooManyAttempts */
export async function invite(
  request: FastifyRequest,
  { email, kind, role = 'member' }: z.output<typeof newInvitation>,
): Promise<z.output<typeof issuedInvitation>> {
  const { now: time, mailer } = request.server.deps;
  const now = time();
  if (mailer) await attempt(request, { invitation: request.actor.accountId });
  const stored = ({ id }: Made): Made => ({ id, token: null });
  const made = await command<Made>(request, { status: 201, stored }, async (db) => {
    if (kind === 'member' && (await findMemberByEmail(db, email)))
      throw new DomainError('member_exists', 'The person with this e-mail is a member already.');
    const token = newToken();
    const granted = kind === 'member' ? role : 'admin';
    const createdBy = request.actor.keyId;
    const { id } = await putInvitation(db, { email, kind, role: granted, hash: hashToken(token), createdBy, now });
    await recordAudit(db, authorOf(request), { action: 'invitation.created', subjectId: id, details: { kind, role: granted } }); // prettier-ignore
    return { id, token };
  });
  return deliver(request, made);
}

async function deliver(request: FastifyRequest, { id, token }: Made): Promise<z.output<typeof issuedInvitation>> {
  const now = request.server.deps.now();
  const { invitation, accountName } = await inAccount(request, async (db) => ({
    invitation: await requireInvitation(db, id, now),
    accountName: (await requireOwnAccount(db)).name,
  }));
  if (token === null) return { ...invitation, link: null };
  if (!(await isMailed(request, { invitation, accountName, token })))
    return { ...invitation, link: linkFor(request, linkPath('invitation', token)) };
  await inAccount(request, (db) => markSent(db, { hash: hashToken(token), now }));
  return { ...invitation, sentByMail: true, link: null };
}

/** A mail server that is away must not lose the invitation: its link is shown then. */
async function isMailed(
  request: FastifyRequest,
  { invitation, accountName, token }: { invitation: Invitation; accountName: string; token: string },
): Promise<boolean> {
  const { mailer, publicUrl } = request.server.deps;
  if (!mailer || publicUrl === undefined) return false;
  try {
    await mailer.send(invitationMail({ ...invitation, accountName }, publicUrl + linkPath('invitation', token)));
    return true;
  } catch (error) {
    logCause(error, request);
    return false;
  }
}
