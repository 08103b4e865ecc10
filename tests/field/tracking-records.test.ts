import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openApi, type Caller, type TestApi } from '../support/engine/test-api.ts';
import { aMerchant, anOrder, aPostedOrder, aTrade, imported, type OrderJson } from '../support/trade/api-orders.ts';

let api: TestApi;
let merchant: Caller;
let channelId: string;
beforeAll(async () => {
  api = await openApi();
  ({ merchant, channelId } = await aMerchant(api));
});
afterAll(() => api.close());

type ShipmentJson = {
  id: string;
  carrier: string;
  carrierName: string;
  service: string | null;
  trackingNumber: string;
};
type ItemResult = { status: string; id?: string; notice?: string; problem?: { code: string; detail: string } };

const sold = (rest: object = {}, skus = ['MUG']) => aPostedOrder(merchant, anOrder(channelId, skus, rest));
const shipments = async ({ id }: { id: string }) =>
  (await merchant.get(`/v1/orders/${id}`)).json<OrderJson & { shipments: ShipmentJson[] }>().shipments;
const single = (order: OrderJson, body: object) =>
  merchant.post(`/v1/orders/${order.id}/shipments`, { carrier: 'ups', trackingNumber: '1Z1', ...body });
async function batched(item: object, account = merchant): Promise<ItemResult> {
  const answer = await account.post('/v1/shipments/batch', { items: [{ carrier: 'ups', ...item }] });
  return answer.json<{ results: ItemResult[] }>().results[0]!;
}
/** The last cells of the only row: status, code, detail. */
async function filed(order: string, cells: { carrier?: string; tracking?: string; more?: string }, query = '') {
  const quoted = (cell: string) => `"${cell.replaceAll('"', '""')}"`;
  const [head, more] = cells.more?.split('=') ?? [];
  const answer = await api.app.inject({
    method: 'POST',
    url: `/v1/shipments/batch${query}`,
    headers: { authorization: `Bearer ${merchant.key}`, 'content-type': 'text/csv' },
    payload:
      `order,carrier,tracking${head ? `,${head}` : ''}\n` +
      `${[order, cells.carrier ?? 'ups', cells.tracking ?? '1Z1'].map(quoted).join(',')}${more ? `,${more}` : ''}\n`,
  });
  if (answer.statusCode !== 200) throw new Error(answer.body);
  return answer.body.split('\n').slice(1).join('\n');
}

describe('a carrier', () => {
  it.each([
    ['UPS Ground', { carrier: 'ups', carrierName: 'UPS', service: 'Ground' }],
    ['DPD DE', { carrier: 'dpd', carrierName: 'DPD', service: null }],
    ['Zásilkovna', { carrier: 'packeta', carrierName: 'Packeta', service: null }],
    ['Bike courier', { carrier: 'other', carrierName: 'Bike courier', service: null, trackingUrl: null }],
  ])('%j is the same in a single shipment, a batch, a file and a correction', async (carrier, meant) => {
    const [one, two, three, four] = [await sold(), await sold(), await sold(), await sold()];
    const wrong = (await single(four, { carrier: 'gls' })).json<ShipmentJson>();

    const answers = [
      await single(one, { carrier }),
      await batched({ orderId: two.id, carrier, trackingNumber: '1Z1' }),
      await filed(three.number, { carrier }),
      await merchant.patch(`/v1/shipments/${wrong.id}`, { carrier }),
    ] as const;

    expect([answers[0].statusCode, answers[1].status, answers[3].statusCode]).toEqual([201, 'ok', 200]);
    for (const order of [one, two, three, four]) expect(await shipments(order)).toMatchObject([meant]);
    const isKnown = meant.carrier !== 'other';
    expect(answers[1].notice === undefined).toBe(isKnown);
    expect(answers[2].includes('ok,,"The carrier is not in our table: recorded as ""other"" with this name')).toBe(
      !isKnown,
    );
    expect(answers[0].json()).toMatchObject(meant);
  });

  it('"other" without a name is refused everywhere', async () => {
    const order = await sold();

    expect((await single(order, { carrier: 'other' })).json()).toMatchObject({ code: 'carrier_name_missing' });
    expect((await batched({ orderId: order.id, carrier: 'other', trackingNumber: '1' })).problem).toMatchObject({ code: 'carrier_name_missing' }); // prettier-ignore
    expect(await filed(order.number, { carrier: 'other' })).toContain('failed,carrier_name_missing');
    expect(await shipments(order)).toEqual([]);
  });
});

describe('a spoiled tracking number', () => {
  it.each([
    ['7.74E+11', '"7.74E+11" is a number that a spreadsheet has shortened'],
    ['N/A', '"N/A" is a placeholder'],
    ['0', '"0" is a placeholder'],
    ['https://www.ups.com/track?tracknum=1Z1', 'is a link: put it in trackingUrl'],
    ['774899172137, 774899172138', 'contains several numbers: send one row or item per parcel'],
    ['774899172137\n774899172138', 'contains several numbers'],
  ])('%j is refused in a single shipment, a batch, a file and a correction', async (trackingNumber, detail) => {
    const [order, shipped] = [await sold(), await sold()];
    const { id } = (await single(shipped, {})).json<ShipmentJson>();
    const refused = { code: 'tracking_not_acceptable', detail: expect.stringContaining(detail) };

    expect((await single(order, { trackingNumber })).json()).toMatchObject({
      status: 422,
      ...refused,
      errors: [{ pointer: '/trackingNumber' }],
    });
    expect((await batched({ orderId: order.id, trackingNumber })).problem).toMatchObject(refused);
    expect(await filed(order.number, { tracking: trackingNumber })).toMatch(/failed,tracking_not_acceptable/);
    expect((await merchant.patch(`/v1/shipments/${id}`, { trackingNumber })).json()).toMatchObject(refused);
    expect([await shipments(order), (await shipments(shipped))[0]!.trackingNumber]).toEqual([[], '1Z1']);
  });

  it.each(["'774899172137", '="774899172137"', '774899172137\u00a0', '774899172137.0'])(
    '%j is recorded without what a spreadsheet put around it',
    async (trackingNumber) => {
      const [one, two, three] = [await sold(), await sold(), await sold()];

      await single(one, { trackingNumber });
      await batched({ orderId: two.id, trackingNumber });
      await filed(three.number, { tracking: trackingNumber });

      for (const order of [one, two, three])
        expect(await shipments(order)).toMatchObject([
          { trackingNumber: '774899172137', trackingUrl: 'https://www.ups.com/track?tracknum=774899172137' },
        ]);
    },
  );
});

describe('a ship date', () => {
  const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
  const placedAt = '2026-03-10T12:00:00.000Z';

  it.each([
    ['far ahead', inDays(31)],
    ['years ago', '2016-03-12T00:00:00Z'],
    ['two days before its order', '2026-03-08T12:00:00Z'],
  ])('%s is refused', async (_name, shippedAt) => {
    const order = await sold({ placedAt });

    expect((await single(order, { shippedAt })).json()).toMatchObject({
      status: 422,
      code: 'ship_date_not_acceptable',
      errors: [{ pointer: '/shippedAt' }],
    });
    expect((await batched({ orderId: order.id, trackingNumber: '1', shippedAt })).problem).toMatchObject({ code: 'ship_date_not_acceptable' }); // prettier-ignore
    expect(await filed(order.number, { more: `shipped_at=${shippedAt}` })).toContain('failed,ship_date_not_acceptable');
    expect(await shipments(order)).toEqual([]);
  });

  it.each([
    ['some weeks ahead', inDays(29)],
    ['on the day before, which the time zone may be', '2026-03-09T00:00:00Z'],
    ['at the start of the day of the order', '2026-03-10'],
  ])('%s is taken', async (_name, shippedAt) => {
    const order = await sold({ placedAt });

    expect(await filed(order.number, { more: `shipped_at=${shippedAt}` })).toContain(',ok,');
  });
});

describe('the number of an order', () => {
  const unique = () => String(Math.floor(Math.random() * 1e9) + 1e9);

  it('is found with or without #, with blanks and in other case', async () => {
    const [one, two] = [unique(), unique()];
    const [hash, plain, letters] = [
      await sold({ number: `#${one}` }),
      await sold({ number: two }),
      await sold({ number: `AB-${one}` }),
    ];

    expect(await batched({ number: one, trackingNumber: '1' })).toMatchObject({ status: 'ok' });
    expect(await batched({ number: `# ${two}`, trackingNumber: '1' })).toMatchObject({ status: 'ok' });
    expect(await filed(`ab-${one} `, {})).toContain(',ok,');
    for (const order of [hash, plain, letters]) expect(await shipments(order)).toHaveLength(1);
  });

  it('that has lost its zeros is only a guess, and said', async () => {
    const number = `000${unique()}`;
    const order = await sold({ number });

    const { problem } = await batched({ number: number.slice(3), trackingNumber: '1' });

    expect(problem).toMatchObject({
      code: 'order_not_found',
      detail: `No order has the number ${number.slice(3)}. Did you mean ${number} (${order.id})?`,
    });
    expect(await shipments(order)).toEqual([]);
  });

  it('of the exact order wins over one with a #', async () => {
    const number = unique();
    const [exact, other] = [await sold({ number }), await sold({ number: `#${number}` })];

    await batched({ number, trackingNumber: '1' });

    expect([(await shipments(exact)).length, (await shipments(other)).length]).toEqual([1, 0]);
  });

  it('of orders of two merchants names both, with the merchants', async () => {
    const number = unique();
    const trade = await aTrade(api);
    const leaves = [
      await aPostedOrder(trade.merchant, anOrder(trade.channelId, ['LAMP'], { number })),
      await aPostedOrder(trade.merchant, anOrder(trade.channelId, ['LAMP'], { number: `${number}`, remoteId: randomUUID() })), // prettier-ignore
    ];
    const ids = [await imported(api, trade, leaves[0]!), await imported(api, trade, leaves[1]!)];

    const { problem } = await batched({ number, trackingNumber: '1' }, trade.supplier);

    expect(problem).toMatchObject({
      code: 'order_ambiguous',
      errors: expect.arrayContaining(
        ids.map((id) => ({ pointer: '/number', detail: `${id}, number ${number}, from A company` })),
      ),
    });
  });
});

describe('another number for what has shipped', () => {
  it('is refused, with the shipment and how to correct it', async () => {
    const order = await sold();
    const { id } = (await single(order, { trackingNumber: 'OLD-1' })).json<ShipmentJson>();
    const named = `Shipment ${id} has the number OLD-1. To correct it: PATCH /v1/shipments/${id}`;

    const whole = (await batched({ orderId: order.id, trackingNumber: 'NEW-1' })).problem!;
    const ofLine = (await batched({ orderId: order.id, trackingNumber: 'NEW-1', lines: [{ sku: 'MUG' }] })).problem!;

    expect([whole.code, ofLine.code]).toEqual(['nothing_left_to_ship', 'nothing_left_to_ship']);
    for (const { detail } of [whole, ofLine]) expect(detail).toContain(named);
    expect(await filed(order.number, { tracking: 'NEW-1' })).toContain(named);
    expect((await shipments(order))[0]!.trackingNumber).toBe('OLD-1');
  });

  it.each([{}, { lines: [{ sku: 'MUG' }] }, { lines: [{ sku: 'MUG', quantity: 2 }] }])(
    'corrects the shipment of exactly these units where it is asked to: %j',
    async (named) => {
      const order = await sold();
      const { id } = (await single(order, { trackingNumber: 'OLD-1' })).json<ShipmentJson>();
      const item = {
        orderId: order.id,
        carrier: 'GLS Business',
        trackingNumber: 'NEW-1',
        onShipped: 'correct',
        ...named,
      };

      const answers = [await batched(item), await batched(item)];

      expect(answers).toMatchObject([
        { status: 'ok', id },
        { status: 'ok', id },
      ]);
      expect(await shipments(order)).toMatchObject([
        { id, carrier: 'gls', service: 'Business', trackingNumber: 'NEW-1', revision: 2 },
      ]);
    },
  );

  it('corrects by ?onShipped=correct for a whole file, once under its key', async () => {
    const order = await sold();
    const { id } = (await single(order, { trackingNumber: 'OLD-1' })).json<ShipmentJson>();

    const answer = await filed(order.number, { tracking: 'NEW-1' }, '?onShipped=correct');

    expect(answer).toContain(`NEW-1,ok,,,${id}`);
    expect(await shipments(order)).toMatchObject([{ id, trackingNumber: 'NEW-1' }]);
  });

  it('records what has not shipped yet, though it might correct', async () => {
    const order = await sold();
    const item = { orderId: order.id, onShipped: 'correct' };

    await batched({ ...item, trackingNumber: 'P-1', lines: [{ sku: 'MUG', quantity: 1 }] });
    await batched({ ...item, trackingNumber: 'P-2' });
    const third = (await batched({ ...item, trackingNumber: 'P-3' })).problem!;

    expect((await shipments(order)).map(({ trackingNumber }) => trackingNumber)).toEqual(['P-1', 'P-2']);
    expect([third.code, third.detail]).toEqual([
      'nothing_left_to_ship',
      expect.stringMatching(
        /Several shipments have these units\. Shipment \S+ has the number P-1, \S+ has the number P-2\./,
      ),
    ]);
  });

  it('is one answer under one key, and another query is another request', async () => {
    const order = await sold();
    const { id } = (await single(order, { trackingNumber: 'OLD-1' })).json<ShipmentJson>();
    const key = { 'idempotency-key': randomUUID() };
    const items = [{ orderId: order.id, carrier: 'ups', trackingNumber: 'NEW-1' }];
    const send = (query: string) => merchant.post(`/v1/shipments/batch${query}`, { items }, key);

    const first = await send('?onShipped=correct');
    const again = await send('?onShipped=correct');
    const other = await send('');

    expect(first.json()).toEqual({ results: [{ index: 0, status: 'ok', id }] });
    expect([again.json(), again.headers['idempotency-replayed']]).toEqual([first.json(), 'true']);
    expect(other.json()).toMatchObject({ code: 'idempotency_key_reused' });
    expect((await merchant.post('/v1/shipments/batch?onShipped=maybe', { items })).json()).toMatchObject({
      code: 'invalid_request',
      errors: [{ pointer: '?onShipped' }],
    });
  });
});
