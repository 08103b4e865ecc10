import { expect, it } from '@jest/globals';
import { insertAccount } from '../../../db/accounts/accounts.ts';
import { newId } from '../../../db/engine/ids.ts';
import type { Pool } from '../../../db/engine/pool.ts';
import { withAccount, withSystem, withUser, type UserDb } from '../../../db/engine/with-account.ts';
import { asPersonIn } from '../../../db/people/acting.ts';
import { printedLink, provisionPerson } from '../../../db/people/provision.ts';
import { insertSession } from '../../../db/people/sessions.ts';
import { hashToken, newToken } from '../../../db/people/tokens.ts';
import { onDatabase } from '../../support/engine/database.ts';

let pool: Pool;
onDatabase(4, (opened) => (pool = opened));
const now = new Date('2026-05-01T12:00:00.000Z');

async function anAccount(): Promise<string> {
  const id = newId('account');
  await withAccount(pool, id, (db) => insertAccount(db, 'A company'));
  return id;
}

async function aPerson(...accounts: string[]): Promise<string> {
  const email = `${newToken().toLowerCase()}@shop.example`;
  const memberships = accounts.map((accountId) => ({ accountId, role: 'viewer' as const }));
  const id = await provisionPerson(pool, { email, name: 'Kim', memberships }, now);
  await printedLink(pool, id, now);
  await withUser(pool, id, (db) =>
    insertSession(db, { hash: hashToken(newToken()), userAgent: null, staff: false, byLink: false, now }),
  );
  return id;
}

const personal = ['users', 'sessions', 'sign_in_links', 'memberships'] as const;

it('a person sees the own rows only', async () => {
  const account = await anAccount();
  const [kim, dana] = [await aPerson(account), await aPerson(account)];

  const seen = await withUser(pool, kim, async (db) => {
    const counts: unknown[] = [];
    for (const table of personal) counts.push((await db(table).select()).length);
    return { counts, text: JSON.stringify(await db('users').select('id')) };
  });

  expect(seen).toEqual({ counts: [1, 1, 1, 1], text: JSON.stringify([{ id: kim }]) });
  expect(dana).not.toBe(kim);
});

it('a person sees no row of an account, and an account none of a person', async () => {
  const account = await anAccount();
  const kim = await aPerson(account);

  await withUser(pool, kim, async (db) => {
    for (const table of ['accounts', 'orders', 'api_keys', 'invitations', 'audit_events'] as const)
      expect([table, await db(table).select()]).toEqual([table, []]);
  });
  await withAccount(pool, account, async (db) => {
    for (const table of ['users', 'sessions', 'sign_in_links'] as const)
      expect([table, await db(table).select()]).toEqual([table, []]);
    expect(await db('memberships').select('user_id')).toEqual([{ user_id: kim }]);
  });
});

it('a person changes no membership, not even the own', async () => {
  const account = await anAccount();
  const kim = await aPerson(account);

  const changed = await withUser(pool, kim, (db) =>
    db('memberships').where({ user_id: kim }).update({ role: 'admin' }),
  );
  expect(changed).toBe(0);
  const join = withUser(pool, kim, async (db) => {
    await db.raw(
      `insert into memberships (account_id, user_id, role, name, email, joined_at) values (?, ?, 'admin', 'Kim', 'k@x', now())`,
      [await anAccount(), kim],
    );
  });
  await expect(join).rejects.toMatchObject({ code: '42501' });
});

it('a person writes no row of another person', async () => {
  const [kim, dana] = [await aPerson(), await aPerson()];
  const asKim = <T>(work: (db: UserDb) => Promise<T>) => withUser(pool, kim, work);

  expect(await asKim((db) => db('users').where({ id: dana }).update({ name: 'x' }))).toBe(0);
  expect(await asKim((db) => db('sessions').where({ user_id: dana }).delete())).toBe(0);
  const forged = asKim((db) =>
    db('sign_in_links').insert({
      user_id: dana,
      token_hash: hashToken(newToken()),
      by_mail: false,
      created_at: now,
      expires_at: now,
    }),
  );
  await expect(forged).rejects.toMatchObject({ code: '42501' });
});

it('the system role reads no password, no token and no name of a person', async () => {
  await aPerson();
  for (const statement of [
    'select password_hash from users',
    'select name from users',
    'select * from sessions',
    'select email from invitations',
    'select name from memberships',
    'select * from sign_in_attempts',
  ]) {
    const read = withSystem(pool, (db) => db.raw(statement));
    await expect(read).rejects.toMatchObject({ code: '42501' });
  }
});

it('acting in an account ends with it', async () => {
  const [one, two] = [await anAccount(), await anAccount()];
  const kim = await aPerson(one, two);

  await withUser(pool, kim, async (db) => {
    const inOne = await asPersonIn(db, one, (account) => account('accounts').select('account_id'));
    expect(inOne).toEqual([{ account_id: one }]);
    expect(await db('accounts').select()).toEqual([]);
    const renamed = await asPersonIn(db, two, (account) =>
      account('memberships').where({ user_id: kim }).update({ name: 'Lee' }),
    );
    expect(renamed).toBe(1);
  });
  const names = await withAccount(pool, one, (db) => db('memberships').select('name'));
  expect(names).toEqual([{ name: 'Kim' }]);
});
