import { describe, expect, it } from '@jest/globals';
import { createPruneActivities } from '../../../activities/reconcile/prune.ts';
import { createSealer } from '../../../db/engine/sealing.ts';
import { storeBytes, storeDocument } from '../../../db/documents/documents.ts';
import { s3Bucket } from '../../../db/documents/s3.ts';
import { inPostgres } from '../../../db/documents/store.ts';
import type { Pool } from '../../../db/engine/pool.ts';
import { withAccount, type AccountDb } from '../../../db/engine/with-account.ts';
import type { DocumentKind } from '../../../domain/paper/paper.ts';
import { onDatabase } from '../../support/engine/database.ts';
import { forTheFile } from '../../support/engine/for-the-file.ts';
import { startS3Server } from '../../support/fakes/s3-server.ts';
import { aMerchant, anIncomingOrder, aSku, storeOrderFor, type Merchant } from '../../support/trade/database-trade.ts';

const retention = { recordDays: 30, answerDays: 7, orderDays: null };
let pool: Pool;
onDatabase(5, (opened) => {
  pool = opened;
});
const s3 = forTheFile(startS3Server);

const inside = <T>({ accountId }: Merchant, work: (db: AccountDb) => Promise<T>) => withAccount(pool, accountId, work);
const sealer = createSealer(Buffer.alloc(32).toString('base64'));
const prune = () => createPruneActivities({ pool, retention, documents: inPostgres, sealer } as never).prune();
const daysAgo = (db: AccountDb, days: number) => db.raw(`now() - make_interval(days => ?)`, [days]);

describe('documents', () => {
  const aDocument = (
    merchant: Merchant,
    { kind, days, expiresIn }: { kind: DocumentKind; days: number; expiresIn?: number },
  ) =>
    inside(merchant, async (db) => {
      const bytes = await storeBytes(inPostgres, merchant.accountId, { kind, bytes: Buffer.from('bytes') });
      const id = await storeDocument(db, inPostgres, { bytes, mediaType: 'image/png' });
      await db('documents')
        .where({ id })
        .update({
          created_at: daysAgo(db, days),
          ...(expiresIn !== undefined && { expires_at: daysAgo(db, -expiresIn) }),
        });
      return id;
    });
  const left = async (merchant: Merchant) => (await inside(merchant, (db) => db('documents').pluck('id'))).sort();

  it('go once their time is over', async () => {
    const merchant = await aMerchant(pool);
    const young = await aDocument(merchant, { kind: 'label', days: 89, expiresIn: 1 });
    await aDocument(merchant, { kind: 'label', days: 91, expiresIn: -1 });
    await aDocument(merchant, { kind: 'print_job', days: 8, expiresIn: -1 });

    expect(await prune()).toMatchObject({ pruned: 2 });

    expect(await left(merchant)).toEqual([young]);
  });

  it('go in batches until none is left', async () => {
    const merchant = await aMerchant(pool);
    for (let count = 0; count < 51; count += 1)
      await aDocument(merchant, { kind: 'print_job', days: 8, expiresIn: -1 });

    await prune();

    expect(await left(merchant)).toEqual([]);
  });

  it('stay as logos for as long as a brand has them', async () => {
    const merchant = await aMerchant(pool);
    const { accountId } = merchant;
    const [used, fresh] = [await aDocument(merchant, { kind: 'logo', days: 400 }), await aDocument(merchant, { kind: 'logo', days: 0 })]; // prettier-ignore
    await aDocument(merchant, { kind: 'logo', days: 2 });
    await inside(merchant, (db) =>
      db('brands').insert({
        account_id: accountId,
        merchant_account_id: accountId,
        revision: 1,
        display_name: 'B',
        logo_id: used,
      }),
    );

    await prune();

    expect(await left(merchant)).toEqual([used, fresh].sort());
  });

  it('leave no bytes behind in the bucket of an S3 store', async () => {
    const merchant = await aMerchant(pool);
    const bucket = s3Bucket(s3);
    const bytes = await storeBytes({ bucket }, merchant.accountId, { kind: 'label', bytes: Buffer.from('bytes') });
    const id = await inside(merchant, (db) => storeDocument(db, { bucket }, { bytes, mediaType: 'image/png' }));
    const hourly = (hours: number) => {
      const now = () => new Date(Date.now() + hours * 3_600_000);
      return createPruneActivities({ pool, retention, documents: { bucket }, sealer, now } as never).prune();
    };
    expect(await hourly(2)).toMatchObject({ orphans: 0 });
    await inside(merchant, (db) =>
      db('documents')
        .where({ id })
        .update({ expires_at: daysAgo(db, 1) }),
    );

    expect(await hourly(3)).toMatchObject({ pruned: 1, orphans: 1 });

    expect(await bucket.list('')).toEqual({ objects: [], more: false });
  });
});

it('ratings go once they are old, with their quotes, unless a label waits to be bought', async () => {
  const merchant = await aMerchant(pool);
  const { accountId } = merchant;
  const { orderId } = await storeOrderFor(pool, merchant, anIncomingOrder([{ sku: await aSku(pool, accountId) }]));
  const common = {
    account_id: accountId,
    order_id: orderId,
    label_account_id: 'lacc_1',
    payer: 'account',
    content: '{}',
  };
  const rated = (id: string, days: number) =>
    inside(merchant, async (db) => {
      await db('label_ratings').insert({
        ...common,
        id,
        created_at: daysAgo(db, days),
        expires_at: daysAgo(db, days - 1),
      });
      await db('label_quotes').insert({ account_id: accountId, id: `quo_${id}`, rating_id: id, position: 0, carrier: 'usps', carrier_name: 'USPS', service: 'Ground' }); // prettier-ignore
    });
  for (const [id, days] of [['old', 31], ['waits', 31], ['bought', 31], ['new', 29]] as const) await rated(id, days); // prettier-ignore
  await inside(merchant, (db) =>
    db('labels').insert(
      (['waits', 'bought'] as const).map((id) => ({ ...common, id, rating_id: id, status: id === 'waits' ? 'requested' : 'recorded', actor_kind: 'account', actor_id: 'key_1' })), // prettier-ignore
    ),
  );

  await prune();

  const ratings = await inside(merchant, (db) => db('label_ratings').orderBy('id').pluck('id'));
  expect(ratings).toEqual(['new', 'waits']);
  expect(await inside(merchant, (db) => db('label_quotes').orderBy('id').pluck('rating_id'))).toEqual(ratings);
});

it('print jobs go once they are done and old', async () => {
  const merchant = await aMerchant(pool);
  const job = (id: string, status: string, days: number) =>
    inside(
      merchant,
      (db) =>
      db('print_jobs').insert({ account_id: merchant.accountId, id, status, order_ids: [], documents: ['label'], paper: '4x6', sort: 'number', actor_kind: 'account', actor_id: 'key_1', created_at: daysAgo(db, days) }), // prettier-ignore
    );
  await job('old', 'done', 31);
  await job('runs', 'running', 31);
  await job('new', 'failed', 29);

  await prune();

  expect(await inside(merchant, (db) => db('print_jobs').orderBy('id').pluck('id'))).toEqual(['new', 'runs']);
});
