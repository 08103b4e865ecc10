import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cancelDropship } from '../../../db/dropships/dropships.ts';
import { storeOrder } from '../../../db/orders/store-order.ts';
import { withAccount } from '../../../db/engine/with-account.ts';
import { anIncomingOrder } from '../../support/trade/database-trade.ts';
import { aMerchant, anOrder, aPostedOrder, aProduct, type OrderJson } from '../../support/trade/api-orders.ts';
import { levelOf, skusFrom, someProducts } from '../../support/trade/api-stock.ts';
import { aProblem, openApi, withoutRequestId, type Caller, type TestApi } from '../../support/engine/test-api.ts';

let api: TestApi;
let stranger: Caller;
beforeAll(async () => {
  api = await openApi();
  stranger = await api.anAccount();
});
afterAll(() => api.close());

type Candidate = { orderId: string; number: string; placedAt: string; lines: object[] };
type Results = { results: { index: number; status: string; id?: string; problem?: { code: string } }[] };

/** A merchant that has sold LAMP and MUG in-house until now, and a supplier that is new. */
async function aBeginning() {
  const { merchant, channelId } = await aMerchant(api);
  await aProduct(merchant, 'LAMP');
  const supplier = await api.anAccount();
  const { supplierId, connectionId } = await api.aConnection(merchant, supplier);
  const url = `/v1/suppliers/${supplierId}/go-live`;
  return {
    merchant,
    channelId,
    supplierId,
    connectionId,
    url,
    sold: (skus: string[], rest: object = {}) => aPostedOrder(merchant, anOrder(channelId, skus, rest)),
    assign: (sku = 'LAMP', fulfillmentType = 'automatically_dropshipped') =>
      merchant.post('/v1/products/batch', {
        items: [{ sku, name: sku, fulfillmentType, suppliers: [{ supplierId }] }],
      }),
    listed: async (query = '') => (await merchant.get(`${url}${query}`)).json<{ data: Candidate[] }>().data,
    orderOf: async (id: string) => (await merchant.get(`/v1/orders/${id}`)).json<OrderJson>(),
  };
}
const startedOrders = () =>
  api.ledger
    .filter(({ call }) => call === 'startDropships')
    .flatMap(({ args }) => args[0] as { dropshipId: string; orderNumber: string }[]);
const codes = (answer: { json: () => unknown }) =>
  (answer.json() as Results).results.map(({ status, problem }) => problem?.code ?? status);
const idsOf = (answer: { json: () => unknown }) => (answer.json() as Results).results.map(({ id }) => id);

describe('assigning products to a supplier', () => {
  it('sends no order that was there before, also when it is posted again', async () => {
    const { merchant, channelId, sold, assign, orderOf } = await aBeginning();
    const body = anOrder(channelId, ['LAMP', 'MUG']);
    const { id } = await aPostedOrder(merchant, body);
    const other = await sold(['LAMP']);
    const before = startedOrders().length;

    await assign();
    const again = await merchant.post('/v1/orders', body);

    expect(again.statusCode).toBe(200);
    expect(startedOrders()).toHaveLength(before);
    for (const order of [await orderOf(id), await orderOf(other.id)]) {
      expect(order).toMatchObject({ status: 'awaiting_fulfillment', dropship: null, childIds: [], attention: null });
    }
    // What is sold from now on goes by itself.
    expect(await sold(['LAMP'])).toMatchObject({ status: 'dropship_requested' });
  });
});

describe('the dry run', () => {
  it('lists the orders that would cross, newest first, with the lines that would go, and changes nothing', async () => {
    const { merchant, sold, assign, listed, orderOf, url } = await aBeginning();
    const mixed = await sold(['MUG', 'LAMP']);
    const plain = await sold(['LAMP'], { placedAt: '2026-11-21T08:00:00Z' });
    await sold(['MUG']);
    expect(await listed()).toEqual([]);
    await assign();
    const before = [await orderOf(mixed.id), await orderOf(plain.id)];

    const answer = await merchant.get(url);

    const lineOf = (order: OrderJson) => order.lines.find((line) => line.sku === 'LAMP')!.id;
    expect(answer.json()).toEqual({
      data: [
        {
          orderId: plain.id,
          number: plain.number,
          placedAt: '2026-11-21T08:00:00.000Z',
          lines: [{ lineId: lineOf(plain), sku: 'LAMP', quantity: 2 }],
        },
        {
          orderId: mixed.id,
          number: mixed.number,
          placedAt: '2026-11-20T10:00:00.000Z',
          lines: [{ lineId: lineOf(mixed), sku: 'LAMP', quantity: 2 }],
        },
      ],
      nextCursor: null,
    });
    expect([await orderOf(mixed.id), await orderOf(plain.id)]).toEqual(before);
    expect((await listed('?placedFrom=2026-11-21T00:00:00Z')).map(({ orderId }) => orderId)).toEqual([plain.id]);
    const first = (await merchant.get(`${url}?limit=1`)).json<{ data: Candidate[]; nextCursor: string }>();
    const second = await listed(`?limit=1&cursor=${first.nextCursor}`);
    expect([...first.data, ...second].map(({ orderId }) => orderId)).toEqual([plain.id, mixed.id]);
  });

  it('leaves out what has shipped, was cancelled, is on its way, or came back from that supplier', async () => {
    const { merchant, channelId, supplierId, sold, assign, listed } = await aBeginning();
    const takes = (units: object) =>
      withAccount(api.pool, merchant.accountId, (db) =>
        storeOrder(db, {
          channelId,
          order: anIncomingOrder([{ sku: 'LAMP', quantity: 3, ...units }]),
          actor: { kind: 'channel', id: channelId },
        }),
      );
    await takes({ shipped: 1 });
    await takes({ cancelled: 3 });
    const partly = await takes({ cancelled: 1 });
    await assign('LAMP', 'dropshippable');
    const back = await sold(['LAMP']);
    const under = await sold(['LAMP', 'MUG']);
    for (const { id } of [back, under]) await merchant.post(`/v1/orders/${id}/dropship`, { supplierId });
    const dropship = (await merchant.get(`/v1/orders/${back.id}`)).json<OrderJson>().dropship!;
    await withAccount(api.pool, merchant.accountId, (db) =>
      cancelDropship(db, dropship.id, { kind: 'account', id: 'key_1' }),
    );

    const candidates = await listed();
    await assign('LAMP', 'in_house');

    expect(candidates).toEqual([
      expect.objectContaining({ orderId: partly.orderId, lines: [expect.objectContaining({ quantity: 2 })] }),
    ]);
    expect(await listed()).toEqual([]);
  });

  it.each(['limit=0', 'placedFrom=yesterday', 'dryRun=true'])('refuses ?%s', async (query) => {
    const { merchant, url } = await aBeginning();

    expect((await merchant.get(`${url}?${query}`)).json()).toMatchObject({ status: 422, code: 'invalid_request' });
  });
});

describe('going live', () => {
  it('dropships the named orders and no others; a refused order fails alone', async () => {
    const { merchant, sold, assign, orderOf, listed, url } = await aBeginning();
    const [mixed, plain, left, mugs] = [
      await sold(['MUG', 'LAMP']),
      await sold(['LAMP']),
      await sold(['LAMP']),
      await sold(['MUG']),
    ];
    await assign();
    const before = startedOrders().length;
    const orderIds = [mixed.id, plain.id, plain.id, mugs.id, 'ord_unknown'];

    const answer = await merchant.post(url, { orderIds }, { 'idempotency-key': 'live' });
    const replay = await merchant.post(url, { orderIds }, { 'idempotency-key': 'live' });
    const again = await merchant.post(url, { orderIds });

    expect(codes(answer)).toEqual(['ok', 'ok', 'duplicate_in_batch', 'lines_not_assigned', 'order_not_found']);
    expect(codes(replay)).toEqual(codes(answer));
    expect(idsOf(replay)).toEqual(idsOf(answer));
    expect(codes(again)).toEqual([
      'order_is_split',
      'order_dropshipped',
      'duplicate_in_batch',
      'lines_not_assigned',
      'order_not_found',
    ]);
    const made = idsOf(answer).slice(0, 2);
    expect(
      new Set(
        startedOrders()
          .slice(before)
          .map(({ dropshipId }) => dropshipId),
      ),
    ).toEqual(new Set(made));
    expect(await orderOf(plain.id)).toMatchObject({ status: 'dropship_requested', dropship: { id: made[1] } });
    const parent = await orderOf(mixed.id);
    const leaves = await Promise.all(parent.childIds.map(orderOf));
    expect(leaves.map(({ status, lines }) => [status, lines[0]!.sku])).toEqual([
      ['dropship_requested', 'LAMP'],
      ['awaiting_fulfillment', 'MUG'],
    ]);
    expect(await orderOf(left.id)).toMatchObject({ status: 'awaiting_fulfillment', dropship: null });
    expect((await listed()).map(({ orderId }) => orderId)).toEqual([left.id]);
  });

  it('is refused order by order while the connection is paused', async () => {
    const { merchant, connectionId, sold, assign, orderOf, url } = await aBeginning();
    const order = await sold(['LAMP']);
    await assign();
    await api.operator.patch(`/v1/connections/${connectionId}`, { status: 'paused' });

    const answer = await merchant.post(url, { orderIds: [order.id] });

    expect(codes(answer)).toEqual(['connection_paused']);
    expect(await orderOf(order.id)).toMatchObject({ status: 'awaiting_fulfillment' });
  });

  it('goes beside orders that come in for the same products', async () => {
    const { merchant, channelId, supplierId, sold, url } = await aBeginning();
    const skus = skusFrom('LIVE', 5);
    await someProducts(merchant, skus);
    const existing: OrderJson[] = [];
    for (let index = 0; index < 30; index += 1) existing.push(await sold([skus[index % 5]!, skus[(index + 2) % 5]!]));
    const suppliers = [{ supplierId }];
    await merchant.post('/v1/products/batch', {
      items: skus.map((sku) => ({ sku, name: sku, fulfillmentType: 'automatically_dropshipped', suppliers })),
    });
    const orderIds = existing.map(({ id }) => id);

    const [one, other, ...coming] = await Promise.all([
      merchant.post(url, { orderIds: orderIds.slice(0, 20) }),
      merchant.post(url, { orderIds: orderIds.slice(10).reverse() }),
      ...Array.from({ length: 8 }, (_, index) =>
        merchant.post(
          '/v1/orders',
          anOrder(channelId, [skus[4 - (index % 5)]!, skus[index % 4]!].slice(0, 1 + (index % 2))),
        ),
      ),
    ]);

    expect(coming.map((answer) => answer.statusCode)).toEqual(Array(8).fill(201));
    const outcomes = [...codes(one), ...codes(other)];
    expect(outcomes.filter((code) => code === 'ok')).toHaveLength(30);
    expect(outcomes.filter((code) => code === 'order_dropshipped')).toHaveLength(10);
    expect(await levelOf(merchant, skus[0]!)).toMatchObject({ physicalOnHand: 0 });
  });

  it.each([
    {},
    { orderIds: [] },
    { orderIds: ['1001'] },
    { orderIds: Array(201).fill('ord_1') },
    { orderIds: ['ord_1'], dryRun: true },
  ])('refuses a request that names no orders as it should (%#)', async (body) => {
    const { merchant, url } = await aBeginning();

    expect((await merchant.post(url, body)).json()).toMatchObject({ status: 422, code: 'invalid_request' });
  });
});

it('another account’s supplier, and its orders, are not there', async () => {
  const { merchant, sold, assign, url } = await aBeginning();
  const theirs = await aBeginning();
  const order = await sold(['LAMP']);
  await assign();
  await theirs.assign();

  const foreign = await stranger.get(url);
  const unknown = await stranger.get('/v1/suppliers/sup_unknown/go-live');
  const sent = await stranger.post(url, { orderIds: [order.id] });
  const foreignOrder = await theirs.merchant.post(theirs.url, { orderIds: [order.id] });

  expect(foreign.json()).toMatchObject({ status: 404, code: 'supplier_not_found' });
  expect({ ...withoutRequestId(foreign), detail: '' }).toEqual({ ...withoutRequestId(unknown), detail: '' });
  expect(sent.statusCode).toBe(404);
  expect(codes(foreignOrder)).toEqual(['order_not_found']);
  const anonymous = await api.app.inject({ method: 'POST', url, payload: { orderIds: [order.id] } });
  expect(anonymous.json()).toEqual(
    aProblem(anonymous, 'unauthenticated', { detail: 'Send a valid key as "Authorization: Bearer vp_…".' }),
  );
  const reader = await api.aKeyOf(merchant, ['read']);
  expect([(await reader.get(url)).statusCode, (await reader.post(url, { orderIds: [order.id] })).statusCode]).toEqual([
    200, 403,
  ]);
});
