import { beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { forTheFile } from '../support/engine/for-the-file.ts';
import { openApi, type Caller } from '../support/engine/test-api.ts';
import { anApiChannel, anOrder, aPostedOrder, aProduct, shipTo } from '../support/trade/api-orders.ts';
import { levelOf } from '../support/trade/api-stock.ts';

const api = forTheFile(() => openApi());
let owner: Caller;
beforeAll(async () => {
  owner = await api.anAccount();
});

/** The list as a spreadsheet has it: a row of names, then the rows. */
async function fileOf(account: Caller, url: string): Promise<string[][]> {
  const answer = await api.app.inject({ url, headers: { authorization: `Bearer ${account.key}`, accept: 'text/csv' } });

  expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, 'text/csv; charset=utf-8']);
  expect(answer.body.startsWith('\ufeff')).toBe(true);
  return parse(answer.body, { bom: true });
}

const upload = async (account: Caller, url: string, rows: readonly string[][]) => {
  const answer = await api.app.inject({
    method: 'POST',
    url,
    headers: { authorization: `Bearer ${account.key}`, 'content-type': 'text/csv' },
    payload: `\ufeff${rows.map((row) => row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(';')).join('\r\n')}`,
  });
  return parse(answer.body, { relax_column_count: true }).filter((row) => row[3] !== 'ignored');
};

describe('the orders as a file', () => {
  it('have a row for each line to ship; with trackings it is a file of shipments', async () => {
    const channelId = await anApiChannel(owner);
    for (const sku of ['MUG', 'CUP']) await aProduct(owner, sku);
    const two = await aPostedOrder(owner, anOrder(channelId, ['MUG', 'CUP'], { number: '=1+1' }));
    const gone = await aPostedOrder(owner, anOrder(channelId, ['MUG'], { shipTo: { ...shipTo, name: '@SUM(A1)' } }));
    await owner.post(`/v1/orders/${gone.id}/shipments`, { carrier: 'ups', trackingNumber: '1Z999AA10123456784' });

    const [names, ...rows] = await fileOf(owner, '/v1/orders');

    expect(names!.slice(0, 5)).toEqual(['order', 'sku', 'quantity', 'carrier', 'tracking']);
    expect(rows.map((row) => row.slice(0, 3))).toEqual(
      two.lines.map(({ sku, quantity }) => ["'=1+1", sku, String(quantity)]),
    );
    const filled = rows.map(([order, sku, quantity, , , ...rest]) => [
      order!,
      sku!,
      quantity!,
      'UPS',
      '1Z999AA10123456793',
      ...rest,
    ]);
    const outcome = await upload(owner, '/v1/shipments/batch', [names!, ...filled]);
    expect(outcome.map((row) => row[3])).toEqual(['status', 'ok', 'ok']);
    expect((await owner.get(`/v1/orders/${two.id}`)).json()).toMatchObject({ status: 'shipped' });
    expect(await fileOf(owner, '/v1/orders')).toHaveLength(1);
  });
});

describe('the shipments as a file', () => {
  it('have a row for each line; sent again they are recorded already', async () => {
    const shipper = await api.anAccount();
    const channelId = await anApiChannel(shipper);
    for (const sku of ['MUG', 'CUP']) await aProduct(shipper, sku);
    const order = await aPostedOrder(shipper, anOrder(channelId, ['MUG', 'CUP']));
    const tracking = { carrier: 'Unheard Of Post', trackingNumber: '-17 33/A' };
    await shipper.post(`/v1/orders/${order.id}/shipments`, tracking);

    const [names, ...rows] = await fileOf(shipper, '/v1/shipments');

    const shown = rows
      .map(([number, sku, , carrier, number2, method]) => [number, sku, carrier, number2, method])
      .sort();
    expect(shown).toEqual(['CUP', 'MUG'].map((sku) => [order.number, sku, 'Unheard Of Post', "'-17 33/A", 'tracked']));
    const outcome = await upload(shipper, '/v1/shipments/batch', [names!, ...rows]);
    expect(outcome.slice(1).map((row) => row[4])).toEqual(['tracking_already_recorded', 'tracking_already_recorded']);
    const { data } = (await shipper.get('/v1/shipments')).json<{ data: object[] }>();
    expect(data).toMatchObject([{ orderId: order.id, trackingNumber: '-17 33/A', attention: null }]);
    expect(await fileOf(shipper, `/v1/shipments?recordedAfter=2999-01-01T00:00:00Z`)).toHaveLength(1);
    expect(await fileOf(owner, `/v1/shipments?recordedAfter=2999-01-01T00:00:00Z`)).toHaveLength(1);
  });
});

describe('the stock as a file', () => {
  it('is counted and sent back', async () => {
    const skus = ['-5', '+1', "'quoted", "'both'", "-5'", "-6' ", 'CUP ', 'CUP', 'Käse "alt"; 5', `="&A1&"'`];
    for (const sku of skus) await owner.post('/v1/products', { sku, name: sku });

    const [names, ...rows] = await fileOf(owner, '/v1/stock');
    // A spreadsheet runs what begins with such a sign.
    expect(rows.flat().filter((cell) => /^[=+\-@\t\r]/.test(cell))).toEqual([]);
    const counted = rows.map(([sku, , ...rest]) => [sku!, '7', ...rest]);
    const outcome = await upload(owner, '/v1/stock/batch', [names!, ...counted]);

    expect(outcome.filter((row) => row[2] === 'failed')).toEqual([]);
    for (const sku of skus) expect(await levelOf(owner, sku)).toMatchObject({ physicalOnHand: 7 });
  });
});

describe('the products as a file', () => {
  it('are all there, page after page, from the cursor on and by the filter', async () => {
    const many = await api.anAccount();
    const items = Array.from({ length: 700 }, (_, index) => ({ sku: `P-${index}`, name: `Cup, "no. ${index}"` }));
    await many.post('/v1/products/batch', { items });

    const [names, ...rows] = await fileOf(many, '/v1/products');

    expect(names).toEqual([
      'sku', 'name', 'fulfillment_type', 'default_supplier', 'changed_at', 'weight_grams', 'hs_code', 'origin_country',
      'customs_value', 'customs_currency', 'bin',
    ]); // prettier-ignore
    expect(new Set(rows.map(([sku]) => sku)).size).toBe(700);
    expect(rows.find(([sku]) => sku === 'P-7')?.slice(0, 4)).toEqual(['P-7', 'Cup, "no. 7"', 'in_house', '']);
    const { nextCursor } = (await many.get('/v1/products?limit=150')).json<{ nextCursor: string }>();
    expect(await fileOf(many, `/v1/products?cursor=${nextCursor}`)).toHaveLength(551);
    expect(await fileOf(many, '/v1/products?q=no.%2069')).toHaveLength(12);
  });

  it('are of the own account alone', async () => {
    expect(await fileOf(await api.anAccount(), '/v1/products')).toHaveLength(1);
  });
});

it('a cursor that is not ours is refused, and gives no file that ends early', async () => {
  const headers = { authorization: `Bearer ${owner.key}`, accept: 'text/csv' };

  const answer = await api.app.inject({ url: '/v1/orders?cursor=garbage', headers });

  expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([400, 'invalid_cursor']);
});

it('a client that asks for JSON first gets JSON', async () => {
  const headers = { authorization: `Bearer ${owner.key}`, accept: 'application/json, text/csv;q=0.5' };

  expect((await api.app.inject({ url: '/v1/orders', headers })).json()).toMatchObject({ nextCursor: null });
});

it('the report of a file runs no formula that stands in it', async () => {
  const [, row] = await upload(owner, '/v1/shipments/batch', [
    ['order', 'carrier', 'tracking'],
    ['=1+1', 'UPS', '@x12345'],
  ]);

  expect(row!.slice(1, 3)).toEqual(["'=1+1", "'@x12345"]);
});

describe('a template', () => {
  it.each([
    ['shipments.csv', '/v1/shipments/batch', ['order', 'carrier', 'tracking']],
    ['stock.csv', '/v1/stock/batch', ['sku', 'physical_on_hand']],
    ['stock-adjustments.csv', '/v1/stock/adjustments/batch', ['sku', 'adjust_by', 'reason']],
  ])('has the columns of its upload, the needed ones first: %s', async (name, url, needed) => {
    const [names] = await fileOf(owner, `/v1/templates/${name}`);

    expect(names!.slice(0, needed.length)).toEqual(needed);
    const headers = { authorization: `Bearer ${owner.key}`, 'content-type': 'text/csv', 'idempotency-key': name };
    const answer = await api.app.inject({ method: 'POST', url, headers, payload: `${names!.join()}\n` });
    expect([answer.statusCode, parse(answer.body).length]).toEqual([200, 1]);
  });

  it('that is not there is refused, naming those that are', async () => {
    expect((await owner.get('/v1/templates/orders.csv')).json()).toMatchObject({
      status: 422,
      errors: [
        { pointer: ':name', detail: 'must be one of shipments.csv, stock.csv, stock-adjustments.csv, is orders.csv' },
      ],
    });
  });
});
