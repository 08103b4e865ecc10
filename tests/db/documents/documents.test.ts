import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { deleteDocument, eraseDocumentsOf } from '../../../db/documents/deleting.ts';
import { storeBytes, storeDocument, type NewDocument } from '../../../db/documents/documents.ts';
import { readDocument } from '../../../db/documents/reading.ts';
import { s3Bucket } from '../../../db/documents/s3.ts';
import { BucketError, inPostgres, keyOf, type DocumentStore } from '../../../db/documents/store.ts';
import { newId } from '../../../db/engine/ids.ts';
import type { Pool } from '../../../db/engine/pool.ts';
import { withAccount, type AccountDb } from '../../../db/engine/with-account.ts';
import { maximumBytes, type DocumentKind } from '../../../domain/paper/paper.ts';
import { onDatabase } from '../../support/engine/database.ts';
import { forTheFile } from '../../support/engine/for-the-file.ts';
import { startS3Server } from '../../support/fakes/s3-server.ts';
import { aMerchant, anIncomingOrder, aSku, storeOrderFor } from '../../support/trade/database-trade.ts';

let pool: Pool;
onDatabase(5, (opened) => {
  pool = opened;
});
const s3 = forTheFile(startS3Server);
const stores: Record<string, () => DocumentStore> = {
  'in Postgres': () => inPostgres,
  'in an S3 store': () => ({ bucket: s3Bucket(s3) }),
};

const inside = <T>(accountId: string, work: (db: AccountDb) => Promise<T>) => withAccount(pool, accountId, work);

type Wish = Partial<Omit<NewDocument, 'bytes'>> & { bytes?: Uint8Array; kind?: DocumentKind };

async function aDocument(store: DocumentStore, accountId: string, wish: Wish = {}): Promise<string> {
  const { bytes: content = randomBytes(500), kind = 'label', ...rest } = wish;
  const bytes = await storeBytes(store, accountId, { kind, bytes: content });
  return inside(accountId, (db) => storeDocument(db, store, { mediaType: 'image/png', ...rest, bytes }));
}

const read = (store: DocumentStore, accountId: string, id: string) => readDocument({ pool, store, accountId }, id);
const isAbsent = { code: 'document_not_found' };

describe.each(Object.keys(stores))('a document %s', (where) => {
  const store = () => stores[where]!();

  it('is read as it was stored, slice by slice', async () => {
    const { accountId } = await aMerchant(pool);
    const bytes = randomBytes(2 * 1024 * 1024 + 17);

    const id = await aDocument(store(), accountId, { bytes, kind: 'print_job', mediaType: 'application/pdf' });

    const found = await read(store(), accountId, id);
    expect(found.bytes.equals(bytes)).toBe(true);
    expect(found).toMatchObject({ id, kind: 'print_job', mediaType: 'application/pdf', size: bytes.length });
    expect(found.isInRow).toBe(where === 'in Postgres');
  });

  it('is not there for another account', async () => {
    const [owner, other] = [await aMerchant(pool), await aMerchant(pool)];
    const id = await aDocument(store(), owner.accountId);

    await expect(read(store(), other.accountId, id)).rejects.toMatchObject(isAbsent);
  });

  it('is stored once, however often the work is repeated', async () => {
    const { accountId } = await aMerchant(pool);
    const [id, bytes] = [newId('document'), randomBytes(100)];

    for (const _ of [1, 2]) expect(await aDocument(store(), accountId, { id, bytes })).toBe(id);

    const rows = await inside(accountId, (db) => db('documents').where({ id }));
    expect(rows).toHaveLength(1);
  });

  it('is made anew under its id once its time is over', async () => {
    const { accountId } = await aMerchant(pool);
    const id = await aDocument(store(), accountId, { kind: 'packing_slip', bytes: Buffer.from('last week') });
    await inside(accountId, (db) =>
      db('documents')
        .where({ id })
        .update({ expires_at: db.raw('now()') }),
    );

    await aDocument(store(), accountId, { id, kind: 'packing_slip', bytes: Buffer.from('today') });
    await aDocument(store(), accountId, { id, kind: 'packing_slip', bytes: Buffer.from('later') });

    expect((await read(store(), accountId, id)).bytes.toString()).toBe('today');
  });

  it.each([
    ['label', 90],
    ['packing_slip', 7],
    ['print_job', 7],
  ] as const)('of the kind %s stays %d days', async (kind, days) => {
    const { accountId } = await aMerchant(pool);
    const id = await aDocument(store(), accountId, { kind });
    const [row] = await inside(
      accountId,
      (db) =>
      db('documents').where({ id }).select<{ days: number }[]>(db.raw(`extract(day from expires_at - created_at) as days`)), // prettier-ignore
    );
    expect(Number(row!.days)).toBe(days);

    await inside(accountId, (db) =>
      db('documents')
        .where({ id })
        .update({ expires_at: db.raw('now()') }),
    );

    await expect(read(store(), accountId, id)).rejects.toMatchObject(isAbsent);
  });

  it.each([
    ['label', 'payload_too_large'],
    ['print_job', 'print_job_too_large'],
    ['logo', 'logo_refused'],
  ] as const)('of the kind %s may not be larger than its limit, nor empty', async (kind, code) => {
    for (const size of [0, maximumBytes[kind] + 1]) {
      const stored = storeBytes(store(), 'acct_any', { kind, bytes: Buffer.alloc(size) });
      await expect(stored).rejects.toMatchObject({ code });
    }
  });
});

describe('bytes for one account', () => {
  it('make no document of another', async () => {
    const [one, other] = [await aMerchant(pool), await aMerchant(pool)];
    const bytes = await storeBytes(inPostgres, one.accountId, { kind: 'label', bytes: Buffer.from('label') });

    const stored = inside(other.accountId, (db) => storeDocument(db, inPostgres, { bytes, mediaType: 'image/png' }));

    await expect(stored).rejects.toThrow('another account');
  });
});

describe('the bytes of a bucket', () => {
  it('lie under account and hash, once', async () => {
    const { accountId } = await aMerchant(pool);
    const store = stores['in an S3 store']!();
    const bytes = randomBytes(64);

    for (const _ of [1, 2]) await aDocument(store, accountId, { bytes });

    const { objects } = await store.bucket!.list(`${accountId}/`);
    const own = objects.filter(({ key }) => key.startsWith(accountId));
    expect(own).toMatchObject([{ size: 64 }]);
    const rows = await inside(accountId, (db) => db('documents').select('sha256', 'bytes'));
    expect(rows.map(({ sha256 }) => keyOf(accountId, sha256))).toEqual([own[0]!.key, own[0]!.key]);
    expect(rows.map((row) => row.bytes)).toEqual([null, null]);
  });

  it('are refused where they are not those of the document', async () => {
    const { accountId } = await aMerchant(pool);
    const store = stores['in an S3 store']!();
    const id = await aDocument(store, accountId);
    const { sha256 } = await read(store, accountId, id);

    await store.bucket!.put(keyOf(accountId, sha256), randomBytes(500));

    await expect(read(store, accountId, id)).rejects.toThrow(BucketError);
  });

  it('are not looked for in Postgres once the bucket is gone from the configuration', async () => {
    const { accountId } = await aMerchant(pool);
    const id = await aDocument(stores['in an S3 store']!(), accountId);

    await expect(read(inPostgres, accountId, id)).rejects.toThrow('none is configured');
  });

  it('are read from the row where they were stored before there was a bucket', async () => {
    const { accountId } = await aMerchant(pool);
    const id = await aDocument(inPostgres, accountId, { bytes: Buffer.from('from before') });

    const { bytes } = await read(stores['in an S3 store']!(), accountId, id);

    expect(bytes.toString()).toBe('from before');
  });
});

describe('the erasure of an order', () => {
  it('takes its labels, its slips and the print jobs that it was in, and nothing else', async () => {
    const merchant = await aMerchant(pool);
    const { accountId } = merchant;
    const sku = await aSku(pool, accountId);
    const orderOf = async () => (await storeOrderFor(pool, merchant, anIncomingOrder([{ sku }]))).orderId;
    const [erased, other] = [await orderOf(), await orderOf()];
    const printed = (orderIds: string[], documentId: string) =>
      inside(
        accountId,
        (db) =>
        db('print_jobs').insert({ account_id: accountId, id: newId('printJob'), status: 'done', order_ids: orderIds, documents: ['label'], paper: '4x6', sort: 'number', document_id: documentId, actor_kind: 'account', actor_id: 'key_1' }), // prettier-ignore
      );
    await aDocument(inPostgres, accountId, { orderId: erased });
    await aDocument(inPostgres, accountId, { orderId: erased, kind: 'packing_slip' });
    await printed([other, erased], await aDocument(inPostgres, accountId, { kind: 'print_job' }));
    const left = [await aDocument(inPostgres, accountId, { orderId: other }), await aDocument(inPostgres, accountId, { kind: 'print_job' })]; // prettier-ignore
    await printed([other], left[1]!);

    expect(await inside(accountId, (db) => eraseDocumentsOf(db, erased))).toBe(3);

    expect(await inside(accountId, (db) => db('documents').pluck('id'))).toEqual(expect.arrayContaining(left));
    expect(await inside(accountId, (db) => eraseDocumentsOf(db, erased))).toBe(0);
    expect(await inside(accountId, (db) => db('documents').pluck('id'))).toHaveLength(2);
  });
});

it('a document can be deleted by itself, also twice', async () => {
  const { accountId } = await aMerchant(pool);
  const id = await aDocument(inPostgres, accountId, { kind: 'logo' });

  for (const _ of [1, 2]) await inside(accountId, (db) => deleteDocument(db, id));

  await expect(read(inPostgres, accountId, id)).rejects.toMatchObject(isAbsent);
});
