import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { deleteDocument } from '../../../db/documents/deleting.ts';
import { storeBytes, storeDocument, type StoredBytes } from '../../../db/documents/documents.ts';
import { deleteOrphans } from '../../../db/documents/orphans.ts';
import { readDocument } from '../../../db/documents/reading.ts';
import { s3Bucket } from '../../../db/documents/s3.ts';
import { keyOf, type Bucket, type DocumentStore } from '../../../db/documents/store.ts';
import type { Pool } from '../../../db/engine/pool.ts';
import { withAccount, type AccountDb } from '../../../db/engine/with-account.ts';
import { onDatabase } from '../../support/engine/database.ts';
import { forTheFile } from '../../support/engine/for-the-file.ts';
import { startS3Server } from '../../support/fakes/s3-server.ts';
import { anAccount } from '../../support/trade/database-trade.ts';

let pool: Pool;
onDatabase(5, (opened) => {
  pool = opened;
});
const s3 = forTheFile(startS3Server);
const bucket = (): Bucket => s3Bucket(s3);
const store = (): DocumentStore => ({ bucket: bucket() });

const minutes = (count: number): Date => new Date(Date.now() + count * 60_000);
/** A sweep so many minutes from now. */
const sweep = (afterMinutes = 61, through = bucket()): Promise<number> =>
  deleteOrphans(pool, through, minutes(afterMinutes));

const inside = <T>(accountId: string, work: (db: AccountDb) => Promise<T>) => withAccount(pool, accountId, work);
const bytesOf = (accountId: string, bytes: Uint8Array = randomBytes(80)): Promise<StoredBytes> =>
  storeBytes(store(), accountId, { kind: 'label', bytes });
const rowOf = (bytes: StoredBytes): Promise<string> =>
  inside(bytes.accountId, (db) => storeDocument(db, store(), { bytes, mediaType: 'image/png' }));
const isThere = async ({ accountId, sha256 }: Pick<StoredBytes, 'accountId' | 'sha256'>): Promise<boolean> =>
  (await bucket().look(keyOf(accountId, sha256))) !== null;

describe('the sweep of orphans', () => {
  it('deletes the bytes of a process that was killed before the row, an hour later', async () => {
    const accountId = await anAccount(pool);
    const { bucket: name, endpoint, region, key, secret } = s3;
    const options = JSON.stringify({ bucket: name, endpoint, region, key, secret });
    const script = join(import.meta.dirname, '../../support/engine/store-bytes.ts');
    const child = spawn(process.execPath, ['--import', 'tsx', script, options, accountId, 'label'], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    child.kill('SIGKILL');
    await once(child, 'exit');
    const bytes = { accountId, sha256: createHash('sha256').update('label').digest() };

    await sweep(30);
    expect(await isThere(bytes)).toBe(true);

    expect(await sweep()).toBe(1);
    expect(await isThere(bytes)).toBe(false);
    expect(await sweep()).toBe(0);
  });

  it('leaves what a document has, until the last document with these bytes is deleted', async () => {
    const accountId = await anAccount(pool);
    const bytes = await bytesOf(accountId);
    const ids = [await rowOf(bytes), await rowOf(bytes)];

    for (const id of ids) {
      await sweep();
      expect(await isThere(bytes)).toBe(true);
      await inside(accountId, (db) => deleteDocument(db, id));
    }

    expect(await sweep()).toBe(1);
    expect(await isThere(bytes)).toBe(false);
  });

  it('does not take the bytes of one account for those of another', async () => {
    const same = randomBytes(80);
    const [owned, orphan] = [await bytesOf(await anAccount(pool), same), await bytesOf(await anAccount(pool), same)];
    await rowOf(owned);

    await sweep();

    expect([await isThere(owned), await isThere(orphan)]).toEqual([true, false]);
  });

  it('leaves objects alone that are not ours', async () => {
    const key = `acct_0000/backup-${randomBytes(4).toString('hex')}.tar`;
    await bucket().put(key, Buffer.from('theirs'));

    await sweep();

    expect(await bucket().look(key)).not.toBeNull();
  });

  it('goes through all pages', async () => {
    const all = await Promise.all([1, 2, 3, 4, 5].map(async () => bytesOf(await anAccount(pool))));
    const small: Bucket = {
      ...bucket(),
      list: async (after) => {
        const { objects } = await bucket().list(after);
        return { objects: objects.slice(0, 2), more: objects.length > 2 };
      },
    };

    expect(await sweep(61, small)).toBe(5);

    for (const bytes of all) expect(await isThere(bytes)).toBe(false);
  });
});

describe('a document that is stored while the sweep runs', () => {
  it('stores its bytes again where they have just been deleted', async () => {
    const accountId = await anAccount(pool);
    const content = randomBytes(80);
    const bytes = await bytesOf(accountId, content);
    await sweep();

    await expect(rowOf(bytes)).rejects.toMatchObject({ name: 'BucketError', isPassing: true });

    const id = await rowOf(await bytesOf(accountId, content));
    const found = await readDocument({ pool, store: store(), accountId }, id);
    expect(found.bytes.equals(content)).toBe(true);
  });

  it('is seen by the sweep, which waits for its transaction', async () => {
    const accountId = await anAccount(pool);
    const bytes = await bytesOf(accountId);
    let swept: Promise<number> | undefined;
    const { promise: looked, resolve: look } = promiseOf();
    /** Shows when the sweep has found no row and is about to ask for the lock. */
    const watched: Bucket = { ...bucket(), list: async (after) => bucket().list(after).finally(look) };

    await inside(accountId, async (db) => {
      await storeDocument(db, store(), { bytes, mediaType: 'image/png' });
      swept = sweep(61, watched);
      await looked;
      await untilWaiting();
    });

    expect(await swept).toBe(0);
    expect(await isThere(bytes)).toBe(true);
  });
});

function promiseOf() {
  let resolve!: () => void;
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve };
}

/** Until a connection waits for an advisory lock. */
async function untilWaiting(): Promise<void> {
  const accountId = await anAccount(pool);
  for (let isWaiting = false; !isWaiting;) {
    const { rows } = await inside(accountId, (db) =>
      db.raw<{ rows: object[] }>(`select from pg_locks where locktype = 'advisory' and not granted`),
    );
    isWaiting = rows.length > 0;
  }
}
