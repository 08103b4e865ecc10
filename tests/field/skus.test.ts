import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { anApiChannel, anOrder, aPostedOrder } from '../support/trade/api-orders.ts';
import { openApi, type TestApi } from '../support/engine/test-api.ts';

/** SKUs as people type them. */

let api: TestApi;
beforeAll(async () => {
  api = await openApi();
});
afterAll(() => api.close());

describe('a SKU', () => {
  it('of 200 characters can be a product, be counted, sold and found; of 201 it is refused everywhere', async () => {
    const merchant = await api.anAccount();
    const channelId = await anApiChannel(merchant);
    const sku = 'É'.repeat(200);
    const post = (of: string) => merchant.post('/v1/products', { sku: of, name: 'Long' });
    const count = (of: string) => merchant.put('/v1/stock', { sku: of, physicalOnHand: 3 });
    const sell = (of: string) => merchant.post('/v1/orders', anOrder(channelId, [of]));

    const done = [await post(sku), await count(sku), await sell(sku)];
    const refused = [await post(`${sku}É`), await count(`${sku}É`), await sell(`${sku}É`)];

    expect(done.map(({ statusCode }) => statusCode)).toEqual([201, 200, 201]);
    expect(refused.map(({ statusCode }) => statusCode)).toEqual([422, 422, 422]);
    await merchant.post('/v1/products', { sku: `${sku.slice(1)}Ü`, name: 'Long too' });
    const first = (await merchant.get('/v1/stock?limit=1')).json<{ data: { sku: string }[]; nextCursor: string }>();
    const second = await merchant.get(`/v1/stock?limit=1&cursor=${encodeURIComponent(first.nextCursor)}`);
    expect([first.data[0]!.sku, second.json<{ data: { sku: string }[] }>().data[0]!.sku].sort()).toEqual(
      [sku, `${sku.slice(1)}Ü`].sort(),
    );
  });
});

describe('a SKU that is spelled wrongly', () => {
  it.each([
    ['SUM-100', null],
    ['sum-100', 'No product has the SKU "sum-100". Did you mean SUM-100?'],
    ['SUM-100 ', 'No product has the SKU "SUM-100␠". Did you mean SUM-100?'],
    ['SUM-100\u00a0', 'No product has the SKU "SUM-100[NBSP]". Did you mean SUM-100?'],
    ['SUM-1OO', 'No product has the SKU "SUM-1OO". Did you mean SUM-100?'],
    ['SUM-10', 'No product has the SKU "SUM-10". Did you mean SUM-100?'],
    ['NOTHING-LIKE-IT', 'No product has the SKU "NOTHING-LIKE-IT".'],
  ])('%j is refused with what it may mean: %s', async (sku, detail) => {
    const supplier = await api.anAccount();
    for (const own of ['SUM-100', 'SUM-200', 'TEE']) await supplier.post('/v1/products', { sku: own, name: own });
    const level = { sku, physicalOnHand: 3 };
    const adjustment = { sku, adjustBy: 3, reason: 'received' };

    const alone = [
      await supplier.put('/v1/stock', level),
      await supplier.post('/v1/stock/adjustments', adjustment, { 'idempotency-key': 'one' }),
    ];
    const batch = await supplier.post('/v1/stock/batch', { items: [level] });

    if (detail === null) return expect(alone.map(({ statusCode }) => statusCode)).toEqual([200, 200]);
    for (const answer of alone) expect(answer.json()).toMatchObject({ code: 'unknown_sku', detail });
    expect(batch.json()).toMatchObject({ results: [{ status: 'failed', problem: { code: 'unknown_sku', detail } }] });
  });

  it('is refused so in an order too, and in a shipment with the SKUs of its order', async () => {
    const merchant = await api.anAccount();
    const channelId = await anApiChannel(merchant);
    for (const own of ['SUM-100', 'SUM-200']) await merchant.post('/v1/products', { sku: own, name: own });

    const order = await merchant.post('/v1/orders', anOrder(channelId, ['SUM-100', 'sum-200 ']));
    await aPostedOrder(merchant, anOrder(channelId, ['SUM-100'], { number: '77' }));
    const ship = (sku: string) =>
      merchant.post('/v1/shipments/batch', {
        items: [{ number: '77', carrier: 'ups', trackingNumber: '1Z999AA10123456784', lines: [{ sku }] }],
      });

    expect(order.json()).toMatchObject({
      code: 'unknown_sku',
      errors: [{ pointer: '/lines/1/sku', detail: '"sum-200␠" is not the SKU of a product. Did you mean SUM-200?' }],
    });
    const detail = '"SUM-1OO" is not on this order. Did you mean SUM-100?';
    expect((await ship('SUM-1OO')).json()).toMatchObject({
      results: [{ problem: { code: 'line_not_found', detail } }],
    });
    expect((await ship('TEE')).json()).toMatchObject({
      results: [{ problem: { detail: '"TEE" is not on this order.' } }],
    });
  });
});
