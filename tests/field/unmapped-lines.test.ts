import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Deps } from '../../activities/deps.ts';
import { routeMapped } from '../../activities/reconcile/mapped-orders.ts';
import { noteEdit } from '../../db/orders/edits.ts';
import { storeOrder } from '../../db/orders/store-order.ts';
import { withAccount } from '../../db/engine/with-account.ts';
import { anIncomingOrder } from '../support/trade/database-trade.ts';
import { named as listed, storePage } from '../support/trade/database-catalogue.ts';
import { anApiChannel, type OrderJson } from '../support/trade/api-orders.ts';
import { levelOf } from '../support/trade/api-stock.ts';
import { queuesFor } from '../../workflows/names.ts';
import { openApi, type Caller, type TestApi } from '../support/engine/test-api.ts';

/** Lines that a shop sends without a SKU, or with one that we do not know. */

let api: TestApi;
beforeAll(async () => {
  api = await openApi();
});
afterAll(() => api.close());

type Line = { sku: string; name: string; remoteProductId?: string; quantity?: number };
type Shown = OrderJson & { attention: { id: string; code: string; lines: { lineId: string }[] } | null };

/** A shop, a supplier, and a product that is dropshipped to it automatically. */
async function aShop() {
  const merchant = await api.anAccount();
  const channelId = await anApiChannel(merchant);
  const { supplierId } = await api.aConnection(merchant, await api.anAccount());
  const product = async (sku: string, body: object = {}) =>
    (await merchant.post('/v1/products', { sku, name: sku, ...body })).json<{ id: string }>().id;
  const actor = { kind: 'channel', id: channelId } as const;
  const named = (...lines: Line[]) => {
    const order = anIncomingOrder(lines.map(({ sku }) => ({ sku })));
    return { ...order, lines: order.lines.map((line, index) => ({ ...line, ...lines[index]! })) };
  };
  const sends = async (...lines: Line[]): Promise<string> => {
    const order = named(...lines);
    const stored = withAccount(api.pool, merchant.accountId, (db) => storeOrder(db, { channelId, order, actor }));
    return (await stored).orderId;
  };
  /** Someone changes the lines of an order in the shop, and the merchant accepts. */
  const edits = async (id: string, ...lines: Line[]) => {
    const { shipTo, shippingMethod } = (await merchant.get(`/v1/orders/${id}`)).json<
      Parameters<typeof noteEdit>[1]['order']
    >();
    const order = { ...named(...lines), shipTo, shippingMethod };
    await withAccount(api.pool, merchant.accountId, (db) =>
      noteEdit(db, { orderId: id, order, actor, at: new Date() }),
    );
    const { pendingEdit } = (await merchant.get(`/v1/orders/${id}`)).json<{ pendingEdit: { id: string } }>();
    return merchant.post(`/v1/orders/${id}/edit/accept`, { editId: pendingEdit.id });
  };
  const ships = async (id: string, trackingNumber: string, lines?: { lineId: string; quantity: number }[]) => {
    const answer = await merchant.post(`/v1/orders/${id}/shipments`, { carrier: 'ups', trackingNumber, lines });
    expect(answer.statusCode).toBe(201);
    return answer.json<{ id: string }>().id;
  };
  return {
    merchant,
    supplierId,
    ships,
    channelId,
    sends,
    edits,
    product,
    supplied: await product('CUP', { fulfillmentType: 'automatically_dropshipped', suppliers: [{ supplierId }] }),
    order: async (id: string) => (await merchant.get(`/v1/orders/${id}`)).json<Shown>(),
    choose: ([id, lineId]: [string, string], productId: string, headers: Record<string, string> = {}) =>
      merchant.post(`/v1/orders/${id}/lines/${lineId}/product`, { productId }, headers),
    list: (...rows: [string, string][]) =>
      storePage(
        api.pool,
        { accountId: merchant.accountId, channelId },
        rows.map(([remoteId, sku]) => listed(remoteId, sku)),
      ),
  };
}

const without = { sku: '', name: 'A cup, painted', remoteProductId: 'v7' };

describe('an order with a line that means no product', () => {
  it('waits, and names the line to its account alone', async () => {
    const shop = await aShop();
    const id = await shop.sends(without, { sku: 'CUP', name: 'Cup' }, { sku: 'X-1', name: 'Something else' });

    const { attention, lines } = await shop.order(id);

    const expected = [
      { ...without, orderId: id, lineId: lines[0]!.id, remoteLineId: lines[0]!.remoteLineId },
      { sku: 'X-1', name: 'Something else', orderId: id, lineId: lines[2]!.id, remoteLineId: lines[2]!.remoteLineId },
    ];
    expect(attention).toMatchObject({ code: 'unmapped_sku', step: 'route', lines: expected });
    const listed = (caller: Caller) => caller.get('/v1/attentions?limit=200');
    expect((await listed(shop.merchant)).json()).toMatchObject({ data: [{ orderId: id, lines: expected }] });
    expect((await listed(api.operator)).body).toContain(id);
    expect((await listed(api.operator)).body).not.toContain('painted');
  });

  it('goes on once a product is chosen for its last line, and so does the next order', async () => {
    const shop = await aShop();
    const bowl = await shop.product('BOWL');
    const id = await shop.sends(without, { sku: 'X-1', name: 'Something else' });
    const [first, second] = (await shop.order(id)).lines;

    const half = await shop.choose([id, first!.id], shop.supplied);
    const whole = await shop.choose([id, second!.id], bowl);

    expect(half.json()).toMatchObject({ attention: { code: 'unmapped_sku', lines: [{ sku: 'X-1' }] }, dropship: null });
    expect(whole.json()).toMatchObject({
      attention: null,
      status: 'split',
      childIds: [expect.any(String), expect.any(String)],
    });
    expect(api.ledger.filter(({ call }) => call === 'startDropships').at(-1)!.args).toMatchObject([
      [expect.anything()],
    ]);
    expect(await shop.order(await shop.sends(without))).toMatchObject({
      attention: null,
      status: 'dropship_requested',
    });
  });

  it.each([
    ['was not read yet', []],
    ['was read without a SKU', [['v7', '']]],
  ] as [string, [string, string][]][])('links the listing by hand, where it %s', async (_what, listed) => {
    const shop = await aShop();
    await shop.list(...listed);
    const id = await shop.sends(without);

    await shop.choose([id, (await shop.order(id)).lines[0]!.id], shop.supplied);
    await shop.list(['v7', '']);

    expect((await shop.merchant.get('/v1/listings')).json()).toMatchObject({
      data: [{ remoteId: 'v7', productId: shop.supplied, linkedBy: 'hand', cause: null, skuChanged: null }],
    });
  });

  it('takes the same choice again, with a key or without, and no other', async () => {
    const shop = await aShop();
    const other = await shop.product('BOWL');
    const id = await shop.sends(without);
    const [line] = (await shop.order(id)).lines;
    const key = { 'idempotency-key': 'choose' };

    const first = await shop.choose([id, line!.id], shop.supplied, key);
    const again = await shop.choose([id, line!.id], shop.supplied);
    const replay = await shop.choose([id, line!.id], shop.supplied, key);
    const another = await shop.choose([id, line!.id], other);

    expect([first, again, replay].map(({ statusCode }) => statusCode)).toEqual([200, 200, 200]);
    expect(replay.headers['idempotency-replayed']).toBe('true');
    expect(another.json()).toMatchObject({ code: 'line_has_product' });
    const events = (await shop.merchant.get(`/v1/orders/${id}/events`)).json<{ data: { type: string }[] }>().data;
    expect(events.filter(({ type }) => type === 'product_chosen')).toHaveLength(1);
    expect(events.filter(({ type }) => type === 'dropship_requested')).toHaveLength(1);
  });

  it('is refused for what does not exist, or is not ours', async () => {
    const shop = await aShop();
    const id = await shop.sends(without);
    const [line] = (await shop.order(id)).lines;
    const stranger = await aShop();

    const refused = [
      await shop.choose([id, line!.id], 'prod_unknown'),
      await shop.choose([id, line!.id], stranger.supplied),
      await shop.choose([id, 'line_unknown'], shop.supplied),
      await stranger.choose([id, line!.id], stranger.supplied),
    ];

    expect(refused.map((answer) => answer.json<{ code: string }>().code)).toEqual([
      'product_not_found',
      'product_not_found',
      'line_not_found',
      'order_not_found',
    ]);
    expect((await shop.order(id)).attention).not.toBeNull();
  });
});

describe('units of a line that means no product', () => {
  const cup = { sku: 'CUP', name: 'Cup' };
  const other = { sku: 'X-1', name: 'Something else' };

  /** The order, and the leaf with its lines without a product, after the merchant has dropshipped its cup by hand. */
  async function split(shop: Awaited<ReturnType<typeof aShop>>, ...lines: Line[]) {
    const id = await shop.sends(cup, ...lines);
    await shop.merchant.post(`/v1/orders/${id}/dropship`, { supplierId: shop.supplierId });
    const { childIds, attention } = await shop.order(id);
    expect(attention).toMatchObject({ code: 'unmapped_sku' });
    return { id, leaf: await shop.order(childIds[1]!) };
  }

  it.each(['shipped', 'cancelled'])(
    'need no product any more once they are %s, on a leaf of the order',
    async (how) => {
      const shop = await aShop();
      const { id, leaf } = await split(shop, without);

      if (how === 'shipped') await shop.ships(leaf.id, `T-${id}`);
      else await shop.merchant.post(`/v1/orders/${leaf.id}/cancel`, { reason: 'other' });

      expect(await shop.order(leaf.id)).toMatchObject({ status: how });
      expect((await shop.order(id)).attention).toBeNull();
    },
  );

  it('are waited for until the last of them is gone, also on leaves of a leaf', async () => {
    const shop = await aShop();
    const { id, leaf } = await split(shop, without, other);
    const groups = leaf.lines.map(({ id: lineId, quantity }) => ({ lines: [{ lineId, quantity }] }));
    await shop.merchant.post(`/v1/orders/${leaf.id}/split`, { groups });
    const [one, two] = (await shop.order(leaf.id)).childIds;

    await shop.ships(one!, `T-${one}`);
    const half = await shop.order(id);
    await shop.merchant.post(`/v1/orders/${two}/cancel`, { reason: 'other' });

    expect(half.attention).toMatchObject({ code: 'unmapped_sku', lines: [{ sku: 'X-1' }] });
    expect((await shop.order(id)).attention).toBeNull();
  });

  it('may ship at the moment at which somebody decides about their order', async () => {
    const shop = await aShop();
    const orders = [];
    for (let index = 0; index < 6; index += 1) orders.push(await split(shop, without, other));

    const answers = await Promise.all(
      orders.flatMap(({ id, leaf }) => {
        const attention = shop.order(id).then((order) => order.attention!.id);
        const decision = { action: 'retry', reason: 'other' };
        return [
          shop.merchant.post(`/v1/orders/${leaf.id}/shipments`, { carrier: 'ups', trackingNumber: `T-${leaf.id}` }),
          attention.then((open) => shop.merchant.post(`/v1/attentions/${open}/resolve`, decision)),
        ];
      }),
    );

    expect(answers.filter(({ statusCode }) => statusCode >= 500)).toEqual([]);
    for (const { id, leaf } of orders) {
      expect(await shop.order(leaf.id)).toMatchObject({ status: 'shipped' });
      expect((await shop.order(id)).attention).toBeNull();
    }
  });

  it('need no product where the merchant has shipped them of an order with other lines', async () => {
    const shop = await aShop();
    const id = await shop.sends(without, cup);

    await shop.ships(id, `T-${id}`, [{ lineId: (await shop.order(id)).lines[0]!.id, quantity: 1 }]);

    expect(await shop.order(id)).toMatchObject({ status: 'partially_shipped', attention: null });
  });

  it('hold up the other lines no more once they are cancelled: the sweep routes them', async () => {
    const shop = await aShop();
    const id = await shop.sends(without, cup);
    const lines = [{ lineId: (await shop.order(id)).lines[0]!.id, quantity: 1 }];
    await shop.merchant.post(`/v1/orders/${id}/cancel`, { reason: 'other', lines });

    const client = { workflow: { start: async () => undefined } };
    await routeMapped(
      { pool: api.pool, client, queues: queuesFor('-none') } as unknown as Deps,
      shop.merchant.accountId,
    );

    expect(await shop.order(id)).toMatchObject({ status: 'dropship_requested', attention: null });
  });

  it('are taken from stock as soon as their SKU is a product, on an order that has shipped in part', async () => {
    const shop = await aShop();
    const id = await shop.sends({ ...other, quantity: 3 });
    await shop.ships(id, `T-${id}-1`, [{ lineId: (await shop.order(id)).lines[0]!.id, quantity: 1 }]);
    await shop.product('X-1');

    const client = { workflow: { start: async () => undefined } };
    await routeMapped(
      { pool: api.pool, client, queues: queuesFor('-none') } as unknown as Deps,
      shop.merchant.accountId,
    );

    expect((await shop.order(id)).attention).toBeNull();
    expect(await levelOf(shop.merchant, 'X-1')).toMatchObject({ committed: 2 });
  });

  it('never left the stock of a product that is chosen after they shipped', async () => {
    const shop = await aShop();
    const bowl = await shop.product('BOWL');
    await shop.merchant.put('/v1/stock', { sku: 'BOWL', physicalOnHand: 10 });
    const level = async () => {
      const { physicalOnHand, committed } = await levelOf(shop.merchant, 'BOWL');
      return [physicalOnHand, committed];
    };
    const voids = (shipmentId: string) =>
      shop.merchant.post(`/v1/shipments/${shipmentId}/void`, { reason: 'not_sent' });
    const id = await shop.sends({ ...without, quantity: 3 });
    const line = (await shop.order(id)).lines[0]!.id;
    const one = [{ lineId: line, quantity: 1 }];
    const before = await shop.ships(id, `T-${id}-1`, one);

    await shop.choose([id, line], bowl);
    const chosen = await level();
    const after = await shop.ships(id, `T-${id}-2`, one);
    const shipped = await level();
    await voids(before);
    const open = await level();
    await voids(after);
    const allOpen = await level();
    await shop.ships(id, `T-${id}-3`);

    expect([chosen, shipped, open, allOpen]).toEqual([[10, 2], [9, 1], [9, 2], [10, 3]]); // prettier-ignore
    expect(await level()).toEqual([7, 0]);
  });
});

describe('a line that an edit in the shop adds', () => {
  it.each([
    ['of a variant that was renamed', { sku: 'CUP-NEW', name: 'Cup', remoteProductId: 'v1' }],
    ['of a variant without SKU', { sku: '', name: 'Cup', remoteProductId: 'v1' }],
  ])('goes by the remote id of its product: %s', async (_what, added) => {
    const shop = await aShop();
    await shop.list(['v1', 'CUP']);
    const first = { sku: 'CUP', name: 'Cup', remoteProductId: 'v1' };
    const id = await shop.sends(first);
    await shop.list(['v1', added.sku]);

    const accepted = await shop.edits(id, first, added);

    expect(accepted.json()).toMatchObject({ status: 'dropship_requested', attention: null });
    expect((await shop.order(id)).lines.map(({ sku }) => sku)).toEqual(['CUP', added.sku]);
  });
});
