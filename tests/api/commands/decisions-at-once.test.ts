import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { LightMyRequestResponse } from 'fastify';
import type { Listing } from '../../../db/catalogue/listings.ts';
import { storeListings } from '../../../db/catalogue/listing-page.ts';
import { lockLinks } from '../../../db/catalogue/lock-links.ts';
import { noteSkuChanges } from '../../../db/catalogue/sku-changes.ts';
import { recordSyncResults } from '../../../db/catalogue/write-back.ts';
import { withAccount, type AccountDb } from '../../../db/engine/with-account.ts';
import { lockOrder } from '../../../db/orders/orders.ts';
import { decideRoute } from '../../../db/orders/reroute.ts';
import { storeOrder } from '../../../db/orders/store-order.ts';
import { lockProducts } from '../../../db/stock/stock.ts';
import { anApiChannel, type OrderJson } from '../../support/trade/api-orders.ts';
import { named, storePage } from '../../support/trade/database-catalogue.ts';
import { anIncomingOrder } from '../../support/trade/database-trade.ts';
import { openApi, type TestApi } from '../../support/engine/test-api.ts';
import { waitUntil } from '../../support/engine/wait-until.ts';

/** A person decides while somebody else changes the same rows: each waits for the other at most once. */

let api: TestApi;
beforeAll(async () => {
  api = await openApi();
});
afterAll(() => api.close());

type Attention = { id: string; code: string; listingId?: string };

/** A shop with products by SKU. */
async function aShop(...skus: string[]) {
  const merchant = await api.anAccount();
  const channelId = await anApiChannel(merchant);
  const { accountId } = merchant;
  const actor = { kind: 'channel', id: channelId } as const;
  const product = async (sku: string, body: object = {}) =>
    (await merchant.post('/v1/products', { sku, name: sku, ...body })).json<{ id: string }>().id;
  const ids = new Map<string, string>();
  for (const sku of skus) ids.set(sku, await product(sku));
  return {
    merchant,
    channelId,
    actor,
    product,
    idOf: (sku: string) => ids.get(sku)!,
    lists: (...page: [string, string][]) =>
      storePage(
        api.pool,
        { accountId, channelId },
        page.map(([remoteId, sku]) => named(remoteId, sku)),
      ),
    listing: async () => (await merchant.get('/v1/listings')).json<{ data: Listing[] }>().data[0]!,
    attention: async () => (await merchant.get('/v1/attentions')).json<{ data: Attention[] }>().data[0]!,
    resolve: ({ id }: Attention, action: string) =>
      merchant.post(`/v1/attentions/${id}/resolve`, { action, reason: 'other' }),
    async sells(...lines: { sku: string; remoteProductId?: string }[]): Promise<OrderJson> {
      const order = anIncomingOrder(lines.map(({ sku }) => ({ sku })));
      const content = { ...order, lines: order.lines.map((line, index) => ({ ...line, ...lines[index]! })) };
      const { orderId } = await withAccount(api.pool, accountId, (db) =>
        storeOrder(db, { channelId, order: content, actor }),
      );
      return (await merchant.get(`/v1/orders/${orderId}`)).json<OrderJson>();
    },
    /** Takes the `first` lock, sends the request until it waits for that, and takes `then` the second. */
    meets(
      request: () => Promise<LightMyRequestResponse>,
      { first, then }: Record<'first' | 'then', (db: AccountDb) => PromiseLike<unknown>>,
    ): Promise<LightMyRequestResponse> {
      const both = withAccount(api.pool, accountId, async (db) => {
        await first(db);
        const answer = request();
        await waitUntil(async () => (await locksAwaited(db)) > 0);
        await then(db);
        // Not awaited within: it waits for the end of this transaction.
        return { answer };
      });
      return both.then(({ answer }) => answer);
    },
  };
}

const locksAwaited = async (db: AccountDb): Promise<number> =>
  (await db.raw<{ rows: { count: number }[] }>(`select count(*)::int from pg_locks where not granted`)).rows[0]!.count;

async function aRenamedVariant() {
  const shop = await aShop('POT');
  await shop.lists(['a', 'POT']);
  await shop.lists(['a', 'POT-S']);
  return { shop, listing: await shop.listing(), attention: await shop.attention() };
}

describe('a decision about a changed SKU', () => {
  it('comes too late while an import brings the old SKU back', async () => {
    const { shop, attention } = await aRenamedVariant();

    const answer = await shop.meets(() => shop.resolve(attention, 'rename'), {
      first: (db) => lockLinks(db, [shop.channelId]),
      then: (db) => storeListings(db, shop.channelId, [named('a', 'POT')]),
    });

    expect(answer.json()).toMatchObject({ code: 'attention_not_found' });
    expect(await shop.listing()).toMatchObject({ sku: 'POT', skuChanged: null });
  });

  it('is made while Write Inventory Back learns that the variant is gone', async () => {
    const { shop, attention, listing } = await aRenamedVariant();

    const answer = await shop.meets(() => shop.resolve(attention, 'keep'), {
      first: (db) => db('listings').where({ id: listing.id }).forNoKeyUpdate().first('id'),
      then: (db) =>
        recordSyncResults(db, [
          { listingId: listing.id, version: 1, cause: 'gone_at_channel', permanent: true, withdrawn: true },
        ]),
    });

    expect(answer.statusCode).toBe(200);
    expect(await shop.attention()).toBeUndefined();
  });

  it('waits for a person who renames the product', async () => {
    const { shop, attention } = await aRenamedVariant();
    const id = shop.idOf('POT');

    const answers = await Promise.all([
      shop.resolve(attention, 'rename'),
      shop.merchant.patch(`/v1/products/${id}`, { sku: 'POT-S' }),
    ]);

    expect(answers.map(({ statusCode }) => statusCode)).toEqual([expect.any(Number), 200]);
    expect([200, 404]).toContain(answers[0].statusCode);
    expect(await shop.listing()).toMatchObject({ sku: 'POT-S', skuChanged: null });
  });

  it('does not hold up the deletion of its channel', async () => {
    const { shop, listing } = await aRenamedVariant();

    const answer = await shop.meets(() => shop.merchant.delete(`/v1/channels/${shop.channelId}`), {
      first: (db) => lockLinks(db, [shop.channelId]),
      then: async (db) => {
        await db('listings').where({ id: listing.id }).update({ delisted_at: db.fn.now() });
        await noteSkuChanges(db, [listing.id]);
      },
    });

    expect(answer.statusCode).toBe(204);
  });
});

describe('a decision about an order that waits for products', () => {
  it('waits for the decision that is being made', async () => {
    const shop = await aShop();
    const { id } = await shop.sells({ sku: 'X' });
    const attention = await shop.attention();

    const answer = await shop.meets(() => shop.resolve(attention, 'retry'), {
      first: (db) => lockOrder(db, id),
      then: (db) => decideRoute(db, { orderId: id }, { action: 'skip', actor: shop.actor }),
    });

    expect(answer.json()).toMatchObject({ code: 'attention_not_found' });
    expect(await shop.attention()).toBeUndefined();
  });

  it('locks the chosen product together with those of all lines', async () => {
    const shop = await aShop('A', 'Z');
    const { id, lines } = await shop.sells({ sku: 'A' }, { sku: '', remoteProductId: 'v7' });
    const { supplierId } = await api.aConnection(shop.merchant, await api.anAccount());
    const assigned = { fulfillmentType: 'automatically_dropshipped', suppliers: [{ supplierId }] };
    await shop.merchant.patch(`/v1/products/${shop.idOf('A')}`, assigned);
    const choose = () =>
      shop.merchant.post(`/v1/orders/${id}/lines/${lines[1]!.id}/product`, { productId: shop.idOf('Z') });

    const answer = await shop.meets(choose, {
      first: (db) => lockProducts(db, [shop.idOf('A')]),
      then: (db) => lockProducts(db, [shop.idOf('Z')]),
    });

    expect(answer.json()).toMatchObject({ status: 'split', attention: null });
  });

  it('locks the products of all its leaves at once', async () => {
    const shop = await aShop();
    const { id, lines } = await shop.sells({ sku: 'Z' }, { sku: 'A' });
    const split = await shop.merchant.post(`/v1/orders/${id}/split`, {
      groups: lines.map((line) => ({ lines: [{ lineId: line.id, quantity: 1 }] })),
    });
    expect(split.statusCode).toBe(201);
    const [a, z] = [await shop.product('A'), await shop.product('Z')];
    const attention = await shop.attention();

    const answer = await shop.meets(() => shop.resolve(attention, 'retry'), {
      first: (db) => lockProducts(db, [a]),
      then: (db) => lockProducts(db, [z]),
    });

    expect(answer.statusCode).toBe(200);
    expect(await shop.attention()).toBeUndefined();
  });
});
