import { invitationKinds, roles } from '../../../domain/people.ts';
import { attemptKinds } from '../../../domain/sign-in.ts';
import { currentUser, oneOf, secureTable, type Migration } from '../secure.ts';

/** People, their sessions and links: rows of one person, in no account. Memberships and invitations are an account's. */
export const up: Migration['up'] = async (db, dbRoles) => {
  // Verified: the person has used a link that came by mail. Before that, whoever invited may have chosen the password.
  await db.raw(`
    create table users (
      id text primary key,
      email text not null constraint users_email unique check (email = lower(email) and length(email) between 3 and 254),
      name text not null check (length(name) between 1 and 200),
      password_hash text,
      staff boolean not null default false,
      verified_at timestamptz,
      created_at timestamptz not null default now(),
      disabled_at timestamptz
    )`);
  await secureTable(db, dbRoles, {
    name: 'users',
    operations: 'select, insert, update',
    using: `id = ${currentUser}`,
    systemColumns: ['id', 'email', 'staff', 'disabled_at'],
  });

  // `ended_at` in the future: the session has a successor, and requests under way may still use it.
  // `by_link_at`: when a link began the session; null once the person has chosen a password in it.
  await db.raw(`
    create table sessions (
      id text primary key,
      user_id text not null references users,
      token_hash bytea not null unique,
      user_agent text,
      created_at timestamptz not null,
      seen_at timestamptz not null,
      expires_at timestamptz not null,
      ended_at timestamptz,
      by_link_at timestamptz,
      renews boolean not null default false
    )`);
  await db.raw('create index sessions_of_user on sessions (user_id)');
  await secureTable(db, dbRoles, {
    name: 'sessions',
    using: `user_id = ${currentUser}`,
    systemColumns: [
      'id',
      'user_id',
      'token_hash',
      'created_at',
      'seen_at',
      'expires_at',
      'ended_at',
      'by_link_at',
      'renews',
    ],
  });

  await db.raw(`
    create table sign_in_links (
      user_id text not null references users,
      token_hash bytea primary key,
      by_mail boolean not null,
      created_at timestamptz not null,
      expires_at timestamptz not null,
      used_at timestamptz
    )`);
  await db.raw('create index sign_in_links_of_user on sign_in_links (user_id)');
  await secureTable(db, dbRoles, {
    name: 'sign_in_links',
    using: `user_id = ${currentUser}`,
    systemColumns: ['user_id', 'token_hash'],
  });

  // Name and e-mail as the account sees them. The row stays after the person has left: timelines need the name.
  await db.raw(`
    create table memberships (
      account_id text not null references accounts,
      user_id text not null,
      role text not null ${oneOf('role', roles)},
      name text not null,
      email text not null,
      joined_at timestamptz not null,
      seen_at timestamptz,
      ended_at timestamptz,
      primary key (account_id, user_id)
    )`);
  await db.raw('create index memberships_of_user on memberships (user_id)');
  await secureTable(db, dbRoles, {
    name: 'memberships',
    operations: 'select, insert, update',
    systemColumns: ['account_id', 'user_id', 'role', 'seen_at', 'ended_at'],
  });
  await db.raw(`create policy memberships_own on memberships for select to ?? using (user_id = ${currentUser})`, [
    dbRoles.appRole,
  ]);

  // `created_by`: the id of a person or a key. What a person has invited is withdrawn when the person is admin no more.
  await db.raw(`
    create table invitations (
      account_id text not null references accounts,
      id text not null,
      kind text not null ${oneOf('kind', invitationKinds)},
      email text not null check (email = lower(email)),
      role text not null ${oneOf('role', roles)},
      token_hash bytea not null unique,
      created_by text not null,
      created_at timestamptz not null,
      expires_at timestamptz not null,
      sent_at timestamptz,
      accepted_at timestamptz,
      accepted_by text,
      withdrawn_at timestamptz,
      primary key (account_id, id)
    )`);
  await db.raw(
    `create unique index invitations_pending on invitations (account_id, email, kind) where accepted_at is null and withdrawn_at is null`,
  );
  await secureTable(db, dbRoles, {
    name: 'invitations',
    operations: 'select, insert, update',
    systemColumns: ['account_id', 'id', 'token_hash'],
  });

  // Rows of the pseudo account `people` (db/people/people-account.ts), as are the audit rows of sign-ins.
  await db.raw(`
    create table sign_in_attempts (
      account_id text not null,
      id text not null,
      kind text not null ${oneOf('kind', attemptKinds)},
      subject bytea not null,
      at timestamptz not null,
      primary key (account_id, id)
    )`);
  await db.raw('create index sign_in_attempts_of_subject on sign_in_attempts (account_id, kind, subject, at)');
  await db.raw('create index sign_in_attempts_by_age on sign_in_attempts (account_id, at)');
  await secureTable(db, dbRoles, { name: 'sign_in_attempts', operations: 'select, insert, delete' });
};
