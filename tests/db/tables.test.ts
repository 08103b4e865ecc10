import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { onDatabase, type ClonedDatabase } from '../support/engine/database.ts';
import { atTheEnd } from '../support/engine/for-the-file.ts';

let database: ClonedDatabase;
let owner: pg.Client;
onDatabase(1, async (_pool, opened) => {
  database = opened;
  owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
  atTheEnd(() => owner.end());
});

type Row = Record<string, unknown>;
const rowsOf = async (sql: string): Promise<Row[]> => (await owner.query<Row>(sql)).rows;
const role = (url: string) => new URL(url).username;

/** knex keeps these: which migrations ran. They hold no account's data, and the serving roles only read the first. */
const ours = `tablename not in ('schema_migrations', 'schema_migrations_lock')`;

/** Rows of one person in no account, with the column that names the person. */
const ownedByPersons: Readonly<Record<string, string>> = { sessions: 'user_id', sign_in_links: 'user_id', users: 'id' };

describe('every table', () => {
  it('has row-level security, forced, so that it binds the owner too', async () => {
    const open = await rowsOf(`
      select c.relname from pg_class c join pg_tables t on t.tablename = c.relname and t.schemaname = 'public'
      where c.relkind = 'r' and ${ours} and not (c.relrowsecurity and c.relforcerowsecurity)`);

    expect(open).toEqual([]);
  });

  it('has one policy for the serving role, that checks reads and writes against the account or the person, never null', async () => {
    const tables = await rowsOf(`select tablename from pg_tables where schemaname = 'public' and ${ours}`);
    const policies = await rowsOf(`
      select tablename, qual, with_check, cmd from pg_policies
      where ('${role(database.appUrl)}' = any (roles) or 'public' = any (roles)) and policyname <> 'memberships_own'`);

    expect(policies.map(({ tablename }) => tablename).sort()).toEqual(tables.map(({ tablename }) => tablename).sort());
    for (const { tablename, qual, with_check, cmd } of policies) {
      expect(cmd).toBe('ALL');
      expect(with_check).toBe(qual);
      const owner = ownedByPersons[String(tablename)];
      if (owner) expect(qual).toBe(`(${owner} = NULLIF(current_setting('app.user_id'::text, true), ''::text))`);
      else expect(qual).toMatch(/NULLIF\(current_setting\('app\.account_id'::text, true\), ''::text\)/);
    }
  });

  it('shows a person the own memberships, to read only', async () => {
    const own = await rowsOf(`
      select tablename, cmd, permissive, roles::text, qual, with_check from pg_policies where policyname = 'memberships_own'`);

    expect(own).toEqual([
      {
        tablename: 'memberships',
        cmd: 'SELECT',
        permissive: 'PERMISSIVE',
        roles: `{${role(database.appUrl)}}`,
        qual: `(user_id = NULLIF(current_setting('app.user_id'::text, true), ''::text))`,
        with_check: null,
      },
    ]);
  });

  it('has an account_id that is never null, but for the connections, which two accounts share, and what is a person’s', async () => {
    const without = await rowsOf(`
      select tablename from pg_tables t where schemaname = 'public' and ${ours} and not exists (
        select from information_schema.columns c
        where c.table_name = t.tablename and c.column_name = 'account_id' and c.is_nullable = 'NO')
      order by tablename collate "C"`);

    expect(without.map(({ tablename }) => tablename)).toEqual(['connections', ...Object.keys(ownedByPersons)].sort());
  });

  it('points to rows of its own account or person only: row-level security does not bind foreign keys', async () => {
    const loose = await rowsOf(`
      select con.conrelid::regclass::text as "table", con.conname
      from pg_constraint con
      where con.contype = 'f' and not exists (
        select from unnest(con.conkey, con.confkey) as pair (here, there)
        join pg_attribute a on a.attrelid = con.conrelid and a.attnum = pair.here
        join pg_attribute b on b.attrelid = con.confrelid and b.attnum = pair.there
        where (a.attname = 'account_id' and b.attname = 'account_id')
           or (a.attname = 'user_id' and b.attname = 'id' and con.confrelid = 'users'::regclass))`);

    expect(loose).toEqual([]);
  });

  it('shows the system role named columns and lets it write nothing', async () => {
    const system = role(database.systemUrl);
    const grants = await rowsOf(`
      select table_name, privilege_type from information_schema.role_table_grants
      where grantee = '${system}' and table_name not in ('schema_migrations')`);
    const columns = await rowsOf(`
      select distinct privilege_type from information_schema.column_privileges where grantee = '${system}'`);
    const personal = await rowsOf(`
      select table_name, column_name from information_schema.column_privileges
      where grantee = '${system}' and column_name in
        ('ship_to', 'bill_to', 'customer', 'customer_note', 'internal_note', 'credentials', 'settings', 'answer', 'data',
         'password_hash', 'user_agent')`);

    expect(grants).toEqual([]);
    expect(columns).toEqual([{ privilege_type: 'SELECT' }]);
    expect(personal).toEqual([]);
  });

  it('keeps its history: audit and timeline rows are neither changed nor deleted', async () => {
    const rights = await rowsOf(`
      select distinct table_name, privilege_type from information_schema.role_table_grants
      where grantee = '${role(database.appUrl)}' and table_name in ('audit_events', 'order_events')
      order by 1, 2`);

    const columns = await rowsOf(`
      select table_name, column_name from information_schema.column_privileges
      where grantee = '${role(database.appUrl)}' and table_name in ('audit_events', 'order_events')
        and privilege_type = 'UPDATE'`);

    expect(rights.map(({ privilege_type }) => privilege_type)).toEqual(['INSERT', 'SELECT', 'INSERT', 'SELECT']);
    // The note of a person, when its order is erased.
    expect(columns).toEqual([{ table_name: 'order_events', column_name: 'data' }]);
  });
});

it('the serving roles own nothing and may bypass nothing', async () => {
  const roles = `('${role(database.appUrl)}', '${role(database.systemUrl)}')`;

  const flags = await rowsOf(
    `select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication from pg_roles where rolname in ${roles}`,
  );
  const owned = await rowsOf(
    `select relname from pg_class c join pg_roles r on r.oid = c.relowner where r.rolname in ${roles}`,
  );
  const definers = await rowsOf(
    `select proname from pg_proc p join pg_namespace n on n.oid = p.pronamespace where n.nspname = 'public' and prosecdef`,
  );
  const views = await rowsOf(`select table_name from information_schema.views where table_schema = 'public'`);

  expect(flags).toHaveLength(2);
  for (const flag of flags) expect(Object.values(flag)).toEqual([false, false, false, false, false]);
  expect(owned).toEqual([]);
  expect(definers).toEqual([]);
  expect(views).toEqual([]);
});

/** The second door. A new use is a decision: add it here with the reason it cannot be an account's. */
const usesOfWithSystem: Readonly<Record<string, string>> = {
  'db/engine/with-account.ts': 'the door itself, and the schema version',
  'api/plugins/auth.ts': 'whose key is this',
  'api/request/reading.ts':
    "the operator's lists and look-ups, the account of a key, whether a counterpart exists, the names of both parties",
  'activities/labels/resume.ts': 'labels of suppliers that are parked behind the credentials of a lent label account',
  'activities/owners.ts': 'the account of the row a workflow is about',
  'activities/labels/refund-look-ups.ts': 'the void labels of all accounts whose refund is due',
  'activities/reconcile/erase-orders.ts': 'the erasures of all accounts that are due, by ids',
  'activities/reconcile/prune.ts': 'the ids of all accounts, to prune each in turn',
  'activities/reconcile/rebuild.ts':
    'the ids of all accounts, and what is to be set up, to begin all open work anew after a restore',
  'activities/reconcile/reconcile-schedules.ts': 'the channels of all accounts and how their Schedules were last seen',
  'db/dropships/fresh-starts.ts': 'whether the portals of other accounts are instant',
  'db/accounts/audit-chain.ts': 'which accounts have audit rows, to verify each',
  'db/accounts/sealed-rows.ts': 'which values were sealed with which key, by the ids of keys and rows',
  'db/people/provision.ts': 'whether there is a person with an e-mail, and whether there are any, for the command line',
  'activities/set-up.ts': 'the parties of a connection and the account of a channel that are set up',
  'activities/reconcile/sweep.ts': 'what a crash left unstarted, by ids and statuses',
};

it('only listed files see more than one account', () => {
  const root = join(import.meta.dirname, '../..');
  const rooms = ['api', 'db', 'activities', 'workers', 'standalone', 'bench', 'workflows', 'temporal', 'domain'];

  const users = rooms
    .flatMap((room) =>
      readdirSync(join(root, room), { recursive: true, encoding: 'utf8' }).map((file) => `${room}/${file}`),
    )
    .filter(
      (file) => file.endsWith('.ts') && /\bwithSystem\(|\bpool\.system\b/.test(readFileSync(join(root, file), 'utf8')),
    );

  expect(users.sort()).toEqual(Object.keys(usesOfWithSystem).sort());
});
