import { invitationStatus, type InvitationKind, type Role } from '../../domain/people.ts';
import { DomainError } from '../../domain/errors.ts';
import { later, lifetimes } from '../../domain/sign-in.ts';
import { newId } from '../engine/ids.ts';
import { readPage, type Page, type PageRequest } from '../engine/paging.ts';
import type { AccountDb, SystemDb } from '../engine/with-account.ts';

export type Invitation = {
  id: string;
  kind: InvitationKind;
  email: string;
  role: Role;
  createdAt: string;
  expiresAt: string;
  status: ReturnType<typeof invitationStatus>;
  sentByMail: boolean;
};

type Row = {
  id: string;
  kind: InvitationKind;
  email: string;
  role: Role;
  created_at: Date;
  expires_at: Date;
  sent_at: Date | null;
  accepted_at: Date | null;
  withdrawn_at: Date | null;
};
const columns = ['id', 'kind', 'email', 'role', 'created_at', 'expires_at', 'sent_at', 'accepted_at', 'withdrawn_at'] as const; // prettier-ignore

const toInvitation = (row: Row, now: Date): Invitation => ({
  id: row.id,
  kind: row.kind,
  email: row.email,
  role: row.role,
  createdAt: row.created_at.toISOString(),
  expiresAt: row.expires_at.toISOString(),
  status: invitationStatus(
    { acceptedAt: row.accepted_at, withdrawnAt: row.withdrawn_at, expiresAt: row.expires_at },
    now,
  ),
  sentByMail: row.sent_at !== null,
});

/** Replaces the pending invitation of the same e-mail and kind: its link works no more. */
export async function putInvitation(
  db: AccountDb,
  invitation: { email: string; kind: InvitationKind; role: Role; hash: Buffer; createdBy: string; now: Date },
): Promise<Invitation> {
  const { email, kind, role, hash, createdBy, now } = invitation;
  const { rows } = await db.raw<{ rows: Row[] }>(
    `insert into invitations (account_id, id, kind, email, role, token_hash, created_by, created_at, expires_at)
     values (:accountId, :id, :kind, :email, :role, :hash, :createdBy, :now, :expiresAt)
     on conflict (account_id, email, kind) where accepted_at is null and withdrawn_at is null do update
     set role = excluded.role, token_hash = excluded.token_hash, created_by = excluded.created_by, created_at = excluded.created_at,
         expires_at = excluded.expires_at, sent_at = null
     returning *`,
    { accountId: db.accountId, id: newId('invitation'), kind, email, role, hash, createdBy, now, expiresAt: later(now, lifetimes.invitation) }, // prettier-ignore
  );
  return toInvitation(rows[0]!, now);
}

/** @throws DomainError `invitation_not_found` */
export async function requireInvitation(db: AccountDb, id: string, now: Date): Promise<Invitation> {
  const row = await db<Row>('invitations')
    .where({ id })
    .first(...columns);
  if (!row) throw new DomainError('invitation_not_found', `There is no invitation ${id}.`);
  return toInvitation(row, now);
}

export async function listInvitations(db: AccountDb, request: PageRequest, now: Date): Promise<Page<Invitation>> {
  const order = { column: 'created_at', idColumn: 'id' };
  return readPage<Row, Invitation>(db('invitations').select(columns), { ...request, ...order }, (row) =>
    toInvitation(row, now),
  );
}

/** Only the link of this token went by mail: another request may have replaced it meanwhile, and shown its own. */
export async function markSent(db: AccountDb, { hash, now }: { hash: Buffer; now: Date }): Promise<void> {
  await db('invitations').where({ token_hash: hash }).update({ sent_at: now });
}

/** Idempotent; an accepted invitation stays as it is. @throws DomainError `invitation_not_found` */
export async function withdrawInvitation(db: AccountDb, id: string, now: Date): Promise<void> {
  await requireInvitation(db, id, now);
  await db('invitations')
    .where({ id })
    .whereNull('accepted_at')
    .whereNull('withdrawn_at')
    .update({ withdrawn_at: now });
}

/** All that are pending by this person. @returns their ids */
export async function withdrawInvitationsBy(db: AccountDb, userId: string, now: Date): Promise<string[]> {
  const rows = await db('invitations')
    .where({ created_by: userId })
    .whereNull('accepted_at')
    .whereNull('withdrawn_at')
    .update({ withdrawn_at: now })
    .returning<{ id: string }[]>('id');
  return rows.map(({ id }) => id);
}

/** Where the invitation of a link is, in whatever status. */
export async function findInvitation(
  db: SystemDb,
  hash: Buffer,
): Promise<{ accountId: string; id: string } | undefined> {
  const row = await db('invitations').where({ token_hash: hash }).first('account_id', 'id');
  return row && { accountId: row.account_id, id: row.id };
}

/** One statement, so that of two acceptances at once only one works. @throws DomainError `link_invalid` */
export async function takeInvitation(
  db: AccountDb,
  { hash, userId, now }: { hash: Buffer; userId: string; now: Date },
): Promise<void> {
  const count = await db('invitations')
    .where({ token_hash: hash })
    .whereNull('accepted_at')
    .whereNull('withdrawn_at')
    .where('expires_at', '>', now)
    .update({ accepted_at: now, accepted_by: userId });
  if (count === 0) throw linkInvalid();
}

/** Used, too old, withdrawn and unknown are alike. */
export const linkInvalid = (): DomainError =>
  new DomainError('link_invalid', 'This link was used, is too old, or is not one of ours.');
