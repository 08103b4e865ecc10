import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { openApi } from '../../../activities/channels/api.ts';
import { ChannelError, type Fault, type Push } from '../../../activities/channels/channel.ts';
import { createSafeFetch } from '../../../activities/channels/safe-fetch.ts';
import { startCallbackShop, type CallbackShop } from '../../support/fakes/callback-shop.ts';
import { startFaultProxy, type FaultProxy } from '../../support/fakes/fault-proxy.ts';

let shop: CallbackShop;
let proxy: FaultProxy;

beforeAll(async () => {
  shop = await startCallbackShop();
  proxy = await startFaultProxy({ target: `http://${shop.host}` });
});
afterEach(async () => {
  proxy.pass();
  await shop.answer('ok');
});
afterAll(async () => {
  await proxy?.close();
  await shop?.stop();
});

type Opening = { settings?: unknown; credentials?: unknown; signal?: AbortSignal; timeoutMs?: number };

/** The merchant's endpoint behind the proxy, unless other settings are given. */
function open({ settings, credentials, signal, timeoutMs = 5_000 }: Opening = {}) {
  const tools = {
    fetch: createSafeFetch({ allowedPrivateHosts: [proxy.host], timeoutMs }),
    now: () => new Date(),
    connectedAt: new Date(0),
    signal: signal ?? new AbortController().signal,
    renewCredentials: async (used: unknown) => used,
    ownProducts: async () => [],
  };
  const callback = { callbackUrl: `${proxy.url}/vendor-portals` };
  return openApi(settings ?? callback, credentials ?? { callbackSecret: shop.secret }, tools);
}

let pushes = 0;
function aPush(changes: Partial<Push> = {}): Push {
  pushes += 1;
  return {
    shipmentId: `shp_${pushes}`,
    revision: 1,
    remoteOrderId: 'A-1001',
    units: [{ remoteLineId: 'line-1', quantity: 2 }],
    tracking: {
      method: 'tracked',
      carrier: 'ups',
      carrierName: 'UPS',
      number: '1Z999',
      url: 'https://www.ups.com/track?tracknum=1Z999',
    },
    shippedAt: '2026-11-22T10:00:00.000Z',
    notifyBuyer: true,
    remoteIds: [],
    taken: [],
    ...changes,
  };
}

const errorOf = async (call: Promise<unknown> | (() => unknown)): Promise<unknown> => {
  try {
    await (typeof call === 'function' ? call() : call);
  } catch (error) {
    return error;
  }
  throw new Error('The call should have failed.');
};
const faultOf = async (call: Promise<unknown> | (() => unknown)): Promise<Fault> => {
  const error = await errorOf(call);
  if (error instanceof ChannelError) return error.fault;
  throw error;
};
const sent = async (shipmentId: string) =>
  (await shop.ledger()).filter(({ message }) => message?.['shipmentId'] === shipmentId);
const doneOf = async (shipmentId: string) => (await sent(shipmentId)).filter(({ outcome }) => outcome === 'done');

describe('an api channel without a callback', () => {
  it('has nothing to read and nothing missing', async () => {
    const channel = open({ settings: {}, credentials: null });

    expect(await channel.importOrders(null)).toEqual({ items: [], next: 'start', more: false });
    expect(await channel.importProducts('start')).toEqual({ items: [], next: 'start', more: false });
    expect(await channel.listCancelled(null)).toMatchObject({ items: [], more: false });
    expect(await channel.describeAccess()).toEqual({ account: 'api', missing: [], unproven: [], locations: [] });
    expect(await faultOf(channel.getOrder('A-1001'))).toEqual({ kind: 'gone', what: 'order' });
  });

  it('takes shipments and stock as they are recorded, and calls nobody', async () => {
    const before = proxy.counts();
    const channel = open({ settings: {}, credentials: null });
    const push = aPush();
    const stock = { listingId: 'lst_1', remoteProductId: 'p-1', sku: 'MUG', available: 3, version: 7 };

    const recorded = { remoteIds: [push.shipmentId], found: false, order: null };
    expect(await channel.pushShipment(push)).toEqual(recorded);
    expect(await channel.correctTracking({ ...push, revision: 2 })).toEqual(recorded);
    expect(await channel.voidShipment({ ...push, revision: 3 })).toEqual(recorded);
    expect(await channel.writeInventory([stock])).toEqual([{ listingId: 'lst_1', outcome: 'written' }]);
    expect(proxy.counts()).toEqual(before);
  });
});

describe('opening an api channel', () => {
  it.each([
    [{ callbackUrl: 'not a url' }, {}, { kind: 'invalid', field: 'callbackUrl', code: 'malformed' }],
    [{ callbackUrl: 'https://shop.example/hook' }, {}, { kind: 'invalid', field: 'callbackSecret', code: 'missing' }],
    [
      { callbackUrl: 'https://shop.example/hook', callbackSecret: 'whsec_%%%' },
      {},
      { kind: 'invalid', field: 'callbackSecret', code: 'malformed' },
    ],
    [{}, { callbackSecret: 7 }, { kind: 'invalid', field: 'callbackSecret', code: 'malformed' }],
  ])('with %j and %j names the field at fault', async (settings, credentials, fault) => {
    expect(await faultOf(() => open({ settings, credentials }))).toEqual(fault);
  });

  it('finds the secret in the settings as well', async () => {
    const settings = { callbackUrl: `${proxy.url}/vendor-portals`, callbackSecret: shop.secret };
    const push = aPush();

    await open({ settings, credentials: {} }).pushShipment(push);

    expect(await doneOf(push.shipmentId)).toHaveLength(1);
  });

  it('proves its access with a signed ping', async () => {
    const access = await open().describeAccess();

    expect(access).toEqual({ account: proxy.host, missing: [], unproven: [], locations: [] });
    expect((await shop.done()).at(-1)?.message).toEqual({ type: 'ping' });
  });

  it('finds out when its secret is not the one of the endpoint', async () => {
    const credentials = { callbackSecret: `whsec_${Buffer.alloc(24, 'x').toString('base64')}` };

    expect(await faultOf(open({ credentials }).describeAccess())).toEqual({ kind: 'auth_failed' });
  });

  it('finds out that the endpoint does not answer, with nothing in doubt', async () => {
    proxy.cut();

    expect(await faultOf(open().describeAccess())).toEqual({ kind: 'unavailable' });
  });
});

describe('sending a shipment to the endpoint', () => {
  it('says what left, in the words of the merchant', async () => {
    const push = aPush({
      tracking: { method: 'tracked', carrier: 'other', carrierName: 'Łódź Kurier', number: 'ŁK-1' },
    });

    const pushed = await open().pushShipment(push);

    expect(pushed).toEqual({ remoteIds: [push.shipmentId], found: false, order: null });
    expect(await doneOf(push.shipmentId)).toMatchObject([
      {
        webhookId: `${push.shipmentId}.1`,
        message: {
          type: 'shipment.pushed',
          shipmentId: push.shipmentId,
          revision: 1,
          orderId: 'A-1001',
          method: 'tracked',
          carrier: 'other',
          carrierName: 'Łódź Kurier',
          trackingNumber: 'ŁK-1',
          trackingUrl: null,
          shippedAt: '2026-11-22T10:00:00.000Z',
          lines: [{ remoteLineId: 'line-1', quantity: 2 }],
        },
      },
    ]);
  });

  it('says that a shipment has no number, and how it reaches the buyer', async () => {
    const push = aPush({ tracking: { method: 'pickup', carrier: null, carrierName: null, number: null } });

    await open().pushShipment(push);

    const message = { method: 'pickup', carrier: null, carrierName: null, trackingNumber: null, trackingUrl: null };
    expect(await doneOf(push.shipmentId)).toMatchObject([{ message }]);
  });

  it('is done once however often it is sent, also in parallel', async () => {
    const push = aPush();

    await Promise.all([1, 2, 3].map(() => open().pushShipment(push)));
    await open().pushShipment(push);

    const outcomes = (await sent(push.shipmentId)).map(({ outcome }) => outcome);
    expect(outcomes.sort()).toEqual(['done', 'repeated', 'repeated', 'repeated']);
  });

  it('keeps two shipments with the same number and units apart', async () => {
    const [one, other] = [aPush(), aPush()];

    await open().pushShipment(one);
    await open().pushShipment({ ...other, taken: [one.shipmentId] });

    expect(await doneOf(one.shipmentId)).toHaveLength(1);
    expect(await doneOf(other.shipmentId)).toHaveLength(1);
  });

  it('sends a correction and a void as revisions of the same shipment', async () => {
    const push = aPush();
    const channel = open();

    await channel.pushShipment(push);
    for (const repeat of [1, 2]) {
      await channel.correctTracking({ ...push, revision: 2, tracking: { ...push.tracking, number: `1ZNEW${repeat}` } });
      await channel.voidShipment({ ...push, revision: 3 });
    }

    const done = await doneOf(push.shipmentId);
    expect(done.map(({ webhookId, message }) => [webhookId, message?.['type']])).toEqual([
      [`${push.shipmentId}.1`, 'shipment.pushed'],
      [`${push.shipmentId}.2`, 'shipment.corrected'],
      [`${push.shipmentId}.3`, 'shipment.voided'],
    ]);
  });

  it('takes any 2xx as taken, whatever page comes with it', async () => {
    proxy.answerHtml();

    expect(await open().pushShipment(aPush())).toMatchObject({ found: false });
  });
});

describe('a lost answer', () => {
  const losses = {
    'dropped by the network': () => void proxy.dropAnswers({ times: 1 }),
    'spoiled by a gateway': () => void proxy.failAnswers({ times: 1 }),
    'later than we wait': () => void proxy.delayAnswers(60_000, { times: 1 }),
    'dropped by the endpoint': () => shop.answer('drop', 'ok'),
    'a 500 after the write': () => shop.answer('fail_after_write', 'ok'),
    'later than we wait, by the endpoint': () => shop.answer({ delayMs: 60_000 }, 'ok'),
  };

  it.each(Object.entries(losses))('%s leaves the outcome open; the retry repeats the id', async (_case, lose) => {
    const push = aPush();
    await lose();

    const fault = await faultOf(open({ timeoutMs: 300 }).pushShipment(push));
    await open().pushShipment(push);

    expect(fault).toEqual({ kind: 'unknown_outcome' });
    expect((await sent(push.shipmentId)).map(({ webhookId, outcome }) => [webhookId, outcome])).toEqual([
      [`${push.shipmentId}.1`, 'done'],
      [`${push.shipmentId}.1`, 'repeated'],
    ]);
  });
});

describe('an endpoint that does not take it', () => {
  const refusals = [
    ['is gone', { kind: 'gone', what: 'channel' }, () => shop.answer('gone')],
    ['trusts another secret', { kind: 'auth_failed' }, () => shop.answer('unauthorized')],
    ['has too much to do', { kind: 'rate_limited', retryAfter: 42 }, () => shop.answer({ retryAfter: 42 })],
    ['does not say how long', { kind: 'rate_limited', retryAfter: 30 }, async () => void proxy.limitRate(undefined)],
    ['fails', { kind: 'unknown_outcome' }, () => shop.answer('fail')],
    ['is behind a dead gateway', { kind: 'unknown_outcome' }, async () => void proxy.refuse(503)],
    ['has moved', { kind: 'invalid', field: 'url', code: 'redirected' }, async () => void proxy.refuse(308)],
    ['does not like it', { kind: 'invalid', field: 'request', code: 'status_422' }, async () => void proxy.refuse(422)],
    ['hangs up first', { kind: 'unknown_outcome' }, async () => void proxy.cut()],
  ] as const;

  it.each(refusals)('that %s is the fault %j, after one call, with nothing done', async (_case, fault, refuse) => {
    const push = aPush();
    await refuse();
    const { received } = proxy.counts();

    const error = await errorOf(open().pushShipment(push));

    expect(error).toBeInstanceOf(ChannelError);
    expect((error as ChannelError).fault).toEqual(fault);
    expect(proxy.counts().received).toBe(received + 1);
    expect(await doneOf(push.shipmentId)).toEqual([]);
    const said = `${(error as Error).stack} ${JSON.stringify(error)}`;
    expect(said).not.toContain(shop.secret.slice('whsec_'.length));
    expect(said).not.toContain(proxy.host);
  });

  it('is unavailable, with nothing in doubt, while nobody listens', async () => {
    await proxy.down();

    const fault = await faultOf(open().pushShipment(aPush()));
    await proxy.up();

    expect(fault).toEqual({ kind: 'unavailable' });
  });

  it('is let go of within a second once we are cancelled, and the reason passes through', async () => {
    proxy.delayAnswers(60_000);
    const cancellation = new AbortController();
    const reason = Object.assign(new Error('cancelled'), { name: 'CancelledFailure' });
    const push = open({ signal: cancellation.signal, timeoutMs: 30_000 }).pushShipment(aPush());
    const started = performance.now();
    cancellation.abort(reason);

    expect(await errorOf(push)).toBe(reason);
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});

describe('sending stock to the endpoint', () => {
  const items = [
    { listingId: 'lst_1', remoteProductId: 'p-1', sku: 'MUG', available: 3, version: 7 },
    { listingId: 'lst_2', remoteProductId: 'p-2', sku: 'CUP', available: -2, version: 9 },
  ];

  it('sends absolute figures with their versions, none below zero, and repeats the id after a lost answer', async () => {
    proxy.dropAnswers({ times: 1 });

    const fault = await faultOf(open().writeInventory(items));
    const outcomes = await open().writeInventory(items);

    expect(fault).toEqual({ kind: 'unknown_outcome' });
    expect(outcomes).toEqual([
      { listingId: 'lst_1', outcome: 'written' },
      { listingId: 'lst_2', outcome: 'written' },
    ]);
    const stock = (await shop.ledger()).filter(({ message }) => message?.['type'] === 'stock.changed');
    expect(stock.map(({ outcome }) => outcome)).toEqual(['done', 'repeated']);
    expect(stock[0]?.message?.['items']).toEqual([items[0], { ...items[1], available: 0 }]);
  });

  it('gives other figures another id', async () => {
    const before = await shop.done();

    await open().writeInventory([{ ...items[0]!, version: 8 }]);
    await open().writeInventory([{ ...items[0]!, version: 10 }]);

    expect((await shop.done()).length - before.length).toBe(2);
  });

  it.each([
    ['refuses', 422, { kind: 'invalid', field: 'items', code: 'status_422' }],
    ['says is gone', 410, { kind: 'gone', what: 'listing' }],
  ] as const)('names what it %s as something in the batch, which may be halved', async (_verb, status, fault) => {
    await shop.answer({ refuseSkus: ['CUP'], status });

    expect(await faultOf(open().writeInventory(items))).toEqual(fault);
    expect(await open().writeInventory([items[0]!])).toEqual([{ listingId: 'lst_1', outcome: 'written' }]);
  });

  it('names a missing endpoint as the channel: no listing is to blame', async () => {
    proxy.refuse(404);

    expect(await faultOf(open().writeInventory(items))).toEqual({ kind: 'gone', what: 'channel' });
  });
});
