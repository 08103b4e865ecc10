import { expect, it } from '@jest/globals';
import pg from 'pg';
import { tables, type ColumnClass } from '../../../db/engine/tables.ts';
import type { AccountDb } from '../../../db/engine/with-account.ts';
import { onDatabase } from '../../support/engine/database.ts';
import { atTheEnd } from '../../support/engine/for-the-file.ts';

let owner: pg.Client;
onDatabase(1, async (_pool, { ownerUrl }) => {
  owner = new pg.Client({ connectionString: ownerUrl });
  await owner.connect();
  atTheEnd(() => owner.end());
});

const classOf: Readonly<Record<string, ColumnClass>> = {
  text: 'text',
  _text: 'texts',
  int4: 'integer',
  int8: 'bigint',
  bool: 'boolean',
  timestamptz: 'time',
  jsonb: 'json',
  bytea: 'bytes',
};

/** knex keeps these: which migrations ran. */
const ofKnex = ['schema_migrations', 'schema_migrations_lock'];

it('every declared table and column is the one that the migrations make, and none is missing', async () => {
  const { rows } = await owner.query<{ table: string; column: string; type: string; nullable: string }>(
    `select table_name as "table", column_name as "column", udt_name as type, is_nullable as nullable
     from information_schema.columns where table_schema = 'public' and table_name <> all($1)`,
    [ofKnex],
  );
  const migrated: Record<string, Record<string, string>> = {};
  for (const { table, column, type, nullable } of rows)
    (migrated[table] ??= {})[column] = `${classOf[type] ?? type}${nullable === 'YES' ? '?' : ''}`;

  expect(tables).toEqual(migrated);
});

it('the type checker refuses a misspelt column and a value of another type', () => {
  // Never called: the type checker reports a directive that has nothing to expect.
  const refused = (db: AccountDb) => [
    // @ts-expect-error -- no such column
    db('orders').where({ numbr: '1001' }),
    // @ts-expect-error -- a number is no text
    db('orders').insert({ number: 1001 }),
    // @ts-expect-error -- it is never null
    db('orders').update({ number: null }),
  ];

  expect(refused).toBeInstanceOf(Function);
});
