import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { findProductsBySku, upsertProducts } from '../../../db/catalogue/products.ts';
import { withAccount } from '../../../db/engine/with-account.ts';
import { noShippingData as noShipping } from '../../../domain/product.ts';
import { aProblem, openApi, type Caller, type TestApi } from '../../support/engine/test-api.ts';

let api: TestApi;
let owner: Caller;
let stranger: Caller;
let supplierId: string;
let otherSupplierId: string;
beforeAll(async () => {
  api = await openApi();
  [owner, stranger] = [await api.anAccount(), await api.anAccount()];
  ({ supplierId } = await api.aConnection(owner, stranger));
  ({ supplierId: otherSupplierId } = await api.aConnection(owner, await api.anAccount()));
});
afterAll(() => api.close());

let count = 0;
const aProduct = (rest: object = {}) => ({ sku: `SKU-${(count += 1)}`, name: 'A cup', ...rest });
const cost = { amount: 1250, currency: 'EUR' };

type Shown = { id: string; sku: string; suppliers: object[] };

const content = { fulfillmentType: 'in_house' as const, suppliers: [], shipping: noShipping };
const noShippingData = { weightGrams: null, hsCode: null, originCountry: null, customsValue: null, bin: null };

describe('a product', () => {
  it('is added with its suppliers, the only one being the default', async () => {
    const product = aProduct({
      fulfillmentType: 'automatically_dropshipped',
      suppliers: [{ supplierId, supplierSku: 'S-1', cost }],
    });

    const answer = await owner.post('/v1/products', product);

    expect(answer.statusCode).toBe(201);
    expect(answer.json()).toEqual({
      ...product,
      id: expect.stringMatching(/^prod_/),
      suppliers: [{ supplierId, name: 'A supplier', supplierSku: 'S-1', cost, isDefault: true }],
      ...noShippingData,
      createdAt: expect.any(String),
      updatedAt: expect.any(String),
    });
    const { id } = answer.json<{ id: string }>();
    expect((await owner.get(`/v1/products/${id}`)).json()).toEqual(answer.json());
    expect((await stranger.get(`/v1/products/${id}`)).statusCode).toBe(404);
    expect(await withAccount(api.pool, owner.accountId, (db) => findProductsBySku(db, [product.sku]))).toEqual([
      expect.objectContaining({
        id,
        suppliers: [
          { supplierId, name: 'A supplier', supplierSku: 'S-1', costMinor: 1250, costCurrency: 'EUR', isDefault: true },
        ],
      }),
    ]);
  });

  it('has what labels, customs and pick lists need, each field until it is taken out', async () => {
    const data = { weightGrams: 420, hsCode: '6912.00 21', originCountry: 'uk', customsValue: cost, bin: 'B-07' };
    const stored = { ...data, hsCode: '69120021', originCountry: 'GB' };
    const product = aProduct(data);

    const added = await owner.post('/v1/products', product);
    const { id, sku, name } = added.json<Shown & { name: string }>();
    const renamed = await owner.patch(`/v1/products/${id}`, { name: 'A blue cup' });
    const emptied = await owner.patch(`/v1/products/${id}`, { bin: null, customsValue: null });
    await owner.post('/v1/products/batch', { items: [{ sku, name, bin: 'C-1' }] });
    const batched = await owner.get(`/v1/products/${id}`);

    expect(added.json()).toMatchObject(stored);
    expect(renamed.json()).toMatchObject({ ...stored, name: 'A blue cup' });
    expect(emptied.json()).toMatchObject({ ...stored, bin: null, customsValue: null });
    expect(batched.json()).toMatchObject({ ...stored, bin: 'C-1', customsValue: null });
  });

  it.each([
    [{ weightGrams: 0 }, '/weightGrams'],
    [{ weightGrams: 1.5 }, '/weightGrams'],
    [{ hsCode: '691' }, '/hsCode'],
    [{ hsCode: '6912-00' }, '/hsCode'],
    [{ originCountry: 'ZZ' }, '/originCountry'],
    [{ customsValue: { amount: -1, currency: 'EUR' } }, '/customsValue/amount'],
    [{ bin: ' ' }, '/bin'],
  ])('is refused with %j', async (data, pointer) => {
    const answer = await owner.post('/v1/products', aProduct(data));

    expect(answer.json()).toMatchObject({ status: 422, errors: [expect.objectContaining({ pointer })] });
  });

  it('has a SKU of its own within its account', async () => {
    const product = aProduct();
    await owner.post('/v1/products', product);

    const again = await owner.post('/v1/products', product);

    expect(again.json()).toEqual(
      aProblem(again, 'sku_taken', {
        detail: `Another product has the SKU ${product.sku}.`,
        errors: [{ pointer: '/sku', detail: 'is taken' }],
      }),
    );
    expect((await stranger.post('/v1/products', product)).statusCode).toBe(201);
  });

  it('gets no SKU with invisible characters; an imported one stays', async () => {
    const hidden = 'A\u202eB\u200b';
    const visible = (await owner.post('/v1/products', aProduct())).json<Shown>();
    await withAccount(api.pool, owner.accountId, (db) =>
      upsertProducts(db, [{ ...content, sku: hidden, name: 'From a shop' }]),
    );
    const [stored] = await withAccount(api.pool, owner.accountId, (db) => findProductsBySku(db, [hidden]));
    const one = { sku: 'A\u2066B', name: 'A cup' };

    const added = await owner.post('/v1/products', one);
    const renamed = await owner.patch(`/v1/products/${visible.id}`, { sku: one.sku });
    const batch = await owner.post('/v1/products/batch', { items: [one, { sku: hidden, name: 'Renamed' }] });

    const fault = { pointer: '/sku', detail: 'must have no invisible characters, is "A[U+2066]B"' };
    for (const refused of [added, renamed]) expect(refused.json()).toMatchObject({ status: 422, errors: [fault] });
    expect(batch.json()).toMatchObject({ results: [{ problem: { errors: [fault] } }, { status: 'ok' }] });
    const sentBack = await owner.patch(`/v1/products/${stored!.id}`, { sku: hidden, name: 'Again' });
    expect(sentBack.json()).toMatchObject({ sku: hidden, name: 'Again' });
  });

  it('needs a default supplier to be dropshipped automatically', async () => {
    const fulfillmentType = 'automatically_dropshipped';

    const without = await owner.post('/v1/products', aProduct({ fulfillmentType }));
    const undecided = await owner.post(
      '/v1/products',
      aProduct({ fulfillmentType, suppliers: [{ supplierId }, { supplierId: otherSupplierId }] }),
    );
    const twice = await owner.post(
      '/v1/products',
      aProduct({
        suppliers: [
          { supplierId, isDefault: true },
          { supplierId: otherSupplierId, isDefault: true },
        ],
      }),
    );

    expect(without.json()).toMatchObject({ code: 'default_supplier_missing', status: 422 });
    expect(undecided.json()).toMatchObject({ code: 'default_supplier_missing', status: 422 });
    expect(twice.json()).toMatchObject({ code: 'two_default_suppliers', status: 422 });
  });

  it('names the supplier that is not one of ours', async () => {
    const answer = await owner.post('/v1/products', aProduct({ suppliers: [{ supplierId: 'sup_foreign' }] }));

    const detail = 'sup_foreign is not one of your suppliers';
    expect(answer.json()).toEqual(
      aProblem(answer, 'unknown_supplier', {
        detail: `Unknown supplier: ${detail}.`,
        errors: [{ pointer: '/suppliers/0/supplierId', detail }],
      }),
    );
  });

  it('keeps what a change leaves out', async () => {
    const made = (await owner.post('/v1/products', aProduct({ suppliers: [{ supplierId, cost }] }))).json<{
      id: string;
      sku: string;
    }>();

    const changed = await owner.patch(`/v1/products/${made.id}`, { name: 'A mug' });

    expect(changed.json()).toEqual({ ...made, name: 'A mug', updatedAt: expect.any(String) });
    expect((await stranger.patch(`/v1/products/${made.id}`, { name: 'Mine' })).statusCode).toBe(404);
    const emptied = await owner.patch(`/v1/products/${made.id}`, {
      fulfillmentType: 'automatically_dropshipped',
      suppliers: [],
    });
    expect(emptied.json()).toMatchObject({ code: 'default_supplier_missing' });
  });

  it('can be sent back as it was shown', async () => {
    const made = (await owner.post('/v1/products', aProduct({ suppliers: [{ supplierId }] }))).json<Shown>();

    const { id, suppliers } = made;
    const again = await owner.patch(`/v1/products/${id}`, { suppliers });

    expect(again.json()).toMatchObject({ suppliers });
  });

  it('is listed by its supplier, by its type, and where it has no supplier', async () => {
    const account = await api.anAccount();
    const one = await api.aConnection(account, await api.anAccount());
    const other = await api.aConnection(account, await api.anAccount());
    const suppliers = [{ supplierId: one.supplierId }];
    await account.post('/v1/products', { sku: 'OWN', name: 'Own' });
    await account.post('/v1/products', { sku: 'HAND', name: 'Hand', fulfillmentType: 'dropshippable', suppliers });
    await account.post('/v1/products', {
      sku: 'AUTO',
      name: 'A',
      fulfillmentType: 'automatically_dropshipped',
      suppliers,
    });
    const skusOf = async (query: string) =>
      (await account.get(`/v1/products?${query}`)).json<{ data: Shown[] }>().data.map(({ sku }) => sku);

    expect(await skusOf(`supplierId=${one.supplierId}`)).toEqual(['AUTO', 'HAND']);
    expect(await skusOf(`supplierId=${other.supplierId}`)).toEqual([]);
    expect(await skusOf(`supplierId=${supplierId}`)).toEqual([]);
    expect(await skusOf('unassigned=true')).toEqual(['OWN']);
    expect(await skusOf(`fulfillmentType=dropshippable&supplierId=${one.supplierId}`)).toEqual(['HAND']);
  });

  it('is found by SKU and by part of its name, whatever the characters', async () => {
    const { sku } = aProduct();
    await owner.post('/v1/products', { sku, name: '100% Wool_\\' });

    const bySku = await owner.get(`/v1/products?sku=${sku}`);
    const byText = await owner.get(`/v1/products?q=${encodeURIComponent('% wool_\\')}`);

    expect(bySku.json<{ data: object[] }>().data).toHaveLength(1);
    expect(byText.json()).toEqual(bySku.json());
    expect((await owner.get('/v1/products?q=%25%25%25')).json()).toEqual({ data: [], nextCursor: null });
    expect((await owner.get('/v1/products?limit=0')).statusCode).toBe(422);
    const cursor = await owner.get('/v1/products?cursor=nonsense');
    expect(cursor.json()).toEqual(aProblem(cursor, 'invalid_cursor', { detail: 'The cursor is not one of ours.' }));
  });
});

describe('a batch of products', () => {
  type Results = { results: { index: number; status: string; id?: string; problem?: { code: string } }[] };

  it('adds and changes by SKU; what is refused fails alone', async () => {
    const known = (await owner.post('/v1/products', aProduct({ suppliers: [{ supplierId, cost }] }))).json<{
      id: string;
      sku: string;
    }>();
    const fresh = aProduct();
    const items = [
      fresh,
      { sku: known.sku, name: 'Renamed' },
      { ...fresh, name: 'Again' },
      aProduct({ suppliers: [{ supplierId: 'sup_foreign' }] }),
      aProduct({ fulfillmentType: 'automatically_dropshipped' }),
    ];

    const answer = await owner.post('/v1/products/batch', { items });

    expect(answer.statusCode).toBe(200);
    const { results } = answer.json<Results>();
    expect(results.map(({ status, problem }) => problem?.code ?? status)).toEqual([
      'ok',
      'ok',
      'duplicate_in_batch',
      'unknown_supplier',
      'default_supplier_missing',
    ]);
    expect(results[1]!.id).toBe(known.id);
    expect((await owner.get(`/v1/products/${known.id}`)).json()).toMatchObject({
      name: 'Renamed',
      suppliers: [{ supplierId, cost }],
    });
  });

  it('takes a thousand, and two of them at once', async () => {
    const items = Array.from({ length: 1_000 }, () => aProduct({ suppliers: [{ supplierId }] }));

    const answers = await Promise.all([
      owner.post('/v1/products/batch', { items }),
      owner.post('/v1/products/batch', { items: [...items].reverse() }),
    ]);

    const [one, other] = answers.map((answer) => answer.json<Results>().results);
    expect(one!.every(({ status }) => status === 'ok')).toBe(true);
    expect([...other!].reverse().map(({ id }) => id)).toEqual(one!.map(({ id }) => id));
    expect((await owner.post('/v1/products/batch', { items: [...items, aProduct()] })).statusCode).toBe(422);
  });
});
