import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { shops } from '../../../../activities/channels/kinds.ts';
import { signatureOf } from '../../../support/fakes/shopify/webhooks.ts';
import { aPush, faultOf, live, some, walk } from '../harness.ts';
import { startShopifyHarness } from './harness.ts';

let harness: Awaited<ReturnType<typeof startShopifyHarness>>;
beforeAll(async () => {
  harness = await startShopifyHarness();
});
afterAll(async () => {
  await harness?.stop();
});

/** An order of which one line is at another location than the rest. */
async function atTwoLocations() {
  const { levels } = harness.shop.clerk.variant('TEE-BLACK-M');
  levels.get(harness.main)!.available = 0;
  levels.get(harness.second)!.available = 50;
  const skus: [string, number][] = [
    ['MUG-BLUE', 2],
    ['TEE-BLACK-M', 1],
  ];
  return harness.place({ skus });
}

/** Others' mistakes with Shopify, as their users reported them. */
describe('what went wrong for people with Shopify', () => {
  it('S1: a shipment from two locations was refused, since it was sent as one', async () => {
    const order = await atTwoLocations();
    const push = aPush(order);

    const first = await harness.open().pushShipment(push);
    const again = await harness.open().pushShipment(push);
    const corrected = {
      ...push,
      revision: 2,
      remoteIds: first.remoteIds,
      tracking: { ...push.tracking, number: 'N-1' },
    };
    await harness.open().correctTracking(corrected);
    const numbers = (await harness.shipments(order.remoteId)).map(({ number }) => number);
    await harness.open().voidShipment(corrected);

    expect(first.remoteIds).toHaveLength(2);
    expect(first.order!.lines.every(({ shipped, ordered }) => shipped === ordered)).toBe(true);
    expect(again).toMatchObject({ found: true, remoteIds: first.remoteIds });
    expect(numbers).toEqual(['N-1', 'N-1']);
    expect(live(await harness.shipments(order.remoteId))).toEqual([]);
  });

  it('S1: when only one of its two calls arrives, the next try makes up the rest', async () => {
    const order = await atTwoLocations();
    const push = aPush(order);
    let calls = 0;
    const matching = (request: Parameters<typeof harness.is.create>[0]) =>
      harness.is.create(request) && (calls += 1) === 2;
    harness.proxy.refuse(503, { times: 1, matching });

    const fault = await faultOf(harness.open().pushShipment(push));
    const between = await harness.shipments(order.remoteId);
    const done = await harness.open().pushShipment(push);

    expect([fault, between.length]).toEqual([{ kind: 'unknown_outcome' }, 1]);
    expect(done.remoteIds).toHaveLength(2);
    expect(done.order!.lines.every(({ shipped, ordered }) => shipped === ordered)).toBe(true);
  });

  it('S2: the message of an uninstalled shop failed for ever, since its token was to be renewed first', () => {
    const { clientSecret, domain } = harness.shop.state;
    const body = Buffer.from(JSON.stringify({ myshopify_domain: domain }));
    const headers = {
      'x-shopify-webhook-id': 'msg_1',
      'x-shopify-topic': 'app/uninstalled',
      'x-shopify-hmac-sha256': signatureOf(clientSecret, body.toString()),
    };
    const read = <T>(schema: { parse(body: unknown): T }) => schema.parse(JSON.parse(body.toString()));

    // Reading needs the secret alone; no token and no call.
    const event = shops.shopify.webhooks!.read({ rawBody: body, headers, now: new Date(), read }, [clientSecret]);

    expect(event).toEqual({ deliveryId: 'msg_1', tasks: [], remoteOrderIds: [], event: 'uninstalled' });
  });

  it('S4: two equal messages at one time were taken for one event each, and worked on twice', () => {
    const body = harness.webhooks.naming(['gid://shopify/Order/1']);
    const message = (id: string) => {
      const headers = harness.webhooks.signed(body, { at: new Date() });
      headers.set('x-shopify-webhook-id', id);
      return harness.webhooks.read({ body: Buffer.from(body), headers });
    };

    const [first, second, again] = [message('1'), message('2'), message('1')];

    // A message only triggers the task, which reads the order once for all of them.
    expect(again).toEqual(first);
    expect(second).toEqual({ ...first, deliveryId: '2' });
  });

  it('S5: an order was paid before it was made, and lost', async () => {
    const connectedAt = await harness.tick();
    const orders = () => walk((after) => harness.open({ connectedAt }).importOrders(after));
    const before = await orders();
    const { remoteId } = await harness.place();

    const { items } = await orders();

    expect(before.items).toEqual([]);
    expect(items).toMatchObject([{ remoteId, state: 'ready' }]);
  });

  it('S5: a deleted product stopped the import of all orders', async () => {
    const { customer, clerk } = harness.shop;
    customer.product('Old cap', ['CAP-OLD'], { stock: { [harness.main]: 5 } });
    const connectedAt = await harness.tick();
    const remoteProductId = await harness.productId('CAP-OLD');
    const order = await harness.place({
      skus: [
        ['CAP-OLD', 1],
        ['MUG-BLUE', 1],
      ],
    });
    clerk.deleteProduct('CAP-OLD');

    const { items } = await walk((after) => harness.open({ connectedAt }).importOrders(after));
    const write = { listingId: 'lst_1', remoteProductId, sku: 'CAP-OLD', available: 3, version: 1 };
    const outcomes = await harness.open().writeInventory([write]);
    const pushed = await harness.open().pushShipment(aPush(order));

    expect(items[0]!.lines).toMatchObject([{ sku: 'CAP-OLD', remoteProductId: null }, { sku: 'MUG-BLUE' }]);
    expect(outcomes).toMatchObject([{ outcome: 'failed', fault: { kind: 'gone', what: 'listing' } }]);
    expect(pushed.order!.lines.map(({ shipped }) => shipped)).toEqual([1, 1]);
  });

  it('S6: the buyer’s currency was taken for the shop’s', async () => {
    const presentment = { currency: 'JPY', rate: 150 };
    const { id } = harness.shop.customer.place({ lines: [['MUG-BLUE', 2]], presentment });

    const order = await harness.open().getOrder(id);

    expect(order).toMatchObject({ currency: 'USD', lines: [{ priceMinor: 1450 }] });
  });
});

describe('what a clerk does in a Shopify shop', () => {
  it('a refund of shipped units is no cancel', async () => {
    const order = await harness.place();
    await harness.open().pushShipment(aPush(order));
    const shown = harness.orderOf(order.remoteId);

    harness.shop.clerk.refundShipped(shown, shown.lines[0]!, 1);

    const read = await harness.open().getOrder(order.remoteId);
    expect(read).toMatchObject({ state: 'ready', lines: [{ ordered: 2, shipped: 2, cancelled: 0 }] });
  });

  it('an order on hold is held, until it is released; moved, it ships from the other location', async () => {
    const { clerk } = harness.shop;
    const order = await harness.place();
    const shown = harness.orderOf(order.remoteId);
    clerk.hold(shown);
    const held = await faultOf(harness.open().pushShipment(aPush(order)));

    clerk.release(shown);
    clerk.move(shown, { from: harness.main, to: harness.second });
    const pushed = await harness.open().pushShipment(aPush(order));

    expect(held).toEqual({ kind: 'held', code: 'on_hold', retryAfter: 3600 });
    expect(pushed.order!.lines).toMatchObject([{ shipped: 2 }]);
    expect(shown.fulfillments[0]!.locationId).toBe(harness.second);
  });

  it('units of a fulfillment service are held: we do not see where they are', async () => {
    const order = await harness.place();
    harness.shop.clerk.assignElsewhere(harness.orderOf(order.remoteId));

    const fault = await faultOf(harness.open().pushShipment(aPush(order)));

    expect(fault).toMatchObject({ kind: 'held', code: 'assigned_elsewhere' });
  });

  it('lines that are edited up and down, added and removed have the units of now', async () => {
    const { clerk } = harness.shop;
    const skus: [string, number][] = [
      ['MUG-BLUE', 3],
      ['MUG-SAND', 1],
    ];
    const { remoteId } = await harness.place({ skus });
    const shown = harness.orderOf(remoteId);

    clerk.addUnits(shown, shown.lines[0]!, 2);
    clerk.removeUnits(shown, shown.lines[0]!, 1);
    clerk.removeUnits(shown, shown.lines[1]!, 1);
    clerk.addLine(shown, 'POSTER-A2', 4);

    const { lines } = await harness.open().getOrder(remoteId);
    expect(lines).toMatchObject([
      { ordered: 5, cancelled: 1 },
      { ordered: 1, cancelled: 1 },
      { ordered: 4, cancelled: 0 },
    ]);
  });
});

describe('the size of things at Shopify', () => {
  it('an order of 25 lines and many shipments comes and ships whole', async () => {
    const skus = Array.from({ length: 25 }, (_, index) => [index % 2 ? 'MUG-BLUE' : 'MUG-SAND', 2] as [string, number]);
    const order = await harness.place({ skus });
    const half = order.units.map(({ remoteLineId }) => ({ remoteLineId, quantity: 1 }));

    const first = await harness.open().pushShipment(aPush(order, { units: half }));
    const rest = await harness.open().pushShipment(aPush(order, { units: half, taken: first.remoteIds }));
    const alone = await harness.place({ skus: [['MUG-BLUE', 24]] });
    for (let number = 0; number < 23; number += 1) {
      await harness.shipByHand(alone.remoteId, some(alone, 1), `HAND-${number}`);
    }

    expect(rest.order!.lines).toHaveLength(25);
    expect(rest.order!.lines.every(({ shipped }) => shipped === 2)).toBe(true);
    expect((await harness.open().getOrder(alone.remoteId)).lines).toMatchObject([{ shipped: 23 }]);
  });

  it('a product of more than 21 variants comes whole', async () => {
    const names = Array.from({ length: 25 }, (_, index) => `SIZE-${index}`);
    harness.shop.customer.product('Socks', names, { stock: { [harness.main]: 1 } });

    const { items } = await walk((after) => harness.open().importProducts(after));

    expect(items.filter(({ sku }) => sku.startsWith('SIZE-'))).toHaveLength(25);
  });

  it('a page that costs too much is asked for by halves', async () => {
    const small = await startShopifyHarness({ plan: { singleQueryMax: 400 } });
    const ids: string[] = [];
    for (let count = 0; count < 8; count += 1) ids.push((await small.place()).remoteId);

    const page = await small.open().importOrders(null);
    const all = await walk((after) => small.open().importOrders(after));
    const byIds = await small.open().getOrders([...ids, 'gid://shopify/Order/1', 'other']);
    await small.stop();

    expect(page.more).toBe(true);
    expect(page.items.length).toBeGreaterThan(0);
    expect(all.items.map(({ remoteId }) => remoteId)).toEqual(ids);
    expect(byIds.map(({ remoteId }) => remoteId)).toEqual(ids);
  });

  it('without points it says for how long, and writes nothing', async () => {
    const order = await harness.place();
    harness.shop.bucket.drain(10);

    const fault = await faultOf(harness.open().pushShipment(aPush(order)));
    harness.shop.bucket.drain(20_000);

    expect(fault).toEqual({ kind: 'rate_limited', retryAfter: 1 });
    expect(await harness.shipments(order.remoteId)).toEqual([]);
  });
});

describe('the locations of a Shopify shop', () => {
  const write = async (sku: string, available: number) => ({
    listingId: `lst_${sku}`,
    remoteProductId: await harness.productId(sku),
    sku,
    available,
    version: 1,
  });

  it('no stock is written while none of several is chosen', async () => {
    const open = harness.open({ settings: { stockLocationId: undefined } });

    const fault = await faultOf(open.writeInventory([await write('MUG-BLUE', 5)]));

    expect(fault).toEqual({ kind: 'invalid', field: 'stockLocationId', code: 'several_locations' });
  });

  it('a product that is not stocked at the chosen one is stocked there with the first figure', async () => {
    harness.shop.customer.product('Lamp', ['LAMP'], { stock: { [harness.second]: 4 } });

    const outcomes = await harness.open().writeInventory([await write('LAMP', 7)]);

    expect(outcomes).toEqual([{ listingId: 'lst_LAMP', outcome: 'written' }]);
    expect((await harness.stock('LAMP')).available).toBe(7);
  });
});

describe('the subscriptions of a Shopify shop', () => {
  it('those that the shop has deleted are made again, and none twice; disconnected, none is left', async () => {
    const { state } = harness.shop;
    const url = 'https://portals.example/v1/hooks/chn_1';
    await harness.open().ensureWebhooks(url);
    const made = state.subscriptions.length;
    state.subscriptions = state.subscriptions.slice(1);

    await Promise.all([harness.open().ensureWebhooks(url), harness.open().ensureWebhooks(url)]);
    const again = state.subscriptions.map(({ topic }) => topic);
    await harness.open().disconnect();

    expect(made).toBe(4);
    expect(again).toHaveLength(4);
    expect(new Set(again).size).toBe(4);
    expect(state.subscriptions).toEqual([]);
  });
});
