import { describe, expect, it } from '@jest/globals';
import { requireOwnAccount } from '../../../db/accounts/accounts.ts';
import { createPool, type Pool } from '../../../db/engine/pool.ts';
import { planForValues } from '../../../db/engine/paging.ts';
import { insertWarehouse } from '../../../db/stock/warehouses.ts';
import { readOnce, type AccountDb } from '../../../db/engine/with-account.ts';
import { onDatabase, type ClonedDatabase } from '../../support/engine/database.ts';
import { namedWarehouses } from '../../support/engine/named-warehouses.ts';

let database: ClonedDatabase;
let pool: Pool;
const { names, anAccount } = namedWarehouses(() => pool);
onDatabase(5, (opened, cloned) => {
  [pool, database] = [opened, cloned];
});

describe('a read of one statement', () => {
  const onOneLink = async (work: (one: Pool) => Promise<void>): Promise<void> => {
    const one = createPool({ appUrl: database.appUrl, systemUrl: database.systemUrl, name: 'test', size: 1 });
    await work(one).finally(() => one.destroy());
  };
  const read = (one: Pool, accountId: string) =>
    readOnce(one, accountId, (db) => db('warehouses').pluck<string[]>('name'));
  /** What the link itself says, outside any account. */
  const leftOn = async (one: Pool) => {
    const { rows } = await one.app.raw<{ rows: object[] }>(
      `select coalesce(current_setting('app.account_id', true), '') as account,
              current_setting('transaction_read_only') as reads, current_setting('plan_cache_mode') as plans`,
    );
    return { ...rows[0], names: await one.app('warehouses').pluck<string[]>('name') };
  };
  const nothing = { account: '', reads: 'off', plans: 'auto', names: [] };

  it('sees no rows of another account, and leaves no account on its link', () =>
    onOneLink(async (one) => {
      await anAccount('acct_one');
      await anAccount('acct_other');

      for (let turn = 0; turn < 10; turn += 1) {
        expect(await read(one, 'acct_one')).toEqual(['of acct_one']);
        expect(await leftOn(one)).toEqual(nothing);
        expect(await read(one, 'acct_other')).toEqual(['of acct_other']);
        const named = (db: AccountDb) => db('warehouses').where({ account_id: 'acct_other' }).select('name');
        expect(await readOnce(one, 'acct_one', named)).toEqual([]);
        expect(await read(one, '')).toEqual([]);
      }
    }));

  it('that fails or takes too long leaves its link as it was', () =>
    onOneLink(async (one) => {
      await anAccount('acct_fails');
      const reading = (sql: string) => readOnce(one, 'acct_fails', (db) => db.raw(sql));
      const pid = async () => (await one.app.raw<{ rows: { pid: number }[] }>('select pg_backend_pid() as pid')).rows[0]!.pid; // prettier-ignore
      const before = await pid();
      await one.app.raw(`set statement_timeout = '50ms'`);

      await expect(reading('select 1/0')).rejects.toMatchObject({ name: 'DatabaseError', code: '22012' });
      await expect(reading('select pg_sleep(5)')).rejects.toMatchObject({ code: '57014', isPassing: true });

      expect(await leftOn(one)).toEqual(nothing);
      expect(await read(one, 'acct_fails')).toEqual(['of acct_fails']);
      expect(await pid()).toBe(before);
    }));

  it('refuses a write, a row lock, a second statement, and one that comes after its end', async () => {
    await anAccount('acct_once');
    const reading = <T>(work: (db: AccountDb) => Promise<T>) => readOnce(pool, 'acct_once', work);
    const readOnly = { name: 'DatabaseError', code: '25006' };

    await expect(reading((db) => insertWarehouse(db, { name: 'Second' }))).rejects.toMatchObject(readOnly);
    await expect(reading((db) => db('warehouses').forUpdate().first('id'))).rejects.toMatchObject(readOnly);
    const twice = async (db: AccountDb) => [await requireOwnAccount(db), await requireOwnAccount(db)];
    await expect(reading(twice)).rejects.toThrow('readOnce sends one statement');
    const { db: late } = await reading(async (db) => ({ db }));
    await expect(late('warehouses').select('name')).rejects.toThrow('readOnce sends one statement');
    expect(await names('acct_once')).toEqual(['of acct_once']);
  });

  it('whose link is cut says that Postgres is away, and the next one has another link', () =>
    onOneLink(async (one) => {
      await anAccount('acct_cut');

      const cut = readOnce(one, 'acct_cut', (db) => db.raw('select pg_terminate_backend(pg_backend_pid())'));

      await expect(cut).rejects.toMatchObject({ name: 'DatabaseError', isAway: true, isPassing: true });
      expect(await read(one, 'acct_cut')).toEqual(['of acct_cut']);
    }));

  it('that begins a transaction loses its link, so that no other gets its account', () =>
    onOneLink(async (one) => {
      await anAccount('acct_begins');

      await readOnce(one, 'acct_begins', (db) => db.raw('begin'));

      expect(await leftOn(one)).toEqual(nothing);
    }));

  it('is planned once on a link, and for its values where it is filtered', () =>
    onOneLink(async (one) => {
      await anAccount('acct_plan');
      const filtered = (values: unknown[]) =>
        readOnce(one, 'acct_plan', async (db) => {
          await planForValues(db, values);
          return db('orders').where({ channel_id: 'chan_1' }).select('id');
        });

      for (let turn = 0; turn < 8; turn += 1) await filtered([undefined]);
      for (let turn = 0; turn < 8; turn += 1) await filtered(['chan_1']);

      const { rows } = await one.app.raw<{ rows: object[] }>(
        `select generic_plans::int as generic, custom_plans::int as custom from pg_prepared_statements where statement like ?`,
        ['%"orders"%'],
      );
      expect(rows).toEqual([{ generic: 3, custom: 13 }]);
    }));
});
