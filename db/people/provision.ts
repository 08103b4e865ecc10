import type { Role } from '../../domain/people.ts';
import { later, lifetimes } from '../../domain/sign-in.ts';
import { insertAccount } from '../accounts/accounts.ts';
import { newId } from '../engine/ids.ts';
import type { Pool } from '../engine/pool.ts';
import { withAccount, withSystem, withUser } from '../engine/with-account.ts';
import { insertLink } from './links.ts';
import { changeRole, insertMember } from './memberships.ts';
import { proveEmail } from './proof.ts';
import { endSessions } from './sessions.ts';
import { hashToken, newToken } from './tokens.ts';
import { findUserId, hasUsers, insertUser, newUserId, requireOwnUser, setStaff } from './users.ts';

/** A person as the command line makes it. `staff`: left out, it stays as it is. */
export type Provisioned = {
  email: string;
  name: string;
  staff?: boolean;
  memberships: readonly { accountId: string; role: Role }[];
};

/**
 * Makes the person where the e-mail is new, and makes it a member with these roles. Who does this vouches for the e-mail: a
 * password that somebody chose for it before, without proof, opens nothing of this. @returns the person's id
 */
export async function provisionPerson(pool: Pool, person: Provisioned, now: Date): Promise<string> {
  const email = person.email.toLowerCase();
  const known = await withSystem(pool, (db) => findUserId(db, email));
  const userId = known ?? newUserId();
  const user = await withUser(pool, userId, async (db) => {
    if (!known) await insertUser(db, { email, name: person.name, passwordHash: null, verifiedAt: now });
    const before = await requireOwnUser(db);
    await proveEmail(db, before, now);
    if (person.staff !== undefined && person.staff !== before.staff) {
      await setStaff(db, person.staff);
      await endSessions(db, null, now);
    }
    return before;
  });
  for (const { accountId, role } of person.memberships)
    await withAccount(pool, accountId, async (db) => {
      await insertMember(db, { userId, name: user.name, email, role, now });
      await changeRole(db, userId, role);
    });
  return userId;
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
