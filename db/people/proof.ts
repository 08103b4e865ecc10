import type { UserDb } from '../engine/with-account.ts';
import { endSessions } from './sessions.ts';
import { setPasswordHash, verifyUser, type User } from './users.ts';

/**
 * The e-mail is proven now to be the person's own. Where it was not before, a password and sessions may be those of whoever
 * made the person: they end.
 */
export async function proveEmail(db: UserDb, { isVerified }: Pick<User, 'isVerified'>, now: Date): Promise<void> {
  if (isVerified) return;
  await setPasswordHash(db, null);
  await endSessions(db, null, now);
  await verifyUser(db, now);
}
