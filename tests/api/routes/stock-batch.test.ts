import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aMerchant, anOrder, aProduct } from '../../support/trade/api-orders.ts';
import { changesOf, aWarehouse, levelOf, levelsOf, someProducts, skusFrom } from '../../support/trade/api-stock.ts';
import { openApi, type Caller, type TestApi } from '../../support/engine/test-api.ts';

let api: TestApi;
let owner: Caller;
let mainId: string;
beforeAll(async () => {
  api = await openApi();
  owner = await api.anAccount();
  mainId = (await owner.get('/v1/warehouses')).json<{ data: { id: string }[] }>().data[0]!.id;
});
afterAll(() => api.close());

let count = 0;
async function aSku(): Promise<string> {
  const sku = `CUP-${(count += 1)}`;
  await aProduct(owner, sku);
  return sku;
}
type Results = { results: { index: number; status: string; id?: string; problem?: { code: string } }[] };

const codesOf = ({ results }: Results) => results.map(({ status, problem }) => problem?.code ?? status);

describe('a batch of levels', () => {
  it('is set; what is refused fails alone', async () => {
    const [one, three] = [await aSku(), await aSku()];
    const northId = await aWarehouse(owner, 'North');

    const answer = await owner.post('/v1/stock/batch', {
      items: [
        { sku: one, physicalOnHand: 4 },
        { sku: 'NONE', physicalOnHand: 4 },
        { sku: one, warehouseId: mainId, physicalOnHand: 9 },
        { sku: one, warehouseId: northId, physicalOnHand: 6 },
        { sku: three, warehouseId: 'wh_unknown', physicalOnHand: 1 },
      ],
    });

    expect(answer.statusCode).toBe(200);
    const { results } = answer.json<Results>();
    expect(codesOf({ results })).toEqual(['ok', 'unknown_sku', 'duplicate_in_batch', 'ok', 'warehouse_not_found']);
    const levels = await levelsOf(owner, `sku=${one}`);
    expect(levels.map((level) => [level.warehouseId, level.physicalOnHand, level.version]).sort()).toEqual(
      [
        [mainId, 4, 1],
        [northId, 6, 1],
      ].sort(),
    );
    expect(results[0]!.id).toBe(levels[0]!.productId);
    expect(await levelOf(owner, three)).toMatchObject({ physicalOnHand: 0, version: 0 });
    expect(await changesOf(api, owner, levels[0]!.productId)).toHaveLength(2);
  });

  it('is adjusted; what is refused fails alone', async () => {
    const [one, two] = [await aSku(), await aSku()];
    await owner.put('/v1/stock', { sku: one, physicalOnHand: 10 });
    const items = [
      { sku: one, adjustBy: -3, reason: 'returned' },
      { sku: 'NONE', adjustBy: 4, reason: 'received' },
      { sku: one, warehouseId: mainId, adjustBy: 9, reason: 'received' },
      { sku: two, adjustBy: -1, reason: 'damaged' },
    ];

    const answer = await owner.post('/v1/stock/adjustments/batch', { items }, { 'idempotency-key': one });

    expect(codesOf(answer.json<Results>())).toEqual(['ok', 'unknown_sku', 'duplicate_in_batch', 'below_zero']);
    expect(await levelOf(owner, one)).toMatchObject({ physicalOnHand: 7, version: 2 });
    expect(await levelOf(owner, two)).toMatchObject({ physicalOnHand: 0, version: 0 });
  });

  it('is adjusted once under its key, and not without a key', async () => {
    const sku = await aSku();
    const items = [{ sku, adjustBy: 5, reason: 'received' }];

    const without = await owner.post('/v1/stock/adjustments/batch', { items });
    const first = await owner.post('/v1/stock/adjustments/batch', { items }, { 'idempotency-key': 'batch' });
    const again = await owner.post('/v1/stock/adjustments/batch', { items }, { 'idempotency-key': 'batch' });

    expect(without.json()).toMatchObject({ status: 422, errors: [{ pointer: 'idempotency-key' }] });

    expect(again.json()).toEqual(first.json());
    expect(again.headers['idempotency-replayed']).toBe('true');
    expect(await levelOf(owner, sku)).toMatchObject({ physicalOnHand: 5, version: 1 });
  });

  it('takes a thousand and no more, and refuses what it cannot read as a whole', async () => {
    const account = await api.anAccount();
    const skus = skusFrom('MANY', 1_000);
    await someProducts(account, skus);
    const items = skus.map((sku) => ({ sku, physicalOnHand: 2 }));

    const answer = await account.post('/v1/stock/batch', { items });
    const tooMany = await account.post('/v1/stock/batch', { items: [...items, { sku: 'ONE', physicalOnHand: 1 }] });
    const faulty = await account.post('/v1/stock/batch', {
      items: [{ sku: skus[0], physicalOnHand: 9 }, { sku: 'A' }],
    });

    expect(answer.json<Results>().results.filter(({ status }) => status === 'ok')).toHaveLength(1_000);
    expect(tooMany.json()).toMatchObject({ status: 422, errors: [{ pointer: '/items' }] });
    expect(codesOf(faulty.json<Results>())).toEqual(['ok', 'invalid_request']);
    for (const body of [undefined, {}, { items: [] }]) {
      expect((await account.post('/v1/stock/batch', body)).json()).toMatchObject({ status: 422 });
    }
    expect(await levelOf(account, skus[0]!)).toMatchObject({ physicalOnHand: 9 });
  });

  it('goes beside the orders of its products, in whatever order either names them', async () => {
    const { merchant, channelId } = await aMerchant(api);
    // Many, so that the transactions meet while they take their locks.
    const skus = skusFrom('BESIDE', 150);
    await someProducts(merchant, skus);
    const rounds = 8;

    for (let round = 0; round < rounds; round += 1) {
      const turned = [...skus.slice(round * 9), ...skus.slice(0, round * 9)];
      const items = turned.map((sku) => ({ sku, adjustBy: 1, reason: 'received' }));
      const adjusted = (changes: object[], key: string) =>
        merchant.post('/v1/stock/adjustments/batch', { items: changes }, { 'idempotency-key': `${key}-${round}` });
      const answers = await Promise.all([
        adjusted(items, 'one'),
        merchant.post('/v1/orders', anOrder(channelId, [...turned].reverse())),
        adjusted([...items].reverse(), 'other'),
        merchant.post('/v1/orders', anOrder(channelId, turned)),
      ]);
      expect(answers.map((answer) => answer.statusCode)).toEqual([200, 201, 200, 201]);
    }

    for (const sku of [skus[0]!, skus[77]!, skus[149]!]) {
      expect(await levelOf(merchant, sku)).toMatchObject({ physicalOnHand: 2 * rounds, committed: 4 * rounds });
    }
  });
});
