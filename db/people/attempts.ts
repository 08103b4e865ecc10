import { assertMayTry, attemptWindowMs, later, type AttemptKind } from '../../domain/sign-in.ts';
import { newId } from '../engine/ids.ts';
import type { Pool } from '../engine/pool.ts';
import { withAccount, type AccountDb } from '../engine/with-account.ts';
import { peopleAccount } from './people-account.ts';

/** `subject`: a hash of the e-mail or the address. */
export type Attempt = { kind: AttemptKind; subject: Buffer };

/**
 * Counts attempts before they are made, so that many at once cannot pass the limit together.
 * @returns their ids, for `forgetAttempts` where they succeed
 * @throws TooManyAttempts and counts none
 */
export async function countAttempts(pool: Pool, attempts: readonly Attempt[], now: Date): Promise<string[]> {
  return withAccount(pool, peopleAccount, async (db) => {
    await deleteOld(db, now);
    const ids: string[] = [];
    for (const attempt of attempts) ids.push(await count(db, attempt, now));
    return ids;
  });
}

async function count(db: AccountDb, { kind, subject }: Attempt, now: Date): Promise<string> {
  await db.raw(`select pg_advisory_xact_lock(hashtextextended(?, 0))`, [`${kind} ${subject.toString('hex')}`]);
  const { rows } = await db.raw<{ rows: { count: number; oldest: Date | null }[] }>(
    `select count(*)::int as count, min(at) as oldest from sign_in_attempts
     where kind = :kind and subject = :subject and at > :since`,
    { kind, subject, since: later(now, -attemptWindowMs) },
  );
  assertMayTry(kind, rows[0]!, now);
  const id = newId('event');
  await db('sign_in_attempts').insert({ account_id: db.accountId, id, kind, subject, at: now });
  return id;
}

/** They succeeded. */
export async function forgetAttempts(db: AccountDb, ids: readonly string[]): Promise<void> {
  await db('sign_in_attempts')
    .whereIn('id', [...ids])
    .delete();
}

/** They count for a quarter of an hour; an hour leaves something to look at. */
async function deleteOld(db: AccountDb, now: Date): Promise<void> {
  await db('sign_in_attempts')
    .where('at', '<', later(now, -4 * attemptWindowMs))
    .delete();
}
