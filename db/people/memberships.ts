import { assertAdminStays, scopesOf, type Role } from '../../domain/people.ts';
import type { Scope } from '../../domain/account.ts';
import { DomainError } from '../../domain/errors.ts';
import { later } from '../../domain/sign-in.ts';
import { sells, supplies } from '../accounts/sides.ts';
import { readPage, type Page, type PageRequest } from '../engine/paging.ts';
import type { AccountDb, SystemDb, UserDb } from '../engine/with-account.ts';

type Member = {
  userId: string;
  name: string;
  email: string;
  role: Role;
  joinedAt: string;
  lastSeenAt: string | null;
};

type Row = { user_id: string; name: string; email: string; role: Role; joined_at: Date; seen_at: Date | null };
const columns = ['user_id', 'name', 'email', 'role', 'joined_at', 'seen_at'] as const;

const toMember = (row: Row): Member => ({
  userId: row.user_id,
  name: row.name,
  email: row.email,
  role: row.role,
  joinedAt: row.joined_at.toISOString(),
  lastSeenAt: row.seen_at?.toISOString() ?? null,
});

export async function listMembers(db: AccountDb, request: PageRequest): Promise<Page<Member>> {
  const query = db('memberships').whereNull('ended_at').select(columns);
  return readPage<Row, Member>(query, { ...request, column: 'joined_at', idColumn: 'user_id' }, toMember);
}

export async function findMember(db: AccountDb, userId: string): Promise<Member | undefined> {
  const row = await db<Row>('memberships')
    .where({ user_id: userId })
    .whereNull('ended_at')
    .first(...columns);
  return row && toMember(row);
}

/** @throws DomainError `member_not_found` */
export async function requireMember(db: AccountDb, userId: string): Promise<Member> {
  const member = await findMember(db, userId);
  if (!member) throw new DomainError('member_not_found', `There is no member ${userId}.`);
  return member;
}

export async function findMemberByEmail(db: AccountDb, email: string): Promise<Member | undefined> {
  const row = await db<Row>('memberships')
    .where({ email })
    .whereNull('ended_at')
    .first(...columns);
  return row && toMember(row);
}

/** A member stays what the member is; who has left joins again. */
export async function insertMember(
  db: AccountDb,
  member: { userId: string; name: string; email: string; role: Role; now: Date },
): Promise<void> {
  const { userId, name, email, role, now } = member;
  await db.raw(
    `insert into memberships as m (account_id, user_id, role, name, email, joined_at)
     values (:accountId, :userId, :role, :name, :email, :now)
     on conflict (account_id, user_id) do update
     set role = excluded.role, name = excluded.name, email = excluded.email, joined_at = excluded.joined_at, ended_at = null
     where m.ended_at is not null`,
    { accountId: db.accountId, userId, role, name, email, now },
  );
}

/** @throws DomainError `member_not_found`, `last_admin` */
export async function changeRole(db: AccountDb, userId: string, role: Role): Promise<Member> {
  if (role !== 'admin') assertAdminStays(await lockAdmins(db), userId);
  await db('memberships').where({ user_id: userId }).whereNull('ended_at').update({ role });
  return requireMember(db, userId);
}

/** @throws DomainError `member_not_found`, `last_admin` */
export async function endMembership(db: AccountDb, userId: string, now: Date): Promise<void> {
  assertAdminStays(await lockAdmins(db), userId);
  const count = await db('memberships').where({ user_id: userId }).whereNull('ended_at').update({ ended_at: now });
  if (count === 0) throw new DomainError('member_not_found', `There is no member ${userId}.`);
}

/** Two admins who remove each other at once must not both succeed. */
async function lockAdmins(db: AccountDb): Promise<string[]> {
  const rows = await db('memberships')
    .where({ role: 'admin' })
    .whereNull('ended_at')
    .orderBy('user_id')
    .forUpdate()
    .select('user_id');
  return rows.map((row) => row.user_id);
}

/** Writes at most once a minute. */
export async function touchMember(db: AccountDb, userId: string, now: Date): Promise<void> {
  await db('memberships')
    .where({ user_id: userId })
    .whereRaw('(seen_at is null or seen_at <= ?)', [later(now, -60_000)])
    .update({ seen_at: now });
}

/** The accounts of the person of the transaction. */
export async function ownAccounts(db: UserDb): Promise<string[]> {
  const rows = await db('memberships').where({ user_id: db.userId }).whereNull('ended_at').select('account_id');
  return rows.map((row) => row.account_id);
}

type AccountOfPerson = { id: string; name: string; role: Role; scopes: Scope[]; sells: boolean; supplies: boolean };

/** By name. */
export async function listAccountsOf(db: SystemDb, userId: string): Promise<AccountOfPerson[]> {
  const { rows } = await db.raw<{ rows: Omit<AccountOfPerson, 'scopes'>[] }>(
    `select a.account_id as id, a.name, m.role,
       ${sells('a.account_id')} as sells, ${supplies('a.account_id')} as supplies
     from memberships m join accounts a on a.account_id = m.account_id
     where m.user_id = ? and m.ended_at is null
     order by a.name, a.account_id`,
    [userId],
  );
  return rows.map((row) => ({ ...row, scopes: scopesOf(row.role) }));
}
