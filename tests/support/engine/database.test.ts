import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { cloneDatabase, type ClonedDatabase } from './database.ts';

describe('a cloned database', () => {
  let database: ClonedDatabase;
  beforeAll(async () => {
    database = await cloneDatabase();
  });
  afterAll(() => database.drop());

  it('has the tables, and the app owns none of them', async () => {
    const client = new pg.Client({ connectionString: database.appUrl });
    await client.connect();

    const { rows } = await client.query<{ owner: string }>(
      `SELECT DISTINCT tableowner AS owner FROM pg_tables WHERE schemaname = 'public'`,
    );

    await client.end();
    expect(rows).toEqual([{ owner: 'vp_owner' }]);
  });

  it('is another one each time', async () => {
    const other = await cloneDatabase();

    expect(other.name).not.toBe(database.name);
    await other.drop();
  });
});
