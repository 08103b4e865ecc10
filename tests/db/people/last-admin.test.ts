import { expect, it } from '@jest/globals';
import { insertAccount } from '../../../db/accounts/accounts.ts';
import { newId } from '../../../db/engine/ids.ts';
import type { Pool } from '../../../db/engine/pool.ts';
import { withAccount, type AccountDb } from '../../../db/engine/with-account.ts';
import { changeRole, endMembership, insertMember } from '../../../db/people/memberships.ts';
import { onDatabase } from '../../support/engine/database.ts';
import { waitUntil } from '../../support/engine/wait-until.ts';

let pool: Pool;
onDatabase(4, (opened) => (pool = opened));
const now = new Date('2026-05-01T12:00:00.000Z');

async function withAdmins(...userIds: string[]): Promise<string> {
  const id = newId('account');
  await withAccount(pool, id, async (db) => {
    await insertAccount(db, 'A company');
    for (const userId of userIds) {
      const email = `${userId}@shop.example`;
      await insertMember(db, { userId, name: 'Kim', email, role: 'admin', now });
    }
  });
  return id;
}

const isAnyoneWaiting = async (db: AccountDb) => {
  const { rows } = await db.raw<{ rows: object[] }>(
    `select from pg_locks l join pg_database d on d.oid = coalesce(l.database, d.oid)
     where not l.granted and d.datname = current_database()`,
  );
  return rows.length > 0;
};

const removes = (db: AccountDb): Promise<unknown> => endMembership(db, 'usr_one', now);
const lowers = (db: AccountDb): Promise<unknown> => changeRole(db, 'usr_one', 'viewer');

it.each([
  ['removes', removes],
  ['lowers', lowers],
] as const)('who %s an admin waits for another who does so, and then finds the last one', async (_how, work) => {
  const account = await withAdmins('usr_one', 'usr_two');
  let second: Promise<unknown> = Promise.resolve();
  let isOver = false;

  await withAccount(pool, account, async (db) => {
    await endMembership(db, 'usr_two', now);
    second = withAccount(pool, account, work).finally(() => (isOver = true));
    second.catch(() => undefined);
    await waitUntil(async () => isOver || (await isAnyoneWaiting(db)));
  });

  await expect(second).rejects.toMatchObject({ code: 'last_admin' });
});
