import { partiesOf } from '../../domain/people.ts';
import { insertAccount, requireOwnAccount } from '../accounts/accounts.ts';
import { recordAudit, type Author } from '../accounts/audit-events.ts';
import { changeConnection, insertConnection } from '../accounts/connections.ts';
import { newId } from '../engine/ids.ts';
import type { AccountDb, UserDb } from '../engine/with-account.ts';
import { asPersonIn } from './acting.ts';
import { takeInvitation, type Invitation } from './invitations.ts';
import { insertMember } from './memberships.ts';

/** Who accepts what. `account`: of another company's invitation, an account that the person is admin of, or a new name. */
export type Acceptance = {
  invitation: Invitation;
  hash: Buffer;
  inviting: string;
  person: { name: string; email: string };
  account: { id: string } | { name: string };
  author: Author;
  now: Date;
};

/**
 * The person becomes a member, or the company of the person is connected: all in the transaction of the person.
 * @returns the id of the connection whose set-up is to be started, or null
 * @throws DomainError `link_invalid`, `connection_exists`, `connection_with_itself`
 */
export async function acceptInvitation(db: UserDb, acceptance: Acceptance): Promise<string | null> {
  const { invitation, hash, inviting, now } = acceptance;
  await asPersonIn(db, inviting, async (there) => {
    await takeInvitation(there, { hash, userId: db.userId, now });
    await audit(there, acceptance, { action: 'invitation.accepted', subjectId: invitation.id });
  });
  if (invitation.kind === 'member') {
    await asPersonIn(db, inviting, (there) => join(there, db.userId, acceptance));
    return null;
  }
  return connect(db, acceptance, invitation.kind);
}

async function connect(db: UserDb, acceptance: Acceptance, kind: 'supplier' | 'merchant'): Promise<string> {
  const { account, inviting, author } = acceptance;
  const invited = 'id' in account ? account.id : newId('account');
  await asPersonIn(db, invited, async (own) => {
    if ('id' in account) return void (await requireOwnAccount(own));
    await insertAccount(own, account.name);
    await audit(own, acceptance, { action: 'account.created', subjectId: invited });
    await join(own, db.userId, acceptance);
  });
  const parties = partiesOf(kind, { inviting, invited });
  const { id } = await asPersonIn(db, inviting, async (there) => {
    const made = await insertConnection(there, { ...parties, proposedBy: inviting, status: 'pending' });
    await audit(there, acceptance, { action: 'connection.proposed', subjectId: made.id });
    return made;
  });
  await asPersonIn(db, invited, async (own) => {
    await changeConnection(own, { id, status: 'active' });
    await recordAudit(own, author, { action: 'connection.changed', subjectId: id, after: { status: 'active' } });
  });
  return id;
}

async function join(db: AccountDb, userId: string, acceptance: Acceptance): Promise<void> {
  const { person, invitation, now } = acceptance;
  const role = invitation.kind === 'member' ? invitation.role : 'admin';
  await insertMember(db, { userId, ...person, role, now });
  await audit(db, acceptance, { action: 'member.joined', subjectId: userId, after: { role } });
}

const audit = (db: AccountDb, { author }: Acceptance, event: Parameters<typeof recordAudit>[2]): Promise<void> =>
  recordAudit(db, author, event);
