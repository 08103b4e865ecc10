import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aMerchant, anOrder, aPostedOrder, type OrderJson } from '../support/trade/api-orders.ts';
import { openApi, type Caller, type TestApi } from '../support/engine/test-api.ts';

let api: TestApi;
let merchant: Caller;
let channelId: string;
beforeAll(async () => {
  api = await openApi();
  ({ merchant, channelId } = await aMerchant(api));
});
afterAll(() => api.close());

const number = { carrier: 'ups', trackingNumber: '1Z 999' };
const anOwnOrder = (skus?: string[]) => aPostedOrder(merchant, anOrder(channelId, skus));
const shipTo = (orderId: string, body: object, headers = {}) =>
  merchant.post(`/v1/orders/${orderId}/shipments`, body, headers);
const shown = async ({ id }: OrderJson) => (await merchant.get(`/v1/orders/${id}`)).json<OrderJson>();
type Answer = { status: number; code: string; errors?: { pointer: string; detail: string }[] };

describe('a shipment without a tracking number', () => {
  const none = { carrier: null, carrierName: null, trackingNumber: null, trackingUrl: null };
  it.each([
    [{ method: 'untracked' }, { method: 'untracked', ...none }],
    [
      { method: 'untracked', carrier: 'usps' },
      { method: 'untracked', ...none, carrier: 'usps', carrierName: 'USPS' },
    ],
    [
      { method: 'untracked', carrier: 'other', carrierName: 'Own van', trackingUrl: 'https://van.example/7' },
      { carrier: 'other', carrierName: 'Own van', trackingNumber: null, trackingUrl: 'https://van.example/7' },
    ],
    [{ method: 'digital' }, { method: 'digital', ...none }],
    [{ method: 'pickup' }, { method: 'pickup', ...none }],
    [
      { method: 'tracked', ...number },
      { method: 'tracked', carrier: 'ups', trackingNumber: '1Z 999' },
    ],
    [number, { method: 'tracked', carrier: 'ups', trackingNumber: '1Z 999' }],
  ])('%j is recorded, and the order is shipped', async (body, shipment) => {
    const order = await anOwnOrder();

    const answer = await shipTo(order.id, body);
    const batch = await merchant.post('/v1/shipments/batch', {
      items: [{ orderId: (await anOwnOrder()).id, ...body }],
    });

    expect(answer.json()).toMatchObject({ status: 'recorded', ...shipment });
    expect(await shown(order)).toMatchObject({ status: 'shipped', shipments: [shipment] });
    expect(batch.json()).toMatchObject({ results: [{ status: 'ok' }] });
  });

  it.each([
    [{}, ['/carrier', '/trackingNumber']],
    [{ carrier: 'ups' }, ['/trackingNumber']],
    [{ trackingNumber: '1Z' }, ['/carrier']],
    [{ method: 'tracked', carrier: 'ups' }, ['/trackingNumber']],
    [{ method: 'untracked', trackingNumber: '1Z' }, ['/trackingNumber']],
    [{ method: 'untracked', carrierName: 'Own van' }, ['/carrier']],
    [{ method: 'untracked', carrier: 'other' }, ['/carrierName']],
    [{ method: 'digital', ...number }, ['/carrier', '/trackingNumber']],
    [{ method: 'pickup', carrier: 'ups', carrierName: 'UPS' }, ['/carrier']],
    [{ method: 'pickup', trackingUrl: 'https://shop.example' }, ['/trackingUrl']],
    [{ method: 'letter' }, ['/method']],
  ])('%j is refused, naming %j', async (body, pointers) => {
    const order = await anOwnOrder();

    const answer = await shipTo(order.id, body);

    const { status, errors = [] } = answer.json<Answer>();
    expect([status, errors.map(({ pointer }) => pointer)]).toEqual([422, pointers]);
    expect(await shown(order)).toMatchObject({ status: 'awaiting_fulfillment', shipments: [] });
  });

  it('is recorded once under its key; without a key its repeat is refused once no unit is left', async () => {
    const order = await anOwnOrder();
    const half = { method: 'untracked', lines: [{ lineId: order.lines[0]!.id, quantity: 1 }] };
    const key = { 'idempotency-key': `letters-${order.id}` };

    const [first, again] = [await shipTo(order.id, half, key), await shipTo(order.id, half, key)];
    const second = await shipTo(order.id, half);
    const third = await shipTo(order.id, half);
    const rest = await shipTo(order.id, { method: 'untracked' });

    expect(again.json()).toEqual(first.json());
    expect(second.statusCode).toBe(201);
    expect([third, rest].map((answer) => answer.json<Answer>().code)).toEqual([
      'nothing_left_to_ship',
      'nothing_left_to_ship',
    ]);
    expect(await shown(order)).toMatchObject({ lines: [{ shipped: 2 }] });
  });

  it('comes once in a batch', async () => {
    const order = await anOwnOrder();
    const item = { orderId: order.id, method: 'untracked', lines: [{ sku: 'MUG', quantity: 1 }] };

    const answer = await merchant.post('/v1/shipments/batch', { items: [item, item] });

    expect(answer.json()).toMatchObject({ results: [{ status: 'ok' }, { problem: { code: 'duplicate_in_batch' } }] });
  });
});

describe('a correction of the method', () => {
  const untracked = { method: 'untracked' };
  const van = { method: 'untracked', carrier: 'other', carrierName: 'Own van' };
  it.each([
    [untracked, number, { method: 'tracked', carrierName: 'UPS', trackingNumber: '1Z 999' }],
    [untracked, { method: 'tracked', ...number }, { method: 'tracked', carrier: 'ups', trackingNumber: '1Z 999' }],
    [
      van,
      { trackingNumber: '7' },
      { method: 'tracked', carrierName: 'Own van', trackingNumber: '7', trackingUrl: null },
    ],
    [untracked, { carrier: 'usps' }, { method: 'untracked', carrierName: 'USPS', trackingNumber: null }],
    [number, untracked, { method: 'untracked', carrier: 'ups', trackingNumber: null, trackingUrl: null }],
    [number, { method: 'pickup' }, { method: 'pickup', carrier: null, trackingNumber: null, trackingUrl: null }],
    [{ method: 'pickup' }, number, { method: 'tracked', carrier: 'ups', trackingNumber: '1Z 999' }],
  ])('from %j with %j', async (body, change, shipment) => {
    const order = await anOwnOrder();
    const { id } = (await shipTo(order.id, body)).json<{ id: string }>();

    const answer = await merchant.patch(`/v1/shipments/${id}`, change);

    expect(answer.json()).toMatchObject({ id, revision: 2, ...shipment });
    expect(await shown(order)).toMatchObject({ status: 'shipped', shipments: [{ revision: 2, ...shipment }] });
  });

  it.each([
    [untracked, { trackingNumber: '7' }, '/carrier'],
    [untracked, { method: 'tracked', carrier: 'ups' }, '/trackingNumber'],
    [number, { method: 'untracked', trackingNumber: '7' }, '/trackingNumber'],
    [{ method: 'digital' }, { carrier: 'ups' }, '/carrier'],
    [untracked, { carrierName: 'Own van' }, '/carrier'],
  ])('from %j with %j is refused', async (body, change, pointer) => {
    const order = await anOwnOrder();
    const { id } = (await shipTo(order.id, body)).json<{ id: string }>();

    const answer = await merchant.patch(`/v1/shipments/${id}`, change);

    expect(answer.json()).toMatchObject({ status: 422, code: 'invalid_request', errors: [{ pointer }] });
    expect(await shown(order)).toMatchObject({ shipments: [{ id, revision: 1 }] });
  });

  it('must not give it the number of another shipment with its units', async () => {
    const order = await anOwnOrder();
    const lines = [{ lineId: order.lines[0]!.id, quantity: 1 }];
    await shipTo(order.id, { ...number, lines });
    const { id } = (await shipTo(order.id, { ...untracked, lines })).json<{ id: string }>();

    const answer = await merchant.patch(`/v1/shipments/${id}`, { ...number, trackingNumber: '1z999' });

    expect(answer.json()).toMatchObject({ status: 409, code: 'tracking_already_recorded' });
  });
});
