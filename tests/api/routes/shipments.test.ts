import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  aMerchant,
  anOrder,
  aPostedOrder,
  aTrade,
  imported,
  recordsShipments,
  type Handed,
  type OrderJson,
} from '../../support/trade/api-orders.ts';
import { withAccount } from '../../../db/engine/with-account.ts';
import { aProblem, openApi, withoutRequestId, type Caller, type TestApi } from '../../support/engine/test-api.ts';

let api: TestApi;
let merchant: Caller;
let channelId: string;
const supplierOf = new Map<string, string>();
beforeAll(async () => {
  api = await openApi(recordsShipments((dropshipId) => supplierOf.get(dropshipId)!));
  ({ merchant, channelId } = await aMerchant(api));
});
afterAll(() => api.close());

const shipped = { carrier: 'ups', trackingNumber: '1Z 999' };
const ship = (account: Caller, orderId: string, { key, ...rest }: { key?: string; [field: string]: unknown } = {}) =>
  account.post(`/v1/orders/${orderId}/shipments`, { ...shipped, ...rest }, key ? { 'idempotency-key': key } : {});
const pushes = () => api.ledger.filter(({ call }) => call === 'startPush').map(({ args }) => args[0]);
const sent = () => api.ledger.filter(({ call }) => call === 'recordShipment');

/** A supplier's order with one line of two units. */
async function aSupplierOrder(): Promise<{ trade: Handed; leaf: OrderJson; orderId: string }> {
  const trade = await aTrade(api);
  const leaf = await aPostedOrder(trade.merchant, anOrder(trade.channelId, ['LAMP']));
  supplierOf.set(leaf.dropship!.id, trade.supplier.accountId);
  return { trade, leaf, orderId: await imported(api, trade, leaf) };
}

describe('shipping an order of one’s own', () => {
  it('records all that is left, and starts the push to the channel', async () => {
    const order = await aPostedOrder(merchant, anOrder(channelId));

    const answer = await ship(merchant, order.id, { shippedAt: '2026-11-21T09:00:00+01:00' });
    const shipment = answer.json<{ id: string }>();
    const shown = (await merchant.get(`/v1/orders/${order.id}`)).json<OrderJson>();

    expect(answer.statusCode).toBe(201);
    expect(shipment).toEqual({
      id: expect.stringMatching(/^shp_/),
      orderId: order.id,
      method: 'tracked',
      carrier: 'ups',
      carrierName: 'UPS',
      trackingNumber: '1Z 999',
      trackingUrl: 'https://www.ups.com/track?tracknum=1Z999',
      service: null,
      shippedAt: '2026-11-21T08:00:00.000Z',
      labelCost: null,
      lines: [{ lineId: order.lines[0]!.id, quantity: 2 }],
      status: 'recorded',
      voidReason: null,
      revision: 1,
      relayedAt: null,
      pushedAt: null,
      confirmedAt: null,
      remoteIds: [],
      attention: null,
    });
    expect(shown).toMatchObject({ status: 'shipped', shipments: [shipment], lines: [{ shipped: 2 }] });
    expect((await merchant.get(`/v1/shipments/${shipment.id}`)).json()).toEqual(shipment);
    expect(pushes().at(-1)).toEqual({
      orderId: order.id,
      shipmentId: shipment.id,
      accountId: merchant.accountId,
      channelId,
      orderNumber: order.number,
      revision: 1,
    });
  });

  it('repeats its answer under the same key and refuses the shipment without it', async () => {
    const order = await aPostedOrder(merchant, anOrder(channelId));
    const lines = [{ lineId: order.lines[0]!.id, quantity: 1 }];
    const first = await ship(merchant, order.id, { lines, key: 'ship-1' });

    const replay = await ship(merchant, order.id, { lines, key: 'ship-1' });
    const other = await ship(merchant, order.id, { key: 'ship-1' });
    const same = await ship(merchant, order.id, { lines, trackingNumber: '1z-999' });

    expect(replay.statusCode).toBe(201);
    expect(replay.json()).toEqual(first.json());
    expect(other.json()).toMatchObject({ status: 422, code: 'idempotency_key_reused' });
    const detail = `Shipment ${first.json<{ id: string }>().id} has this tracking number and these lines.`;
    expect(same.json()).toEqual(aProblem(same, 'tracking_already_recorded', { detail }));
  });

  it('is recorded under a key whose answer was pruned, as another shipment', async () => {
    const [first, second] = [
      await aPostedOrder(merchant, anOrder(channelId)),
      await aPostedOrder(merchant, anOrder(channelId)),
    ];
    const one = (await ship(merchant, first.id, { key: 'box-1' })).json<{ id: string }>();
    await withAccount(api.pool, merchant.accountId, (db) => db('idempotency_keys').where({ key: 'box-1' }).delete());

    const other = (await ship(merchant, second.id, { key: 'box-1' })).json<{ id: string; orderId: string }>();

    expect(other.id).not.toBe(one.id);
    expect(other.orderId).toBe(second.id);
  });

  it('refuses more than is left and a line that is not the order’s, and writes nothing', async () => {
    const order = await aPostedOrder(merchant, anOrder(channelId));
    const lineId = order.lines[0]!.id;

    const tooMany = await ship(merchant, order.id, { lines: [{ lineId, quantity: 3 }] });
    const unknown = await ship(merchant, order.id, { lines: [{ lineId: 'line_none', quantity: 1 }] });

    const detail = `Line ${lineId} has 2 units left, 3 were sent.`;
    const errors = [{ pointer: '/lines/0/quantity', detail }];
    expect(tooMany.json()).toEqual(aProblem(tooMany, 'quantity_exceeds_open', { detail, errors }));
    expect(unknown.json()).toMatchObject({ status: 422, code: 'line_not_found' });
    expect((await merchant.get(`/v1/orders/${order.id}`)).json()).toMatchObject(order);
  });

  it('is refused when nothing is left', async () => {
    const order = await aPostedOrder(merchant, anOrder(channelId));
    const { id } = (await ship(merchant, order.id)).json<{ id: string }>();

    const answer = await ship(merchant, order.id, { trackingNumber: 'another' });

    const detail =
      `Every unit has shipped or is cancelled. Shipment ${id} has the number 1Z 999. To correct it: PATCH /v1/shipments/${id}, ` +
      'or send it again, in a batch or a file, to /v1/shipments/batch?onShipped=correct.';
    expect(answer.json()).toEqual(aProblem(answer, 'nothing_left_to_ship', { detail }));
  });

  it.each([
    { fault: { trackingNumber: '' }, pointer: '/trackingNumber' },
    { fault: { trackingNumber: ' \t' }, pointer: '/trackingNumber' },
    { fault: { carrier: ' ' }, pointer: '/carrier' },
    { fault: { trackingNumber: 'N/A' }, pointer: '/trackingNumber' },
    { fault: { shippedAt: '2999-01-01T00:00:00Z' }, pointer: '/shippedAt' },
    { fault: { carrier: 'other' }, pointer: '/carrierName' },
    { fault: { trackingUrl: 'javascript:alert(1)' }, pointer: '/trackingUrl' },
    { fault: { trackingUrl: 'ftp://example.com/1' }, pointer: '/trackingUrl' },
    { fault: { lines: [] }, pointer: '/lines' },
    { fault: { shippedAt: 'yesterday' }, pointer: '/shippedAt' },
    { fault: { shippedAt: '0000-01-01T00:00:00Z' }, pointer: '/shippedAt' },
    { fault: { shippedAt: '9999-12-31T23:59:59-14:00' }, pointer: '/shippedAt' },
    { fault: { labelCost: { amount: 1.5, currency: 'EUR' } }, pointer: '/labelCost/amount' },
  ])('refuses $fault, naming it', async ({ fault, pointer }) => {
    const order = await aPostedOrder(merchant, anOrder(channelId));

    const answer = await ship(merchant, order.id, fault);

    expect(answer.json()).toMatchObject({ status: 422, errors: [{ pointer }] });
  });

  it('lets one of many shipments with the last unit win', async () => {
    const order = await aPostedOrder(merchant, anOrder(channelId));
    const lineId = order.lines[0]!.id;
    await ship(merchant, order.id, { lines: [{ lineId, quantity: 1 }] });

    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        ship(merchant, order.id, { trackingNumber: `T${index}`, lines: [{ lineId, quantity: 1 }] }),
      ),
    );

    expect(answers.map((answer) => answer.statusCode).sort()).toEqual([201, ...Array.from({ length: 19 }, () => 422)]);
    const shown = (await merchant.get(`/v1/orders/${order.id}`)).json<OrderJson & { shipments: object[] }>();
    expect(shown).toMatchObject({ status: 'shipped', lines: [{ shipped: 2 }] });
    expect(shown.shipments).toHaveLength(2);
  });

  it('is refused on a split order and on a leaf that is dropshipped', async () => {
    const trade = await aTrade(api);
    const split = await aPostedOrder(trade.merchant, anOrder(trade.channelId, ['LAMP', 'MUG']));

    const onParent = await ship(trade.merchant, split.id);
    const onLeaf = await ship(trade.merchant, split.childIds[0]!);
    const onOwn = await ship(trade.merchant, split.childIds[1]!);

    const detail = 'The order is split; ship one of its leaves.';
    expect(onParent.json()).toEqual(aProblem(onParent, 'order_is_split', { detail }));
    const dropshipped = { detail: 'The order is dropshipped: its supplier ships it.' };
    expect(onLeaf.json()).toEqual(aProblem(onLeaf, 'order_dropshipped', dropshipped));
    expect(onOwn.statusCode).toBe(201);
  });
});

describe('shipping a supplier’s order', () => {
  it('goes as one message to its dropship, by the merchant’s line ids', async () => {
    const { trade, leaf, orderId } = await aSupplierOrder();
    const before = pushes().length;

    const answer = await ship(trade.supplier, orderId, { service: 'Ground', key: 'msg-1' });

    const shipment = answer.json<{ id: string }>();
    expect(answer.statusCode).toBe(201);
    const [dropshipId, input, updateId] = sent().at(-1)!.args;
    expect([dropshipId, updateId]).toEqual([leaf.dropship!.id, `${trade.supplier.accountId}/msg-1`]);
    expect(input).toEqual({
      shipmentId: shipment.id,
      orderId,
      lines: [{ lineId: leaf.lines[0]!.id, quantity: 2 }],
      method: 'tracked',
      carrier: 'ups',
      trackingNumber: '1Z 999',
      textsId: expect.stringMatching(/^txt_/),
      shippedAt: expect.any(String),
      by: expect.stringMatching(/^key_/),
      key: { key: 'msg-1', fingerprint: expect.any(String) },
    });
    const shown = (await trade.supplier.get(`/v1/orders/${orderId}`)).json<OrderJson>();
    expect(shown).toMatchObject({ status: 'shipped', shipments: [shipment] });
    expect(pushes()).toHaveLength(before);
  });

  it('repeats its answer under the same key, without another message', async () => {
    const { trade, orderId } = await aSupplierOrder();
    const first = await ship(trade.supplier, orderId, { key: 'msg-2' });
    const before = sent().length;

    const replay = await ship(trade.supplier, orderId, { key: 'msg-2' });
    const other = await ship(trade.supplier, orderId, { service: 'Air', key: 'msg-2' });

    expect(replay.headers['idempotency-replayed']).toBe('true');
    expect(replay.json()).toEqual(first.json());
    expect(other.json()).toMatchObject({ status: 422, code: 'idempotency_key_reused' });
    expect(sent()).toHaveLength(before);
  });

  it('sends no message for more than is left, nor for what has shipped', async () => {
    const { trade, orderId } = await aSupplierOrder();
    const { lines } = (await trade.supplier.get(`/v1/orders/${orderId}`)).json<OrderJson>();
    const before = sent().length;

    const tooMany = await ship(trade.supplier, orderId, { lines: [{ lineId: lines[0]!.id, quantity: 3 }] });

    expect(tooMany.json()).toMatchObject({ status: 422, code: 'quantity_exceeds_open' });
    expect(sent()).toHaveLength(before);
  });
});

describe('a shipment of another account', () => {
  it('is not there, as its order is not', async () => {
    const order = await aPostedOrder(merchant, anOrder(channelId));
    const { id } = (await ship(merchant, order.id)).json<{ id: string }>();
    const stranger = await api.anAccount();

    const foreign = await stranger.get(`/v1/shipments/${id}`);
    const unknown = await stranger.get('/v1/shipments/shp_none');
    const posted = await ship(stranger, order.id);

    expect(foreign.statusCode).toBe(404);
    expect(withoutRequestId(foreign)).toEqual(withoutRequestId(unknown));
    expect(posted.json()).toEqual(aProblem(posted, 'order_not_found', { detail: 'There is no order with this id.' }));
  });
});
