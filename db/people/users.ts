import { DomainError } from '../../domain/errors.ts';
import { newId } from '../engine/ids.ts';
import { refusing } from '../engine/refusal.ts';
import type { SystemDb, UserDb } from '../engine/with-account.ts';
import { asPersonIn } from './acting.ts';
import { ownAccounts } from './memberships.ts';

export type User = {
  id: string;
  email: string;
  name: string;
  staff: boolean;
  hasPassword: boolean;
  isVerified: boolean;
  isDisabled: boolean;
};

export const newUserId = (): string => newId('user');

/** The id of the person with this e-mail, also of a disabled one. @param email in lower case */
export async function findUserId(db: SystemDb, email: string): Promise<string | undefined> {
  return (await db('users').where({ email }).first('id'))?.id;
}

/** Whether any person is there. */
export async function hasUsers(db: SystemDb): Promise<boolean> {
  return (await db('users').first('id')) !== undefined;
}

/** The person of the transaction; undefined where the id is nobody's. */
export async function findOwnUser(db: UserDb): Promise<User | undefined> {
  const row = await db('users').where({ id: db.userId }).first();
  return (
    row && {
      id: row.id,
      email: row.email,
      name: row.name,
      staff: row.staff,
      hasPassword: row.password_hash !== null,
      isVerified: row.verified_at !== null,
      isDisabled: row.disabled_at !== null,
    }
  );
}

/** @throws DomainError `unauthenticated` where the person is gone */
export async function requireOwnUser(db: UserDb): Promise<User> {
  const user = await findOwnUser(db);
  if (!user) throw new DomainError('unauthenticated', 'Sign in again.');
  return user;
}

export async function readPasswordHash(db: UserDb): Promise<string | null> {
  return (await db('users').where({ id: db.userId }).first('password_hash'))?.password_hash ?? null;
}

export async function setPasswordHash(db: UserDb, hash: string | null): Promise<void> {
  await db('users').where({ id: db.userId }).update({ password_hash: hash });
}

/** @throws DomainError `sign_in_needed` where the e-mail has a person since */
export async function insertUser(
  db: UserDb,
  user: { email: string; name: string; passwordHash: string | null; verifiedAt: Date | null },
): Promise<void> {
  const row = { id: db.userId, email: user.email, name: user.name, password_hash: user.passwordHash, verified_at: user.verifiedAt }; // prettier-ignore
  await refusing(
    db('users').insert(row),
    'users_email',
    () => new DomainError('sign_in_needed', 'This e-mail has a person already. Sign in first.'),
  );
}

export async function verifyUser(db: UserDb, now: Date): Promise<void> {
  await db('users').where({ id: db.userId }).update({ verified_at: now });
}

export async function setStaff(db: UserDb, staff: boolean): Promise<void> {
  await db('users').where({ id: db.userId }).update({ staff });
}

/** @param at null: the person may sign in again */
export async function setDisabled(db: UserDb, at: Date | null): Promise<void> {
  await db('users').where({ id: db.userId }).update({ disabled_at: at });
}

/** Each account has the name too, for its own people and timelines. */
export async function renameUser(db: UserDb, name: string): Promise<void> {
  await db('users').where({ id: db.userId }).update({ name });
  for (const accountId of await ownAccounts(db))
    await asPersonIn(db, accountId, (inAccount) =>
      inAccount('memberships').where({ user_id: db.userId }).update({ name }),
    );
}
