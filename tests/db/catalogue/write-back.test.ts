import { describe, expect, it } from '@jest/globals';
import type { Pool } from '../../../db/engine/pool.ts';
import { storeReported } from '../../../db/stock/reported.ts';
import { bumpVersions } from '../../../db/stock/stock.ts';
import { withAccount, type AccountDb } from '../../../db/engine/with-account.ts';
import { claimVersions, hasDue, listDue, recordSyncResults } from '../../../db/catalogue/write-back.ts';
import { aLink, aMerchant, anIncomingOrder, aSku, storeOrderFor } from '../../support/trade/database-trade.ts';
import { onDatabase } from '../../support/engine/database.ts';
import { productIdOf } from '../../support/trade/database-catalogue.ts';
import { aCountedShop, listOn, setUnits, supplied, type CountedShop } from '../../support/trade/listed.ts';

let pool: Pool;
onDatabase(10, (opened) => {
  pool = opened;
});

const inside = <T>({ accountId }: { accountId: string }, work: (db: AccountDb) => Promise<T>) =>
  withAccount(pool, accountId, work);

describe('listings that need sync', () => {
  it('are read once each, by id, with figure and version', async () => {
    const shop = await aCountedShop(pool, { A: 1, B: 2, C: 3, D: 4 });

    const first = await shop.due(null, 3);
    const rest = await shop.due(first.at(-1)!.listingId, 3);

    const all = [...first, ...rest];
    expect(all.map(({ sku, available, version }) => [sku, available, version]).sort()).toEqual([
      ['A', 1, 1],
      ['B', 2, 1],
      ['C', 3, 1],
      ['D', 4, 1],
    ]);
    expect(await shop.due(all.at(-1)!.listingId)).toEqual([]);
  });

  it('do not include what was never counted', async () => {
    const shop = await aCountedShop(pool, {});
    await aSku(pool, shop.accountId, { sku: 'UNCOUNTED' });
    await listOn(pool, shop, ['UNCOUNTED']);
    await storeOrderFor(pool, shop, anIncomingOrder([{ sku: 'UNCOUNTED', quantity: 2 }]));

    expect(await shop.due()).toEqual([]);
    expect(await inside(shop, (db) => hasDue(db, shop.channelId))).toBe(false);
  });

  it('have for a portal the own warehouses only, for a shop all', async () => {
    const merchant = await aMerchant(pool);
    const link = await aLink(pool, merchant.accountId);
    const [sku] = await supplied(pool, { merchant, link });
    const productId = await productIdOf(pool, merchant.accountId, sku!);
    await setUnits(pool, merchant.accountId, { [sku!]: 10 });
    await inside(merchant, (db) => storeReported(db, link.connectionId, [{ productId, units: 50, version: 1 }]));
    await listOn(pool, merchant, [sku!]);
    const read = (of: 'own' | 'all') =>
      inside(merchant, (db) => listDue(db, merchant.channelId, { after: null, limit: 5, of }));

    expect((await read('own')).map(({ available }) => available)).toEqual([10]);
    expect((await read('all')).map(({ available }) => available)).toEqual([60]);
  });
});

describe('sending a version', () => {
  it('is not allowed once a newer one was sent', async () => {
    const shop = await aCountedShop(pool, { A: 1 });
    const [old] = await shop.due();
    await setUnits(pool, shop.accountId, { A: 2 });
    const [recent] = await shop.due();
    const claim = (listing: typeof old) => inside(shop, async (db) => (await claimVersions(db, [listing!])).size);

    expect(await claim(recent)).toBe(1);
    expect(await claim(old)).toBe(0);
    expect(await claim(recent)).toBe(1);
  });

  it('does not wait for a change of the listing at this moment', async () => {
    const shop = await aCountedShop(pool, { A: 1, B: 2 });
    const due = await shop.due();
    const productId = await productIdOf(pool, shop.accountId, 'A');

    await inside(shop, async (db) => {
      await bumpVersions(db, [productId]);
      const allowed = await inside(shop, (other) => claimVersions(other, due));
      expect([...allowed]).toEqual(due.filter(({ sku }) => sku === 'B').map(({ listingId }) => listingId));
    });
  });
});

describe('the sync result of a write', () => {
  const recording = (shop: CountedShop, cause: string | null, permanent = false) => {
    return async (sku = 'A') => {
      const due = await shop.due();
      const { listingId, version } = due.find((one) => one.sku === sku)!;
      await inside(shop, (db) => recordSyncResults(db, [{ listingId, version, cause, permanent }]));
    };
  };

  it('leaves the filter with the version that was read: a change during the write keeps it in', async () => {
    const shop = await aCountedShop(pool, { A: 1 });
    const [read] = await shop.due();
    await setUnits(pool, shop.accountId, { A: 5 });

    await inside(shop, (db) => recordSyncResults(db, [{ ...read!, cause: null, permanent: false }]));

    expect(await shop.listing('A')).toMatchObject({ needsSync: true, syncedVersion: 1, stockVersion: 2 });
    await recording(shop, null)();
    expect(await shop.listing('A')).toMatchObject({ needsSync: false, syncedVersion: 2 });
  });

  it('never goes back to an older version', async () => {
    const shop = await aCountedShop(pool, { A: 1 });
    const [old] = await shop.due();
    await setUnits(pool, shop.accountId, { A: 5 });
    await recording(shop, null)();

    await inside(shop, (db) => recordSyncResults(db, [{ ...old!, cause: null, permanent: false }]));

    expect(await shop.listing('A')).toMatchObject({ needsSync: false, syncedVersion: 2 });
  });

  it('is suspended with its cause after three permanent failures, and woken by a new quantity', async () => {
    const shop = await aCountedShop(pool, { A: 1, B: 1 });
    const fail = recording(shop, 'channel_refused', true);

    await fail();
    await fail();
    expect(await shop.listing('A')).toMatchObject({ needsSync: true, suspended: false, failures: 2 });
    await fail();
    expect(await shop.listing('A')).toMatchObject({ needsSync: false, suspended: true, cause: 'channel_refused' });
    expect((await shop.due()).map(({ sku }) => sku)).toEqual(['B']);

    await setUnits(pool, shop.accountId, { A: 2 });
    expect(await shop.listing('A')).toMatchObject({ needsSync: true, suspended: false, failures: 0 });
  });

  it('stays with its cause through any number of passing failures, and loses it with a success', async () => {
    const shop = await aCountedShop(pool, { A: 1 });
    const fail = recording(shop, 'channel_unreachable');
    for (let times = 0; times < 5; times += 1) await fail();
    expect(await shop.listing('A')).toMatchObject({ needsSync: true, suspended: false, cause: 'channel_unreachable' });

    await recording(shop, null)();
    expect(await shop.listing('A')).toMatchObject({ needsSync: false, cause: null });
  });
});
