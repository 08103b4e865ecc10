import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Listing } from '../../../db/catalogue/listings.ts';
import { deleteChannel, insertChannel } from '../../../db/channels/channels.ts';
import { withAccount } from '../../../db/engine/with-account.ts';
import { countStock, delist, named, setListing, storePage } from '../../support/trade/database-catalogue.ts';
import { recordedActions } from '../../support/trade/audit.ts';
import { aProblem, openApi, withoutRequestId, type Caller, type TestApi } from '../../support/engine/test-api.ts';

let api: TestApi;
let stranger: Caller;
beforeAll(async () => {
  api = await openApi();
  stranger = await api.anAccount();
});
afterAll(() => api.close());

type Page = { data: Listing[]; nextCursor: string | null };

/** A supplier with a portal on which a merchant lists these SKUs, under their own names as remote ids. */
async function aSupplier(...skus: string[]) {
  const caller = await api.anAccount();
  const { portalId } = await api.aConnection(await api.anAccount(), caller);
  const place = { accountId: caller.accountId, channelId: portalId };
  const store = (...some: string[]) =>
    storePage(
      api.pool,
      place,
      some.map((sku) => named(sku, sku)),
    );
  await store(...skus);
  const list = async (query = '') => (await caller.get(`/v1/listings?${query}`)).json<Page>();
  return {
    caller,
    portalId,
    place,
    store,
    list,
    find: async (remoteId: string) => (await list('limit=200')).data.find((one) => one.remoteId === remoteId)!,
    count: (sku: string, times?: number) => countStock(api.pool, { accountId: caller.accountId, sku, times }),
    set: (remoteId: string, change: { synced?: number; failures?: number; suspended?: boolean }) =>
      setListing(api.pool, place, { remoteId, ...change }),
    aProduct: async (sku: string) =>
      (await caller.post('/v1/products', { sku, name: 'A cup' })).json<{ id: string }>().id,
  };
}
const remoteIds = ({ data }: Page) => data.map(({ remoteId }) => remoteId).sort();

describe('the list of listings', () => {
  it('shows what is on a channel and how its stock stands', async () => {
    const supplier = await aSupplier('A');
    await supplier.count('A', 3);
    await supplier.set('A', { synced: 2 });

    const { data, nextCursor } = await supplier.list();

    const { productId } = data[0]!;
    expect({ data, nextCursor }).toEqual({
      data: [
        {
          id: expect.stringMatching(/^lst_/),
          channelId: supplier.portalId,
          productId: expect.stringMatching(/^prod_/),
          sku: 'A',
          linkedBy: 'sku',
          remoteId: 'A',
          remoteSku: 'A',
          skuChanged: null,
          needsSync: true,
          suspended: false,
          cause: null,
          stockVersion: 3,
          syncedVersion: 2,
        },
      ],
      nextCursor: null,
    });
    expect((await supplier.caller.get(`/v1/products/${productId}`)).json()).toMatchObject({ sku: 'A' });
    expect((await stranger.get('/v1/listings')).json()).toEqual({ data: [], nextCursor: null });
  });

  it('shows those of one product, also as a file', async () => {
    const supplier = await aSupplier('A', 'B');
    await supplier.store('A', 'B');
    await storePage(api.pool, supplier.place, [named('A-2', 'A')]);
    await supplier.count('A');
    const { productId } = await supplier.find('A');

    const query = `productId=${productId}`;
    expect(remoteIds(await supplier.list(query))).toEqual(['A', 'A-2']);
    expect(remoteIds(await supplier.list(`${query}&needsSync=true`))).toEqual(['A', 'A-2']);
    expect((await stranger.get(`/v1/listings?${query}`)).json()).toEqual({ data: [], nextCursor: null });
    const headers = { authorization: `Bearer ${supplier.caller.key}`, accept: 'text/csv' };
    const file = await api.app.inject({ method: 'GET', url: `/v1/listings?${query}&needsSync=true`, headers });
    expect(file.body.replace('\ufeff', '').split('\n')).toEqual([
      'sku,channel,remote_id,remote_sku,needs_sync,suspended,cause',
      ...['A', 'A-2'].map((remoteId) => `A,${supplier.portalId},${remoteId},A,yes,no,`).sort(),
      '',
    ]);
  });

  it('leaves out what is not listed any more, and whose channel is gone', async () => {
    const supplier = await aSupplier('A', 'B');
    const { id: shopId } = await withAccount(api.pool, supplier.caller.accountId, (db) =>
      insertChannel(db, api.sealer, { kind: 'api', name: 'Shop', settings: {}, credentials: null }),
    );
    await storePage(api.pool, { ...supplier.place, channelId: shopId }, [named('X', 'A')]);
    await supplier.count('A');
    await supplier.count('B');
    await delist(api.pool, supplier.place, { after: null, upTo: null, named: ['A'] });
    await withAccount(api.pool, supplier.caller.accountId, (db) => deleteChannel(db, shopId));

    expect(remoteIds(await supplier.list())).toEqual(['A']);
    expect(remoteIds(await supplier.list('needsSync=true'))).toEqual(['A']);
  });

  it('finds what needs sync, and what is suspended, on all channels or on one', async () => {
    const supplier = await aSupplier('DUE', 'DONE', 'TIRED', 'UNCOUNTED');
    const { portalId: otherPortal } = await api.aConnection(await api.anAccount(), supplier.caller);
    const other = { ...supplier.place, channelId: otherPortal };
    await storePage(api.pool, other, [named('DUE-TOO', 'DUE')]);
    for (const sku of ['DUE', 'DONE', 'TIRED']) await supplier.count(sku);
    await supplier.set('DONE', { synced: 1 });
    await supplier.set('TIRED', { failures: 3, suspended: true });

    expect(remoteIds(await supplier.list('needsSync=true'))).toEqual(['DUE', 'DUE-TOO']);
    expect(remoteIds(await supplier.list(`needsSync=true&channelId=${otherPortal}`))).toEqual(['DUE-TOO']);
    expect(remoteIds(await supplier.list('suspended=true'))).toEqual(['TIRED']);
    expect(remoteIds(await supplier.list(`suspended=true&channelId=${otherPortal}`))).toEqual([]);
    expect(remoteIds(await supplier.list('suspended=true&needsSync=true'))).toEqual([]);
    expect(remoteIds(await supplier.list(`channelId=${otherPortal}`))).toEqual(['DUE-TOO']);
    expect((await supplier.list('suspended=true')).data[0]).toMatchObject({
      suspended: true,
      needsSync: false,
      cause: 'gone_at_channel',
    });
  });

  it.each(['', 'needsSync=true&'])('is walked by cursor, each listing once (%s)', async (filter) => {
    const skus = Array.from({ length: 23 }, (_, index) => `W-${index}`);
    const supplier = await aSupplier(...skus);
    const { portalId } = await api.aConnection(await api.anAccount(), supplier.caller);
    await storePage(
      api.pool,
      { ...supplier.place, channelId: portalId },
      skus.map((sku) => named(`other ${sku}`, sku)),
    );
    for (const sku of skus) await supplier.count(sku);

    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: Page = await supplier.list(`${filter}limit=5${cursor && `&cursor=${cursor}`}`);
      expect(page.data.length).toBeLessThanOrEqual(5);
      seen.push(...page.data.map(({ remoteId }) => remoteId));
      cursor = page.nextCursor;
    }

    expect(seen.sort()).toEqual([...skus, ...skus.map((sku) => `other ${sku}`)].sort());
  });

  it('refuses filters and cursors that mean nothing', async () => {
    const { caller } = await aSupplier('A');
    const cursor = Buffer.from(JSON.stringify(['not a time', 'lst_1'])).toString('base64url');

    expect((await caller.get('/v1/listings?needsSync=false')).statusCode).toBe(422);
    expect((await caller.get('/v1/listings?channelId=nonsense')).statusCode).toBe(422);
    expect((await caller.get(`/v1/listings?cursor=${cursor}`)).statusCode).toBe(400);
    expect((await caller.get('/v1/listings?needsSync=true&cursor=nonsense')).statusCode).toBe(400);
  });
});

describe('relinking', () => {
  it('gives a listing another product of the account, and its stock is sent', async () => {
    const supplier = await aSupplier('THEIRS');
    await supplier.count('THEIRS', 6);
    const productId = await supplier.aProduct('MINE');
    await supplier.count('MINE');
    const { id } = await supplier.find('THEIRS');

    const answer = await supplier.caller.patch(`/v1/listings/${id}`, { productId });

    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toMatchObject({
      id,
      productId,
      sku: 'MINE',
      remoteSku: 'THEIRS',
      linkedBy: 'hand',
      needsSync: true,
      stockVersion: 7,
      syncedVersion: 0,
    });
    expect(await supplier.find('THEIRS')).toEqual(answer.json());
    expect(await recordedActions(api, supplier.caller)).toContain('listing.relinked');
    await supplier.store('THEIRS');
    expect(await supplier.find('THEIRS')).toEqual(answer.json());
  });

  it('takes no product of another account, nor a listing of one', async () => {
    const supplier = await aSupplier('THEIRS');
    const other = await aSupplier('OTHER');
    const before = await supplier.find('THEIRS');
    const foreign = (await other.find('OTHER')).productId!;

    const product = await supplier.caller.patch(`/v1/listings/${before.id}`, { productId: foreign });
    const listing = await other.caller.patch(`/v1/listings/${before.id}`, { productId: foreign });
    const unknown = await other.caller.patch('/v1/listings/lst_unknown', { productId: foreign });

    expect(product.json()).toEqual(
      aProblem(product, 'product_not_found', { detail: `There is no product ${foreign}.` }),
    );
    expect(listing.json()).toEqual(
      aProblem(listing, 'listing_not_found', { detail: `There is no listing ${before.id}.` }),
    );
    expect(JSON.stringify(withoutRequestId(listing)).replaceAll(before.id, 'lst_unknown')).toBe(
      JSON.stringify(withoutRequestId(unknown)),
    );
    expect((await supplier.caller.patch(`/v1/listings/${before.id}`, {})).statusCode).toBe(422);
    expect(await supplier.find('THEIRS')).toEqual(before);
  });
});

describe('resuming', () => {
  it('brings a suspended listing back into Needs Sync', async () => {
    const supplier = await aSupplier('A');
    await supplier.count('A');
    await supplier.set('A', { failures: 3, suspended: true });
    const { id } = await supplier.find('A');

    const answer = await supplier.caller.post(`/v1/listings/${id}/resume`);

    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toMatchObject({ id, suspended: false, needsSync: true, cause: null });
    expect(remoteIds(await supplier.list('needsSync=true'))).toEqual(['A']);
    expect(await recordedActions(api, supplier.caller)).toContain('listing.resumed');
  });

  it('leaves one as it is that is not suspended, and knows none of another account', async () => {
    const supplier = await aSupplier('A');
    await supplier.count('A');
    await supplier.set('A', { failures: 2 });
    const before = await supplier.find('A');

    const answer = await supplier.caller.post(`/v1/listings/${before.id}/resume`);

    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toEqual(before);
    expect(await recordedActions(api, supplier.caller)).not.toContain('listing.resumed');
    expect((await stranger.post(`/v1/listings/${before.id}/resume`)).statusCode).toBe(404);
  });
});
