import { differenceOf, type AuditAction, type Difference } from '../../domain/audit.ts';
import type { Role } from '../../domain/people.ts';
import { later, lifetimes } from '../../domain/sign-in.ts';
import { insertAccount } from '../accounts/accounts.ts';
import { recordAudit, type Author } from '../accounts/audit-events.ts';
import { newId } from '../engine/ids.ts';
import type { Pool } from '../engine/pool.ts';
import { withAccount, withSystem, withUser, type UserDb } from '../engine/with-account.ts';
import { asPersonIn } from './acting.ts';
import { endLinks, insertLink } from './links.ts';
import { ownAccounts } from './memberships.ts';
import { peopleAccount } from './people-account.ts';
import { proveEmail } from './proof.ts';
import { joinAs, withdrawAll } from './rights.ts';
import { endSessions } from './sessions.ts';
import { hashToken, newToken } from './tokens.ts';
import { findUserId, hasUsers, insertUser, newUserId, requireOwnUser, setDisabled, setStaff } from './users.ts';

/** A person as the command line makes it. `staff`: left out, it stays as it is. */
export type Provisioned = {
  email: string;
  name: string;
  staff?: boolean;
  memberships: readonly { accountId: string; role: Role }[];
};

/** Whoever runs the installation. */
const author: Author = { actor: { kind: 'system', id: 'command-line' }, requestId: null };
const audit = (db: UserDb, action: AuditAction, change: Partial<Difference> = {}): Promise<void> =>
  asPersonIn(db, peopleAccount, (people) => recordAudit(people, author, { action, subjectId: db.userId, ...change }));

/**
 * Makes the person where the e-mail is new, and makes it a member with these roles. Who does this vouches for the e-mail: a
 * password that somebody chose for it before, without proof, opens nothing of this.
 * @returns the person's id
 * @throws DomainError `last_admin`
 */
export async function provisionPerson(pool: Pool, person: Provisioned, now: Date): Promise<string> {
  const email = person.email.toLowerCase();
  const known = await findPerson(pool, email);
  const userId = known ?? newUserId();
  const user = await withUser(pool, userId, async (db) => {
    if (!known) {
      await insertUser(db, { email, name: person.name, passwordHash: null, verifiedAt: now });
      await audit(db, 'user.created');
    }
    const before = await requireOwnUser(db);
    await proveEmail(db, before, now);
    if (person.staff !== undefined && person.staff !== before.staff) {
      await setStaff(db, person.staff);
      await endSessions(db, null, now);
      await audit(db, 'user.changed', differenceOf({ staff: before.staff }, { staff: person.staff }));
    }
    return before;
  });
  for (const { accountId, role } of person.memberships)
    await withAccount(pool, accountId, (db) => joinAs(db, author, { userId, name: user.name, email, role, now }));
  return userId;
}

/** The id of the person with this e-mail. */
export const findPerson = (pool: Pool, email: string): Promise<string | undefined> =>
  withSystem(pool, (db) => findUserId(db, email.toLowerCase()));

export const isDisabled = (pool: Pool, userId: string): Promise<boolean> =>
  withUser(pool, userId, async (db) => (await requireOwnUser(db)).isDisabled);

/** The person signs in no more: sessions, links and the invitations that the person made end. The memberships stay. */
export async function disablePerson(pool: Pool, userId: string, now: Date): Promise<void> {
  await withUser(pool, userId, async (db) => {
    if ((await requireOwnUser(db)).isDisabled) return;
    await setDisabled(db, now);
    await endSessions(db, null, now);
    await endLinks(db, now);
    await audit(db, 'user.disabled');
    for (const accountId of await ownAccounts(db))
      await asPersonIn(db, accountId, (inAccount) => withdrawAll(inAccount, author, { userId, now }));
  });
}

/** The person may sign in again, by the password or a new link. */
export async function enablePerson(pool: Pool, userId: string): Promise<void> {
  await withUser(pool, userId, async (db) => {
    if (!(await requireOwnUser(db)).isDisabled) return;
    await setDisabled(db, null);
    await audit(db, 'user.enabled');
  });
}

/** @returns the token of a link that works once, for 24 hours */
export async function printedLink(pool: Pool, userId: string, now: Date): Promise<string> {
  const token = newToken();
  const expiresAt = later(now, lifetimes.printedLink);
  await withUser(pool, userId, (db) => insertLink(db, { hash: hashToken(token), byMail: false, now, expiresAt }));
  return token;
}

/** Makes an account. @returns its id */
export async function provisionAccount(pool: Pool, name: string): Promise<string> {
  const accountId = newId('account');
  await withAccount(pool, accountId, (db) => insertAccount(db, name));
  return accountId;
}

/** Whether there is neither a person nor an account. */
export const isEmpty = (pool: Pool): Promise<boolean> =>
  withSystem(pool, async (db) => !(await hasUsers(db)) && (await db('accounts').first('account_id')) === undefined);

/** Whether anybody has ever signed in. */
export const hasAnySession = (pool: Pool): Promise<boolean> =>
  withSystem(pool, async (db) => (await db('sessions').first('id')) !== undefined);
