import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aTrade, anOrder, aPostedOrder, aProduct } from '../../support/trade/api-orders.ts';
import { levelsOf, someProducts, skusFrom } from '../../support/trade/api-stock.ts';
import { countStock, named, setListing, storePage } from '../../support/trade/database-catalogue.ts';
import { openApi, type Caller, type TestApi } from '../../support/engine/test-api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await openApi();
});
afterAll(() => api.close());

type Row = { sku: string; sharing: { state: string; cause: string | null; channels: number } };
type Page = { data: Row[]; nextCursor: string | null };

/** A supplier whose portal lists these SKUs, under their own names as remote ids. */
async function aSupplier(...skus: string[]) {
  const caller = await api.anAccount();
  const { portalId } = await api.aConnection(await api.anAccount(), caller);
  const place = { accountId: caller.accountId, channelId: portalId };
  await storePage(
    api.pool,
    place,
    skus.map((sku) => named(sku, sku)),
  );
  return { caller, place };
}

const count = (caller: Caller, sku: string) => countStock(api.pool, { accountId: caller.accountId, sku });
const skusOf = async (caller: Caller, query: string) => (await levelsOf(caller, query)).map(({ sku }) => sku);

/** Every page of one row each. */
async function onePerPage(caller: Caller, query: string): Promise<string[]> {
  const found: string[] = [];
  for (let cursor = ''; found.length < 50;) {
    const page = (await caller.get(`/v1/stock?limit=1&${query}${cursor}`)).json<Page>();
    found.push(...page.data.map(({ sku }) => sku));
    if (page.nextCursor === null) break;
    cursor = `&cursor=${page.nextCursor}`;
  }
  return found;
}

describe('what the channels know of a level', () => {
  it('is shown over all listings of the product, the worst first', async () => {
    const { caller, place } = await aSupplier('FRESH', 'OLD', 'STOPPED');
    await aProduct(caller, 'ALONE');
    for (const sku of ['OLD', 'STOPPED']) await count(caller, sku);
    await setListing(api.pool, place, { remoteId: 'STOPPED', suspended: true });

    const rows = (await caller.get('/v1/stock')).json<Page>().data;

    expect(Object.fromEntries(rows.map(({ sku, sharing }) => [sku, sharing]))).toEqual({
      ALONE: { state: 'not_listed', cause: null, channels: 0 },
      FRESH: { state: 'up_to_date', cause: null, channels: 1 },
      OLD: { state: 'needs_sync', cause: null, channels: 1 },
      STOPPED: { state: 'suspended', cause: 'gone_at_channel', channels: 1 },
    });
  });

  it('counts a channel once, and one that was removed not at all', async () => {
    const { caller, place } = await aSupplier('MUG');
    await storePage(api.pool, place, [named('MUG-2', 'MUG')]);
    const body = { kind: 'api', name: 'Own shop' };
    const { id } = (await caller.post('/v1/channels', body)).json<{ id: string }>();
    await storePage(api.pool, { ...place, channelId: id }, [named('MUG', 'MUG')]);
    await count(caller, 'MUG');
    for (const remoteId of ['MUG', 'MUG-2']) await setListing(api.pool, place, { remoteId, synced: 1 });

    const [before] = (await caller.get('/v1/stock')).json<Page>().data;
    await caller.delete(`/v1/channels/${id}`);
    const [after] = (await caller.get('/v1/stock')).json<Page>().data;

    expect(before!.sharing).toEqual({ state: 'needs_sync', cause: null, channels: 2 });
    expect(after!.sharing).toEqual({ state: 'up_to_date', cause: null, channels: 1 });
  });
});

describe('a view of the stock', () => {
  it("has the products that wait for sync, or that are suspended, and no other account's", async () => {
    const { caller, place } = await aSupplier('A', 'B', 'C', 'D');
    for (const sku of ['B', 'C', 'D']) await count(caller, sku);
    await setListing(api.pool, place, { remoteId: 'D', suspended: true });

    expect(await skusOf(caller, 'view=needs_sync')).toEqual(['B', 'C']);
    expect(await onePerPage(caller, 'view=needs_sync')).toEqual(['B', 'C']);
    expect(await skusOf(caller, 'view=suspended')).toEqual(['D']);
    expect(await skusOf(await api.anAccount(), 'view=needs_sync')).toEqual([]);
    expect(await skusOf(caller, 'view=suspended&q=b')).toEqual([]);
  });

  it('has the levels below 0, also of a supplier who reported nothing yet', async () => {
    const { merchant, channelId } = await aTrade(api);
    await merchant.put('/v1/stock', { sku: 'MUG', physicalOnHand: 1 });
    await merchant.put('/v1/stock', { sku: 'RUG', physicalOnHand: 9 });
    await aPostedOrder(merchant, anOrder(channelId, ['MUG', 'LAMP']));

    expect(await skusOf(merchant, 'view=oversold')).toEqual(['LAMP', 'MUG']);
    expect(await onePerPage(merchant, 'view=oversold')).toEqual(['LAMP', 'MUG']);
    expect(await skusOf(merchant, 'view=oversold&own=true')).toEqual(['MUG']);
    expect(await onePerPage(merchant, 'view=oversold&own=true')).toEqual(['MUG']);
  });

  it('of own warehouses leaves out those of suppliers', async () => {
    const { merchant, channelId } = await aTrade(api);
    await aPostedOrder(merchant, anOrder(channelId, ['LAMP']));

    expect(await skusOf(merchant, '')).toEqual(['LAMP', 'MUG', 'RUG']);
    expect(await skusOf(merchant, 'own=true')).toEqual(['MUG', 'RUG']);
    expect(await onePerPage(merchant, 'own=true')).toEqual(['MUG', 'RUG']);
  });

  it('finds a part of the SKU or of the name, sign by sign', async () => {
    const account = await api.anAccount();
    await someProducts(account, skusFrom('CUP', 3));
    const names: [string, string][] = [['X-1', 'A blue mug'], ['50%', 'Half'], ['500', 'Whole']]; // prettier-ignore
    for (const [sku, name] of names) await aProduct(account, sku, { name });

    expect(await skusOf(account, 'q=cup-')).toHaveLength(3);
    expect(await onePerPage(account, 'q=cup-')).toHaveLength(3);
    expect(await skusOf(account, 'q=BLUE')).toEqual(['X-1']);
    expect(await skusOf(account, `q=${encodeURIComponent('0%')}`)).toEqual(['50%']);
  });

  it.each(['view=wrong', 'own=false', 'q='])('is not ?%s', async (query) => {
    const answer = await (await api.anAccount()).get(`/v1/stock?${query}`);
    expect(answer.json()).toMatchObject({ status: 422, code: 'invalid_request' });
  });

  it('is a file too, which can be corrected and sent', async () => {
    const { caller } = await aSupplier('B', 'C');
    await count(caller, 'C');
    const { app } = api;
    const headers = { authorization: `Bearer ${caller.key}`, accept: 'text/csv' };
    const file = await app.inject({ method: 'GET', url: '/v1/stock?view=needs_sync', headers });
    const lines = file.body.replace('\ufeff', '').trimEnd().split('\n');

    expect(lines).toEqual([
      'sku,physical_on_hand,warehouse,committed,available,name,sharing,cause',
      'C,0,Main,0,0,Name of C,needs_sync,',
    ]);
    const sent = await app.inject({
      method: 'POST',
      url: '/v1/stock/batch',
      headers: { ...headers, 'content-type': 'text/csv' },
      payload: file.body.replace('C,0', 'C,7'),
    });
    expect(sent.body).toContain('2,C,ok');
    expect(await levelsOf(caller, 'sku=C')).toMatchObject([{ physicalOnHand: 7 }]);
  });
});
