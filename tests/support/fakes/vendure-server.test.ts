import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Channel, RemoteOrder } from '../../../activities/channels/channel.ts';
import { createSafeFetch } from '../../../activities/channels/safe-fetch.ts';
import { createVendureFactory } from '../../../activities/channels/vendure/vendure.ts';
import { aPush } from '../../activities/channels/harness.ts';
import { startVendureServer } from './vendure-server.ts';

let shop: Awaited<ReturnType<typeof startVendureServer>>;
let channel: Channel;

beforeAll(async () => {
  shop = await startVendureServer();
  const fetch = createSafeFetch({ allowedPrivateHosts: [shop.host] });
  const credentials = { username: 'superadmin', password: 'superadmin' };
  channel = createVendureFactory(new Map())({ url: shop.url }, credentials, {
    fetch,
    now: () => new Date(),
    connectedAt: new Date(0),
    signal: new AbortController().signal,
    renewCredentials: async (used: unknown) => used,
    ownProducts: async () => [],
  });
});
afterAll(async () => {
  await shop.stop();
});

async function importedOrders(): Promise<RemoteOrder[]> {
  const all: RemoteOrder[] = [];
  for (let [cursor, more] = [null as string | null, true]; more;) {
    const page = await channel.importOrders(cursor);
    all.push(...page.items);
    ({ next: cursor, more } = page);
  }
  return all;
}

const placed = ({ remoteId, number, lines }: RemoteOrder) => ({
  remoteId,
  number,
  units: lines.map(({ remoteLineId, ordered }) => ({ remoteLineId, quantity: ordered })),
});

/** As the real shop answers in tests/activities/channels/vendure, to the same connector. */
describe('the shop of the benchmark', () => {
  it('gives the connector each order once, over several pages', async () => {
    shop.buy(Array.from({ length: 120 }, (_, index) => `SKU-${index % 3}`));

    const orders = await importedOrders();

    expect(orders).toHaveLength(120);
    expect(new Set(orders.map(({ remoteId }) => remoteId)).size).toBe(120);
    expect(orders[0]).toMatchObject({ state: 'ready', currency: 'USD', lines: [{ sku: 'SKU-0', ordered: 1 }] });
  });

  it('ships an order once, however often it is pushed at the same time', async () => {
    const [order] = await importedOrders();
    const push = aPush(placed(order!));

    const pushed = await Promise.all([channel.pushShipment(push), channel.pushShipment(push)]);
    const again = await channel.pushShipment(push);

    expect(pushed.map(({ found }) => found).sort()).toEqual([false, true]);
    expect(again).toMatchObject({ found: true, remoteIds: pushed[0].remoteIds, order: { lines: [{ shipped: 1 }] } });
    expect(shop.totals()).toEqual({ orders: 120, shipped: 1, fulfillments: 1 });
  });

  it('ships no more than an order’s units, when two shipments of them come at the same time', async () => {
    const [, order] = await importedOrders();
    const two = [aPush(placed(order!)), aPush(placed(order!))];

    const ended = await Promise.allSettled(two.map((push) => channel.pushShipment(push)));

    expect(ended.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(shop.totals()).toEqual({ orders: 120, shipped: 2, fulfillments: 2 });
  });
});
