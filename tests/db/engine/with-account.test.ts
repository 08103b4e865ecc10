import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { requireOwnAccount } from '../../../db/accounts/accounts.ts';
import { actingIn, operatorAccount } from '../../../db/accounts/operator.ts';
import { planForValues } from '../../../db/engine/paging.ts';
import { createPool, type Pool } from '../../../db/engine/pool.ts';
import { insertWarehouse, listWarehouses } from '../../../db/stock/warehouses.ts';
import {
  inSavepoint,
  readInAccount,
  requireSafety,
  withAccount,
  withSystem,
  withUser,
} from '../../../db/engine/with-account.ts';
import { onDatabase, type ClonedDatabase } from '../../support/engine/database.ts';
import { namedWarehouses } from '../../support/engine/named-warehouses.ts';

let database: ClonedDatabase;
let pool: Pool;
const { names, anAccount } = namedWarehouses(() => pool);
onDatabase(5, (opened, cloned) => {
  [pool, database] = [opened, cloned];
});

describe('a transaction of an account', () => {
  it('sees and writes its own rows alone', async () => {
    await anAccount('acct_a');
    await anAccount('acct_b');

    expect(await names('acct_a')).toEqual(['of acct_a']);
    const write = withAccount(pool, 'acct_a', (db) =>
      db('warehouses').insert({ account_id: 'acct_b', id: 'wh_x', name: 'Planted' }),
    );
    await expect(write).rejects.toMatchObject({ code: '42501' });
    const changed = await withAccount(pool, 'acct_a', (db) => db('warehouses').update({ name: 'Taken' }));
    expect(changed).toBe(1);
    expect(await names('acct_b')).toEqual(['of acct_b']);
  });

  it('shows nothing without an account, also after one on the same link', async () => {
    await anAccount('acct_c');
    for (let turn = 0; turn < 10; turn += 1) {
      await names('acct_c');
      expect(await pool.app('warehouses').select('id')).toEqual([]);
      expect(await names('')).toEqual([]);
    }
  });

  it('leaks through no pool: 20 accounts, 5 links, every fifth request failing', async () => {
    const accounts = Array.from({ length: 20 }, (_, index) => `acct_p${index}`);
    for (const accountId of accounts) await anAccount(accountId);
    const total = Number(process.env['POOL_REQUESTS'] ?? 600);
    let foreign = 0;

    const one = async (index: number): Promise<void> => {
      const accountId = accounts[(index * 7) % 20]!;
      const work = withAccount(pool, accountId, async (db) => {
        const { data } = await listWarehouses(db, { limit: 50 });
        foreign += data.filter(({ name }) => name !== `of ${accountId}`).length + (data.length === 1 ? 0 : 1);
        if (index % 5 === 0) await db.raw('select 1/0');
        if (index % 7 === 0) throw new Error('given up');
      });
      await work.catch(() => undefined);
    };
    for (let begin = 0; begin < total; begin += 40) {
      await Promise.all(Array.from({ length: 40 }, (_, index) => one(begin + index)));
    }

    expect(foreign).toBe(0);
  });
});

describe('a statement of a transaction', () => {
  it('is refused once the transaction is over, so that it never runs in the next account', async () => {
    await anAccount('acct_late');
    const { db } = await withAccount(pool, 'acct_late', async (held) => ({ db: held }));

    await expect(db('warehouses').select('name')).rejects.toThrow('The transaction is over.');
    await expect(db.raw('select 1')).rejects.toThrow('The transaction is over.');
    await expect(inSavepoint(db, (inner) => inner.raw('select 1'))).rejects.toThrow('The transaction is over.');
  });

  it('that failed and was overlooked ends in a refusal, not in a COMMIT that Postgres turns into a ROLLBACK', async () => {
    const work = withAccount(pool, 'acct_a', async (db) => {
      await db.raw('select 1/0').catch(() => undefined);
      return 'done';
    });

    await expect(work).rejects.toThrow('rolled the transaction back');
  });

  it('is planned once on a link, for lists of all lengths', async () => {
    const one = createPool({ appUrl: database.appUrl, systemUrl: database.systemUrl, name: 'test', size: 1 });
    const read = (ids: string[]) => withAccount(one, 'acct_a', (db) => db('orders').whereIn('id', ids).select('id'));
    const prepared = () =>
      withAccount(one, 'acct_a', async (db) => {
        const { rows } = await db.raw<{ rows: { statement: string; used: number }[] }>(
          `select statement, generic_plans + custom_plans as used from pg_prepared_statements where statement like ?`,
          ['%"orders"%'],
        );
        return rows;
      });

    for (let length = 1; length < 5; length += 1) await read(Array.from({ length }, (_, index) => `order_${index}`));

    expect(await prepared()).toEqual([{ statement: 'select "id" from "orders" where "id" = any ($1)', used: '4' }]);
    await one.destroy();
  });

  it('that a migration made useless is prepared anew on the next attempt', async () => {
    const owner = new pg.Client({ connectionString: database.ownerUrl });
    await owner.connect();
    const one = createPool({ appUrl: database.appUrl, systemUrl: database.systemUrl, name: 'test', size: 1 });
    const read = () => withAccount(one, 'acct_m', (db) => db('warehouses').where({ account_id: 'acct_m' }).select('*'));
    await anAccount('acct_m');
    await read();

    await owner.query('alter table warehouses add column colour text');
    await expect(read()).rejects.toMatchObject({ code: '0A000', isPassing: true });

    expect(await read()).toMatchObject([{ colour: null }]);
    await owner.query('alter table warehouses drop column colour');
    await owner.end();
    await one.destroy();
  });
});

describe('a transaction that only reads', () => {
  it('plans its statements for their values where it is asked to', async () => {
    const mode = await readInAccount(pool, 'acct_plans', async (db) => {
      await planForValues(db, ['a filter']);
      return (await db.raw<{ rows: { plan_cache_mode: string }[] }>('show plan_cache_mode')).rows[0]!.plan_cache_mode;
    });

    expect(mode).toBe('force_custom_plan');
  });

  it('sees the account, and refuses each write and each row lock', async () => {
    await anAccount('acct_r');
    const reading = <T>(work: Parameters<typeof readInAccount<T>>[2]) => readInAccount(pool, 'acct_r', work);
    const readOnly = { name: 'DatabaseError', code: '25006' };

    expect((await reading((db) => listWarehouses(db, { limit: 5 }))).data).toMatchObject([{ name: 'of acct_r' }]);
    await expect(reading((db) => insertWarehouse(db, { name: 'Second' }))).rejects.toMatchObject(readOnly);
    await expect(reading((db) => db('warehouses').forUpdate().first('id'))).rejects.toMatchObject(readOnly);
    expect(await names('acct_r')).toEqual(['of acct_r']);
  });
});

describe('the operator', () => {
  it('acts in an account within its own transaction, and both roll back together', async () => {
    await anAccount('acct_d');

    const work = withAccount(pool, operatorAccount, async (db) => {
      await actingIn(db, 'acct_d', (inside) => insertWarehouse(inside, { name: 'Second' }));
      expect(db.accountId).toBe(operatorAccount);
      expect((await listWarehouses(db, { limit: 5 })).data).toEqual([]);
      throw new Error('given up');
    });

    await expect(work).rejects.toThrow('given up');
    expect(await names('acct_d')).toEqual(['of acct_d']);
  });

  it('is the only one who does', async () => {
    const work = withAccount(pool, 'acct_a', (db) => actingIn(db, 'acct_b', requireOwnAccount));

    await expect(work).rejects.toThrow('Only the operator');
  });
});

describe('the system role', () => {
  it('reads only what it was granted, and writes nothing', async () => {
    const personal = () => withSystem(pool, (db) => db('orders').select('ship_to'));
    const write = () => withSystem(pool, (db) => db('accounts').update({ name: 'Mine' }));

    await expect(personal()).rejects.toMatchObject({ code: '42501' });
    await expect(write()).rejects.toMatchObject({ code: '42501' });
  });
});

describe('a process', () => {
  it('refuses to serve as a role that row-level security does not bind', async () => {
    const unbound = createPool({ appUrl: database.ownerUrl, systemUrl: database.systemUrl, name: 'test', size: 2 });

    await expect(requireSafety(unbound)).rejects.toThrow(/Refusing to serve as/);
    await expect(requireSafety(pool)).resolves.toBeUndefined();
    await unbound.destroy();
  });

  it('refuses to serve where a crash could lose what was confirmed', async () => {
    const owner = new pg.Client({ connectionString: database.ownerUrl });
    await owner.connect();
    await owner.query(`alter database ${database.name} set synchronous_commit = off`);
    const careless = createPool({ appUrl: database.appUrl, systemUrl: database.systemUrl, name: 'test', size: 2 });

    await expect(requireSafety(careless)).rejects.toThrow(/synchronous_commit is off/);
    await owner.query(`alter database ${database.name} reset synchronous_commit`);
    await Promise.all([owner.end(), careless.destroy()]);
  });
});

/** Between us and Postgres, until it is frozen: then no byte passes, and no link breaks. */
async function aRelay(url: string) {
  let isFrozen = false;
  const sockets: Socket[] = [];
  const server = createServer((near) => {
    const far = connect(Number(new URL(url).port), '127.0.0.1');
    sockets.push(near, far);
    for (const [from, to] of [[near, far], [far, near]] as const) {
      from.on('data', (bytes) => isFrozen || to.write(bytes));
      from.on('error', () => undefined).on('close', () => to.destroy());
    }
  }); // prettier-ignore
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const through = Object.assign(new URL(url), { port: String((server.address() as AddressInfo).port) });
  return {
    url: through.href,
    freeze: (frozen: boolean) => void (isFrozen = frozen),
    close: () => (sockets.forEach((socket) => socket.destroy()), server.close()),
  };
}

describe('a Postgres that is frozen', () => {
  it('ends the calls under way within their limit, and serves once it goes on', async () => {
    const relay = await aRelay(database.appUrl);
    const frozen = createPool({
      appUrl: relay.url,
      systemUrl: database.systemUrl,
      name: 'test',
      size: 1,
      answerMs: 300,
    });
    const read = (meanwhile: () => void) =>
      withAccount(frozen, 'acct_a', async (db) => {
        await db('warehouses').select('id');
        meanwhile();
        return db('warehouses').select('id');
      });

    const cut = await read(() => relay.freeze(true)).catch((error: unknown) => error);
    relay.freeze(false);

    expect(cut).toMatchObject({ name: 'DatabaseError', isAway: true });
    await expect(read(() => undefined)).resolves.toEqual(expect.any(Array));
    await frozen.destroy();
    relay.close();
  });
});

/** Every table, with whatever rows the owner can give it for two accounts: no list that could forget one. */
describe('row-level security', () => {
  it('hides the rows of account or person B from A in every table', async () => {
    const owner = new pg.Client({ connectionString: database.ownerUrl });
    await owner.connect();
    const { rows: tables } = await owner.query<{ name: string }>(
      `select tablename as name from pg_tables where schemaname = 'public' and tablename not like 'schema_migrations%'`,
    );
    // Constraints are not what is tried here: without them a row needs no other rows.
    await owner.query(`set session_replication_role = replica`).catch(() => undefined);
    const seen: Record<string, number> = {};
    for (const { name } of tables) {
      await plant(owner, name, 'acct_hidden');
      const isPersonal = ['users', 'sessions', 'sign_in_links'].includes(name);
      const rowsFor = (id: string): Promise<unknown[]> =>
        isPersonal
          ? withUser(pool, id, (db) => db(name).select(db.raw('1')))
          : withAccount(pool, id, (db) => db(name).select(db.raw('1')));
      seen[name] = (await rowsFor('acct_seeing')).length;
      expect({ name, own: (await rowsFor('acct_hidden')).length }).toEqual({ name, own: 1 });
    }
    await owner.end();

    expect(Object.values(seen).every((count) => count === 0)).toBe(true);
    expect(tables.length).toBeGreaterThan(15);
  });
});

/** One row of made-up values by the columns' types. */
async function plant(owner: pg.Client, table: string, accountId: string): Promise<void> {
  const { rows } = await owner.query<{ name: string; type: string }>(
    `select column_name as name, data_type as type from information_schema.columns
     where table_name = $1 and is_nullable = 'NO' and column_default is null and is_identity = 'NO'
       and is_generated = 'NEVER'`,
    [table],
  );
  const checks = await owner.query<{ name: string }>(
    `select conname as name from pg_constraint where conrelid = $1::regclass and contype in ('c', 'f')`,
    [table],
  );
  for (const { name } of checks.rows) await owner.query(`alter table ${table} drop constraint "${name}"`);
  await owner.query(`alter table ${table} no force row level security`);
  await owner.query(`alter table ${table} disable trigger user`);
  const isOwner = (name: string) => /account_id$|^user_id$/.test(name) || `${table}.${name}` === 'users.id';
  const values = rows.map(({ name, type }) => (isOwner(name) ? accountId : madeUp(type)));
  await owner.query(
    `insert into ${table} (${rows.map(({ name }) => name).join(', ')}) values (${rows.map((_, index) => `$${index + 1}`).join(', ')})`,
    values,
  );
  await owner.query(`alter table ${table} force row level security`);
}

function madeUp(type: string): unknown {
  if (type === 'jsonb') return '{}';
  if (type === 'ARRAY') return [];
  if (type === 'boolean') return true;
  if (type === 'bytea') return Buffer.from('x');
  if (type.startsWith('timestamp')) return new Date(0);
  return /int/.test(type) ? 1 : 'x';
}
