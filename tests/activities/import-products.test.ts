import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { asyncLocalStorage, type Context } from '@temporalio/activity';
import { pino } from 'pino';
import { openPortal } from '../../activities/channels/portal.ts';
import type { PortalTools } from '../../activities/channels/portal-tools.ts';
import type { Deps } from '../../activities/deps.ts';
import { createImportProductActivities, type CataloguePart } from '../../activities/import-products.ts';
import { readCursor } from '../../db/channel-cursors.ts';
import { insertChannel } from '../../db/channels.ts';
import { createPool, type Pool } from '../../db/pool.ts';
import { upsertProducts } from '../../db/products.ts';
import { createSealer } from '../../db/sealing.ts';
import { withAccount } from '../../db/with-account.ts';
import { addCounts, noCounts } from '../../domain/task.ts';
import { catalogueOf, productIdOf } from '../support/database-catalogue.ts';
import { aLink, aMerchant, anAccount, aSku, changeLink, type Link } from '../support/database-trade.ts';
import { cloneDatabase, type ClonedDatabase } from '../support/database.ts';

let database: ClonedDatabase;
let pool: Pool;
beforeAll(async () => {
  database = await cloneDatabase();
  pool = createPool({ appUrl: database.appUrl, systemUrl: database.systemUrl, name: 'test', size: 5 });
});
afterAll(async () => {
  await pool.destroy();
  await database.drop();
});

const sealer = createSealer(randomBytes(32).toString('base64'));
type Instead = { fetch?: unknown; now?: () => Date; crashPoint?: () => void };

/** Parts as the workflow asks for them, until the last. */
async function run(channelId: string, instead: Instead = {}) {
  const deps = {
    pool,
    sealer,
    now: () => new Date(),
    log: pino({ level: 'silent' }),
    crashPoint: () => undefined,
    ...instead,
  };
  const { importProductPage } = createImportProductActivities(deps as unknown as Deps);
  const inside = { cancellationSignal: new AbortController().signal } as Context;
  const parts: CataloguePart[] = [];
  for (let after: string | null = null; ;) {
    const part = await asyncLocalStorage.run(inside, () => importProductPage({ channelId, after }));
    parts.push(part);
    if (!part.more) break;
    after = part.next;
  }
  const counts = parts.reduce((sum, part) => addCounts(sum, part.counts), noCounts());
  return { parts, counts, failures: parts.flatMap((part) => part.failures) };
}

/** Dies at the n-th page, as a worker that is killed leaves everything: done up to there, unknown to the caller. */
function dyingAt(page: number): Instead & { wasHit: () => boolean } {
  let left = page;
  const crashPoint = () => {
    left -= 1;
    if (left === 0) throw new Error('killed');
  };
  return { crashPoint, wasHit: () => left <= 0 };
}

async function assign(merchantId: string, supplierId: string, skus: readonly string[]): Promise<void> {
  const supplier = { supplierId, supplierSku: null, costMinor: 1_234, costCurrency: 'USD', isDefault: true };
  for (let first = 0; first < skus.length; first += 1_000) {
    await withAccount(pool, merchantId, (db) =>
      upsertProducts(
        db,
        skus.slice(first, first + 1_000).map((sku) => ({
          sku,
          name: `Merchant's ${sku}`,
          fulfillmentType: 'dropshippable',
          suppliers: [{ ...supplier, supplierSku: sku.startsWith('M-') ? sku.replace('M-', 'S-') : null }],
        })),
      ),
    );
  }
}

async function unassign(merchantId: string, sku: string): Promise<void> {
  const content = { sku, name: 'Not theirs', fulfillmentType: 'in_house' as const, suppliers: [] };
  await withAccount(pool, merchantId, (db) => upsertProducts(db, [content]));
}

async function aTrade(supplierAccountId?: string) {
  const { accountId } = await aMerchant(pool);
  const link: Link = await aLink(pool, accountId, supplierAccountId);
  return {
    merchantId: accountId,
    link,
    run: (instead?: Instead) => run(link.portalId, instead),
    assign: (...skus: string[]) => assign(accountId, link.supplierId, skus),
    unassign: (sku: string) => unassign(accountId, sku),
    catalogue: () => catalogueOf(pool, link.supplierAccountId),
    listings: async () => (await catalogueOf(pool, link.supplierAccountId)).listings,
  };
}

describe('a portal', () => {
  it('makes twins and listings of what the merchant assigned, and links what the supplier has', async () => {
    const trade = await aTrade();
    await aSku(pool, trade.link.supplierAccountId, { sku: 'S-KNOWN' });
    await aSku(pool, trade.merchantId, { sku: 'OWN' });
    await trade.assign('M-KNOWN', 'SAME');

    const { counts } = await trade.run();
    const again = await trade.run();

    expect(counts).toMatchObject({ seen: 2, created: 2, updated: 0, failed: 0 });
    expect(again.counts).toMatchObject({ seen: 2, created: 0, unchanged: 2 });
    const { products, listings } = await trade.catalogue();
    expect(products.map(({ sku, name }) => [sku, name])).toEqual([
      ['S-KNOWN', 'Product S-KNOWN'],
      ['SAME', "Merchant's SAME"],
    ]);
    expect(listings.map(({ remoteSku, product }) => [remoteSku, product]).sort()).toEqual([
      ['S-KNOWN', 'S-KNOWN'],
      ['SAME', 'SAME'],
    ]);
    const merchantIds = [
      await productIdOf(pool, trade.merchantId, 'M-KNOWN'),
      await productIdOf(pool, trade.merchantId, 'SAME'),
    ];
    expect(listings.map(({ remoteId }) => remoteId).sort()).toEqual(merchantIds.sort());
  });

  it('lets id, SKU and name cross, and nothing else', async () => {
    const trade = await aTrade();
    await trade.assign('M-1');
    const { supplierAccountId: accountId, connectionId } = trade.link;
    const portal = openPortal({ pool, accountId, connectionId } as PortalTools);

    const page = await portal.importProducts(null);

    const remoteId = await productIdOf(pool, trade.merchantId, 'M-1');
    expect(page).toEqual({
      items: [{ remoteId, sku: 'S-1', name: "Merchant's M-1", active: true, tracksStock: true }],
      next: remoteId,
      more: false,
      covers: true,
    });
  });

  it('delists what is unassigned, and takes it up again', async () => {
    const trade = await aTrade();
    await trade.assign('A', 'B', 'C');
    await trade.run();

    await trade.unassign('B');
    const gone = await trade.run();

    expect(gone.counts).toMatchObject({ seen: 3, unchanged: 2, updated: 1 });
    expect((await trade.listings()).filter((one) => one.isDelisted).map((one) => one.product)).toEqual(['B']);
    await trade.assign('B');
    expect((await trade.run()).counts).toMatchObject({ seen: 3, unchanged: 2, updated: 1 });
    expect((await trade.listings()).filter((one) => one.isDelisted)).toEqual([]);
  });

  it.each(['paused', 'ended'] as const)(
    'says nothing while the connection is %s, also not that all is gone',
    async (status) => {
      const trade = await aTrade();
      await trade.assign('A', 'B');
      await trade.run();
      await trade.assign('C');
      await trade.unassign('A');
      const before = await trade.catalogue();
      await changeLink(pool, trade.link, status);

      const { counts, parts } = await trade.run();

      expect(counts).toEqual(noCounts());
      expect(parts).toHaveLength(1);
      expect(await trade.catalogue()).toEqual(before);
    },
  );

  it('of two merchants list one supplier product each', async () => {
    const one = await aTrade();
    const other = await aTrade(one.link.supplierAccountId);
    await one.assign('M-CUP');
    await other.assign('S-CUP');

    await Promise.all([one.run(), other.run()]);

    const { products, listings } = await one.catalogue();
    expect(products.map(({ sku }) => sku)).toEqual(['S-CUP']);
    expect(listings.map(({ product }) => product)).toEqual(['S-CUP', 'S-CUP']);
    await one.unassign('M-CUP');
    await one.run();
    await other.run();
    expect((await one.listings()).filter((listing) => listing.isDelisted)).toHaveLength(1);
  });

  it('takes what a page cannot hold in the next, in one part or in many', async () => {
    const skus = Array.from({ length: 1_100 }, (_, index) => `P-${index}`);
    const trade = await aTrade();
    await trade.assign(...skus);
    let time = 0;
    // Each look at the clock is a minute later: every page is a part of its own.
    const slow = { now: () => new Date((time += 60_000)) };

    const first = await trade.run(slow);
    const second = await trade.run();

    expect(first.counts).toMatchObject({ seen: 1_100, created: 1_100 });
    expect(first.parts).toHaveLength(3);
    expect(second.counts).toMatchObject({ seen: 1_100, unchanged: 1_100 });
    expect(second.parts).toHaveLength(1);
    expect(JSON.stringify(first.parts).length).toBeLessThan(1_000);
  });

  it('killed at any page and run again leaves what an undisturbed run leaves', async () => {
    const skus = Array.from({ length: 1_100 }, (_, index) => `M-${index}`);
    const calm = await aTrade();
    await prepare(calm);
    const whole = await calm.run();
    const expected = comparable(await calm.catalogue());

    for (const page of [1, 2, 3]) {
      const trade = await aTrade();
      await prepare(trade);
      const dying = dyingAt(page);
      await expect(trade.run(dying)).rejects.toThrow('killed');
      expect(dying.wasHit()).toBe(true);

      await trade.run();

      expect(comparable(await trade.catalogue())).toEqual(expected);
    }
    expect(whole.counts).toMatchObject({ seen: 1_101, created: 100, unchanged: 1_000, updated: 1 });

    async function prepare(trade: Awaited<ReturnType<typeof aTrade>>) {
      await trade.assign(...skus.slice(0, 1_000), 'GONE');
      await trade.run();
      await trade.unassign('GONE');
      await trade.assign(...skus);
    }
  }, 60_000);
});

/** Remote ids are a merchant's random ones: by SKU instead. */
function comparable({ products, listings }: Awaited<ReturnType<typeof catalogueOf>>) {
  const rows = listings.map(({ remoteId: _, ...row }) => row);
  return { products, listings: rows.sort((one, other) => (one.remoteSku < other.remoteSku ? -1 : 1)) };
}

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
  const fetch = async (_url: unknown, init?: { body?: unknown }) => {
    const { query, variables: given } = JSON.parse(String(init?.body)) as Query;
    if (query.includes('globalSettings')) return Response.json({ data: { globalSettings: global } });
    asked += 1;
    const { filter, take } = given.options!;
    const items = [...catalogue]
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
    run: (instead: Instead = {}) => run(channelId, { fetch, ...instead }),
    asked: () => asked,
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
    expect(listings.find(({ remoteId }) => remoteId === '4')).toMatchObject({ product: 'V-RENAMED' });
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
    ]);

    const { counts } = await shop.run();

    expect(counts).toMatchObject({ seen: 4, created: 4, failed: 0 });
    const { products, listings } = await shop.catalogue();
    expect(products.map(({ sku, name }) => [sku, name])).toEqual([
      ['TWICE', 'Again'],
      ['X'.repeat(200), 'n'.repeat(500)],
      ['ZERO', 'A name'],
    ]);
    expect(listings.map(({ product }) => product)).toEqual([long.slice(0, 200), 'ZERO', 'TWICE', 'TWICE']);
  });

  it('of 10,000 variants, a tenth without SKU, leaves little in a history', async () => {
    const shop = await aShop(variants(10_000, (index) => (index % 10 === 0 ? '' : `V-${index}`)));

    const { parts, counts } = await shop.run();

    expect(counts).toMatchObject({ seen: 10_000, created: 9_000, failed: 1_000 });
    for (const part of parts) expect(JSON.stringify(part).length).toBeLessThan(2_000);
    expect(parts.map(({ next }) => next).filter((next) => next !== null)).toEqual([]);
    expect((await shop.catalogue()).listings).toHaveLength(10_000);
  }, 120_000);

  it('killed at any page and run again leaves what an undisturbed run leaves', async () => {
    const catalogue = variants(170, (index) => (index % 40 === 7 ? '' : `V-${index % 150}`));
    const calm = await aShop(catalogue);
    await calm.run();
    const expected = await calm.catalogue();

    for (const page of [1, 2, 3, 4]) {
      const shop = await aShop(catalogue);
      const dying = dyingAt(page);
      await expect(shop.run(dying)).rejects.toThrow('killed');
      expect(dying.wasHit()).toBe(true);

      await shop.run();

      expect(await shop.catalogue()).toEqual(expected);
      expect(await shop.cursor()).toBe(await calm.cursor());
    }
  });
});
