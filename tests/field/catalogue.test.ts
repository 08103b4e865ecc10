import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Listing } from '../../db/catalogue/listings.ts';
import { aShopOf, type Skus } from '../support/trade/shop-skus.ts';
import { openApi, type TestApi } from '../support/engine/test-api.ts';

/** What people do to the SKUs of a shop, and what comes of it: the remote id is the link. */

let api: TestApi;
beforeAll(async () => {
  api = await openApi();
});
afterAll(() => api.close());

const aShop = (skus?: Skus) => aShopOf(api, skus);

describe('the SKUs of a shop’s variants', () => {
  it.each([
    ['nothing changes', { a: 'POT' }, { a: 'POT', b: 'CUP' }, []],
    ['renames one', { a: 'POT-S' }, { a: 'POT: POT > POT-S', b: 'CUP' }, ['a']],
    ['changes its case', { a: 'mug' }, { a: 'POT: POT > mug', b: 'CUP' }, ['a']],
    ['adds a blank', { a: 'POT ' }, { a: 'POT: POT > POT ', b: 'CUP' }, ['a']],
    ['empties one', { a: '' }, { a: 'POT: POT > ', b: 'CUP' }, ['a']],
    ['gives one the SKU of another', { a: 'CUP' }, { a: 'POT: POT > CUP', b: 'CUP' }, ['a']],
    ['swaps two', { a: 'CUP', b: 'POT' }, { a: 'POT: POT > CUP', b: 'CUP: CUP > POT' }, ['a', 'b']],
    ['adds a variant', { c: 'JUG' }, { a: 'POT', b: 'CUP', c: 'JUG' }, []],
    ['adds a variant with a known SKU', { c: 'POT' }, { a: 'POT', b: 'CUP', c: 'POT' }, []],
    ['adds one without SKU', { c: '' }, { a: 'POT', b: 'CUP', c: null }, []],
    [
      'renames one, and gives its SKU to a new one',
      { a: 'POT-OLD', c: 'POT' },
      { a: 'POT: POT > POT-OLD', b: 'CUP', c: 'null:  > POT' },
      ['a', 'c'],
    ],
    [
      'renames one, and adds another with that SKU',
      { a: 'JUG', c: 'JUG' },
      { a: 'POT: POT > JUG', b: 'CUP', c: 'JUG' },
      ['a'],
    ],
  ])('when it %s: shown, never guessed', async (...[_what, now, shown, asked]) => {
    const shop = await aShop();

    await shop.lists(now);
    await shop.lists(now);

    expect(await shop.shown()).toEqual(shown);
    expect(await shop.asked()).toEqual(asked);
    const changed = (await shop.merchant.get('/v1/listings?skuChanged=true')).json<{ data: Listing[] }>().data;
    expect(changed.map(({ remoteId }) => remoteId).sort()).toEqual(asked);
  });

  it('that come back to what they were need no decision any more', async () => {
    const shop = await aShop();
    await shop.lists({ a: 'POT-S' });

    await shop.lists({ a: 'POT' });

    expect([await shop.shown(), await shop.asked()]).toEqual([{ a: 'POT', b: 'CUP' }, []]);
  });

  it('that our product has already, before or after the shop, need no decision', async () => {
    const shop = await aShop();
    const rename = async (from: string, sku: string) =>
      shop.merchant.patch(`/v1/products/${await shop.productId(from)}`, { sku });
    await rename('POT', 'POT-S');
    await shop.lists({ a: 'POT-S', b: 'CUP-S' });
    expect(await shop.asked()).toEqual(['b']);

    await rename('CUP', 'CUP-S');

    expect([await shop.shown(), await shop.asked()]).toEqual([{ a: 'POT-S', b: 'CUP-S' }, []]);
  });

  it('are asked about until the variant, or the channel, is gone', async () => {
    const shop = await aShop();
    await shop.lists({ a: 'POT-S', b: 'CUP-S' });

    await shop.gone('b');
    expect(await shop.asked()).toEqual(['b']);
    expect((await shop.merchant.delete(`/v1/channels/${shop.channelId}`)).statusCode).toBe(204);

    expect(await shop.attentions()).toEqual([]);
  });
});

describe('an order of a variant', () => {
  it.each([
    ['was renamed', { a: 'POT-S' }, { remoteProductId: 'a', sku: 'POT-S' }, 'POT, dropshipped'],
    ['has no SKU any more', { a: '' }, { remoteProductId: 'a', sku: '' }, 'POT, dropshipped'],
    ['swapped its SKU', { a: 'CUP', b: 'POT' }, { remoteProductId: 'b', sku: 'POT' }, 'CUP, dropshipped'],
    ['has the SKU of another', { a: 'CUP' }, { remoteProductId: 'a', sku: 'CUP' }, 'POT, dropshipped'],
    ['is renamed before we read it', {}, { remoteProductId: 'a', sku: 'NEVER-SEEN' }, 'POT, dropshipped'],
    ['is named by its new SKU alone', { a: 'POT-S' }, { sku: 'POT-S' }, 'POT, dropshipped'],
    ['is named by a SKU that two have', { a: 'CUP' }, { sku: 'CUP' }, 'CUP, dropshipped'],
    ['is not listed, and has a SKU of ours', {}, { remoteProductId: 'z', sku: 'CUP' }, 'CUP, dropshipped'],
    ['nobody knows', {}, { remoteProductId: 'z', sku: 'NEVER-SEEN' }, 'waits'],
    ['is named by a new SKU that another product has', { a: 'JUG' }, { sku: 'JUG' }, 'JUG, dropshipped'],
    ['is named by a new SKU that two have', { a: 'X', b: 'X' }, { sku: 'X' }, 'waits'],
    ['is named by one of two swapped SKUs', { a: 'CUP', b: 'POT' }, { sku: 'POT' }, 'waits'],
    ['is new, and has the new SKU of another', { a: 'X' }, { remoteProductId: 'z', sku: 'X' }, 'waits'],
    ['is new, and has the old SKU of another', { a: 'X' }, { remoteProductId: 'z', sku: 'POT' }, 'waits'],
    ['is named by the old SKU of another', { a: 'X' }, { sku: 'POT' }, 'waits'],
  ])('that %s goes on', async (...[_what, now, line, goesTo]) => {
    const shop = await aShop({ a: 'POT', b: 'CUP', j: 'JUG' });
    await shop.gone('a', 'b');
    await shop.lists(now);

    expect(await shop.sell(line)).toBe(goesTo);
  });
});

describe('the decision about a changed SKU', () => {
  it('may rename our product', async () => {
    const shop = await aShop();
    await shop.lists({ a: 'POT-S' });

    expect((await shop.decide('a', { action: 'rename' })).statusCode).toBe(200);

    expect([await shop.shown(), await shop.asked()]).toEqual([{ a: 'POT-S', b: 'CUP' }, []]);
    expect(await shop.products()).toEqual(['CUP', 'POT-S']);
    expect(await shop.sell({ remoteProductId: 'a', sku: 'POT-S' })).toBe('POT-S, dropshipped');
  });

  it('may relink it to the product of the new SKU, which is made where there is none', async () => {
    const shop = await aShop();
    await shop.lists({ a: 'JUG', b: 'POT' });

    await shop.decide('a', { action: 'relink' });
    await shop.decide('b', { action: 'relink' });

    expect([await shop.shown(), await shop.asked()]).toEqual([{ a: 'JUG', b: 'POT' }, []]);
    expect(await shop.products()).toEqual(['CUP', 'JUG', 'POT']);
    expect(await shop.sell({ remoteProductId: 'a', sku: 'JUG' })).toBe('JUG');
    expect(await shop.sell({ remoteProductId: 'b', sku: 'POT' })).toBe('POT, dropshipped');
  });

  it('may relink it to a named product, by hand', async () => {
    const shop = await aShop();
    await shop.lists({ a: '' });

    await shop.decide('a', { action: 'relink', productId: await shop.productId('CUP') });

    expect([await shop.shown(), await shop.asked()]).toEqual([{ a: 'CUP', b: 'CUP' }, []]);
    expect(await shop.listingOf('a')).toMatchObject({ linkedBy: 'hand', remoteSku: '' });
  });

  it('may keep both, until the SKU changes again', async () => {
    const shop = await aShop();
    await shop.lists({ a: 'POT-S' });

    await shop.decide('a', { action: 'keep' });
    await shop.lists({ a: 'POT-S' });
    expect([await shop.shown(), await shop.asked()]).toEqual([{ a: 'POT', b: 'CUP' }, []]);
    expect(await shop.listingOf('a')).toMatchObject({ sku: 'POT', remoteSku: 'POT-S', skuChanged: null });
    await shop.lists({ a: 'POT-T' });

    expect([await shop.shown(), await shop.asked()]).toEqual([{ a: 'POT: POT-S > POT-T', b: 'CUP' }, ['a']]);
  });

  it.each([
    ['rename to the SKU of another product', { a: 'CUP' }, { action: 'rename' }, 'sku_taken'],
    ['rename to no SKU', { a: '' }, { action: 'rename' }, 'sku_missing'],
    ['relink by no SKU', { a: '' }, { action: 'relink' }, 'sku_missing'],
    ['relink to an unknown product', { a: 'X' }, { action: 'relink', productId: 'prod_unknown' }, 'product_not_found'],
    ['retry', { a: 'X' }, { action: 'retry' }, 'resolution_not_possible'],
    ['keep a named product', { a: 'X' }, { action: 'keep', productId: 'prod_1' }, 'invalid_request'],
  ])('cannot %s, and waits on', async (...[_what, now, decision, code]) => {
    const shop = await aShop();
    await shop.lists(now);

    expect((await shop.decide('a', decision)).json()).toMatchObject({ code });

    expect(await shop.asked()).toEqual(['a']);
    expect((await shop.shown())['a']).toMatch(/^POT: POT > /);
  });

  it('is made once: the same again is accepted, another comes too late', async () => {
    const shop = await aShop();
    await shop.lists({ a: 'POT-S' });
    const [attention] = await shop.attentions();
    const decide = (action: string) =>
      shop.merchant.post(`/v1/attentions/${attention!.id}/resolve`, { action, reason: 'other' });

    const both = await Promise.all([decide('keep'), decide('keep')]);
    const later = await decide('rename');

    expect(both.map(({ statusCode }) => statusCode).sort()).toContain(200);
    expect((await decide('keep')).statusCode).toBe(200);
    expect(later.json()).toMatchObject({ code: 'attention_not_found' });
    expect(await shop.products()).toEqual(['CUP', 'POT']);
  });

  it('is made for many at once by their code, and counted', async () => {
    const shop = await aShop();
    await shop.lists({ a: 'POT-S', b: 'CUP-S' });
    const summary = (await shop.merchant.get('/v1/attentions/summary')).json<{ data: object[] }>().data;
    expect(summary).toMatchObject([
      { code: 'sku_changed', channelId: shop.channelId, steps: ['listing'], count: 2, hint: expect.any(String) },
    ]);

    const body = { filter: { code: 'sku_changed' }, action: 'rename', reason: 'fixed_at_source' };
    const answer = await shop.merchant.post('/v1/attentions/resolve', body);

    expect(answer.json()).toMatchObject({ results: [{ status: 'ok' }, { status: 'ok' }], left: 0 });
    expect(await shop.products()).toEqual(['CUP-S', 'POT-S']);
  });

  it('is the account’s own: shown to it and to the operator', async () => {
    const shop = await aShop();
    await shop.lists({ a: 'POT-S' });
    const { id } = await shop.listingOf('a');

    const [own] = await shop.attentions();

    expect(own).toEqual({
      id: expect.stringMatching(/^att_/),
      listingId: id,
      channelId: shop.channelId,
      step: 'listing',
      code: 'sku_changed',
      since: expect.any(String),
      hint: expect.stringContaining('Rename your product alike'),
      actions: ['rename', 'relink', 'keep'],
      sku: 'POT',
      counterpart: null,
      orderNumber: null,
      orderSide: null,
    });
    expect((await shop.merchant.get(`/v1/listings/${id}`)).json()).toMatchObject({
      skuChanged: { from: 'POT', to: 'POT-S' },
    });
    const toOperator = (await api.operator.get('/v1/attentions?limit=200')).json<{ data: object[] }>().data;
    expect(toOperator).toContainEqual(expect.objectContaining({ id: own!.id, listingId: id, code: 'sku_changed' }));
    const stranger = await api.anAccount();
    expect((await stranger.get(`/v1/listings/${id}`)).statusCode).toBe(404);
    expect(
      (await stranger.post(`/v1/attentions/${own!.id}/resolve`, { action: 'keep', reason: 'other' })).statusCode,
    ).toBe(404);
  });
});
