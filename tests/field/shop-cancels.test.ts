import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { returnDropship } from '../../db/dropships/supplier-response.ts';
import { askForParts, lockLeaf } from '../../db/orders/cancels.ts';
import type { OrderJson } from '../support/trade/api-orders.ts';
import { aCancellingShop, inShop, type CancellingShop, type ShopLine } from '../support/trade/cancelling-shop.ts';
import { openApi, type TestApi } from '../support/engine/test-api.ts';

let api: TestApi;
let shop: CancellingShop;
beforeAll(async () => {
  api = await openApi();
  shop = await aCancellingShop(api);
});
afterAll(() => api.close());

const undecided = { step: 'cancel', code: 'cancelled_in_shop', actions: ['skip'] };
const dropships = async (orderId: string): Promise<OrderJson> =>
  (await shop.trade.merchant.post(`/v1/orders/${orderId}/dropship`, { supplierId: shop.trade.supplierId })).json();

describe('an order that its shop cancels before its supplier has shipped', () => {
  it.each<[string, ShopLine, number]>([
    ['whole', { sku: 'LAMP', ordered: 2, now: 0 }, 2],
    ['in part', { sku: 'LAMP', ordered: 2, now: 1 }, 1],
  ])('raises an attention at once: %s', async (kind, line, quantity) => {
    const id = `10-${kind}`;
    const order = await shop.seen(id, { ...line, now: 2 });

    const cancelled = await shop.seen(id, line);
    await shop.seen(id, line);

    expect([order.status, cancelled.status]).toEqual(['dropship_requested', 'dropship_requested']);
    expect(await shop.parkedOf(order)).toMatchObject([
      { step: 'cancel', code: 'cancelled_in_shop', actions: ['skip'] },
    ]);
    const story = (await shop.trade.merchant.get(`/v1/orders/${order.id}/events`)).json<{ data: { type: string }[] }>()
      .data;
    expect(story.filter(({ type }) => type === 'cancelled_in_shop')).toMatchObject([
      { data: { lines: [{ quantity }] } },
    ]);
  });

  it('is not shown again once a person lets it ship, unless more is cancelled', async () => {
    const order = await shop.seen('20', { sku: 'LAMP', ordered: 3, now: 3 });
    const one = { sku: 'LAMP', ordered: 3, now: 2 };
    await shop.seen('20', one);
    await shop.resolve((await shop.parkedOf(order))[0]!);

    await shop.seen('20', one);
    const skipped = await shop.parkedOf(order);
    await shop.seen('20', { ...one, now: 0 });

    expect(skipped).toEqual([]);
    expect(await shop.parkedOf(order)).toMatchObject([{ code: 'cancelled_in_shop' }]);
  });

  it('needs no decision any more when its units are asked to be cancelled', async () => {
    const order = await shop.seen('30', { sku: 'LAMP', ordered: 2, now: 2 });
    await shop.seen('30', { sku: 'LAMP', ordered: 2, now: 0 });
    const before = await shop.parkedOf(order);

    const lines = [{ lineId: order.lines[0]!.id, quantity: 2 }];
    await shop.inMerchant(async (db) => {
      const cause = { actor: { kind: 'account', id: 'key_1' }, reason: 'other' } as const;
      await askForParts(db, await lockLeaf(db, order.id), { parts: [{ orderId: order.id, lines }], cause });
    });
    await shop.seen('30', { sku: 'LAMP', ordered: 2, now: 0 });

    expect([before.length, await shop.parkedOf(order)]).toEqual([1, []]);
  });

  it('raises none for units that the account ships itself', async () => {
    const order = await shop.seen('40', { sku: 'MUG', ordered: 2, now: 2 });

    await shop.seen('40', { sku: 'MUG', ordered: 2, now: 0 });

    expect(await shop.parkedOf(order)).toEqual([]);
  });
});

describe('units that the shop cancels while no supplier has them', () => {
  /** An order that waits for a product of its SKU, which the merchant makes after the shop's cancel. */
  async function mappedAfter(id: string, line: ShopLine) {
    const order = await shop.seen(id, { ...line, now: line.ordered });
    expect(order['attention']).toMatchObject({ code: 'unmapped_sku' });
    await shop.seen(id, line);
    const made = await shop.trade.merchant.post('/v1/products', {
      sku: line.sku,
      name: line.sku,
      fulfillmentType: 'automatically_dropshipped',
      suppliers: [{ supplierId: shop.trade.supplierId }],
    });
    const { id: productId } = made.json<{ id: string }>();
    const path = `/v1/orders/${order.id}/lines/${order.lines[0]!.id}/product`;
    return (await shop.trade.merchant.post(path, { productId })).json<OrderJson>();
  }

  it('leave the order with its merchant, where none is left', async () => {
    const order = await mappedAfter('70', { sku: 'GLASS', ordered: 2, now: 0 });

    expect(order).toMatchObject({ status: 'awaiting_fulfillment', dropship: null });
    expect(await shop.parkedOf(order)).toMatchObject([
      { step: 'route', code: 'cancelled_in_shop', actions: ['retry', 'skip'] },
    ]);
  });

  it('are decided about when the merchant dropships it all the same', async () => {
    const order = await mappedAfter('71', { sku: 'PLATE', ordered: 2, now: 0 });

    await dropships(order.id);

    expect(await shop.parkedOf(order)).toMatchObject([undecided]);
  });

  it('need no decision once the merchant cancels them', async () => {
    const order = await mappedAfter('72', { sku: 'FORK', ordered: 2, now: 0 });

    const answer = await shop.trade.merchant.post(`/v1/orders/${order.id}/cancel`, { reason: 'customer_request' });

    expect(answer.json()).toMatchObject({ status: 'cancelled', attention: null });
  });

  it('go to the supplier with the others of the order, and are shown at once', async () => {
    const order = await mappedAfter('73', { sku: 'SPOON', ordered: 3, now: 2 });

    expect(order).toMatchObject({ status: 'dropship_requested' });
    expect(await shop.parkedOf(order)).toMatchObject([undecided]);
  });

  it('are shown on the leaf that has them, where the order is split for its supplier', async () => {
    await shop.seen('74', { sku: 'RUG', ordered: 2, now: 2 }, { sku: 'MUG', ordered: 2, now: 2 });
    const order = await shop.seen('74', { sku: 'RUG', ordered: 2, now: 1 }, { sku: 'MUG', ordered: 2, now: 1 });

    const { childIds } = await dropships(order.id).then(() => shop.shown(order.id));
    const leaves = await Promise.all(childIds.map(shop.shown));

    expect(await Promise.all([order, ...leaves].map(shop.parkedOf))).toMatchObject([[], [undecided], []]);
    expect(leaves.map(({ dropship }) => dropship !== null)).toEqual([true, false]);
  });

  it('are asked about again with each supplier, until a person lets them ship', async () => {
    const order = await shop.seen('75', { sku: 'RUG', ordered: 2, now: 2 });
    await dropships(order.id);
    await shop.seen('75', { sku: 'RUG', ordered: 2, now: 1 });
    const first = await shop.parkedOf(order);
    await rejects(await shop.shown(order.id));
    const between = await shop.parkedOf(order);

    await dropships(order.id);

    expect([first, between.map(({ code }) => code)]).toMatchObject([[undecided], ['rejected_by_supplier']]);
    expect(await shop.parkedOf(order)).toMatchObject([undecided]);
  });

  it.each(['cancels them', 'dropships them by hand'])(
    'are asked about by their order, until the merchant %s',
    async (how) => {
      const [gone, sold] = [`JUG-${how.length}`, `VASE-${how.length}`];
      const other = await api.aConnection(shop.trade.merchant, await api.anAccount());
      const id = `77-${how}`;
      const parts = [{ sku: gone, ordered: 1, now: 1 }, { sku: sold, ordered: 1, now: 1 }]; // prettier-ignore
      const order = await shop.seen(id, ...parts);
      await shop.seen(id, { ...parts[0]!, now: 0 }, parts[1]!);
      for (const [index, supplierId] of [shop.trade.supplierId, other.supplierId].entries()) {
        const { sku } = parts[index]!;
        const assigned = { fulfillmentType: 'automatically_dropshipped', suppliers: [{ supplierId }] };
        const made = await shop.trade.merchant.post('/v1/products', { sku, name: sku, ...assigned });
        const { id: productId } = made.json<{ id: string }>();
        await shop.trade.merchant.post(`/v1/orders/${order.id}/lines/${order.lines[index]!.id}/product`, { productId });
      }
      const waiting = await shop.parkedOf(order);
      const leaf = await shop.shown((await shop.shown(order.id)).childIds[1]!);

      if (how === 'cancels them') await shop.trade.merchant.post(`/v1/orders/${leaf.id}/cancel`, { reason: 'other' });
      else await dropships(leaf.id);

      expect(waiting).toMatchObject([{ step: 'route', code: 'cancelled_in_shop' }]);
      expect(await shop.parkedOf(order)).toEqual([]);
      expect(await shop.parkedOf(leaf)).toMatchObject(how === 'cancels them' ? [] : [undecided]);
    },
  );

  it('are dropshipped by the next routing when the shop takes its cancel back', async () => {
    const order = await mappedAfter('76', { sku: 'KNIFE', ordered: 2, now: 0 });
    const [waiting] = await shop.parkedOf(order);
    await shop.seen('76', { sku: 'KNIFE', ordered: 2, now: 2 });

    await shop.trade.merchant.post(`/v1/attentions/${waiting!.id}/resolve`, {
      action: 'retry',
      reason: 'fixed_at_source',
    });

    expect(await shop.shown(order.id)).toMatchObject({ status: 'dropship_requested', attention: null });
  });

  async function rejects({ dropship }: OrderJson) {
    await shop.inMerchant(async (db) => {
      await db('dropships').where({ id: dropship!.id }).update({ status: 'imported' });
      const cause = { dropshipId: dropship!.id, reason: 'out_of_stock', cancelReason: null } as const;
      await returnDropship(db, { ...cause, actor: { kind: 'supplier', id: shop.trade.supplierId } });
    });
  }
});

describe('money that the shop pays back', () => {
  const refunds = (...totals: number[]) => [
    { refunds: [...totals.map((total) => ({ state: 'Settled', total })), { state: 'Failed', total: 99 }] },
  ];

  it('is shown on the order, once, and changes no units', async () => {
    const bought = inShop('50', [{ sku: 'LAMP', ordered: 2, now: 2 }]);
    const order = await shop.imported({ ...bought, payments: refunds() });

    await shop.imported({ ...bought, payments: refunds(150) });
    await shop.imported({ ...bought, payments: refunds(150) });
    const refunded = await shop.imported({ ...bought, payments: refunds(150, 50) });

    expect(order['refunded']).toBeNull();
    expect(refunded).toEqual({ ...order, refunded: { amount: 200, currency: 'EUR' } });
    const story = (await shop.trade.merchant.get(`/v1/orders/${order.id}/events`)).json<{
      data: { type: string; data: object }[];
    }>();
    expect(story.data.filter(({ type }) => type === 'order_refunded').map(({ data }) => data)).toEqual([
      { refunded: { amount: 200, currency: 'EUR' } },
      { refunded: { amount: 150, currency: 'EUR' } },
    ]);
    expect(await shop.parkedOf(order)).toEqual([]);
  });

  it('is shown beside the cancel that it belongs to', async () => {
    const order = await shop.seen('60', { sku: 'LAMP', ordered: 1, now: 1 });
    const gone = inShop('60', [{ sku: 'LAMP', ordered: 1, now: 0 }]);

    const cancelled = await shop.imported({ ...gone, payments: refunds(100) });

    expect(cancelled).toMatchObject({ refunded: { amount: 100 }, attention: { code: 'cancelled_in_shop' } });
    expect(await shop.parkedOf(order)).toHaveLength(1);
  });
});
