import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aMerchant, anOrder, aPostedOrder, aProduct, aTrade, imported, shipTo, type OrderJson } from '../../support/trade/api-orders.ts'; // prettier-ignore
import { aProblem, openApi, withoutRequestId, type Caller, type TestApi } from '../../support/engine/test-api.ts';

let api: TestApi;
let merchant: Caller;
let channelId: string;
beforeAll(async () => {
  api = await openApi();
  ({ merchant, channelId } = await aMerchant(api));
});
afterAll(() => api.close());

const starts = () =>
  api.ledger.filter(({ call }) => call === 'startDropships').flatMap(({ args }) => args[0] as object[]);

describe('posting an order', () => {
  it('answers with the order, in-house and waiting', async () => {
    const body = anOrder(channelId, ['MUG'], {
      customer: { name: 'Ada Lovelace', email: 'ada@example.com' },
      notes: { customer: 'Ring twice.\nThanks' },
      tags: ['gift'],
    });

    const answer = await merchant.post('/v1/orders', body);

    expect(answer.statusCode).toBe(201);
    expect(answer.json()).toEqual({
      id: expect.stringMatching(/^ord_/),
      number: body.number,
      side: 'selling',
      channelId,
      channelName: 'Own shop',
      counterpart: null,
      remoteId: body.remoteId,
      parentId: null,
      childIds: [],
      status: 'awaiting_fulfillment',
      overallStatus: 'awaiting_fulfillment',
      placedAt: '2026-11-20T10:00:00.000Z',
      createdAt: expect.any(String),
      ...{ shipBy: null, printedAt: null, erasedAt: null },
      currency: 'EUR',
      shipTo,
      customer: { name: 'Ada Lovelace', email: 'ada@example.com' },
      notes: { customer: 'Ring twice.\nThanks' },
      tags: ['gift'],
      shippingMethod: null,
      cancelDeclined: null,
      refunded: null,
      cancelRequestedAt: null,
      attention: null,
      pendingEdit: null,
      lines: [
        {
          id: expect.stringMatching(/^line_/),
          remoteLineId: 'l1',
          productId: expect.stringMatching(/^prod_/),
          sku: 'MUG',
          name: 'Product MUG',
          quantity: 2,
          shipped: 0,
          requiresShipping: true,
          cancelled: 0,
          cancelRequested: 0,
          unitPrice: { amount: 1250, currency: 'EUR' },
        },
      ],
      dropship: null,
      origin: null,
      shipments: [],
    });
  });

  it('answers the same order again with the first one, also under another key or none', async () => {
    const body = anOrder(channelId);
    const first = await merchant.post('/v1/orders', body, { 'idempotency-key': 'same-1' });

    const replayed = await merchant.post('/v1/orders', body, { 'idempotency-key': 'same-1' });
    const again = await merchant.post('/v1/orders', { ...body, placedAt: '2026-11-20T11:00:00+01:00' });

    expect([first.statusCode, replayed.statusCode, again.statusCode]).toEqual([201, 201, 200]);
    expect(replayed.headers['idempotency-replayed']).toBe('true');
    expect(replayed.json()).toEqual(first.json());
    expect(again.json()).toEqual(first.json());
  });

  it('refuses a remote id that another order has', async () => {
    const body = anOrder(channelId);
    const { id } = await aPostedOrder(merchant, body);

    const answer = await merchant.post('/v1/orders', { ...body, number: 'other' });

    expect(answer.json()).toMatchObject({ code: 'remote_id_taken', detail: expect.stringContaining(id) });
  });

  it.each([
    { code: 'unknown_sku', fault: { sku: 'NONE' }, pointer: 'sku', detail: '"NONE" is not the SKU of a product.' },
    {
      code: 'currency_differs',
      fault: { unitPrice: { amount: 1, currency: 'USD' } },
      pointer: 'unitPrice/currency',
      detail: 'is USD, the order is in EUR',
    },
    {
      code: 'invalid_request',
      fault: { remoteLineId: 'l1' },
      pointer: 'remoteLineId',
      detail: 'is the id of another line of this order',
    },
    {
      code: 'invalid_request',
      fault: { quantity: 0 },
      pointer: 'quantity',
      detail: 'must be 1 or more, is 0',
    },
  ])('refuses $code at $pointer, naming the line, and writes nothing', async ({ code, fault, pointer, detail }) => {
    const body = anOrder(channelId, ['MUG', 'MUG']);
    Object.assign(body.lines[1]!, fault);

    const answer = await merchant.post('/v1/orders', body);

    expect(answer.statusCode).toBe(422);
    expect(answer.json()).toMatchObject({ code, errors: [{ pointer: `/lines/1/${pointer}`, detail }] });
    const { data } = (await merchant.get(`/v1/orders?number=${body.number}`)).json<{ data: unknown[] }>();
    expect(data).toEqual([]);
  });

  it('is for api channels alone, and for the account’s own', async () => {
    const { supplier, portalId, channelId: foreign } = await aTrade(api);

    const toPortal = await supplier.post('/v1/orders', anOrder(portalId));
    const toForeign = await merchant.post('/v1/orders', anOrder(foreign));
    const toNone = await merchant.post('/v1/orders', anOrder('chan_none'));

    expect(toPortal.json()).toEqual(
      aProblem(toPortal, 'channel_not_for_posting', {
        detail: 'Orders are posted to api channels only.',
        errors: [{ pointer: '/channelId', detail: 'is a channel of the kind portal, whose orders are imported' }],
      }),
    );
    expect(toForeign.statusCode).toBe(404);
    expect({ ...withoutRequestId(toForeign), detail: '' }).toEqual({ ...withoutRequestId(toNone), detail: '' });
  });

  it('is stored once, whatever number of equal requests come at one moment', async () => {
    const body = anOrder(channelId);
    const keyed = Array.from({ length: 20 }, () => merchant.post('/v1/orders', body, { 'idempotency-key': 'race-1' }));
    const other = anOrder(channelId);
    const plain = Array.from({ length: 20 }, () => merchant.post('/v1/orders', other));

    const sameKey = await Promise.all(keyed);
    const noKey = await Promise.all(plain);

    const good = sameKey.filter((answer) => answer.statusCode === 201);
    const busy = sameKey.filter((answer) => answer.statusCode === 409);
    expect(good.length).toBeGreaterThan(0);
    expect(good.length + busy.length).toBe(20);
    expect(new Set(busy.map((answer) => answer.json<{ code: string }>().code))).toEqual(
      new Set(busy.length > 0 ? ['request_in_progress'] : []),
    );
    expect(noKey.map((answer) => answer.statusCode).sort()).toEqual([...Array.from({ length: 19 }, () => 200), 201]);
    for (const { number } of [body, other]) {
      const { data } = (await merchant.get(`/v1/orders?number=${number}`)).json<{ data: unknown[] }>();
      expect(data).toHaveLength(1);
    }
  });
});

describe('routing', () => {
  it('splits off what is dropshipped automatically, and starts its dropship after the commit', async () => {
    const trade = await aTrade(api);
    const before = starts().length;

    const order = await aPostedOrder(trade.merchant, anOrder(trade.channelId, ['LAMP', 'MUG']));

    expect(order.status).toBe('split');
    expect(order['overallStatus']).toBe('dropship_requested');
    const leaf = (await trade.merchant.get(`/v1/orders/${order.childIds[0]}`)).json<OrderJson>();
    expect(leaf).toMatchObject({
      number: `${order.number}-1`,
      parentId: order.id,
      status: 'dropship_requested',
      dropship: { status: 'requested', supplierId: trade.supplierId },
    });
    expect(starts().slice(before)).toEqual([
      {
        dropshipId: leaf.dropship!.id,
        merchantId: trade.merchant.accountId,
        supplierId: trade.supplier.accountId,
        connectionId: trade.connectionId,
        channelId: trade.channelId,
        channelKind: 'api',
        orderNumber: leaf.number,
      },
    ]);
  });

  it('by hand dropships the lines that are assigned to the supplier, once', async () => {
    const trade = await aTrade(api);
    const order = await aPostedOrder(trade.merchant, anOrder(trade.channelId, ['MUG', 'RUG']));
    const wish = { supplierId: trade.supplierId };

    const answer = await trade.merchant.post(`/v1/orders/${order.id}/dropship`, wish, { 'idempotency-key': 'hand-1' });
    const replay = await trade.merchant.post(`/v1/orders/${order.id}/dropship`, wish, { 'idempotency-key': 'hand-1' });
    const again = await trade.merchant.post(`/v1/orders/${order.id}/dropship`, wish);

    const made = answer.json<{ dropships: object[]; orders: OrderJson[] }>();
    expect(answer.statusCode).toBe(201);
    expect(made.dropships).toEqual([
      {
        id: expect.stringMatching(/^drop_/),
        orderId: made.orders[1]!.id,
        supplierId: trade.supplierId,
        status: 'requested',
      },
    ]);
    expect(made.orders.map(({ number, status }) => [number, status])).toEqual([
      [order.number, 'split'],
      [`${order.number}-1`, 'dropship_requested'],
      [`${order.number}-2`, 'awaiting_fulfillment'],
    ]);
    expect(replay.json()).toEqual(made);
    expect(again.json()).toEqual(
      aProblem(again, 'order_is_split', { detail: 'The order is split; dropship one of its leaves.' }),
    );
  });

  it('by hand is refused for lines that are not assigned, a foreign supplier and a foreign order', async () => {
    const trade = await aTrade(api);
    const order = await aPostedOrder(trade.merchant, anOrder(trade.channelId, ['MUG']));
    const url = `/v1/orders/${order.id}/dropship`;

    const unassigned = await trade.merchant.post(url, { supplierId: trade.supplierId });
    const noSupplier = await trade.merchant.post(url, { supplierId: (await aTrade(api)).supplierId });
    const noOrder = await merchant.post(url, { supplierId: trade.supplierId });

    expect(unassigned.json()).toEqual(
      aProblem(unassigned, 'lines_not_assigned', {
        detail: 'Nothing is assigned to this supplier: MUG.',
        errors: [{ pointer: '/supplierId', detail: 'MUG is not assigned to this supplier.' }],
      }),
    );
    expect(noSupplier.json()).toMatchObject({ status: 404, code: 'supplier_not_found' });
    expect(noOrder.json()).toEqual(aProblem(noOrder, 'order_not_found', { detail: 'There is no order with this id.' }));
  });
});

describe('a supplier’s order', () => {
  it('shows what crossed and nothing else, and is not the supplier’s to change', async () => {
    const trade = await aTrade(api);
    const body = anOrder(trade.channelId, ['LAMP'], { customer: { name: 'Ada' }, notes: { internal: 'secret' } });
    const leaf = await aPostedOrder(trade.merchant, body);
    const id = await imported(api, trade, leaf);

    const shown = (await trade.supplier.get(`/v1/orders/${id}`)).json<OrderJson>();
    const change = await trade.supplier.patch(`/v1/orders/${id}`, { shipTo });
    const upstream = await trade.merchant.patch(`/v1/orders/${leaf.id}`, { shipTo });
    const merchants = (await trade.merchant.get(`/v1/orders/${leaf.id}`)).json<OrderJson>();

    expect(shown).toMatchObject({
      number: leaf.number,
      channelId: trade.portalId,
      origin: { dropshipId: leaf.dropship!.id, merchantName: 'A company' },
      dropship: null,
    });
    for (const field of ['customer', 'billTo', 'notes', 'tags', 'via', 'lines.0.unitPrice'])
      expect(shown).not.toHaveProperty(field);
    expect(merchants.dropship).toMatchObject({ status: 'imported', supplierOrderNumber: leaf.number });
    const detail = 'The supplier has the order already.';
    expect(change.json()).toEqual(aProblem(change, 'order_already_imported', { detail }));
    expect(upstream.json()).toEqual(aProblem(upstream, 'order_already_imported', { detail }));
  });
});

describe('changing and reading orders', () => {
  it('changes ship-to and notes, and the timeline shows it with the key’s name', async () => {
    const order = await aPostedOrder(merchant, anOrder(channelId));
    const moved = { ...shipTo, city: 'Lisbon' };

    const answer = await merchant.patch(`/v1/orders/${order.id}`, { shipTo: moved, notes: { internal: 'Fragile' } });
    const events = await merchant.get(`/v1/orders/${order.id}/events`);

    expect(answer.json()).toEqual({ ...order, shipTo: moved, notes: { internal: 'Fragile' } });
    const sent = events.json<{ data: { type: string; actor: object }[] }>().data;
    expect(sent.map((event) => event.type).sort()).toEqual(['notes_changed', 'order_imported', 'ship_to_changed']);
    expect(sent[0]).toEqual({
      id: expect.stringMatching(/^evt_/),
      orderId: order.id,
      type: expect.any(String),
      actor: { kind: 'account', name: 'Test' },
      occurredAt: expect.any(String),
      data: {},
    });
  });

  it('refuses unknown fields, unreadable filters and cursors', async () => {
    const order = await aPostedOrder(merchant, anOrder(channelId));

    const unknown = await merchant.patch(`/v1/orders/${order.id}`, { status: 'shipped' });
    const filter = await merchant.get('/v1/orders?attention=yes');
    const cursor = await merchant.get('/v1/orders?cursor=abc');

    expect(unknown.json()).toMatchObject({ status: 422, errors: [{ pointer: '/status' }] });
    expect(filter.json()).toMatchObject({ status: 422, errors: [{ pointer: '?attention' }] });
    expect(cursor.json()).toMatchObject({ status: 400, code: 'invalid_cursor' });
  });

  it('finds orders by status, channel, number, time and attention, page by page', async () => {
    const own = await aMerchant(api);
    await aProduct(own.merchant, 'CUP');
    const orders: OrderJson[] = [];
    for (let count = 0; count < 3; count += 1)
      orders.push(await aPostedOrder(own.merchant, anOrder(own.channelId, ['CUP'])));
    const list = async (query: string) =>
      (await own.merchant.get(`/v1/orders?${query}`)).json<{ data: OrderJson[]; nextCursor: string | null }>();

    const first = await list('limit=2');
    const second = await list(`limit=2&cursor=${first.nextCursor}`);

    expect([...first.data, ...second.data].map(({ id }) => id)).toEqual(orders.map(({ id }) => id).reverse());
    expect(second.nextCursor).toBeNull();
    expect((await list(`number=${orders[1]!.number}`)).data).toEqual([orders[1]]);
    expect((await list(`status=awaiting_fulfillment&channelId=${own.channelId}`)).data).toHaveLength(3);
    expect((await list('status=shipped')).data).toEqual([]);
    expect((await list('attention=true')).data).toEqual([]);
    expect((await list('placedAfter=2026-11-20T10:00:00Z')).data).toEqual([]);
    expect((await list('placedAfter=2026-11-20T09:59:59Z')).data).toHaveLength(3);
  });

  it('shows nobody another account’s orders', async () => {
    const order = await aPostedOrder(merchant, anOrder(channelId));
    const stranger = await api.anAccount();

    for (const path of ['', '/events']) {
      const [foreign, unknown] = [await stranger.get(`/v1/orders/${order.id}${path}`), await stranger.get(`/v1/orders/ord_none${path}`)]; // prettier-ignore
      expect(foreign.statusCode).toBe(404);
      expect(withoutRequestId(foreign)).toEqual(withoutRequestId(unknown));
    }
    expect((await stranger.get('/v1/orders')).json()).toEqual({ data: [], nextCursor: null });
    expect((await stranger.patch(`/v1/orders/${order.id}`, { shipTo })).statusCode).toBe(404);
  });
});
