import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { accessConformance } from '../conformance/access.ts';
import { changeConformance } from '../conformance/changes.ts';
import { orderConformance } from '../conformance/orders.ts';
import { pagingConformance } from '../conformance/paging.ts';
import { shipmentConformance } from '../conformance/shipments.ts';
import { stockConformance } from '../conformance/stock.ts';
import { webhookConformance } from '../conformance/webhooks.ts';
import { aPush, faultOf } from '../harness.ts';
import { firstStartLimitMs, startMedusaHarness } from './harness.ts';
import { mistakesOfOthers } from './mistakes.ts';
import { wayOfAnOrder } from './way-of-an-order.ts';

/** The shop takes a second for each order, so `.ci/run` leaves out what places many. */
const whole = process.env['CONFORMANCE'] === 'short' ? describe.skip : describe;

let harness: Awaited<ReturnType<typeof startMedusaHarness>>;
beforeAll(async () => {
  harness = await startMedusaHarness({ bulk: 300 });
}, firstStartLimitMs);
afterAll(async () => {
  await harness?.stop();
});

const traits = {
  stock: 'on_hand',
  reference: 'stored',
  correct: 'in_place',
  void: 'unshipped',
  steps: 'two',
  changes: 'all',
  clockGrainMs: 1,
} as const;

describe('a Medusa shop', () => {
  describe('shipments', () => {
    shipmentConformance(() => harness, traits);
  });
  whole('access and faults', () => {
    accessConformance(() => harness, { hasRights: false });
  });
  describe('orders', () => {
    orderConformance(() => harness, traits);
  });
  whole('pages', () => {
    pagingConformance(() => harness, { count: 9 });
  });
  describe('products and stock', () => {
    stockConformance(() => harness);
  });
  describe('webhooks', () => {
    webhookConformance(() => harness);
  });
  whole('changes by a clerk', () => {
    changeConformance(() => harness, ['edit', 'add', 'giveBack', 'deleteProduct']);
  });
  mistakesOfOthers(() => harness);
  describe('and the service', () => {
    wayOfAnOrder(() => harness.shop);
  });

  it('corrects and sends nothing without the companion, and says so', async () => {
    const order = await harness.place();
    const push = aPush(order);
    const { remoteIds } = await harness.open().pushShipment(push);
    const gone = harness.proxy.answer(
      { status: 404 },
      { matching: ({ path }) => path.startsWith('/admin/vendor-portals') },
    );
    const tracking = { ...push.tracking, number: '1Z-OTHER' };

    const { correct } = await harness.open().describeTraits();
    const fault = await faultOf(harness.open().correctTracking({ ...push, revision: 2, remoteIds, tracking }));
    await harness.open().ensureWebhooks('http://127.0.0.1:1/hook');
    gone.lift();

    expect(correct).toBe('none');
    expect(fault).toMatchObject({ kind: 'invalid', field: 'tracking' });
    expect(await harness.shipments(order.remoteId)).toMatchObject([{ number: push.tracking.number }]);
  });

  it('voids what is not shipped yet, and then has its units open', async () => {
    const order = await harness.place();
    const push = aPush(order);
    harness.proxy.refuse(503, { times: 1, matching: harness.is.finish });
    await faultOf(harness.open().pushShipment(push));

    const voided = await harness.open().voidShipment(push);
    await harness.open().voidShipment(push);
    const renewed = await harness.open().pushShipment(aPush(order));
    const shipped = await faultOf(harness.open().voidShipment(aPush(order, { remoteIds: renewed.remoteIds })));

    expect(voided.order!.lines).toMatchObject([{ shipped: 0, cancelled: 0 }]);
    expect(renewed).toMatchObject({ found: false, order: { lines: [{ shipped: 2 }] } });
    expect((await harness.shipments(order.remoteId)).map(({ state }) => state).sort()).toEqual(['shipped', 'voided']);
    expect(shipped).toEqual({ kind: 'invalid', field: 'shipment', code: 'shipped' });
  });
});
