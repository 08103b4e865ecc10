import type { Pool } from '../engine/pool.ts';
import { readInAccount, withAccount } from '../engine/with-account.ts';
import { lockBytes } from './documents.ts';
import type { Bucket, StoredObject } from './store.ts';

/** Time for the row to follow its bytes. */
const graceMs = 60 * 60_000;

type Ours = StoredObject & { accountId: string; sha256: Buffer };

/**
 * Deletes the objects of a bucket that no document has: of rows that are deleted, and of processes that ended between bytes and
 * row. Objects under other names are left alone. A pass that is cut off starts over with the next.
 * @returns how many objects were deleted
 */
export async function deleteOrphans(pool: Pool, bucket: Bucket, now: Date): Promise<number> {
  let deleted = 0;
  for (let after: string | undefined = ''; after !== undefined;) {
    const { objects, more }: Awaited<ReturnType<Bucket['list']>> = await bucket.list(after);
    const old = objects.flatMap(ourOwn).filter(({ modifiedAt }) => isOld(modifiedAt, now));
    for (const accountId of new Set(old.map((one) => one.accountId))) {
      const some = await withoutRow(pool, accountId, old);
      for (const one of some) deleted += Number(await deleteOrphan(pool, { bucket, one, now }));
    }
    after = more ? objects.at(-1)?.key : undefined;
  }
  return deleted;
}

const isOld = (modifiedAt: Date, now: Date): boolean => now.getTime() - modifiedAt.getTime() > graceMs;

function ourOwn(object: StoredObject): Ours[] {
  const [, accountId, hash] = /^(acct_[0-9A-Za-z]+)\/([0-9a-f]{64})$/.exec(object.key) ?? [];
  return accountId === undefined ? [] : [{ ...object, accountId, sha256: Buffer.from(hash!, 'hex') }];
}

/** Of the objects, those of the account that none of its documents has. */
async function withoutRow(pool: Pool, accountId: string, objects: readonly Ours[]): Promise<Ours[]> {
  const some = objects.filter((one) => one.accountId === accountId);
  const hashes = some.map(({ sha256 }) => sha256);
  const rows = await readInAccount(pool, accountId, (db) =>
    db('documents').whereIn('sha256', hashes).whereNull('bytes').distinct<{ sha256: Buffer }[]>('sha256'),
  );
  const used = new Set(rows.map(({ sha256 }) => sha256.toString('hex')));
  return some.filter(({ sha256 }) => !used.has(sha256.toString('hex')));
}

/**
 * Under the lock of the bytes: a document whose row is under way either is seen here, or finds its bytes missing and stores
 * them again (`storeDocument`).
 */
async function deleteOrphan(
  pool: Pool,
  { bucket, one, now }: { bucket: Bucket; one: Ours; now: Date },
): Promise<boolean> {
  return withAccount(pool, one.accountId, async (db) => {
    await lockBytes(db, one.sha256, 'alone');
    const used = await db('documents').where({ sha256: one.sha256 }).whereNull('bytes').first('id');
    const object = used === undefined ? await bucket.look(one.key) : null;
    if (object === null || !isOld(object.modifiedAt, now)) return false;
    await bucket.delete(one.key);
    return true;
  });
}
