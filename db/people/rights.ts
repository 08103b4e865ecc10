import { differenceOf } from '../../domain/audit.ts';
import type { Role } from '../../domain/people.ts';
import { recordAudit, recordAudits, type Author } from '../accounts/audit-events.ts';
import type { AccountDb } from '../engine/with-account.ts';
import { withdrawInvitationsBy } from './invitations.ts';
import { changeRole, endMembership, findMember, insertMember, requireMember } from './memberships.ts';

type Member = Awaited<ReturnType<typeof changeRole>>;

/** Gives a member another role. @throws DomainError `member_not_found`, `last_admin` */
export async function giveRole(
  db: AccountDb,
  author: Author,
  { userId, role, now }: { userId: string; role: Role; now: Date },
): Promise<Member> {
  const before = await requireMember(db, userId);
  const after = await changeRole(db, userId, role);
  const difference = differenceOf({ role: before.role }, { role });
  await recordAudit(db, author, { action: 'member.changed', subjectId: userId, ...difference });
  if (role !== 'admin') await withdrawAll(db, author, { userId, now });
  return after;
}

/** Makes a person a member with this role, or gives the member this role. @throws DomainError `last_admin` */
export async function joinAs(
  db: AccountDb,
  author: Author,
  member: { userId: string; name: string; email: string; role: Role; now: Date },
): Promise<void> {
  const { userId, role } = member;
  const before = await findMember(db, userId);
  if (before && before.role !== role) await giveRole(db, author, member);
  if (before) return;
  await insertMember(db, member);
  await recordAudit(db, author, { action: 'member.joined', subjectId: userId, after: { role } });
}

/** Removes a member. @throws DomainError `member_not_found`, `last_admin` */
export async function removeMember(
  db: AccountDb,
  author: Author,
  { userId, now }: { userId: string; now: Date },
): Promise<void> {
  await endMembership(db, userId, now);
  await recordAudit(db, author, { action: 'member.removed', subjectId: userId });
  await withdrawAll(db, author, { userId, now });
}

/** Who is admin no more must not come back by an invitation of the own. */
export async function withdrawAll(
  db: AccountDb,
  author: Author,
  { userId, now }: { userId: string; now: Date },
): Promise<void> {
  const ids = await withdrawInvitationsBy(db, userId, now);
  await recordAudits(
    db,
    author,
    ids.map((id) => ({ action: 'invitation.withdrawn', subjectId: id })),
  );
}
