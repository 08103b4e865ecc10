import { describe, expect, it } from '@jest/globals';
import knex, { type Knex } from 'knex';
import { migrate, schemaVersion } from '../../db/migrations.ts';
import { onDatabase, type ClonedDatabase } from '../support/engine/database.ts';
import { atTheEnd } from '../support/engine/for-the-file.ts';

let database: ClonedDatabase;
let owner: Knex;
onDatabase(1, (_pool, opened) => {
  database = opened;
  owner = knex({ client: 'pg', connection: database.ownerUrl });
  atTheEnd(() => owner.destroy());
});

const role = (url: string) => new URL(url).username;
const migrateAgain = () =>
  migrate({ ownerUrl: database.ownerUrl, appRole: role(database.appUrl), systemRole: role(database.systemUrl) });
const names = () => owner('schema_migrations').orderBy('id').pluck<string[]>('name');
const tables = async () => {
  const { rows } = await owner.raw<{ rows: { tablename: string }[] }>(
    `select tablename from pg_tables where schemaname = 'public' order by 1`,
  );
  return rows.map(({ tablename }) => tablename);
};

describe('the migrations', () => {
  it('fill an empty database, also when machines run them at once', async () => {
    const before = await tables();
    await owner.raw('drop schema public cascade');
    await owner.raw('create schema public');

    await Promise.all([migrateAgain(), migrateAgain(), migrateAgain()]);

    expect(await tables()).toEqual(before);
    expect((await names()).at(-1)).toBe(schemaVersion);
  });

  it('run once each: a repeat changes nothing', async () => {
    const before = await names();

    await migrateAgain();

    expect(await names()).toEqual(before);
    expect(new Set(before).size).toBe(before.length);
  });
});
