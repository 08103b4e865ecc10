import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DomainError } from '../../../domain/errors.ts';
import {
  aMerchant,
  anOrder,
  aPostedOrder,
  aProduct,
  aTrade,
  imported,
  recordsShipments,
  type OrderJson,
} from '../../support/trade/api-orders.ts';
import { openApi, type Caller, type TestApi } from '../../support/engine/test-api.ts';

let api: TestApi;
let merchant: Caller;
let channelId: string;
const supplierOf = new Map<string, string>();
/** Messages that Temporal still answers. */
let answered = Infinity;
beforeAll(async () => {
  api = await openApi((pool) => {
    const { recordShipment } = recordsShipments((dropshipId) => supplierOf.get(dropshipId)!)(pool);
    return {
      recordShipment: async (...args) => {
        answered -= 1;
        if (answered < 0) throw new DomainError('temporal_unavailable', 'No answer yet.');
        return recordShipment!(...args);
      },
    };
  });
  ({ merchant, channelId } = await aMerchant(api));
  await aProduct(merchant, 'CUP');
});
afterAll(() => api.close());

type Results = {
  results: { index: number; status: string; id?: string; notice?: string; problem?: { code: string } }[];
};
const codesIn = ({ results }: Results) => results.map(({ status, problem }) => problem?.code ?? status);
const keyed = (key: string) => ({ 'idempotency-key': key });
async function batch(account: Caller, items: object[], key?: string): Promise<Results> {
  const answer = await account.post('/v1/shipments/batch', { items }, key === undefined ? {} : keyed(key));
  if (answer.statusCode !== 200) throw new Error(answer.body);
  return answer.json();
}
const file = (account: Caller, text: string, headers: Record<string, string> = {}) =>
  api.app.inject({
    method: 'POST',
    url: '/v1/shipments/batch',
    headers: { authorization: `Bearer ${account.key}`, 'content-type': 'text/csv', ...headers },
    payload: text,
  });
const head = 'row,order,tracking,status,code,detail,shipment_id';
/** Lines of the answer to a file, without ids. */
const linesOf = ({ body }: { body: string }) =>
  body
    .trimEnd()
    .split('\n')
    .map((line) => line.replace(/shp_\w+$/, 'shp'));
const sold = (skus: string[], rest: object = {}) => aPostedOrder(merchant, anOrder(channelId, skus, rest));
const shown = async (account: Caller, { id }: { id: string }) =>
  (await account.get(`/v1/orders/${id}`)).json<OrderJson & { shipments: { lines: object[]; carrier: string }[] }>();
const shippedOf = ({ lines }: OrderJson) => lines.map(({ shipped }) => shipped);
const sent = () => api.ledger.filter(({ call }) => call === 'recordShipment').length;

/** Supplier's orders of one line with two units each. */
async function supplierOrders(count: number) {
  const trade = await aTrade(api);
  const orders: { id: string; number: string }[] = [];
  for (let at = 0; at < count; at += 1) {
    const leaf = await aPostedOrder(trade.merchant, anOrder(trade.channelId, ['LAMP']));
    supplierOf.set(leaf.dropship!.id, trade.supplier.accountId);
    orders.push({ id: await imported(api, trade, leaf), number: leaf.number });
  }
  return { ...trade, orders };
}

describe('a batch of shipments', () => {
  it('records each shipment by itself, own ones and those of a dropship, and starts their pushes', async () => {
    const { supplier, orders } = await supplierOrders(2);
    const own = await aMerchantOrderOf(supplier);
    const unknown = await aPostedOrder(supplier, anOrder(String(own['channelId']), ['VASE']));

    const answer = await batch(supplier, [
      { orderId: orders[0]!.id, carrier: 'ups', trackingNumber: 'B-1' },
      { number: orders[1]!.number, carrier: 'UPS', trackingNumber: 'B-2', lines: [{ sku: 'LAMP', quantity: 1 }] },
      { orderId: own.id, carrier: 'other', carrierName: 'Bike courier', trackingNumber: 'B-3' },
      { number: 'nobody-has-this', carrier: 'ups', trackingNumber: 'B-4' },
      { orderId: orders[0]!.id, carrier: 'ups', trackingNumber: 'B-5' },
      { orderId: unknown.id, carrier: 'Brown vans', trackingNumber: '1Z999AA10123456784' },
    ]);

    expect(codesIn(answer)).toEqual(['ok', 'ok', 'ok', 'order_not_found', 'nothing_left_to_ship', 'ok']);
    expect([answer.results[2]!.notice, answer.results[5]!.notice]).toEqual([
      undefined,
      expect.stringContaining('(ups)'),
    ]);
    const [first, second] = [await shown(supplier, orders[0]!), await shown(supplier, orders[1]!)];
    expect([shippedOf(first), shippedOf(second)]).toEqual([[2], [1]]);
    expect(second.shipments[0]).toMatchObject({ id: answer.results[1]!.id, carrier: 'ups', trackingNumber: 'B-2' });
    expect((await shown(supplier, own)).shipments[0]).toMatchObject({ carrierName: 'Bike courier' });
    const pushes = api.ledger.filter(({ call }) => call === 'startPush').map(({ args }) => args[0]);
    expect(pushes).toContainEqual(expect.objectContaining({ shipmentId: answer.results[2]!.id }));
  });

  it('is repeated by its key without another shipment, also what was refused', async () => {
    const orders = [await sold(['MUG']), await sold(['MUG'])];
    const items = orders.map(({ id }, at) => ({ orderId: id, carrier: 'ups', trackingNumber: `R-${at}` }));
    items.push({ orderId: 'ord_none', carrier: 'ups', trackingNumber: 'R-2' });
    const key = randomUUID();

    const first = await merchant.post('/v1/shipments/batch', { items }, keyed(key));
    const again = await merchant.post('/v1/shipments/batch', { items }, keyed(key));
    const other = await merchant.post('/v1/shipments/batch', { items: items.slice(1) }, keyed(key));

    expect(codesIn(first.json())).toEqual(['ok', 'ok', 'order_not_found']);
    expect([again.json(), again.headers['idempotency-replayed']]).toEqual([first.json(), 'true']);
    expect(other.json()).toMatchObject({ status: 422, code: 'idempotency_key_reused' });
    expect((await shown(merchant, orders[0]!)).shipments).toHaveLength(1);
  });

  it('is refused item by item when it is sent again without a key', async () => {
    const [one, other] = [await sold(['MUG', 'CUP']), await sold(['MUG'])];
    const items = [
      { orderId: one.id, carrier: 'ups', trackingNumber: 'A 1', lines: [{ sku: 'MUG', quantity: 1 }] },
      { number: other.number, carrier: 'ups', trackingNumber: 'A-2', lines: [{ sku: 'MUG' }] },
      { number: one.number, carrier: 'ups', trackingNumber: 'A-3', lines: [{ lineId: one.lines[1]!.id, quantity: 1 }] },
      { orderId: one.id, carrier: 'ups', trackingNumber: 'a1', lines: [{ sku: 'MUG', quantity: 1 }] },
    ];

    expect(codesIn(await batch(merchant, items))).toEqual(['ok', 'ok', 'ok', 'duplicate_in_batch']);
    const again = codesIn(await batch(merchant, items));

    expect(again).toEqual([...items.slice(1).map(() => 'tracking_already_recorded'), 'duplicate_in_batch']);
    expect(shippedOf(await shown(merchant, one))).toEqual([1, 1]);
  });

  it('goes on where it was interrupted, with the shipments it has', async () => {
    const { supplier, orders } = await supplierOrders(3);
    const items = orders.map(({ number }, at) => ({
      number,
      carrier: 'ups',
      trackingNumber: `I-${at}`,
      lines: [{ sku: 'LAMP' }],
    }));
    const key = randomUUID();
    answered = 1;
    const broken = await batch(supplier, items, key);
    answered = Infinity;
    const before = sent();

    const answer = await batch(supplier, items, key);
    const again = await batch(supplier, items, key);

    expect(codesIn(broken).sort()).toEqual(['ok', 'temporal_unavailable', 'temporal_unavailable']);
    expect(codesIn(answer)).toEqual(['ok', 'ok', 'ok']);
    expect(answer.results).toContainEqual(broken.results.find(({ status }) => status === 'ok'));
    expect([again, sent() - before]).toEqual([answer, 2]);
    for (const order of orders) expect((await shown(supplier, order)).shipments).toHaveLength(1);
  });

  it('records shipments of one order one after the other, so that the last takes the rest', async () => {
    const order = await sold(['MUG', 'CUP']);
    const at = { number: order.number, carrier: 'ups' };

    const answer = await batch(merchant, [
      { ...at, trackingNumber: 'L-1', lines: [{ sku: 'MUG', quantity: 1 }] },
      { ...at, trackingNumber: 'L-2', lines: [{ sku: 'CUP' }] },
      { ...at, trackingNumber: 'L-3' },
    ]);

    expect(codesIn(answer)).toEqual(['ok', 'ok', 'ok']);
    const { shipments, lines } = await shown(merchant, order);
    const units = shipments.map((shipment) => shipment.lines);
    expect(units).toEqual([
      [{ lineId: lines[0]!.id, quantity: 1 }],
      [{ lineId: lines[1]!.id, quantity: 2 }],
      [{ lineId: lines[0]!.id, quantity: 1 }],
    ]);
  });

  it('names the orders that bear one number, and takes the one with the SKU', async () => {
    const [one, other] = [await sold(['MUG'], { number: 'twice' }), await sold(['CUP'], { number: 'twice' })];
    const at = { number: 'twice', carrier: 'ups' };

    const answer = await batch(merchant, [
      { ...at, trackingNumber: 'T-1' },
      { ...at, trackingNumber: 'T-2', lines: [{ sku: 'CUP' }] },
    ]);

    expect(codesIn(answer)).toEqual(['order_ambiguous', 'ok']);
    const named = JSON.stringify(answer.results[0]!.problem);
    expect([named.includes(one.id), named.includes(other.id)]).toEqual([true, true]);
    expect([shippedOf(await shown(merchant, one)), shippedOf(await shown(merchant, other))]).toEqual([[0], [2]]);
  });

  it('knows no order of another account', async () => {
    const order = await sold(['MUG']);
    const stranger = await api.anAccount();
    const at = { carrier: 'ups', trackingNumber: 'S-1' };

    const answer = await batch(stranger, [
      { ...at, orderId: order.id },
      { ...at, number: order.number },
    ]);

    expect(codesIn(answer)).toEqual(['order_not_found', 'order_not_found']);
    expect(shippedOf(await shown(merchant, order))).toEqual([0]);
  });

  it.each([
    [{ carrier: 'ups', trackingNumber: 'X' }, '/number'],
    [{ orderId: 'ord_1', number: '1', carrier: 'ups', trackingNumber: 'X' }, '/number'],
    [{ number: '1', carrier: 'ups', trackingNumber: ' ' }, '/trackingNumber'],
    [{ number: '1', carrier: 'ups', trackingNumber: 'X', lines: [{ quantity: 1 }] }, '/lines/0/sku'],
    [{ number: '1', carrier: 'ups', trackingNumber: 'X', lines: [{ sku: 'A', quantity: 0 }] }, '/lines/0/quantity'],
    [{ number: '1', carrier: 'ups', trackingNumber: 'X', colour: 'red' }, '/colour'],
  ])('refuses %j, naming it', async (item, pointer) => {
    const answer = await merchant.post('/v1/shipments/batch', { items: [item] });

    expect(answer.json()).toMatchObject({ results: [{ problem: { code: 'invalid_request', errors: [{ pointer }] } }] });
  });
});

describe('a file of shipments', () => {
  it('is answered row by row; rows of one order and tracking number are one shipment', async () => {
    const [one, other, third] = [await sold(['MUG', 'CUP']), await sold(['MUG']), await sold(['MUG'])];

    const answer = await file(
      merchant,
      [
        '\uFEFFOrder number,SKU,Quantity,Carrier,Tracking number,shipped_at',
        `${one.number},MUG,1,UPS,1Z 77,2026-11-21`,
        `${other.number},,,DHL Express,JD1,`,
        `${one.number},CUP,,UPS,1Z-77,2026-11-21`,
        `${third.number},MUG,none,UPS,F-3,`,
        `${other.number},,,DHL Express,JD1,`,
        `unknown,,,UPS,F-4,`,
        `${third.number},,,Brown vans,F-5,`,
      ].join('\r\n'),
    );

    expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, 'text/csv; charset=utf-8']);
    expect(linesOf(answer)).toEqual([
      head,
      `2,${one.number},1Z 77,ok,,,shp`,
      `3,${other.number},JD1,ok,,,shp`,
      `4,${one.number},1Z-77,ok,,,shp`,
      `5,${third.number},F-3,failed,invalid_request,"quantity: must be a whole number above 0, is ""none"", in row 5.",`,
      `6,${other.number},JD1,ok,,,shp`,
      '7,unknown,F-4,failed,order_not_found,No order has the number unknown.,',
      `8,${third.number},F-5,ok,,"The carrier is not in our table: recorded as ""other"" with this name, without a tracking page.",shp`,
    ]);
    const allShipments = (await shown(merchant, one)).shipments;
    expect(allShipments).toEqual([
      expect.objectContaining({ trackingNumber: '1Z 77', shippedAt: '2026-11-21T00:00:00.000Z' }),
    ]);
    expect(shippedOf(await shown(merchant, one))).toEqual([1, 2]);
  });

  it('is repeated by its key to the letter, and refused row by row without', async () => {
    const order = await sold(['MUG']);
    const text = `order,carrier,tracking\n${order.number},ups,K-1\nnone,ups,K-2\n`;
    const key = keyed(randomUUID());

    const first = await file(merchant, text, key);
    const again = await file(merchant, text, key);
    const without = await file(merchant, text);

    expect([again.body, again.headers['idempotency-replayed']]).toEqual([first.body, 'true']);
    expect(linesOf(without)[1]).toContain('failed,tracking_already_recorded');
    expect((await shown(merchant, order)).shipments).toHaveLength(1);
  });

  it('records a shipment whole or not at all', async () => {
    const order = await sold(['MUG', 'CUP']);
    const rows = (...cells: string[]) => ['order,sku,quantity,carrier,tracking', ...cells].join('\n');

    const answer = await file(
      merchant,
      rows(
        `${order.number},MUG,1,ups,W-1`,
        `${order.number},PLATE,1,ups,W-1`,
        `${order.number},CUP,1,ups,W-2`,
        `${order.number},MUG,1,dhl,W-2`,
        `${order.number},MUG,1,ups,W-3`,
        `${order.number},,,ups,W-3`,
      ),
    );

    expect(linesOf(answer).slice(1).map((line) => line.split(',')[4])).toEqual([
      'line_not_found', 'line_not_found', 'invalid_request', 'invalid_request', 'invalid_request', 'invalid_request',
    ]); // prettier-ignore
    expect(shippedOf(await shown(merchant, order))).toEqual([0, 0]);
  });

  it.each([
    '',
    'order,tracking\n1,2',
    'order,carrier,tracking,quantiy\n1,2,3,4',
    'order,order_number,carrier,tracking\n',
  ])('is refused for its columns: %j', async (text) => {
    expect((await file(merchant, text)).json()).toMatchObject({ status: 422, code: 'invalid_request' });
  });

  it('is refused whole beyond 500 shipments', async () => {
    const rows = Array.from({ length: 501 }, (_, at) => `1,ups,M-${at}`);

    const answer = await file(merchant, ['order,carrier,tracking', ...rows].join('\n'));

    expect(answer.json()).toMatchObject({ status: 413, code: 'payload_too_large' });
  });
});

/** An order of the supplier's own shop. */
async function aMerchantOrderOf(account: Caller): Promise<OrderJson> {
  const answer = await account.post('/v1/channels', { kind: 'api', name: 'Own shop', settings: {}, credentials: {} });
  await aProduct(account, 'VASE');
  return aPostedOrder(account, anOrder(answer.json<{ id: string }>().id, ['VASE']));
}
