import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { asyncLocalStorage, type Context } from '@temporalio/activity';
import { pino } from 'pino';
import type { Deps } from '../../activities/deps.ts';
import { createImportOrderActivities } from '../../activities/tasks/import-orders.ts';
import { insertChannel } from '../../db/channels/channels.ts';
import { awaitOrder } from '../../db/channels/cursors.ts';
import { createSealer } from '../../db/engine/sealing.ts';
import { withAccount, type AccountDb } from '../../db/engine/with-account.ts';
import { askForParts, lockLeaf } from '../../db/orders/cancels.ts';
import { queuesFor } from '../../workflows/names.ts';
import { aTrade, type Handed, type OrderJson } from '../support/trade/api-orders.ts';
import { openApi, type TestApi } from '../support/engine/test-api.ts';

let api: TestApi;
let trade: Handed;
let channelId: string;
const sealer = createSealer(randomBytes(32).toString('base64'));
const inMerchant = <T>(work: (db: AccountDb) => Promise<T>) => withAccount(api.pool, trade.merchant.accountId, work);
beforeAll(async () => {
  api = await openApi();
  trade = await aTrade(api);
  const shop = { kind: 'vendure', name: 'Shop', settings: { url: 'https://shop.example' } } as const;
  ({ id: channelId } = await inMerchant((db) => insertChannel(db, sealer, { ...shop, credentials: { apiKey: 'k' } })));
});
afterAll(() => api.close());

type Line = { sku: string; ordered: number; now: number };
const settings = { globalSettings: { trackInventory: true, serverConfig: { moneyStrategyPrecision: 2 } } };

/** The order as a Vendure shop answers it. */
const inShop = (id: string, lines: readonly Line[]) => ({
  id,
  code: `C${id}`,
  state: lines.every(({ now }) => now === 0) ? 'Cancelled' : 'PaymentSettled',
  currencyCode: 'EUR',
  createdAt: '2026-11-22T10:00:00.000Z',
  updatedAt: '2026-11-22T10:00:00.000Z',
  orderPlacedAt: '2026-11-22T10:00:00.000Z',
  shippingAddress: { fullName: 'A Buyer', streetLine1: 'Street 1', city: 'Town', postalCode: '1', countryCode: 'DE' },
  lines: lines.map(({ sku, ordered, now }, index) => ({
    id: `${id}-${index}`,
    quantity: now,
    orderPlacedQuantity: ordered,
    unitPriceWithTax: 100,
    productVariant: { id: sku, sku, name: sku },
  })),
});

/** Import Orders reads the order as it is in the shop now. @returns it as its merchant sees it */
const seen = (id: string, ...lines: Line[]): Promise<OrderJson> => imported(inShop(id, lines));

async function imported(shown: ReturnType<typeof inShop> & { payments?: object[] }): Promise<OrderJson> {
  const { id } = shown;
  const fetch = async (_url: unknown, init?: { body?: unknown }) =>
    Response.json({ data: String(init?.body).includes('globalSettings') ? settings : { order: shown } });
  const deps = {
    pool: api.pool, sealer, fetch, now: () => new Date(), log: pino({ level: 'silent' }), crashPoint: () => undefined,
    queues: queuesFor('-none'), client: { workflow: { start: async () => undefined } },
  }; // prettier-ignore
  await inMerchant((db) => awaitOrder(db, channelId, id));
  const { importAwaitedOrders } = createImportOrderActivities(deps as unknown as Deps);
  const context = { cancellationSignal: new AbortController().signal } as Context;
  const page = await asyncLocalStorage.run(context, () => importAwaitedOrders({ channelId, after: null }));
  expect(page.failures).toEqual([]);
  const { data } = (await trade.merchant.get(`/v1/orders?number=C${id}&limit=1`)).json<{ data: OrderJson[] }>();
  return data[0]!;
}

type Parked = { id: string; step: string; code: string; orderId: string; actions: string[] };
const parked = async () => (await trade.merchant.get('/v1/attentions')).json<{ data: Parked[] }>().data;
const parkedOf = async ({ id }: OrderJson) => (await parked()).filter(({ orderId }) => orderId === id);
const resolve = ({ id }: Parked) =>
  trade.merchant.post(`/v1/attentions/${id}/resolve`, { action: 'skip', reason: 'not_needed' });

describe('an order that its shop cancels before its supplier has shipped', () => {
  it.each<[string, Line, number]>([
    ['whole', { sku: 'LAMP', ordered: 2, now: 0 }, 2],
    ['in part', { sku: 'LAMP', ordered: 2, now: 1 }, 1],
  ])('raises an attention at once: %s', async (kind, line, quantity) => {
    const id = `10-${kind}`;
    const order = await seen(id, { ...line, now: 2 });

    const cancelled = await seen(id, line);
    await seen(id, line);

    expect([order.status, cancelled.status]).toEqual(['dropship_requested', 'dropship_requested']);
    expect(await parkedOf(order)).toMatchObject([{ step: 'cancel', code: 'cancelled_in_shop', actions: ['skip'] }]);
    const story = (await trade.merchant.get(`/v1/orders/${order.id}/events`)).json<{ data: { type: string }[] }>().data;
    expect(story.filter(({ type }) => type === 'cancelled_in_shop')).toMatchObject([
      { data: { lines: [{ quantity }] } },
    ]);
  });

  it('is not shown again once a person lets it ship, unless more is cancelled', async () => {
    const order = await seen('20', { sku: 'LAMP', ordered: 3, now: 3 });
    const one = { sku: 'LAMP', ordered: 3, now: 2 };
    await seen('20', one);
    await resolve((await parkedOf(order))[0]!);

    await seen('20', one);
    const skipped = await parkedOf(order);
    await seen('20', { ...one, now: 0 });

    expect(skipped).toEqual([]);
    expect(await parkedOf(order)).toMatchObject([{ code: 'cancelled_in_shop' }]);
  });

  it('needs no decision any more when its units are asked to be cancelled', async () => {
    const order = await seen('30', { sku: 'LAMP', ordered: 2, now: 2 });
    await seen('30', { sku: 'LAMP', ordered: 2, now: 0 });
    const before = await parkedOf(order);

    const lines = [{ lineId: order.lines[0]!.id, quantity: 2 }];
    await inMerchant(async (db) => {
      const cause = { actor: { kind: 'account', id: 'key_1' }, reason: 'other' } as const;
      await askForParts(db, await lockLeaf(db, order.id), { parts: [{ orderId: order.id, lines }], cause });
    });
    await seen('30', { sku: 'LAMP', ordered: 2, now: 0 });

    expect([before.length, await parkedOf(order)]).toEqual([1, []]);
  });

  it('raises none for units that the account ships itself', async () => {
    const order = await seen('40', { sku: 'MUG', ordered: 2, now: 2 });

    await seen('40', { sku: 'MUG', ordered: 2, now: 0 });

    expect(await parkedOf(order)).toEqual([]);
  });
});

describe('money that the shop pays back', () => {
  const refunds = (...totals: number[]) => [
    { refunds: [...totals.map((total) => ({ state: 'Settled', total })), { state: 'Failed', total: 99 }] },
  ];

  it('is shown on the order, once, and changes no units', async () => {
    const bought = inShop('50', [{ sku: 'LAMP', ordered: 2, now: 2 }]);
    const order = await imported({ ...bought, payments: refunds() });

    await imported({ ...bought, payments: refunds(150) });
    await imported({ ...bought, payments: refunds(150) });
    const refunded = await imported({ ...bought, payments: refunds(150, 50) });

    expect(order['refunded']).toBeNull();
    expect(refunded).toEqual({ ...order, refunded: { amount: 200, currency: 'EUR' } });
    const story = (await trade.merchant.get(`/v1/orders/${order.id}/events`)).json<{
      data: { type: string; data: object }[];
    }>();
    expect(story.data.filter(({ type }) => type === 'order_refunded').map(({ data }) => data)).toEqual([
      { refunded: { amount: 200, currency: 'EUR' } },
      { refunded: { amount: 150, currency: 'EUR' } },
    ]);
    expect(await parkedOf(order)).toEqual([]);
  });

  it('is shown beside the cancel that it belongs to', async () => {
    const order = await seen('60', { sku: 'LAMP', ordered: 1, now: 1 });
    const gone = inShop('60', [{ sku: 'LAMP', ordered: 1, now: 0 }]);

    const cancelled = await imported({ ...gone, payments: refunds(100) });

    expect(cancelled).toMatchObject({ refunded: { amount: 100 }, attention: { code: 'cancelled_in_shop' } });
    expect(await parkedOf(order)).toHaveLength(1);
  });
});
