import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { changeProduct, findProductsBySku } from '../../../db/catalogue/products.ts';
import { insertChannel } from '../../../db/channels/channels.ts';
import type { Pool } from '../../../db/engine/pool.ts';
import { createSealer } from '../../../db/engine/sealing.ts';
import { withAccount } from '../../../db/engine/with-account.ts';
import type { ShopKind } from '../../../domain/channel.ts';
import { aLink, aMerchant, anAccount, aSku, changeLink } from '../../support/trade/database-trade.ts';
import { onDatabase } from '../../support/engine/database.ts';
import { storePage } from '../../support/trade/database-catalogue.ts';
import { listOn, setUnits, stockSeen, supplied } from '../../support/trade/listed.ts';
import { writeAll, writingActivities, type Importing } from '../../support/models/stock-run.ts';

let pool: Pool;
onDatabase(10, (opened) => {
  pool = opened;
});

const sealer = createSealer(randomBytes(32).toString('base64'));
const runOn = (channelId: string) => writeAll({ pool, sealer }, channelId);
const each = (skus: readonly string[], units: number) => Object.fromEntries(skus.map((sku) => [sku, units]));

describe('what a run has to do', () => {
  const planOn = (channelId: string, importing: Importing) =>
    writingActivities({ pool, sealer }, { importing }).planWriteBack({ channelId });
  async function aShop(kind: ShopKind, units: Record<string, number>) {
    const accountId = await anAccount(pool);
    const { id: channelId } = await withAccount(pool, accountId, (db) =>
      insertChannel(db, sealer, { kind, name: 'Shop', settings: {}, credentials: null }),
    );
    for (const sku of Object.keys(units)) await aSku(pool, accountId, { sku });
    await listOn(pool, { accountId, channelId }, Object.keys(units));
    await setUnits(pool, accountId, units);
    return channelId;
  }

  it('is nothing where nothing changed', async () => {
    expect(await planOn(await aShop('api', {}), 'running')).toEqual({ plan: 'nothing' });
    expect(await planOn(await aShop('vendure', {}), 'paused')).toEqual({ plan: 'nothing' });
  });

  it('is to import first where a shop sells by itself, and to refuse while nobody may import', async () => {
    const channelId = await aShop('vendure', { MUG: 1 });

    expect(await planOn(channelId, 'running')).toEqual({ plan: 'import_and_write' });
    expect(await planOn(channelId, 'missing')).toEqual({ plan: 'import_and_write' });
    expect(await planOn(channelId, 'paused')).toEqual({ plan: 'import_paused' });
  });

  it('is only to write where orders are posted', async () => {
    expect(await planOn(await aShop('api', { MUG: 1 }), 'paused')).toEqual({ plan: 'write' });
  });
});

describe('writing to a portal', () => {
  async function aPortal(count = 1) {
    const merchant = await aMerchant(pool);
    const link = await aLink(pool, merchant.accountId);
    const skus = await supplied(pool, { merchant, link }, count);
    return {
      merchant,
      link,
      skus,
      count: (units: Record<string, number>) => setUnits(pool, link.supplierAccountId, units),
    };
  }

  it('brings the supplier’s available units to the merchant, and is done', async () => {
    const { merchant, link, skus, count } = await aPortal(3);
    expect((await runOn(link.portalId)).counts).toMatchObject({ seen: 0, written: 0 });
    await count(each(skus, 12));

    expect((await runOn(link.portalId)).counts).toMatchObject({ seen: 3, written: 3, failed: 0 });

    const seen = await Promise.all(skus.map((sku) => stockSeen(pool, merchant.accountId, sku)));
    expect(seen.map(({ available }) => available)).toEqual([12, 12, 12]);
    expect((await runOn(link.portalId)).counts).toMatchObject({ seen: 0 });
  });

  it('writes nothing and forgets nothing while the connection is paused', async () => {
    const { merchant, link, skus, count } = await aPortal();
    await count(each(skus, 12));
    await changeLink(pool, link, 'paused');

    expect(await runOn(link.portalId)).toMatchObject({ failures: [], counts: { seen: 0, written: 0, failed: 0 } });
    expect((await stockSeen(pool, merchant.accountId, skus[0]!)).available).toBe(0);

    await changeLink(pool, link, 'active');
    expect((await runOn(link.portalId)).counts).toMatchObject({ written: 1 });
  });

  it('is done with a product that the merchant took back: no failure, and out of Needs Sync until it is back', async () => {
    const { merchant, link, skus, count } = await aPortal(3);
    await count(each(skus, 12));
    await runOn(link.portalId);
    const [, taken] = skus;
    const before = await withAccount(
      pool,
      merchant.accountId,
      async (db) => (await findProductsBySku(db, [taken!]))[0]!,
    );
    await withAccount(pool, merchant.accountId, (db) => changeProduct(db, before.id, { ...before, suppliers: [] }));
    expect((await stockSeen(pool, merchant.accountId, taken!)).available).toBe(0);
    await count(each(skus, 9));

    const first = await runOn(link.portalId);
    await count(each(skus, 8));
    const second = await runOn(link.portalId);

    expect(first).toMatchObject({ failures: [], counts: { seen: 3, written: 2, unchanged: 1, failed: 0 } });
    expect(second).toMatchObject({ failures: [], counts: { seen: 2, written: 2, failed: 0 } });
    expect((await stockSeen(pool, merchant.accountId, taken!)).available).toBe(0);
    await withAccount(pool, merchant.accountId, (db) => changeProduct(db, before.id, before));
    await storePage(pool, { accountId: link.supplierAccountId, channelId: link.portalId }, [
      { remoteId: before.id, sku: taken!, name: before.name },
    ]);
    expect((await runOn(link.portalId)).counts).toMatchObject({ seen: 1, written: 1 });
    expect((await stockSeen(pool, merchant.accountId, taken!)).available).toBe(8);
  });
});
