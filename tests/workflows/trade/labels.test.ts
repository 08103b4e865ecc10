import { describe, expect, it } from '@jest/globals';
import { dataOf } from '../../../clients/typescript/src/index.ts';
import type { CrashPointName } from '../../../db/engine/crash-point.ts';
import { startCallbackShop } from '../../support/fakes/callback-shop.ts';
import { cancel, orCode, sold, type TradedSku } from '../../support/trade/cancel-trade.ts';
import {
  aLabelAccount,
  buyLabel,
  cheapestLabel,
  labelOf,
  labelsOf,
  parcel,
  ratesOf,
  shipsFrom,
  untilLabel,
  voidLabel,
} from '../../support/trade/labels.ts';
import {
  orderOf,
  placeOrder,
  received,
  ship,
  shipmentOf,
  type Company,
  type OrderAnswer,
} from '../../support/trade/trade.ts';
import { aTradingWorld } from '../../support/trade/trading-world.ts';
import { forTheFile } from '../../support/engine/for-the-file.ts';
import { waitUntil } from '../../support/engine/wait-until.ts';

/** Activities fail where they pass one of these points, as if the worker had died there. */
const dying = new Set<CrashPointName>();
/** How often each point was passed. */
const passed = new Map<CrashPointName, number>();
const crashPoint = (name: CrashPointName) => {
  passed.set(name, (passed.get(name) ?? 0) + 1);
  if (dying.has(name)) throw new Error(`died at ${name}`);
};

const endpoint = forTheFile(startCallbackShop);
const { world, traded } = aTradingWorld({ endpoint, sweepMs: 300, crashPoint });
const ready = forTheFile(async () => {
  await aLabelAccount(traded.supplier);
  await shipsFrom(traded.supplier);
  return {};
});

/** An order of some units with its supplier. */
async function anOrder(quantity = 3): Promise<{ order: OrderAnswer; taken: OrderAnswer }> {
  expect(ready).toBeDefined();
  const order = await sold(traded, quantity);
  const taken = await received(traded.supplier, { portalId: traded.trade.portalId, dropshipId: order.dropship!.id });
  return { order, taken };
}

/** What the shop was sent of an order. */
async function atTheShop(
  order: OrderAnswer,
): Promise<{ type: unknown; shipmentId: unknown; trackingNumber: unknown }[]> {
  const done = await endpoint.done();
  return done.flatMap(({ message }) =>
    message?.['orderId'] === order['remoteId']
      ? [{ type: message['type'], shipmentId: message['shipmentId'], trackingNumber: message['trackingNumber'] }]
      : [],
  );
}

const eventsOf = async (company: Company, id: string) => {
  const { data } = await dataOf(company.rest.api.GET('/v1/orders/{id}/events', { params: { path: { id } } }));
  return data.filter(({ type }) => type.startsWith('label_')).map(({ type, data: facts }) => ({ type, ...facts }));
};

const unitsOf = (order: OrderAnswer, quantity: number) => [{ lineId: order.lines[0]!.id, quantity }];

describe('a label of a supplier', () => {
  it('is bought, and its tracking is with the merchant and in the shop', async () => {
    const { order, taken } = await anOrder();

    const label = await cheapestLabel(traded.supplier, taken.id);

    expect(label).toMatchObject({
      status: 'recorded',
      orderId: taken.id,
      isReturn: false,
      carrier: 'other',
      service: 'Economy',
      payer: 'account',
      cost: { amount: 480, currency: 'USD' },
      refund: 'none',
      lines: unitsOf(taken, 3),
      parcel,
      failure: null,
      attention: null,
    });
    expect(label.trackingNumber).toMatch(/^TEST\d{16}$/);
    await waitUntil(async () => (await atTheShop(order)).length === 1, { timeoutMs: 20_000 });
    const { shipmentId, trackingNumber } = label;
    expect(await atTheShop(order)).toEqual([{ type: 'shipment.pushed', shipmentId, trackingNumber }]);
    const merchants = await orderOf(traded.merchant, order.id);
    expect(merchants).toMatchObject({ status: 'shipped', shipments: [{ id: shipmentId, trackingNumber }], labels: [] });
    expect((await orderOf(traded.supplier, taken.id)).labels).toEqual([await labelOf(traded.supplier, label.id)]);
    expect(await eventsOf(traded.supplier, taken.id)).toEqual([
      {
        type: 'label_bought',
        labelId: label.id,
        carrier: 'other',
        service: 'Economy',
        trackingNumber,
        cost: { amount: 480, currency: 'USD' },
      },
    ]);
  });

  it('is the same label for the same request, however often it is sent', async () => {
    const { taken } = await anOrder();
    const { quotes } = await ratesOf(traded.supplier, taken.id);
    const wish = { quoteId: quotes[0]!.id, key: `again-${taken.id}` };

    const answers = await Promise.all([1, 2, 3].map(() => orCode(buyLabel(traded.supplier, taken.id, wish))));
    const later = await buyLabel(traded.supplier, taken.id, wish);

    const labels = answers.filter((answer) => typeof answer !== 'string');
    expect(new Set([...labels.map(({ id }) => id), later.id]).size).toBe(1);
    expect(await labelsOf(traded.supplier, taken.id)).toHaveLength(1);
    expect((await orderOf(traded.supplier, taken.id)).shipments).toHaveLength(1);
  });

  it('is one of several, where the order leaves in several parcels', async () => {
    const { order, taken } = await anOrder(5);

    const first = await cheapestLabel(traded.supplier, taken.id, { lines: unitsOf(taken, 3) });
    const second = await cheapestLabel(traded.supplier, taken.id);

    expect([first.lines, second.lines]).toEqual([unitsOf(taken, 3), unitsOf(taken, 2)]);
    await waitUntil(async () => (await atTheShop(order)).length === 2, { timeoutMs: 20_000 });
    expect((await orderOf(traded.merchant, order.id)).status).toBe('shipped');
    expect(await orCode(cheapestLabel(traded.supplier, taken.id))).toBe('nothing_left_to_ship');
  });

  it('that names a service is rated by itself, and never bought above its limit', async () => {
    const { taken } = await anOrder();
    const wish = { carrier: 'other', service: 'express', parcel };

    const tooDear = await orCode(
      buyLabel(traded.supplier, taken.id, { ...wish, maxCost: { amount: 1_919, currency: 'USD' }, key: 'a' }),
    );
    const label = await buyLabel(traded.supplier, taken.id, {
      ...wish,
      maxCost: { amount: 1_920, currency: 'USD' },
      key: 'b',
    });

    expect(tooDear).toBe('rate_changed');
    expect(label).toMatchObject({ status: 'recorded', service: 'Express', cost: { amount: 1_920, currency: 'USD' } });
    const [failed] = (await labelsOf(traded.supplier, taken.id)).slice(-1);
    expect(failed).toMatchObject({ status: 'failed', failure: 'rate_changed', cost: null, trackingNumber: null });
  });

  it.each([
    ['a quote that was used', 'rate_expired'],
    ['another order’s quote', 'quote_not_found'],
    ['a price below the quote', 'rate_changed'],
    ['a return label’s quote', 'quote_not_found'],
  ])('is not bought of %s', async (what, code) => {
    const { taken } = await anOrder();
    const { quotes } = await ratesOf(traded.supplier, taken.id, { lines: unitsOf(taken, 1) });
    const quoteId = quotes[0]!.id;
    const wish = { quoteId };
    if (what.includes('used') || what.includes('return')) await buyLabel(traded.supplier, taken.id, wish);
    const back = what.includes('return') ? await ratesOf(traded.supplier, taken.id, { isReturn: true }) : undefined;
    const at = what.includes('another') ? (await anOrder()).taken.id : taken.id;
    const before = (await labelsOf(traded.supplier)).length;

    const refused = buyLabel(traded.supplier, at, {
      quoteId: back?.quotes[0]!.id ?? quoteId,
      ...(what.includes('price') && { maxCost: { amount: 479, currency: 'USD' } }),
    });

    expect(await orCode(refused)).toBe(code);
    expect((await labelsOf(traded.supplier)).length).toBe(before);
  });

  it('holds its units while it is being bought', async () => {
    const { taken } = await anOrder(2);
    const quotes = (await ratesOf(traded.supplier, taken.id)).quotes;
    const others = (await ratesOf(traded.supplier, taken.id)).quotes;
    dying.add('label.prepared');
    const first = buyLabel(traded.supplier, taken.id, { quoteId: quotes[0]!.id, key: `hold-${taken.id}` });
    await waitUntil(async () => (await labelsOf(traded.supplier, taken.id)).length === 1);

    const second = await orCode(buyLabel(traded.supplier, taken.id, { quoteId: others[0]!.id }));
    dying.clear();

    expect(second).toBe('quantity_exceeds_open');
    expect((await first).status).toBe('recorded');
  });
});

describe('an activity that dies', () => {
  const points: CrashPointName[] = [
    'label.prepared',
    'label.sent',
    'label.bought',
    'label.payer-committed',
    'label.bought-committed',
    'label.fetched',
    'label.stored',
    'label.shipment-recorded',
  ];

  it.each(points)('at %s repeats nothing that is done', async (point) => {
    const { order, taken } = await anOrder();
    const before = passed.get(point) ?? 0;
    dying.add(point);
    const buying = cheapestLabel(traded.supplier, taken.id);
    await waitUntil(() => (passed.get(point) ?? 0) > before);
    dying.clear();

    const label = await untilLabel(traded.supplier, (await buying).id, 'recorded');

    expect(await labelsOf(traded.supplier, taken.id)).toHaveLength(1);
    expect(await eventsOf(traded.supplier, taken.id)).toHaveLength(1);
    await waitUntil(async () => (await atTheShop(order)).length === 1, { timeoutMs: 20_000 });
    expect(await atTheShop(order)).toMatchObject([{ shipmentId: label.shipmentId }]);
    expect((await orderOf(traded.merchant, order.id)).shipments).toHaveLength(1);
  });
});

describe('a label whose order changes while it is being bought', () => {
  /** Holds a label of all units back at this point while `meanwhile` happens. */
  async function overtaken(
    point: CrashPointName,
    meanwhile: (taken: OrderAnswer, order: OrderAnswer) => Promise<unknown>,
  ) {
    const { order, taken } = await anOrder();
    const before = passed.get(point) ?? 0;
    dying.add(point);
    const buying = orCode(cheapestLabel(traded.supplier, taken.id));
    await waitUntil(() => (passed.get(point) ?? 0) > before);
    await meanwhile(taken, order);
    dying.clear();
    await buying;
    return { order, taken, label: (await labelsOf(traded.supplier, taken.id))[0]! };
  }

  const cancelled = async (taken: OrderAnswer, order: OrderAnswer) => {
    await cancel(traded.merchant, order.id);
    await dataOf(
      traded.supplier.rest.api.POST('/v1/orders/{id}/cancel/accept', {
        params: { path: { id: taken.id } },
        body: { reason: 'customer_request' },
      }),
    );
  };

  it('is not bought, where the order is cancelled before', async () => {
    const { label } = await overtaken('label.prepared', cancelled);

    expect(label).toMatchObject({ status: 'failed', failure: 'order_cancelled', cost: null, refund: 'none' });
  });

  it('is void by itself, where the order is cancelled after it was bought', async () => {
    const { taken, label } = await overtaken('label.bought-committed', cancelled);

    expect(await untilLabel(traded.supplier, label.id, 'voided')).toMatchObject({
      failure: 'order_cancelled',
      refund: 'refunded',
      shipmentId: null,
    });
    expect((await orderOf(traded.supplier, taken.id)).shipments).toEqual([]);
    expect((await eventsOf(traded.supplier, taken.id)).map(({ type }) => type).toSorted()).toEqual([
      'label_bought',
      'label_refunded',
      'label_voided',
    ]);
  });

  it('is void by itself, where the units were shipped otherwise', async () => {
    const { taken, label } = await overtaken('label.bought-committed', (order) =>
      ship(traded.supplier, order.id, { trackingNumber: `BY-HAND-${order.id}` }),
    );

    expect((await untilLabel(traded.supplier, label.id, 'voided')).refund).toBe('refunded');
    expect((await orderOf(traded.supplier, taken.id)).shipments).toHaveLength(1);
  });

  it('takes the shipment of whoever typed its tracking', async () => {
    const { taken, label } = await overtaken('label.bought-committed', async ({ id }) => {
      const [{ trackingNumber } = { trackingNumber: null }] = await labelsOf(traded.supplier, id);
      return ship(traded.supplier, id, { trackingNumber: trackingNumber! });
    });

    const { shipmentId, refund } = await untilLabel(traded.supplier, label.id, 'recorded');
    expect((await orderOf(traded.supplier, taken.id)).shipments.map(({ id }) => id)).toEqual([shipmentId]);
    expect(refund).toBe('none');
  });
});

describe('a void', () => {
  it('opens the units again, cancels the fulfillment, and asks for the money', async () => {
    const { order, taken } = await anOrder();
    const label = await cheapestLabel(traded.supplier, taken.id);

    const voided = await voidLabel(traded.supplier, label.id, { key: `void-${label.id}` });
    const repeated = await voidLabel(traded.supplier, label.id, { key: `void-${label.id}` });
    const again = await voidLabel(traded.supplier, label.id);

    expect(voided).toMatchObject({ status: 'voided', refund: 'refunded', shipmentId: label.shipmentId });
    expect(repeated).toEqual(voided);
    expect(again).toEqual(voided);
    expect((await orderOf(traded.supplier, taken.id)).status).toBe('awaiting_fulfillment');
    expect(await shipmentOf(traded.supplier, label.shipmentId!)).toMatchObject({
      status: 'voided',
      voidReason: 'not_sent',
    });
    await waitUntil(async () => (await atTheShop(order)).at(-1)?.type === 'shipment.voided', { timeoutMs: 20_000 });

    const next = await cheapestLabel(traded.supplier, taken.id);

    expect(next.shipmentId).not.toBe(label.shipmentId);
    await waitUntil(async () => (await atTheShop(order)).length === 3, { timeoutMs: 20_000 });
    expect((await orderOf(traded.merchant, order.id)).status).toBe('shipped');
  });

  it.each(['label.refund-asked', 'label.shipment-voided'] as const)(
    'that dies at %s ends all the same',
    async (point) => {
      const { taken } = await anOrder();
      const label = await cheapestLabel(traded.supplier, taken.id);
      const before = passed.get(point) ?? 0;
      dying.add(point);
      const voiding = orCode(voidLabel(traded.supplier, label.id));
      await waitUntil(() => (passed.get(point) ?? 0) > before);
      dying.clear();
      await voiding;

      expect((await untilLabel(traded.supplier, label.id, 'voided')).refund).toBe('refunded');
      expect((await eventsOf(traded.supplier, taken.id)).filter(({ type }) => type === 'label_voided')).toHaveLength(1);
    },
  );

  it('of a shipment that is void already asks for the money alone', async () => {
    const { taken } = await anOrder();
    const label = await cheapestLabel(traded.supplier, taken.id);
    const params = { path: { id: label.shipmentId! } };
    await dataOf(traded.supplier.rest.api.POST('/v1/shipments/{id}/void', { params, body: { reason: 'other' } }));

    expect(await voidLabel(traded.supplier, label.id)).toMatchObject({ status: 'voided', refund: 'refunded' });
    expect((await shipmentOf(traded.supplier, label.shipmentId!)).revision).toBe(2);
  });
});

describe('a label of an order of the account’s own', () => {
  it('is recorded and pushed as an in-house shipment, and can be void', async () => {
    const { merchant, channelId } = traded as TradedSku;
    await aLabelAccount(merchant);
    await shipsFrom(merchant);
    const sku = 'OWN-1';
    await dataOf(
      merchant.rest.api.POST('/v1/products', { body: { sku, name: sku, fulfillmentType: 'in_house', suppliers: [] } }),
    );
    const order = await placeOrder(merchant, { channelId, lines: [{ sku, quantity: 2 }] });

    const label = await cheapestLabel(merchant, order.id);

    await waitUntil(async () => (await atTheShop(order)).length === 1, { timeoutMs: 20_000 });
    expect(await atTheShop(order)).toMatchObject([
      { shipmentId: label.shipmentId, trackingNumber: label.trackingNumber },
    ]);
    expect((await orderOf(merchant, order.id)).status).toBe('shipped');

    expect(await voidLabel(merchant, label.id)).toMatchObject({ status: 'voided', refund: 'refunded' });
    await waitUntil(async () => (await atTheShop(order)).at(-1)?.type === 'shipment.voided', { timeoutMs: 20_000 });
  });
});
