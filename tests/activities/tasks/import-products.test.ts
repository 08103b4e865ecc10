import { describe, expect, it } from '@jest/globals';
import { openPortal } from '../../../activities/channels/portal/portal.ts';
import type { PortalTools } from '../../../activities/channels/portal/tools.ts';
import type { Pool } from '../../../db/engine/pool.ts';
import { upsertProducts } from '../../../db/catalogue/products.ts';
import { withAccount } from '../../../db/engine/with-account.ts';
import { noCounts } from '../../../domain/task.ts';
import { dyingAt, runImport, type Instead } from '../../support/trade/catalogue-run.ts';
import { catalogueOf, productIdOf } from '../../support/trade/database-catalogue.ts';
import { aLink, aMerchant, aSku, changeLink, type Link } from '../../support/trade/database-trade.ts';
import { onDatabase } from '../../support/engine/database.ts';

let pool: Pool;
onDatabase(5, (opened) => {
  pool = opened;
});

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
    run: (instead?: Instead) => runImport(pool, link.portalId, instead),
    assign: (...skus: string[]) => assign(accountId, link.supplierId, skus),
    unassign: (sku: string) => unassign(accountId, sku),
    catalogue: () => catalogueOf(pool, link.supplierAccountId),
    listings: async () => (await catalogueOf(pool, link.supplierAccountId)).listings,
  };
}

describe('a portal', () => {
  it('makes mirror products and listings of what the merchant assigned, and links what the supplier has', async () => {
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
