import { lifetimes, later } from '../../domain/sign-in.ts';
import type { Role } from '../../domain/people.ts';
import { newId } from '../engine/ids.ts';
import type { SystemDb, UserDb } from '../engine/with-account.ts';

/** A session that works, and the person's role in the account that was named. */
export type Session = {
  id: string;
  userId: string;
  staff: boolean;
  role: Role | null;
  seenAt: Date;
  /** The last use in that account. */
  seenInAccountAt: Date | null;
  /** When a link began it; null where a password did, or where the person has chosen another since. */
  byLinkAt: Date | null;
  /** The person's rights have changed: the session gets a new token. */
  renews: boolean;
};

/** Undefined where the token opens nothing now. @param request.accountId the account, or null for none */
export async function findSession(
  db: SystemDb,
  request: { hash: Buffer; accountId: string | null; now: Date },
): Promise<Session | undefined> {
  const { hash, accountId, now } = request;
  const idleSince = later(now, -lifetimes.idle);
  const { rows } = await db.raw<{ rows: Session[] }>(
    `select s.id, s.user_id as "userId", u.staff, m.role, s.seen_at as "seenAt", m.seen_at as "seenInAccountAt",
       s.by_link_at as "byLinkAt", s.renews
     from sessions s
     join users u on u.id = s.user_id and u.disabled_at is null
     left join memberships m on m.user_id = s.user_id and m.account_id = :accountId and m.ended_at is null
     where s.token_hash = :hash and s.expires_at > :now and s.seen_at > :idleSince
       and (s.ended_at is null or s.ended_at > :now)`,
    { hash, accountId, now, idleSince },
  );
  return rows[0];
}

/** @param session.hash of the token in the cookie. @returns when it ends in any case */
export async function insertSession(
  db: UserDb,
  session: { hash: Buffer; userAgent: string | null; staff: boolean; byLink: boolean; now: Date },
): Promise<Date> {
  const { hash, userAgent, staff, byLink, now } = session;
  await deleteOld(db, now);
  const expiresAt = later(now, staff ? lifetimes.staffSession : lifetimes.session);
  await db('sessions').insert({
    id: newId('session'),
    user_id: db.userId,
    token_hash: hash,
    user_agent: userAgent?.slice(0, 300) ?? null,
    created_at: now,
    seen_at: now,
    expires_at: expiresAt,
    by_link_at: byLink ? now : null,
  });
  return expiresAt;
}

/** What has ended long ago shows nothing any more. */
async function deleteOld(db: UserDb, now: Date): Promise<void> {
  const before = later(now, -lifetimes.session);
  await db.raw(`delete from sessions where user_id = :userId and (ended_at < :before or expires_at < :before)`, {
    userId: db.userId,
    before,
  });
  await db('sign_in_links').where({ user_id: db.userId }).where('expires_at', '<', before).delete();
}

/** Gives the session a new token. The old one ends after a minute. @returns when the session ends in any case */
export async function renewSession(
  db: UserDb,
  { id, hash, now }: { id: string; hash: Buffer; now: Date },
): Promise<Date | undefined> {
  const { rows } = await db.raw<{ rows: { expires_at: Date }[] }>(
    `with old as (
       update sessions set ended_at = :end, renews = false where id = :id and renews and ended_at is null returning *
     )
     insert into sessions (id, user_id, token_hash, user_agent, created_at, seen_at, expires_at, by_link_at)
     select :newId, user_id, :hash, user_agent, created_at, :now, expires_at, by_link_at from old
     returning expires_at`,
    { id, hash, now, end: later(now, lifetimes.replacedSession), newId: newId('session') },
  );
  return rows[0]?.expires_at;
}

/** At a change of the person's rights. */
export async function markRenewing(db: UserDb): Promise<void> {
  await db('sessions').where({ user_id: db.userId }).whereNull('ended_at').update({ renews: true });
}

/** The person has chosen a password: the next one needs it, also in this session. */
export async function forgetLink(db: UserDb, id: string): Promise<void> {
  await db('sessions').where({ id }).update({ by_link_at: null });
}

/** Writes at most once a minute, also where several processes see the session at once. */
export async function touchSession(db: UserDb, id: string, now: Date): Promise<void> {
  await db('sessions').where({ id }).where('seen_at', '<=', later(now, -60_000)).update({ seen_at: now });
}

/** @param at later than now where the session has a successor. @returns whether there was such a session */
export async function endSession(db: UserDb, id: string, at: Date): Promise<boolean> {
  return (await db('sessions').where({ id }).whereNull('ended_at').update({ ended_at: at })) > 0;
}

/** @param except the id of a session that stays */
export async function endSessions(db: UserDb, except: string | null, now: Date): Promise<void> {
  const { userId } = db;
  await db.raw(
    `update sessions set ended_at = :now
     where user_id = :userId and id is distinct from :except and (ended_at is null or ended_at > :now)`,
    { userId, except, now },
  );
}

type Device = { id: string; userAgent: string | null; createdAt: string; seenAt: string };

/** The last used first. */
export async function listDevices(db: UserDb, now: Date): Promise<Device[]> {
  const rows = await db('sessions')
    .where({ user_id: db.userId })
    .whereNull('ended_at')
    .where('expires_at', '>', now)
    .where('seen_at', '>', later(now, -lifetimes.idle))
    .orderBy('seen_at', 'desc')
    .limit(200);
  return rows.map((row) => ({
    id: row.id,
    userAgent: row.user_agent,
    createdAt: row.created_at.toISOString(),
    seenAt: row.seen_at.toISOString(),
  }));
}
