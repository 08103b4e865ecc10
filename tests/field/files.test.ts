import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openApi, type Caller, type TestApi } from '../support/engine/test-api.ts';
import { anApiChannel, anOrder, aPostedOrder } from '../support/trade/api-orders.ts';
import { levelsOf, someProducts } from '../support/trade/api-stock.ts';

/**
 * A file as people send it, and what comes of it. `answer`: the lines of the answer after the first, `shp` for an id.
 * `after`: the units on hand by SKU, or the shipments by order number.
 */
type Case = {
  file: string;
  what: string;
  kind: 'levels' | 'adjustments' | 'shipments';
  charset?: string;
  problem?: { status: number; code: string; detail: string };
  answer?: string[];
  after?: Record<string, number | string[]>;
};

const folder = join(import.meta.dirname, 'files');
const cases = JSON.parse(readFileSync(join(folder, 'index.json'), 'utf8')) as Case[];
const ofKind = (...kinds: Case['kind'][]) =>
  cases.filter(({ kind }) => kinds.includes(kind)).map((one) => [one.file, one.what, one] as const);

let api: TestApi;
beforeAll(async () => {
  api = await openApi();
});
afterAll(() => api.close());

const paths = {
  levels: '/v1/stock/batch',
  adjustments: '/v1/stock/adjustments/batch',
  shipments: '/v1/shipments/batch',
};

const sent = (account: Caller, { file, kind, charset }: Case) =>
  api.app.inject({
    method: 'POST',
    url: paths[kind],
    headers: {
      authorization: `Bearer ${account.key}`,
      'content-type': charset === undefined ? 'text/csv' : `text/csv; charset=${charset}`,
      'idempotency-key': file,
    },
    payload: readFileSync(join(folder, file)),
  });

async function expectOutcome(account: Caller, one: Case): Promise<void> {
  const answer = await sent(account, one);

  if (one.problem) return expect(answer.json()).toMatchObject(one.problem);
  const lines = answer.body
    .replace(/shp_\w+$/gm, 'shp')
    .trimEnd()
    .split('\n');
  expect([answer.statusCode, lines.slice(1)]).toEqual([200, one.answer]);
  // The same file under the same key changes nothing, and has the same answer.
  expect((await sent(account, one)).body).toBe(answer.body);
}

describe('files of stock', () => {
  const skus = ['MUG', 'CUP', 'BOWL', '5" pipe', 'A,B', '0815', 'Käse', '5€-CARD', 'L’Or', 'Řeka', 'カップ'];

  it.each(ofKind('levels', 'adjustments'))('%s: %s', async (_file, _what, one) => {
    const account = await api.anAccount();
    await someProducts(account, skus);

    await expectOutcome(account, one);

    const levels = (await levelsOf(account, 'limit=50')).filter(({ physicalOnHand }) => physicalOnHand !== 0);
    expect(Object.fromEntries(levels.map(({ sku, physicalOnHand }) => [sku, physicalOnHand]))).toEqual(one.after ?? {});
  });
});

type ShipmentJson = {
  method: string;
  trackingNumber: string | null;
  shippedAt: string;
  lines: { lineId: string; quantity: number }[];
};
type OrderJson = { lines: { id: string; sku: string }[]; shipments: ShipmentJson[] };

/** Such as `T-1 MUG×2 2026-01-31`, or `pickup MUG×2` without a number. The day is that of the file, or is left out. */
function shown({ lines, shipments }: OrderJson): string[] {
  const skuOf = new Map(lines.map(({ id, sku }) => [id, sku]));
  return shipments
    .map(({ method, trackingNumber, shippedAt, lines: units }) =>
      [
        trackingNumber ?? method,
        ...units.map(({ lineId, quantity }) => `${skuOf.get(lineId)}×${quantity}`).sort(),
        ...(shippedAt.startsWith('2026-01') ? [shippedAt.slice(0, 10)] : []),
      ].join(' '),
    )
    .sort();
}

describe('files of shipments', () => {
  it.each(ofKind('shipments'))('%s: %s', async (_file, _what, one) => {
    const account = await api.anAccount();
    const channelId = await anApiChannel(account);
    await someProducts(account, ['MUG', 'CUP']);
    const ids = new Map<string, string>();
    for (const number of ['1001', '1002']) {
      const order = anOrder(channelId, ['MUG', 'CUP'], { number, placedAt: '2026-01-05T10:00:00Z' });
      ids.set(number, (await aPostedOrder(account, order)).id);
    }

    await expectOutcome(account, one);

    for (const [number, id] of ids) {
      const order = (await account.get(`/v1/orders/${id}`)).json<OrderJson>();
      expect([number, shown(order)]).toEqual([number, one.after?.[number] ?? []]);
    }
  });
});

describe('the column correct', () => {
  it.each([
    ['yes', '', 'ok', 'NEW-1'],
    ['no', '', 'failed', 'OLD-1'],
    ['no', '?onShipped=correct', 'failed', 'OLD-1'],
    ['', '?onShipped=correct', 'ok', 'NEW-1'],
    ['', '', 'failed', 'OLD-1'],
  ])('with %j and %j, of units that have shipped: %s', async (correct, query, ...outcome) => {
    const [status, number] = outcome;
    const account = await api.anAccount();
    const channelId = await anApiChannel(account);
    await someProducts(account, ['MUG']);
    const order = await aPostedOrder(account, anOrder(channelId, ['MUG'], { placedAt: '2026-01-05T10:00:00Z' }));
    const send = (tracking: string, cell: string, path = paths.shipments) =>
      api.app.inject({
        method: 'POST',
        url: path,
        headers: { authorization: `Bearer ${account.key}`, 'content-type': 'text/csv' },
        payload: `order,carrier,tracking,sku,quantity,correct\n${order.number},UPS,${tracking},MUG,2,${cell}\n`,
      });
    await send('OLD-1', '');

    const answer = await send('NEW-1', correct, paths.shipments + query);

    expect(answer.body.split('\n')[1]).toContain(`2,${order.number},NEW-1,${status},`);
    expect(shown((await account.get(`/v1/orders/${order.id}`)).json<OrderJson>())).toEqual([`${number} MUG×2`]);
  });
});

describe('a file that corrects a split order', () => {
  it('finds the leaf by the SKU, under the number of the order', async () => {
    const account = await api.anAccount();
    const channelId = await anApiChannel(account);
    await someProducts(account, ['MUG', 'CUP']);
    const placedAt = '2026-01-05T10:00:00Z';
    const order = await aPostedOrder(account, anOrder(channelId, ['MUG', 'CUP'], { number: '1001', placedAt }));
    const groups = order.lines.map((line) => ({ lines: [{ lineId: line.id, quantity: line.quantity }] }));
    const { orders } = (await account.post(`/v1/orders/${order.id}/split`, { groups })).json<{ orders: OrderId[] }>();
    const send = (...rows: string[]) =>
      api.app.inject({
        method: 'POST',
        url: `${paths.shipments}?onShipped=correct`,
        headers: { authorization: `Bearer ${account.key}`, 'content-type': 'text/csv' },
        payload: ['order,carrier,tracking,sku', ...rows].join('\n'),
      });
    await send('1001,UPS,OLD-1,MUG', '1001,UPS,OLD-2,CUP');

    const answer = await send('1001,UPS,NEW-1,MUG', '1001,UPS,NEW-2,CUP', '1001,UPS,NEW-3,');

    const outcomes = answer.body.split('\n').slice(1, 4);
    expect(outcomes).toEqual([
      expect.stringContaining('NEW-1,ok,'),
      expect.stringContaining('NEW-2,ok,'),
      expect.stringContaining('NEW-3,failed,order_ambiguous'),
    ]);
    const leaves = await Promise.all(orders.map(({ id }) => account.get(`/v1/orders/${id}`)));
    const all = leaves.flatMap((leaf) => shown(leaf.json<OrderJson>()));
    expect(all.sort()).toEqual([expect.stringMatching(/^NEW-1 MUG/), expect.stringMatching(/^NEW-2 CUP/)]);
  });
});

type OrderId = { id: string };

it('each file has its outcome, and each outcome its file', () => {
  const files = readdirSync(folder).filter((name) => name !== 'index.json');

  expect(files.sort()).toEqual(cases.map(({ file }) => file).sort());
  expect(files.length).toBeGreaterThanOrEqual(60);
});
