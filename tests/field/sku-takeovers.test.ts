import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { listMapped } from '../../db/attentions.ts';
import type { Listing } from '../../db/catalogue/listings.ts';
import { withAccount } from '../../db/engine/with-account.ts';
import { anApiChannel } from '../support/trade/api-orders.ts';
import { named, storePage } from '../support/trade/database-catalogue.ts';
import { aShopOf, type Skus } from '../support/trade/shop-skus.ts';
import { openApi, type TestApi } from '../support/engine/test-api.ts';

/** A shop gives a variant another SKU, and its old SKU to a new variant: nobody but the merchant knows which is which. */

let api: TestApi;
beforeAll(async () => {
  api = await openApi();
});
afterAll(() => api.close());

const aShop = (skus?: Skus) => aShopOf(api, skus);

describe('a new variant that takes over the SKU of a renamed one', () => {
  /** Both in one page, or in two. */
  const pages = {
    'in one page': [{ a: 'POT-S', c: 'POT' }],
    'in one page, the new one first': [{ c: 'POT', a: 'POT-S' }],
    'after it': [{ a: 'POT-S' }, { c: 'POT' }],
    'before it': [{ c: 'POT' }, { a: 'POT-S' }],
  } as Record<string, Record<string, string>[]>;

  async function aTakeOver(when: string) {
    const shop = await aShop();
    for (const page of pages[when]!) await shop.lists(page);
    return shop;
  }
  const waiting = (shop: Awaited<ReturnType<typeof aShop>>) =>
    withAccount(api.pool, shop.merchant.accountId, (db) => listMapped(db, 10));

  it.each(Object.keys(pages))('%s, is asked about once our product is renamed', async (when) => {
    const shop = await aTakeOver(when);

    expect((await shop.decide('a', { action: 'rename' })).statusCode).toBe(200);

    expect(await shop.asked()).toEqual(['c']);
    expect(await shop.products()).toEqual(['CUP', 'POT-S']);
    expect((await shop.decide('c', { action: 'relink' })).statusCode).toBe(200);
    expect([await shop.shown(), await shop.asked()]).toEqual([{ a: 'POT-S', b: 'CUP', c: 'POT' }, []]);
    expect(await shop.sell({ remoteProductId: 'a', sku: 'POT-S' })).toBe('POT-S, dropshipped');
    expect(await shop.sell({ remoteProductId: 'c', sku: 'POT' })).toBe('POT');
  });

  it.each(Object.keys(pages))('%s, is asked about also when a person renames the product', async (when) => {
    const shop = await aTakeOver(when);

    await shop.merchant.patch(`/v1/products/${await shop.productId('POT')}`, { sku: 'POT-S' });

    expect(await shop.asked()).toEqual(['c']);
    expect(await shop.listingOf('a')).toMatchObject({ sku: 'POT-S', skuChanged: null });
  });

  it.each(Object.keys(pages).filter((when) => when !== 'before it'))(
    '%s, has no product until a person decides, whatever is decided about the other',
    async (when) => {
      for (const action of ['keep', 'relink', 'rename']) {
        const shop = await aTakeOver(when);
        const sold = await shop.sell({ remoteProductId: 'c', sku: 'POT' });

        await shop.decide('a', { action });
        await shop.lists({ c: 'POT' });

        expect([sold, await shop.asked()]).toEqual(['waits', ['c']]);
        expect(await shop.listingOf('c')).toMatchObject({ productId: null, cause: 'sku_changed', needsSync: false });
        expect(await shop.sell({ remoteProductId: 'c', sku: 'POT' })).toBe('waits');
        expect(await waiting(shop)).toEqual([]);
      }
    },
  );

  it('lets its orders go on once it is relinked', async () => {
    const shop = await aTakeOver('after it');
    await shop.sell({ remoteProductId: 'c', sku: 'POT' });
    await shop.decide('a', { action: 'rename' });

    await shop.decide('c', { action: 'relink', productId: await shop.productId('CUP') });

    expect(await waiting(shop)).toHaveLength(1);
    expect(await shop.sell({ remoteProductId: 'c', sku: 'POT' })).toBe('CUP, dropshipped');
  });

  it('is linked and asked about no more once a product is chosen for a line of it', async () => {
    const shop = await aTakeOver('after it');
    await shop.sell({ remoteProductId: 'c', sku: 'POT' });
    const [parked] = (await shop.merchant.get('/v1/attentions?code=unmapped_sku')).json<{
      data: { lines: { orderId: string; lineId: string }[] }[];
    }>().data;
    const { orderId, lineId } = parked!.lines[0]!;

    const productId = await shop.productId('CUP');
    const chosen = await shop.merchant.post(`/v1/orders/${orderId}/lines/${lineId}/product`, { productId });

    expect(chosen.statusCode).toBe(200);
    expect([await shop.shown(), await shop.asked()]).toEqual([{ a: 'POT: POT > POT-S', b: 'CUP', c: 'CUP' }, ['a']]);
  });

  it('can stay without a product, until its SKU changes again; it cannot be renamed', async () => {
    const shop = await aTakeOver('after it');

    const renamed = await shop.decide('c', { action: 'rename' });
    const first = (await shop.decide('c', { action: 'keep' })).statusCode;
    await shop.decide('a', { action: 'keep' });
    await shop.lists({ c: 'POT' });

    expect([renamed.json<{ code: string }>().code, first]).toEqual(['resolution_not_possible', 200]);
    expect([await shop.shown(), await shop.asked()]).toEqual([{ a: 'POT', b: 'CUP', c: null }, []]);
    await shop.lists({ c: 'JUG' });
    expect([await shop.shown(), await shop.asked()]).toEqual([{ a: 'POT', b: 'CUP', c: 'JUG' }, []]);
  });

  it('of a person’s link gets a product of its own', async () => {
    const shop = await aShop({ a: 'X-1', b: 'CUP' });
    const { id } = await shop.listingOf('a');
    await shop.merchant.patch(`/v1/listings/${id}`, { productId: await shop.productId('CUP') });
    await shop.merchant.patch(`/v1/products/${await shop.productId('X-1')}`, { sku: 'OTHER' });

    await shop.lists({ a: 'X-2', c: 'X-1' });

    expect([await shop.shown(), await shop.asked()]).toEqual([{ a: 'CUP: X-1 > X-2', b: 'CUP', c: 'X-1' }, ['a']]);
  });

  it('has no question at another shop that still sells the old SKU', async () => {
    const shop = await aTakeOver('after it');
    const other = await anApiChannel(shop.merchant);
    await storePage(api.pool, { accountId: shop.merchant.accountId, channelId: other }, [named('o', 'POT')]);

    await shop.decide('a', { action: 'rename' });

    const { data } = (await shop.merchant.get(`/v1/listings?channelId=${other}`)).json<{ data: Listing[] }>();
    expect(data).toMatchObject([{ remoteId: 'o', sku: 'POT-S', skuChanged: null }]);
  });
});
