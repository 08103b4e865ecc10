import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { asyncLocalStorage, type Context } from '@temporalio/activity';
import { pino } from 'pino';
import { createGate } from '../../../activities/gate.ts';
import type { Deps } from '../../../activities/deps.ts';
import { createImportOrderActivities } from '../../../activities/tasks/import-orders.ts';
import { listAttentions } from '../../../db/attentions.ts';
import { awaitOrder, listAwaited } from '../../../db/channels/cursors.ts';
import { insertChannel } from '../../../db/channels/channels.ts';
import { insertInboundWebhook, listOpenWebhooks } from '../../../db/channels/inbound-webhooks.ts';
import type { Pool } from '../../../db/engine/pool.ts';
import { createSealer } from '../../../db/engine/sealing.ts';
import { withAccount } from '../../../db/engine/with-account.ts';
import { anAccount } from '../../support/trade/database-trade.ts';
import { onDatabase } from '../../support/engine/database.ts';

let pool: Pool;
onDatabase(5, (opened) => {
  pool = opened;
});

const sealer = createSealer(randomBytes(32).toString('base64'));
const settings = { globalSettings: { trackInventory: true, serverConfig: { moneyStrategyPrecision: 2 } } };
const json = (body: object) => Response.json(body);
type Shop = (document: string, variables: { id?: string }) => Response;

/** An order in a shop. A text with a zero byte cannot be stored in a row. */
const order = (id: string, name = 'Mug') => ({
  id,
  code: `C${id}`,
  state: 'PaymentSettled',
  currencyCode: 'USD',
  createdAt: '2026-11-22T10:00:00.000Z',
  updatedAt: '2026-11-22T10:00:00.000Z',
  orderPlacedAt: '2026-11-22T10:00:00.000Z',
  shippingAddress: { fullName: 'A Buyer', streetLine1: 'Street 1', city: 'Town', postalCode: '1', countryCode: 'DE' },
  lines: [
    {
      id: `${id}-1`,
      quantity: 1,
      orderPlacedQuantity: 1,
      unitPriceWithTax: 100,
      productVariant: { id: 'v1', sku: 'MUG', name },
    },
  ],
});

async function aShop(shop: Shop, now: () => Date = () => new Date()) {
  const accountId = await anAccount(pool);
  const { id: channelId } = await withAccount(pool, accountId, (db) =>
    insertChannel(db, sealer, {
      kind: 'vendure',
      name: 'Shop',
      settings: { url: 'https://shop.example' },
      credentials: { apiKey: 'k' },
    }),
  );
  const fetch = async (_url: unknown, init?: { body?: unknown }) => {
    const { query, variables } = JSON.parse(String(init?.body)) as { query: string; variables: { id?: string } };
    return shop(query, variables);
  };
  const points: string[] = [];
  const deps = {
    pool,
    sealer,
    gate: createGate({ slots: 40 }),
    fetch,
    now,
    log: pino({ level: 'silent' }),
    crashPoint: (point: string) => void points.push(point),
  };

  const activities = createImportOrderActivities(deps as unknown as Deps);
  const inside = { cancellationSignal: new AbortController().signal } as Context;
  const account = <T>(work: Parameters<typeof withAccount<T>>[2]) => withAccount(pool, accountId, work);
  return {
    named: () => asyncLocalStorage.run(inside, () => activities.importNamedOrders({ channelId })),
    awaited: () => asyncLocalStorage.run(inside, () => activities.importAwaitedOrders({ channelId, after: null })),
    page: () => asyncLocalStorage.run(inside, () => activities.importOrderPage({ channelId, after: null })),
    /** The first page again, as after a crash before its cursor was stored. */
    again: async () => {
      await account((db) => db('channel_cursors').delete());
      return asyncLocalStorage.run(inside, () => activities.importOrderPage({ channelId, after: null }));
    },
    numbers: () => account((db) => db('orders').orderBy('number').pluck<string[]>('number')),
    cancelledInShop: () => account((db) => db('order_lines').orderBy('sku').pluck<number[]>('cancelled_in_shop')),
    /** How many transactions have stored orders. */
    commits: () => points.filter((point) => point === 'store-order.committed').length,
    wait: (remoteId: string) => account((db) => awaitOrder(db, channelId, remoteId)),
    waiting: () => account((db) => listAwaited(db, channelId, { after: '', limit: 50 })),
    hook: (...remoteOrderIds: string[]) =>
      account((db) =>
        insertInboundWebhook(db, {
          channelId,
          deliveryId: remoteOrderIds.join(),
          tasks: ['import_orders'],
          remoteOrderIds,
        }),
      ),
    edits: async () => (await account((db) => listAttentions(db, { code: 'order_edited' }, { limit: 10 }))).data,
    openHooks: () => account((db) => listOpenWebhooks(db, { channelId, task: 'import_orders', limit: 10 })),
  };
}

const answering =
  (orders: Record<string, object>): Shop =>
  (document, { id }) =>
    document.includes('globalSettings') ? json({ data: settings }) : json({ data: { order: orders[id!] ?? null } });

describe('orders asked for one by one', () => {
  it('are not forgotten while the shop as a whole answers 404', async () => {
    const shop = await aShop(() => new Response('no such page', { status: 404 }));
    await shop.wait('7');
    await shop.hook('8');

    await expect(shop.awaited()).rejects.toMatchObject({ type: 'gone_at_channel' });
    await expect(shop.named()).rejects.toMatchObject({ type: 'gone_at_channel' });

    expect(await shop.waiting()).toEqual(['7']);
    expect(await shop.openHooks()).toHaveLength(1);
  });

  it('are forgotten when the shop has them no more', async () => {
    const shop = await aShop(answering({}));
    await shop.wait('7');

    expect((await shop.awaited()).counts).toMatchObject({ seen: 1, unchanged: 1, failed: 0 });
    expect(await shop.waiting()).toEqual([]);
  });

  it('that cannot be stored stop no other, and are asked for again', async () => {
    const shop = await aShop(answering({ 7: order('7', 'Mug\u0000'), 8: order('8') }));
    await shop.hook('7', '8');

    expect(await shop.named()).toMatchObject({
      counts: { seen: 2, created: 1, failed: 1 },
      failures: [{ item: '7', code: 'unexpected' }],
    });
    expect(await shop.waiting()).toEqual(['7']);
    expect(await shop.openHooks()).toEqual([]);
  });

  it('are put off, not lost, where a slow shop leaves no time for all of them', async () => {
    let time = 0;
    const answer = answering({ 7: order('7'), 8: order('8'), 9: order('9') });
    const shop = await aShop(
      (document, variables) => {
        time += 15_000;
        return answer(document, variables);
      },
      () => new Date(time),
    );
    await shop.hook('7', '8', '9');

    expect((await shop.named()).counts.created).toBe(1);
    expect(await shop.waiting()).toEqual(['8', '9']);
    expect(await shop.openHooks()).toEqual([]);
    expect(await shop.awaited()).toMatchObject({ counts: { created: 1 }, more: true, next: '8' });
    expect(await shop.waiting()).toEqual(['9']);
  });
});

describe('a page of orders', () => {
  const listing =
    (...items: object[]): Shop =>
    (document) =>
      document.includes('globalSettings') ? json({ data: settings }) : json({ data: { list: { items } } });

  it('is stored as a whole, and none of it is waited for any more', async () => {
    const shop = await aShop(listing(order('7'), order('8'), order('9')));
    await shop.wait('8');

    expect((await shop.page()).counts).toMatchObject({ seen: 3, created: 3 });
    expect(await shop.numbers()).toEqual(['C7', 'C8', 'C9']);
    expect(await shop.waiting()).toEqual([]);
    expect(shop.commits()).toBe(1);
  });

  it('with an order that cannot be stored has all others, and asks for that one again', async () => {
    const shop = await aShop(listing(order('7'), order('8', 'Mug\u0000'), order('9')));

    expect(await shop.page()).toMatchObject({
      counts: { seen: 3, created: 2, failed: 1 },
      failures: [{ item: '8', code: 'unexpected' }],
    });
    expect(await shop.numbers()).toEqual(['C7', 'C9']);
    expect(await shop.waiting()).toEqual(['8']);
  });

  it('with orders that are known, or listed twice, stores each once', async () => {
    const items = [order('7')];
    const shop = await aShop((document, variables) => listing(...items)(document, variables));
    await shop.page();
    items.push(order('8'), order('9'), order('8'));

    expect((await shop.again()).counts).toMatchObject({ seen: 4, created: 2, unchanged: 2 });
    expect(await shop.numbers()).toEqual(['C7', 'C8', 'C9']);
  });

  it('sees what happened to an order in the shop before it was read', async () => {
    const [line] = order('8').lines;
    const partly = { ...order('8'), lines: [{ ...line!, quantity: 1, orderPlacedQuantity: 3 }] };
    const shop = await aShop(listing(order('7'), partly, order('9')));

    expect((await shop.page()).counts).toMatchObject({ seen: 3, created: 3 });
    expect((await shop.cancelledInShop()).sort()).toEqual([0, 0, 2]);
    expect(shop.commits()).toBe(2);
  });
});

describe('an order that is seen again', () => {
  const edited = (quantity: number, rest: object = {}) => {
    const one = order('7');
    const [line] = one.lines;
    return { ...one, ...rest, lines: [{ ...line!, quantity, orderPlacedQuantity: line!.orderPlacedQuantity }] };
  };

  it('is counted as updated when it was edited in the shop, and forgotten when it is as it was or cancelled', async () => {
    const sent: Record<string, object> = { 7: order('7') };
    const shop = await aShop(answering(sent));
    const see = async (now: object) => {
      sent['7'] = now;
      await shop.wait('7');
      const { counts } = await shop.awaited();
      return [counts.created, counts.updated, counts.unchanged, (await shop.edits()).length];
    };

    expect(await see(order('7'))).toEqual([1, 0, 0, 0]);
    expect(await see({ ...order('7'), updatedAt: '2026-11-22T11:00:00.000Z', state: 'Shipped' })).toEqual([0, 0, 1, 0]);
    expect(await see(edited(3))).toEqual([0, 1, 0, 1]);
    expect(await see(edited(3))).toEqual([0, 0, 1, 1]);
    expect(await see(order('7'))).toEqual([0, 1, 0, 0]);
    expect(await see(edited(4))).toEqual([0, 1, 0, 1]);
    expect(await see(edited(4, { state: 'Modifying' }))).toEqual([0, 0, 0, 1]);
    expect(await see(edited(0, { state: 'Cancelled' }))).toEqual([0, 0, 1, 0]);
  });
});
