import { describe, expect, it } from '@jest/globals';
import { readCursor } from '../../../db/channels/cursors.ts';
import { insertChannel } from '../../../db/channels/channels.ts';
import type { Pool } from '../../../db/engine/pool.ts';
import { withAccount } from '../../../db/engine/with-account.ts';
import { dyingAt, runImport, sealer, type Instead } from '../../support/trade/catalogue-run.ts';
import { catalogueOf } from '../../support/trade/database-catalogue.ts';
import { anAccount, aSku } from '../../support/trade/database-trade.ts';
import { onDatabase } from '../../support/engine/database.ts';

let pool: Pool;
onDatabase(5, (opened) => {
  pool = opened;
});

type Variant = { id: string; sku: string; name?: string; updatedAt: string };
const at = (second: number) => new Date(Date.UTC(2026, 10, 1, 0, 0, second)).toISOString();
const variants = (count: number, skuOf = (index: number) => `V-${index}`): Variant[] =>
  Array.from({ length: count }, (_, index) => ({ id: String(index + 1), sku: skuOf(index), updatedAt: at(index) }));

type Query = {
  query: string;
  variables: { options?: { filter: { updatedAt: { after: string }; id?: { notIn: string[] } }; take: number } };
};

/** A Vendure shop with a catalogue that a test changes. */
async function aShop(catalogue: Variant[]) {
  const accountId = await anAccount(pool);
  const settings = { url: 'https://shop.example' };
  const { id: channelId } = await withAccount(pool, accountId, (db) =>
    insertChannel(db, sealer, { kind: 'vendure', name: 'Shop', settings, credentials: { apiKey: 'k' } }),
  );
  let asked = 0;
  let last = Infinity;
  const fetch = async (_url: unknown, init?: { body?: unknown }) => {
    const { query, variables: given } = JSON.parse(String(init?.body)) as Query;
    if (query.includes('globalSettings')) return Response.json({ data: { globalSettings: global } });
    if (asked >= last) return new Response('', { status: 429, headers: { 'retry-after': '1' } });
    asked += 1;
    const { filter, take } = given.options!;
    const items = catalogue
      .filter((one) => one.updatedAt > filter.updatedAt.after && !filter.id?.notIn.includes(one.id))
      .sort((one, other) => (one.updatedAt < other.updatedAt ? -1 : 1))
      .slice(0, take)
      .map((one) => ({
        name: `Variant ${one.sku}`,
        enabled: true,
        trackInventory: 'INHERIT',
        product: { enabled: true },
        ...one,
      }));
    return Response.json({ data: { list: { items } } });
  };
  return {
    accountId,
    run: (instead: Instead = {}) => runImport(pool, channelId, { fetch, ...instead }),
    asked: () => asked,
    /** So many requests, and no more. */
    take: (requests: number) => void (last = asked + requests),
    cursor: () => withAccount(pool, accountId, (db) => readCursor(db, channelId, 'import_products')),
    catalogue: () => catalogueOf(pool, accountId),
  };
}
const global = { trackInventory: true, serverConfig: { moneyStrategyPrecision: 2 } };

describe('a shop', () => {
  it('gives products and listings; a SKU that the merchant has is linked and stays as it is', async () => {
    const shop = await aShop(variants(2));
    await aSku(pool, shop.accountId, { sku: 'V-1', fulfillmentType: 'dropshippable' });

    const { counts } = await shop.run();

    expect(counts).toMatchObject({ seen: 2, created: 2, failed: 0 });
    const { products, listings } = await shop.catalogue();
    expect(products).toEqual([
      { sku: 'V-0', name: 'Variant V-0', type: 'in_house', version: 0, isCounted: false },
      { sku: 'V-1', name: 'Product V-1', type: 'dropshippable', version: 0, isCounted: false },
    ]);
    expect(listings.map(({ remoteId, product }) => [remoteId, product])).toEqual([
      ['1', 'V-0'],
      ['2', 'V-1'],
    ]);
  });

  it('is read from where the last run ended, and delists nothing that it does not name', async () => {
    const catalogue = variants(400);
    const shop = await aShop(catalogue);
    await shop.run();
    const first = shop.asked();
    catalogue[3] = { ...catalogue[3]!, sku: 'V-RENAMED', updatedAt: at(4_000) };

    const { counts } = await shop.run();

    expect(counts).toMatchObject({ created: 0, updated: 1, failed: 0 });
    expect(shop.asked() - first).toBeLessThan(first);
    const { listings } = await shop.catalogue();
    expect(listings.filter((one) => one.isDelisted)).toEqual([]);
    expect(listings.find(({ remoteId }) => remoteId === '4')).toMatchObject({
      product: 'V-3',
      remoteSku: 'V-RENAMED',
    });
  });

  it('that takes a few requests at a time is read further by each run', async () => {
    const shop = await aShop(variants(270));
    const seen: number[] = [];

    for (const _ of ['first', 'second', 'third']) {
      shop.take(2);
      await shop.run().catch((error: unknown) => expect(error).toMatchObject({ type: 'channel_rate_limited' }));
      seen.push((await shop.catalogue()).listings.length);
    }

    expect(seen).toEqual([100, 200, 270]);
  });

  it('has variants without SKU: they fail alone, unlinked, and are linked when they have one', async () => {
    const catalogue = variants(3, (index) => (index === 1 ? '  ' : `V-${index}`));
    const shop = await aShop(catalogue);

    const { counts, failures } = await shop.run();

    expect(counts).toMatchObject({ seen: 3, created: 2, failed: 1 });
    expect(failures).toEqual([{ item: '2', code: 'sku_missing' }]);
    catalogue[1] = { ...catalogue[1]!, sku: 'NOW', updatedAt: at(5_000) };
    await shop.run();
    const { listings } = await shop.catalogue();
    expect(listings.map(({ product }) => product)).toEqual(['V-0', 'NOW', 'V-2']);
  });

  it('may have texts that no row holds, and one SKU twice', async () => {
    const long = 'X'.repeat(300);
    const shop = await aShop([
      { id: '1', sku: long, name: `${'n'.repeat(600)}`, updatedAt: at(1) },
      { id: '2', sku: 'Z\0ERO', name: 'A\0 name', updatedAt: at(2) },
      { id: '3', sku: 'TWICE', name: '', updatedAt: at(3) },
      { id: '4', sku: 'TWICE', name: 'Again', updatedAt: at(4) },
      { id: '5', sku: `${'C'.repeat(199)}\u{1f375}`, name: 'Cut in the middle', updatedAt: at(5) },
    ]);

    const { counts } = await shop.run();
    const again = await shop.run();

    expect(counts).toMatchObject({ seen: 5, created: 5, failed: 0 });
    expect(again.counts).toMatchObject({ seen: 5, unchanged: 5 });
    const { products, listings } = await shop.catalogue();
    const cut = `${'C'.repeat(199)}\ufffd`;
    expect(products.map(({ sku, name }) => [sku, name])).toEqual([
      [cut, 'Cut in the middle'],
      ['TWICE', 'Again'],
      ['X'.repeat(200), 'n'.repeat(500)],
      ['ZERO', 'A name'],
    ]);
    expect(listings.map(({ product }) => product)).toEqual([long.slice(0, 200), 'ZERO', 'TWICE', 'TWICE', cut]);
  });

  it('of 10,000 variants, a tenth without SKU, leaves little in a history', async () => {
    const shop = await aShop(variants(10_000, (index) => (index % 10 === 0 ? '' : `V-${index}`)));

    const { parts, counts } = await shop.run();

    expect(counts).toMatchObject({ seen: 10_000, created: 9_000, failed: 1_000 });
    for (const part of parts) expect(JSON.stringify(part).length).toBeLessThan(2_000);
    expect(parts.map(({ next }) => next).filter((next) => next !== null)).toEqual([]);
    expect((await shop.catalogue()).listings).toHaveLength(10_000);
  }, 120_000);

  it('killed at any batch and run again leaves what an undisturbed run leaves', async () => {
    const catalogue = variants(1_170, (index) => (index % 40 === 7 ? '' : `V-${index % 1_100}`));
    const calm = await aShop(catalogue);
    await calm.run();
    const expected = await calm.catalogue();

    for (const batch of [1, 2, 3]) {
      const shop = await aShop(catalogue);
      const dying = dyingAt(batch);
      await expect(shop.run(dying)).rejects.toThrow('killed');
      expect(dying.wasHit()).toBe(true);

      await shop.run();

      expect(await shop.catalogue()).toEqual(expected);
      expect(await shop.cursor()).toBe(await calm.cursor());
    }
  });
});
