import { expect, it } from '@jest/globals';
import type { StockWrite } from '../../../../activities/channels/channel.ts';
import { faultOf, walk, type Harness } from '../harness.ts';

/** Products and stock: points 5 and 13 of the conformance list. */
export function stockConformance(harness: () => Harness) {
  const write = async (sku: string, available: number, version = 1): Promise<StockWrite> => {
    const remoteProductId = await harness().productId(sku);
    return { listingId: `lst_${sku}`, remoteProductId, sku, available, version };
  };

  it('gives the shop our available, however many units its own orders hold', async () => {
    const shop = harness();
    await shop.place({ skus: [['TOTE-NATURAL', 5]] });

    const outcomes = await shop.open().writeInventory([await write('TOTE-NATURAL', 42)]);

    expect(outcomes).toEqual([{ listingId: 'lst_TOTE-NATURAL', outcome: 'written' }]);
    expect(await shop.stock('TOTE-NATURAL')).toEqual({ onHand: 47, reserved: 5, available: 42 });
  });

  it('changes nothing when it gets the same again', async () => {
    const shop = harness();
    const batch = [await write('POSTER-A2', 7)];
    await shop.open().writeInventory(batch);
    const writes = shop.proxy.watch({ matching: shop.is.stock });

    const outcomes = await shop.open().writeInventory(batch);

    expect(outcomes).toEqual([{ listingId: 'lst_POSTER-A2', outcome: 'unchanged' }]);
    expect(writes.hits()).toBe(0);
  });

  it('has no more to sell than ours when it ships units during the write', async () => {
    const shop = harness();
    const { remoteId, units } = await shop.place({ skus: [['TEE-BLACK-M', 5]] });
    shop.proxy.overtake(() => shop.shipByHand(remoteId, units, 'HAND-2'), { times: 1, matching: shop.is.stock });

    const outcomes = await shop.open().writeInventory([await write('TEE-BLACK-M', 42)]);

    expect(outcomes).toEqual([{ listingId: 'lst_TEE-BLACK-M', outcome: 'written' }]);
    expect((await shop.stock('TEE-BLACK-M')).available).toBe(42);
  });

  it('leaves what it sold during the write out of our figure', async () => {
    const shop = harness();
    const buys = () => shop.place({ skus: [['TEE-BLACK-M', 5]] });
    shop.proxy.overtake(buys, { times: 1, matching: shop.is.stock });

    await shop.open().writeInventory([await write('TEE-BLACK-M', 50)]);

    expect((await shop.stock('TEE-BLACK-M')).available).toBe(45);
  });

  it('never writes less than nothing', async () => {
    const shop = harness();

    await shop.open().writeInventory([await write('NOTEBOOK-A5', -3)]);

    expect((await shop.stock('NOTEBOOK-A5')).available).toBe(0);
  });

  it('takes the newer of two figures for one listing, in whatever order they come', async () => {
    const shop = harness();
    const batch = [await write('MUG-SAND', 9, 2), await write('MUG-SAND', 4, 1)];

    const outcomes = await shop.open().writeInventory(batch);

    expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual(['stale', 'written']);
    expect((await shop.stock('MUG-SAND')).available).toBe(9);
  });

  it('arrives at the same figure when the answer is lost and it is written again', async () => {
    const shop = harness();
    const batch = [await write('TEE-BLACK-L', 13)];
    shop.proxy.dropAnswers({ times: 1, matching: shop.is.stock });

    const lost = await faultOf(shop.open().writeInventory(batch));
    const [again] = await shop.open().writeInventory(batch);

    expect(lost).toEqual({ kind: 'unknown_outcome' });
    expect(again).toMatchObject({ outcome: 'unchanged' });
    expect((await shop.stock('TEE-BLACK-L')).available).toBe(13);
  });

  it('refuses what the shop does not track, and does not switch tracking on', async () => {
    const shop = harness();
    const before = await shop.stock('GIFT-CARD-25');

    const [outcome] = await shop.open().writeInventory([await write('GIFT-CARD-25', 5)]);

    expect(outcome).toMatchObject({ outcome: 'failed', fault: { kind: 'invalid', code: 'untracked' } });
    expect(await shop.stock('GIFT-CARD-25')).toEqual(before);
    const { items } = await walk((after) => shop.open().importProducts(after));
    expect(items.find(({ sku }) => sku === 'GIFT-CARD-25')).toMatchObject({ tracksStock: false });
  });

  it('writes all of 300 listings but the one that the shop does not know', async () => {
    const shop = harness();
    const { items } = await walk((after) => shop.open().importProducts(after));
    const batch = items
      .filter(({ sku }) => sku.startsWith('BULK-'))
      .map(({ remoteId, sku }) => ({
        listingId: `lst_${sku}`,
        remoteProductId: remoteId,
        sku,
        available: 21,
        version: 1,
      }));
    batch[150] = { ...batch[150]!, remoteProductId: '999999' };

    const outcomes = await shop.open().writeInventory(batch);

    expect(outcomes).toHaveLength(300);
    expect(outcomes.filter(({ outcome }) => outcome === 'written')).toHaveLength(299);
    expect(outcomes.filter(({ outcome }) => outcome === 'failed')).toEqual([
      { listingId: batch[150].listingId, outcome: 'failed', fault: { kind: 'gone', what: 'listing' } },
    ]);
    expect((await shop.stock(batch[299]!.sku)).available).toBe(21);
  });

  it('reads each variant of the catalogue once, and what is changed afterwards', async () => {
    const shop = harness();
    const all = await walk((after) => shop.open().importProducts(after));

    await shop.changeProduct('BULK-7', { sku: '', name: 'Renamed' });
    const sku = shop.repeatsSkus ? 'BULK-9' : 'BULK-8';
    await shop.changeProduct('BULK-8', { sku, active: false });
    const changed = await walk((after) => shop.open().importProducts(after), all.next);

    const ids = all.items.map(({ remoteId }) => remoteId);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toHaveLength(shop.productCount);
    expect(changed.items.find(({ name }) => name === 'Renamed')).toMatchObject({ sku: '', active: true });
    const archived = changed.items.filter((product) => product.sku === sku).map(({ active }) => active);
    expect(archived).toContain(false);
  });
}
