import { describe, expect, it } from '@jest/globals';
import { createLabelActivities } from '../../../activities/labels/index.ts';
import { rateParcel } from '../../../activities/labels/rate.ts';
import { changeSupplier } from '../../../db/accounts/suppliers.ts';
import type { CrashPointName } from '../../../db/engine/crash-point.ts';
import { newId } from '../../../db/engine/ids.ts';
import type { Pool } from '../../../db/engine/pool.ts';
import { withAccount } from '../../../db/engine/with-account.ts';
import { insertLabel, requireLabel } from '../../../db/labels/labels.ts';
import { noteFailed } from '../../../db/labels/purchases.ts';
import { requireQuote, requireRating } from '../../../db/labels/ratings.ts';
import { onDatabase } from '../../support/engine/database.ts';
import { anImportedDropship } from '../../support/trade/database-trade.ts';
import { aDock, aLentAccount, box, labelDeps } from '../../support/trade/label-trade.ts';

let pool: Pool;
onDatabase(6, (opened) => {
  pool = opened;
});

const diesAt = (point: CrashPointName) => (passed: CrashPointName) => {
  if (passed === point) throw new Error(`died at ${point}`);
};

/** A label that a supplier asks for, of an order whose merchant lends its label account. */
async function aLentLabel() {
  const { merchant, supplier, supplierOrderId: orderId } = await anImportedDropship(pool, { quantity: 3 });
  const { id: supplierId } = await withAccount(pool, merchant.accountId, (db) =>
    db('suppliers').first<{ id: string }>(),
  );
  await aDock(pool, supplier.accountId);
  await aLentAccount(pool, { accountId: merchant.accountId, supplierId });
  const ratingId = newId('rating');
  const plain = { lines: null, shipFromWarehouseId: null, insuredValue: null, signature: 'none' } as const;
  await rateParcel(labelDeps(pool), { ratingId, orderId, isReturn: false, content: { parcel: box, ...plain } });
  const labelId = newId('label');
  await withAccount(pool, supplier.accountId, async (db) => {
    const { content, quotes } = await requireRating(db, ratingId);
    const quote = await requireQuote(db, orderId, quotes[0]!.id);
    const actor = { kind: 'account', id: 'key_1' } as const;
    await insertLabel(db, { ...quote, id: labelId, quoteId: quote.id, maxCost: null, content, actor });
  });
  const statusIn = async (accountId: string) =>
    (await withAccount(pool, accountId, (db) => requireLabel(db, labelId))).status;
  return {
    ids: { orderId, labelId },
    /** As if the worker had died between the two accounts. */
    failForMerchant: () =>
      withAccount(pool, merchant.accountId, (db) => noteFailed(db, labelId, 'address_not_deliverable')),
    failures: () =>
      Promise.all(
        [merchant, supplier].map(({ accountId }) =>
          withAccount(pool, accountId, async (db) => (await requireLabel(db, labelId)).failure),
        ),
      ),
    endLending: () =>
      withAccount(pool, merchant.accountId, (db) =>
        changeSupplier(db, supplierId, { labels: { policy: 'supplier_pays' } }),
      ),
    statuses: async () => [await statusIn(merchant.accountId), await statusIn(supplier.accountId)],
  };
}

describe('a label that the merchant has paid', () => {
  it('does not fail for the supplier where the merchant ends the lending before a run begins again', async () => {
    const { ids, endLending, statuses } = await aLentLabel();
    const activities = createLabelActivities(labelDeps(pool));
    await activities.prepareLabel(ids);
    const dying = createLabelActivities(labelDeps(pool, { crashPoint: diesAt('label.payer-committed') }));
    await expect(dying.buyLabel(ids)).rejects.toThrow('label.payer-committed');
    await endLending();

    expect(await activities.prepareLabel(ids)).toEqual({ status: 'bought' });
    expect(await activities.buyLabel(ids)).toEqual({ status: 'bought' });

    expect(await statuses()).toEqual(['bought', 'bought']);
  });
});

describe('a label whose purchase was refused', () => {
  it.each(['prepareLabel', 'buyLabel', 'abandonLabel', 'failLabel'] as const)(
    'fails on both sides though a crash came between them: %s',
    async (next) => {
      const { ids, failForMerchant, statuses, failures } = await aLentLabel();
      const activities = createLabelActivities(labelDeps(pool));
      await activities.prepareLabel(ids);
      await failForMerchant();

      expect(await activities[next](ids)).toEqual({ status: 'failed' });

      expect(await statuses()).toEqual(['failed', 'failed']);
      expect(await failures()).toEqual(['address_not_deliverable', 'address_not_deliverable']);
    },
  );
});
