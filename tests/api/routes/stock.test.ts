import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { storeReported } from '../../../db/stock/reported.ts';
import { withAccount } from '../../../db/engine/with-account.ts';
import { aMerchant, anOrder, aPostedOrder, aProduct, aTrade } from '../../support/trade/api-orders.ts';
import {
  adjust,
  changesOf,
  aWarehouse,
  levelOf,
  levelsOf,
  someProducts,
  skusFrom,
} from '../../support/trade/api-stock.ts';
import { aProblem, openApi, withoutRequestId, type Caller, type TestApi } from '../../support/engine/test-api.ts';

let api: TestApi;
let owner: Caller;
let stranger: Caller;
let mainId: string;
beforeAll(async () => {
  api = await openApi();
  [owner, stranger] = [await api.anAccount(), await api.anAccount()];
  mainId = (await owner.get('/v1/warehouses')).json<{ data: { id: string }[] }>().data[0]!.id;
});
afterAll(() => api.close());

let count = 0;
/** A product of the owner's, in-house. */
async function aSku(): Promise<string> {
  const sku = `CUP-${(count += 1)}`;
  await aProduct(owner, sku);
  return sku;
}
describe('stock', () => {
  it('of a new product is shown, as zeros in the oldest own warehouse', async () => {
    const sku = await aSku();

    const answer = await owner.get(`/v1/stock?sku=${sku}`);

    expect(answer.json()).toEqual({
      data: [
        {
          sku,
          productId: expect.stringMatching(/^prod_/),
          productName: `Product ${sku}`,
          sharing: { state: 'not_listed', cause: null, channels: 0 },
          warehouseId: mainId,
          warehouseName: 'Main',
          physicalOnHand: 0,
          committed: 0,
          availableOnHand: 0,
          version: 0,
        },
      ],
      nextCursor: null,
    });
    expect(await levelsOf(stranger, `sku=${sku}`)).toEqual([]);
  });

  it('has what open orders hold committed, and may be oversold', async () => {
    const { merchant, channelId } = await aMerchant(api);
    await merchant.put('/v1/stock', { sku: 'MUG', physicalOnHand: 3 });

    await aPostedOrder(merchant, anOrder(channelId));
    expect(await levelOf(merchant, 'MUG')).toMatchObject({ physicalOnHand: 3, committed: 2, availableOnHand: 1 });
    await aPostedOrder(merchant, anOrder(channelId));

    expect(await levelOf(merchant, 'MUG')).toMatchObject({
      physicalOnHand: 3,
      committed: 4,
      availableOnHand: -1,
      version: 3,
    });
  });

  it('is listed by SKU, page by page, each row once', async () => {
    const account = await api.anAccount();
    const skus = ['Zebra', 'apple', 'Ärger', ...skusFrom('PAGE', 4)];
    await someProducts(account, skus);
    const northId = await aWarehouse(account, 'North');
    const items = skus.slice(0, 5).map((sku) => ({ sku, warehouseId: northId, physicalOnHand: 1 }));
    await account.post('/v1/stock/batch', { items });
    await account.put('/v1/stock', { sku: 'apple', physicalOnHand: 2 });

    const pages: string[][] = [];
    for (let cursor = ''; cursor !== null && pages.length < 20;) {
      const page = (await account.get(`/v1/stock?limit=2${cursor}`)).json<{
        data: { sku: string; warehouseName: string }[];
        nextCursor: string | null;
      }>();
      pages.push(page.data.map((row) => `${row.sku} ${row.warehouseName}`));
      if (page.nextCursor === null) break;
      cursor = `&cursor=${page.nextCursor}`;
    }

    const stocked = skus.slice(0, 5).map((sku) => `${sku} North`);
    const bare = skus.slice(5).map((sku) => `${sku} Main`);
    expect(pages.flat().sort()).toEqual([...stocked, ...bare, 'apple Main'].sort());
    expect(pages.map((page) => page.length)).toEqual([2, 2, 2, 2]);
    expect((await levelsOf(account, `warehouseId=${northId}`)).map(({ sku }) => sku).sort()).toEqual(
      skus.slice(0, 5).sort(),
    );
    expect(await levelsOf(account, `warehouseId=${mainId}`)).toEqual([]);
  });

  it.each(['limit=0', 'cursor=', 'sku=', 'warehouseId=main', 'colour=red'])('is not listed by ?%s', async (query) => {
    expect((await owner.get(`/v1/stock?${query}`)).json()).toMatchObject({ status: 422, code: 'invalid_request' });
  });

  it.each(['x', Buffer.from('["A"]').toString('base64url'), Buffer.from('["\\u0000","wh_1"]').toString('base64url')])(
    'is not listed from a cursor that is not ours: %s',
    async (cursor) => {
      const answer = await owner.get(`/v1/stock?cursor=${cursor}`);

      expect(answer.json()).toEqual(aProblem(answer, 'invalid_cursor', { detail: 'The cursor is not one of ours.' }));
    },
  );
});

const faultsOf = (answer: Awaited<ReturnType<Caller['put']>>) => [
  answer.statusCode,
  answer.json<{ errors: { pointer: string }[] }>().errors.map((fault) => fault.pointer),
];

describe('setting a level', () => {
  it('answers with the row, and raises the version by one', async () => {
    const sku = await aSku();

    const set = await owner.put('/v1/stock', { sku, physicalOnHand: 12 });
    const again = await owner.put('/v1/stock', { sku, warehouseId: mainId, physicalOnHand: 7, reason: 'count' });

    expect([set.statusCode, set.json()]).toEqual([200, expect.objectContaining({ physicalOnHand: 12, version: 1 })]);
    expect(again.json()).toEqual({
      sku,
      productId: expect.any(String),
      productName: `Product ${sku}`,
      sharing: { state: 'not_listed', cause: null, channels: 0 },
      warehouseId: mainId,
      warehouseName: 'Main',
      physicalOnHand: 7,
      committed: 0,
      availableOnHand: 7,
      version: 2,
    });
    expect(await levelsOf(owner, `sku=${sku}`)).toEqual([again.json()]);
  });

  it('keeps who changed it, from what to what and why', async () => {
    const sku = await aSku();
    await owner.put('/v1/stock', { sku, physicalOnHand: 12 });
    const { productId } = await levelOf(owner, sku);

    await adjust(owner, { sku, adjustBy: -2, reason: 'damaged' });

    expect(await changesOf(api, owner, productId)).toEqual([
      { warehouse_id: mainId, before: 0, after: 12, adjust_by: null, reason: null },
      { warehouse_id: mainId, before: 12, after: 10, adjust_by: -2, reason: 'damaged' },
    ]);
  });

  it('to what it is changes nothing, but for the first count', async () => {
    const sku = await aSku();

    const first = await owner.put('/v1/stock', { sku, physicalOnHand: 0 });
    const again = await owner.put('/v1/stock', { sku, physicalOnHand: 0 });

    expect(first.json()).toMatchObject({ physicalOnHand: 0, version: 1 });
    expect(again.json()).toEqual(first.json());
    expect(await changesOf(api, owner, first.json<{ productId: string }>().productId)).toHaveLength(1);
  });

  it('to 0 in a warehouse that never had the product shows it there, and publishes nothing', async () => {
    const sku = await aSku();
    await owner.put('/v1/stock', { sku, physicalOnHand: 12 });
    const [eastId, westId] = [await aWarehouse(owner, `East ${sku}`), await aWarehouse(owner, `West ${sku}`)];

    const adjusted = await adjust(owner, { sku, warehouseId: eastId, adjustBy: 0, reason: 'count' });
    const set = await owner.put('/v1/stock', { sku, warehouseId: westId, physicalOnHand: 0 });

    expect([adjusted.statusCode, set.statusCode]).toEqual([200, 200]);
    expect([adjusted.json(), set.json()]).toMatchObject(
      [eastId, westId].map((warehouseId) => ({ warehouseId, physicalOnHand: 0, version: 1 })),
    );
    expect(await levelsOf(owner, `sku=${sku}`)).toHaveLength(3);
  });

  it.each<[object, string]>([
    [{ adjustBy: 1, reason: 'count' }, '/sku'],
    [{ sku: 'A', reason: 'count' }, '/adjustBy'],
    [{ sku: 'A', adjustBy: 0.5, reason: 'count' }, '/adjustBy'],
    [{ sku: 'A', adjustBy: 1 }, '/reason'],
    [{ sku: 'A', adjustBy: 1, reason: 'because' }, '/reason'],
    [{ sku: 'A', adjustBy: 1, physicalOnHand: 1, reason: 'count' }, '/physicalOnHand'],
  ])('by an adjustment is refused with its fault named: %j', async (body, pointer) => {
    expect(faultsOf(await adjust(owner, body))).toEqual([422, [pointer]]);
  });

  it('by an adjustment needs a key, under which it counts once', async () => {
    const sku = await aSku();
    const change = { sku, adjustBy: 5, reason: 'received' };

    const without = await owner.post('/v1/stock/adjustments', change);
    const first = await owner.post('/v1/stock/adjustments', change, { 'idempotency-key': sku });
    const again = await owner.post('/v1/stock/adjustments', change, { 'idempotency-key': sku });

    expect(faultsOf(without)).toEqual([422, ['idempotency-key']]);
    expect([again.json(), again.headers['idempotency-replayed']]).toEqual([first.json(), 'true']);
    expect(await levelOf(owner, sku)).toMatchObject({ physicalOnHand: 5, version: 1 });
  });

  it('adjusts, also what was never counted, and never below zero', async () => {
    const sku = await aSku();

    const received = await adjust(owner, { sku, adjustBy: 5, reason: 'received' });
    const gone = await adjust(owner, { sku, adjustBy: -6, reason: 'damaged' });

    expect(received.json()).toMatchObject({ physicalOnHand: 5, version: 1 });
    expect(gone.json()).toEqual(aProblem(gone, 'below_zero', { detail: 'There are 5 units, 6 cannot be taken away.' }));
    expect(await levelOf(owner, sku)).toEqual(received.json());
  });

  it('adds up when twenty adjust at once', async () => {
    const sku = await aSku();

    const answers = await Promise.all(
      Array.from({ length: 20 }, () => adjust(owner, { sku, adjustBy: 3, reason: 'received' })),
    );

    expect(answers.map((answer) => answer.statusCode)).toEqual(Array(20).fill(200));
    expect(await levelOf(owner, sku)).toMatchObject({ physicalOnHand: 60, version: 20 });
  });

  it.each<[object, string]>([
    [{ physicalOnHand: 1 }, '/sku'],
    [{ sku: 'A' }, '/physicalOnHand'],
    [{ sku: 'A', physicalOnHand: -1 }, '/physicalOnHand'],
    [{ sku: 'A', physicalOnHand: 1.5 }, '/physicalOnHand'],
    [{ sku: 'A', physicalOnHand: 1_000_000_001 }, '/physicalOnHand'],
    [{ sku: 'A', physicalOnHand: '5' }, '/physicalOnHand'],
    [{ sku: 'A', physicalOnHand: 1, adjustBy: 1 }, '/adjustBy'],
    [{ sku: 'A', physicalOnHand: 1, reason: 'because' }, '/reason'],
    [{ sku: 'A', physicalOnHand: 1, warehouseId: 'Main' }, '/warehouseId'],
    [{ sku: 'A', physicalOnHand: 1, committed: 1 }, '/committed'],
  ])('is refused with its fault named: %j', async (body, pointer) => {
    expect(faultsOf(await owner.put('/v1/stock', body))).toEqual([422, [pointer]]);
  });

  it('needs a product and a warehouse of one’s own', async () => {
    const sku = await aSku();

    const unknown = await owner.put('/v1/stock', { sku: 'NONE', physicalOnHand: 1 });
    const foreignSku = await stranger.put('/v1/stock', { sku, physicalOnHand: 1 });
    const foreign = await stranger.put('/v1/stock', { sku: 'NONE', warehouseId: mainId, physicalOnHand: 1 });
    await aProduct(stranger, sku);
    const [inForeign, inUnknown] = [
      await stranger.put('/v1/stock', { sku, warehouseId: mainId, physicalOnHand: 1 }),
      await stranger.put('/v1/stock', { sku, warehouseId: 'wh_unknown', physicalOnHand: 1 }),
    ];

    expect(unknown.json()).toEqual(
      aProblem(unknown, 'unknown_sku', {
        detail: 'No product has the SKU "NONE".',
        errors: [{ pointer: '/sku', detail: 'is not one of your products' }],
      }),
    );
    expect([foreignSku.json<{ code: string }>().code, foreign.statusCode]).toEqual(['unknown_sku', 422]);
    expect(inForeign.json()).toEqual(
      aProblem(inForeign, 'warehouse_not_found', { detail: 'There is no warehouse with this id.' }),
    );
    expect(withoutRequestId(inForeign)).toEqual(withoutRequestId(inUnknown));
    await stranger.put('/v1/stock', { sku, physicalOnHand: 9 });
    expect(await levelOf(owner, sku)).toMatchObject({ physicalOnHand: 0, version: 0 });
  });
});

describe('a supplier’s warehouse', () => {
  it('shows what was reported and the units not covered by it, and is set by the supplier alone', async () => {
    const trade = await aTrade(api);
    const { merchant, channelId, supplierId, connectionId } = trade;
    const { warehouse } = (await merchant.get(`/v1/suppliers/${supplierId}`)).json<{ warehouse: { id: string } }>();
    await aPostedOrder(merchant, anOrder(channelId, ['LAMP']));
    const before = await levelsOf(merchant, 'sku=LAMP');
    const { productId } = before[0]!;

    const reported = await withAccount(api.pool, merchant.accountId, (db) =>
      storeReported(db, connectionId, [{ productId, units: 100, version: 4 }]),
    );
    const set = await merchant.put('/v1/stock', { sku: 'LAMP', warehouseId: warehouse.id, physicalOnHand: 5 });

    expect(before).toEqual([
      expect.objectContaining({ warehouseId: warehouse.id, physicalOnHand: 0, committed: 2, availableOnHand: -2 }),
    ]);
    expect(before[0]).not.toHaveProperty('appliedVersion');
    expect([...reported!.values()]).toEqual(['written']);
    expect(set.json()).toEqual(
      aProblem(set, 'stock_of_supplier', { detail: 'The stock in this warehouse is what the supplier reports.' }),
    );
    const own = (await merchant.put('/v1/stock', { sku: 'LAMP', physicalOnHand: 3 })).json<{ warehouseId: string }>();
    const [one, other] = await levelsOf(merchant, 'sku=LAMP');
    const [ofSupplier, inMain] = one!.warehouseId === own.warehouseId ? [other, one] : [one, other];
    expect(ofSupplier).toEqual({
      sku: 'LAMP',
      productId,
      productName: 'Product LAMP',
      sharing: { state: 'not_listed', cause: null, channels: 0 },
      warehouseId: warehouse.id,
      warehouseName: 'A supplier',
      physicalOnHand: 100,
      committed: 2,
      availableOnHand: 98,
      appliedVersion: 4,
      version: expect.any(Number),
    });
    expect(inMain).toEqual({ ...own, physicalOnHand: 3, version: ofSupplier!.version });
  });
});

describe('who may touch stock', () => {
  it('is a key of the account, with the scope', async () => {
    const reader = await api.aKeyOf(owner, ['read']);
    const sku = await aSku();

    expect((await reader.get('/v1/stock')).statusCode).toBe(200);
    expect((await reader.put('/v1/stock', { sku, physicalOnHand: 1 })).statusCode).toBe(403);
    expect((await reader.post('/v1/stock/batch', { items: [{ sku, physicalOnHand: 1 }] })).statusCode).toBe(403);
    const anonymous = await api.app.inject({ method: 'PUT', url: '/v1/stock', payload: { sku, physicalOnHand: 1 } });
    expect(anonymous.json()).toMatchObject({ status: 401, code: 'unauthenticated' });
    expect((await api.operator.get('/v1/stock')).statusCode).toBe(403);
    expect(await levelOf(owner, sku)).toMatchObject({ version: 0 });
  });
});
