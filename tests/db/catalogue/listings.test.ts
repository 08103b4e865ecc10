import { describe, expect, it } from '@jest/globals';
import { requireListing } from '../../../db/catalogue/listings.ts';
import type { Pool } from '../../../db/engine/pool.ts';
import { upsertProducts } from '../../../db/catalogue/products.ts';
import { bumpVersions } from '../../../db/stock/stock.ts';
import { withAccount } from '../../../db/engine/with-account.ts';
import { anAccount, aSku } from '../../support/trade/database-trade.ts';
import { listingIdOf, productIdOf } from '../../support/trade/database-catalogue.ts';
import { aPortal as aPortalOf } from '../../support/trade/catalogue-portal.ts';
import { onDatabase } from '../../support/engine/database.ts';

let pool: Pool;
onDatabase(10, (opened) => {
  pool = opened;
});

const aPortal = (supplierId?: string) => aPortalOf(pool, supplierId);

describe('a page of a catalogue', () => {
  it('links a product that has the SKU as it is, and makes one where there is none', async () => {
    const portal = await aPortal();
    await aSku(pool, portal.accountId, { sku: 'KNOWN', fulfillmentType: 'dropshippable' });
    await portal.count('KNOWN', 3);

    const stored = await portal.store(['a', 'KNOWN'], ['b', 'NEW']);

    expect(stored).toEqual({ created: 2, updated: 0, unchanged: 0, withoutSku: [] });
    const { products, listings } = await portal.catalogue();
    expect(products).toEqual([
      { sku: 'KNOWN', name: 'Product KNOWN', type: 'dropshippable', version: 3, isCounted: true },
      { sku: 'NEW', name: 'Name of NEW', type: 'in_house', version: 0, isCounted: false },
    ]);
    expect(listings).toMatchObject([
      { remoteId: 'a', product: 'KNOWN', stockVersion: 3, syncedVersion: 0 },
      { remoteId: 'b', product: 'NEW', stockVersion: 0, syncedVersion: 0 },
    ]);
  });

  it('changes nothing when it comes again', async () => {
    const portal = await aPortal();
    await portal.store(['a', 'ONE'], ['b', 'TWO']);
    await portal.count('ONE', 2);
    await portal.set('a', { synced: 2, sent: 2 });
    const before = await portal.catalogue();

    const again = await portal.store(['b', 'TWO'], ['a', 'ONE']);

    expect(again).toEqual({ created: 0, updated: 0, unchanged: 2, withoutSku: [] });
    expect(await portal.catalogue()).toEqual(before);
  });

  it('gives one product to two listings with one SKU, of one merchant and of two', async () => {
    const portal = await aPortal();
    const other = await aPortal(portal.accountId);

    await portal.store(['a', 'SHARED'], ['b', 'SHARED']);
    await other.store(['x', 'SHARED']);

    const { products, listings } = await portal.catalogue();
    expect(products).toHaveLength(1);
    expect(listings.map(({ product }) => product)).toEqual(['SHARED', 'SHARED', 'SHARED']);
  });

  it('keeps a listing without SKU, unlinked, and links it once it has one', async () => {
    const portal = await aPortal();

    const stored = await portal.store(['a', '']);
    const again = await portal.store(['a', '']);

    expect([stored, again]).toEqual([
      { created: 0, updated: 0, unchanged: 0, withoutSku: ['a'] },
      { created: 0, updated: 0, unchanged: 0, withoutSku: ['a'] },
    ]);
    expect(await portal.listing('a')).toMatchObject({ product: null, cause: 'sku_missing' });
    expect(await portal.store(['a', 'AT-LAST'])).toMatchObject({ updated: 1, withoutSku: [] });
    expect(await portal.listing('a')).toMatchObject({ product: 'AT-LAST', remoteSku: 'AT-LAST', cause: null });
  });

  it.each([
    ['another SKU', 'NEW'],
    ['no SKU', ''],
    ['the SKU of another of your products', 'MINE'],
  ])('keeps the product of a listing that has %s now: the remote id is the link', async (_what, sku) => {
    const portal = await aPortal();
    await aSku(pool, portal.accountId, { sku: 'MINE' });
    await portal.store(['a', 'OLD']);
    await portal.count('OLD', 7);
    await portal.set('a', { synced: 7, sent: 7 });

    const stored = await portal.store(['a', sku]);
    const again = await portal.store(['a', sku]);

    expect(stored).toEqual({ created: 0, updated: 1, unchanged: 0, withoutSku: [] });
    expect(again).toEqual({ created: 0, updated: 0, unchanged: 1, withoutSku: [] });
    expect(await portal.listing('a')).toMatchObject({
      product: 'OLD',
      remoteSku: sku,
      linkedSku: 'OLD',
      linkedBy: 'sku',
      stockVersion: 7,
      syncedVersion: 7,
      cause: null,
    });
    expect((await portal.catalogue()).products.map((product) => product.sku)).toEqual(['MINE', 'OLD']);
  });

  it('lets a link made by hand stand, whatever the SKU becomes', async () => {
    const portal = await aPortal();
    await aSku(pool, portal.accountId, { sku: 'MINE' });
    await portal.store(['a', 'THEIRS']);
    await portal.relink('a', 'MINE');

    expect(await portal.store(['a', 'THEIRS-2'])).toMatchObject({ updated: 1 });
    expect(await portal.store(['a', ''])).toMatchObject({ updated: 1, withoutSku: [] });

    expect(await portal.listing('a')).toMatchObject({ product: 'MINE', linkedBy: 'hand', remoteSku: '' });
    expect((await portal.catalogue()).products.map(({ sku }) => sku)).toEqual(['MINE', 'THEIRS']);
  });

  it('lists a delisted listing again: its whole stock is to be sent anew', async () => {
    const portal = await aPortal();
    await portal.store(['a', 'ONE'], ['b', 'TWO']);
    await portal.count('ONE', 3);
    await portal.set('a', { synced: 3, sent: 3, failures: 3, suspended: true });
    await portal.delist(null, null, 'b');
    await portal.count('ONE');

    const stored = await portal.store(['a', 'ONE'], ['b', 'TWO']);

    expect(stored).toEqual({ created: 0, updated: 1, unchanged: 1, withoutSku: [] });
    expect(await portal.listing('a')).toEqual({
      remoteId: 'a',
      remoteSku: 'ONE',
      linkedSku: 'ONE',
      product: 'ONE',
      linkedBy: 'sku',
      stockVersion: 4,
      syncedVersion: 0,
      sentVersion: 0,
      failures: 0,
      cause: null,
      isSuspended: false,
      isDelisted: false,
    });
  });
});

describe('a part of a complete catalogue', () => {
  it('delists what it does not name between its bounds, and nothing beside them', async () => {
    const portal = await aPortal();
    await portal.store(['a', 'A'], ['b', 'B'], ['c', 'C'], ['d', 'D'], ['e', 'E']);
    const other = await aPortal(portal.accountId);
    await other.store(['b', 'B']);

    expect(await portal.delist('a', 'd', 'c')).toEqual({ delisted: 2, more: false });
    expect(await portal.delist('a', 'd', 'c')).toEqual({ delisted: 0, more: false });

    const { listings } = await portal.catalogue();
    const gone = listings.filter(({ isDelisted }) => isDelisted).map(({ remoteId }) => remoteId);
    expect(gone).toEqual(['b', 'd']);
  });

  it('delists everything when there is nothing any more', async () => {
    const portal = await aPortal();
    await portal.store(['a', 'A'], ['b', 'B']);

    expect(await portal.delist(null, null)).toEqual({ delisted: 2, more: false });
  });
});

describe('relinking by hand', () => {
  it('takes the listings of the channel along that bear the same SKU, as orders name SKUs', async () => {
    const portal = await aPortal();
    const other = await aPortal(portal.accountId);
    await aSku(pool, portal.accountId, { sku: 'MINE' });
    await portal.store(['a', 'SAME'], ['b', 'SAME'], ['c', 'ELSE']);
    await other.store(['x', 'SAME']);

    await portal.relink('a', 'MINE');

    const { listings } = await portal.catalogue();
    const products = Object.fromEntries(listings.map(({ remoteId, product }) => [remoteId, product]));
    expect(products).toEqual({ a: 'MINE', b: 'MINE', c: 'ELSE', x: 'SAME' });
    expect(await portal.linked('SAME')).toBe(await productIdOf(pool, portal.accountId, 'MINE'));
  });

  it('leaves a listing alone that got the same SKU later', async () => {
    const portal = await aPortal();
    await aSku(pool, portal.accountId, { sku: 'MINE' });
    await portal.store(['a', 'ONE'], ['b', 'TWO']);
    await portal.store(['b', 'ONE']);

    await portal.relink('a', 'MINE');

    expect(await portal.listing('a')).toMatchObject({ product: 'MINE', linkedBy: 'hand' });
    expect(await portal.listing('b')).toMatchObject({ product: 'TWO', linkedBy: 'sku', linkedSku: 'TWO' });
  });

  it('is above every version that was sent of the product before', async () => {
    const portal = await aPortal();
    await aSku(pool, portal.accountId, { sku: 'NEW' });
    await portal.store(['a', 'OLD']);
    await portal.count('OLD', 7);
    await portal.count('NEW', 2);
    await portal.set('a', { synced: 7, sent: 7 });

    await portal.relink('a', 'NEW');

    expect(await portal.listing('a')).toMatchObject({ product: 'NEW', stockVersion: 8, syncedVersion: 0 });
    expect((await portal.catalogue()).products).toMatchObject([
      { sku: 'NEW', version: 8 },
      { sku: 'OLD', version: 7 },
    ]);
  });

  it('publishes nothing of a product that nobody counted', async () => {
    const portal = await aPortal();
    await aSku(pool, portal.accountId, { sku: 'UNCOUNTED' });
    await portal.store(['a', 'COUNTED']);
    await portal.count('COUNTED', 4);

    await portal.relink('a', 'UNCOUNTED');

    expect(await portal.listing('a')).toMatchObject({ product: 'UNCOUNTED', stockVersion: 0, syncedVersion: 0 });
    await portal.count('UNCOUNTED');
    expect((await portal.listing('a')).stockVersion).toBeGreaterThan(4);
  });

  it('does not take listings without SKU along', async () => {
    const portal = await aPortal();
    await aSku(pool, portal.accountId, { sku: 'MINE' });
    await portal.store(['a', ''], ['b', '']);

    await portal.relink('a', 'MINE');

    expect(await portal.listing('a')).toMatchObject({ product: 'MINE', linkedBy: 'hand', cause: null });
    expect(await portal.listing('b')).toMatchObject({ product: null });
  });

  it('to the product it has already only notes who said so', async () => {
    const portal = await aPortal();
    await portal.store(['a', 'ONE']);
    await portal.count('ONE', 2);
    await portal.set('a', { synced: 2 });

    await portal.relink('a', 'ONE');

    expect(await portal.listing('a')).toMatchObject({ linkedBy: 'hand', stockVersion: 2, syncedVersion: 2 });
  });

  it('gives the other listings of the product its new version', async () => {
    const portal = await aPortal();
    await portal.store(['a', 'ONE'], ['b', 'TWO']);
    await portal.count('ONE', 9);
    await portal.count('TWO');

    await portal.relink('a', 'TWO');

    expect(await portal.listing('a')).toMatchObject({ product: 'TWO', stockVersion: 10 });
    expect(await portal.listing('b')).toMatchObject({ product: 'TWO', stockVersion: 10 });
  });
});

describe('imports at once', () => {
  const skus = Array.from({ length: 60 }, (_, index) => `RACE-${String(index).padStart(3, '0')}`);

  it('of two merchants with the same SKUs, beside a batch of products and stock that changes, all succeed', async () => {
    const one = await aPortal();
    const other = await aPortal(one.accountId);
    for (const sku of skus.filter((_, index) => index % 3 === 0)) await aSku(pool, one.accountId, { sku });
    const pages = (prefix: string, ordered: string[]) =>
      ordered.map((sku): [string, string] => [`${prefix}${sku}`, sku]);
    const bump = () =>
      withAccount(pool, one.accountId, async (db) => {
        const rows = await db('products').orderBy('sku', 'desc').select<{ id: string }[]>('id');
        const ids = rows.map(({ id }) => id);
        await bumpVersions(db, ids, { counted: true });
      });
    const batch = () =>
      withAccount(pool, one.accountId, (db) =>
        upsertProducts(
          db,
          [...skus].reverse().map((sku) => ({ sku, name: 'From a batch', fulfillmentType: 'in_house', suppliers: [] })),
        ),
      );

    await Promise.all([
      one.store(...pages('a', skus)),
      other.store(...pages('b', [...skus].reverse())),
      batch(),
      bump(),
      one.store(...pages('c', [...skus].reverse())),
      bump(),
    ]);
    await bump();

    const { products, listings } = await one.catalogue();
    expect(products).toHaveLength(skus.length);
    expect(listings).toHaveLength(3 * skus.length);
    const versions = new Map(products.map(({ sku, version }) => [sku, version]));
    expect(listings.filter((one) => one.product !== one.remoteSku)).toEqual([]);
    expect(listings.filter((one) => one.stockVersion !== versions.get(one.product!))).toEqual([]);
  });

  it('a stock count that comes in the middle is never missed', async () => {
    for (let round = 0; round < 15; round += 1) {
      const portal = await aPortal();
      await aSku(pool, portal.accountId, { sku: 'KNOWN' });

      await Promise.all([portal.store(['a', 'KNOWN']), portal.count('KNOWN')]);

      expect(await portal.listing('a')).toMatchObject({ stockVersion: 1, syncedVersion: 0 });
    }
  });
});

it('another account sees no listing', async () => {
  const portal = await aPortal();
  await portal.store(['a', 'ONE']);
  const id = await listingIdOf(pool, portal, 'a');
  const stranger = await anAccount(pool);

  await expect(withAccount(pool, stranger, (db) => requireListing(db, id))).rejects.toMatchObject({
    code: 'listing_not_found',
  });
});
