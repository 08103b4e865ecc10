import { describe, expect, it } from '@jest/globals';
import { dataOf } from '../../../clients/typescript/src/index.ts';
import { orCode } from '../../support/trade/cancel-trade.ts';
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
import { aLabelWorld, labelEventsOf, unitsOf } from '../../support/trade/label-world.ts';
import { inParts, split as splitOrder } from '../../support/trade/split-trade.ts';
import { orderOf, placeOrder, shipmentOf } from '../../support/trade/trade.ts';
import { waitUntil } from '../../support/engine/wait-until.ts';

const world = aLabelWorld();

describe('a label of a supplier', () => {
  it('is bought, and its tracking is with the merchant and in the shop', async () => {
    const { order, taken } = await world.anOrder();

    const label = await cheapestLabel(world.traded.supplier, taken.id);

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
    await waitUntil(async () => (await world.atTheShop(order)).length === 1, { timeoutMs: 20_000 });
    const { shipmentId, trackingNumber } = label;
    expect(await world.atTheShop(order)).toEqual([{ type: 'shipment.pushed', shipmentId, trackingNumber }]);
    const merchants = await orderOf(world.traded.merchant, order.id);
    expect(merchants).toMatchObject({ status: 'shipped', shipments: [{ id: shipmentId, trackingNumber }], labels: [] });
    expect((await orderOf(world.traded.supplier, taken.id)).labels).toEqual([
      await labelOf(world.traded.supplier, label.id),
    ]);
    expect(await labelEventsOf(world.traded.supplier, taken.id)).toEqual([
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
    const { taken } = await world.anOrder();
    const { quotes } = await ratesOf(world.traded.supplier, taken.id);
    const wish = { quoteId: quotes[0]!.id, key: `again-${taken.id}` };

    const answers = await Promise.all([1, 2, 3].map(() => orCode(buyLabel(world.traded.supplier, taken.id, wish))));
    const later = await buyLabel(world.traded.supplier, taken.id, wish);

    const labels = answers.filter((answer) => typeof answer !== 'string');
    expect(new Set([...labels.map(({ id }) => id), later.id]).size).toBe(1);
    expect(await labelsOf(world.traded.supplier, taken.id)).toHaveLength(1);
    expect((await orderOf(world.traded.supplier, taken.id)).shipments).toHaveLength(1);
  });

  it('is one of several, where the order leaves in several parcels', async () => {
    const { order, taken } = await world.anOrder(5);

    const first = await cheapestLabel(world.traded.supplier, taken.id, { lines: unitsOf(taken, 3) });
    const second = await cheapestLabel(world.traded.supplier, taken.id);

    expect([first.lines, second.lines]).toEqual([unitsOf(taken, 3), unitsOf(taken, 2)]);
    await waitUntil(async () => (await world.atTheShop(order)).length === 2, { timeoutMs: 20_000 });
    expect((await orderOf(world.traded.merchant, order.id)).status).toBe('shipped');
    expect(await orCode(cheapestLabel(world.traded.supplier, taken.id))).toBe('nothing_left_to_ship');
  });

  it('that names a service is rated by itself, and never bought above its limit', async () => {
    const { taken } = await world.anOrder();
    const wish = { carrier: 'other', service: 'express', parcel };

    const tooDear = await orCode(
      buyLabel(world.traded.supplier, taken.id, { ...wish, maxCost: { amount: 1_919, currency: 'USD' }, key: 'a' }),
    );
    const label = await buyLabel(world.traded.supplier, taken.id, {
      ...wish,
      maxCost: { amount: 1_920, currency: 'USD' },
      key: 'b',
    });

    expect(tooDear).toBe('rate_changed');
    expect(label).toMatchObject({ status: 'recorded', service: 'Express', cost: { amount: 1_920, currency: 'USD' } });
    const [failed] = (await labelsOf(world.traded.supplier, taken.id)).slice(-1);
    expect(failed).toMatchObject({ status: 'failed', failure: 'rate_changed', cost: null, trackingNumber: null });
  });

  it.each([
    ['a quote that was used', 'rate_expired'],
    ['another order’s quote', 'quote_not_found'],
    ['a price below the quote', 'rate_changed'],
    ['a return label’s quote', 'quote_not_found'],
  ])('is not bought of %s', async (what, code) => {
    const { taken } = await world.anOrder();
    const { quotes } = await ratesOf(world.traded.supplier, taken.id, { lines: unitsOf(taken, 1) });
    const quoteId = quotes[0]!.id;
    const wish = { quoteId };
    if (what.includes('used') || what.includes('return')) await buyLabel(world.traded.supplier, taken.id, wish);
    const back = what.includes('return')
      ? await ratesOf(world.traded.supplier, taken.id, { isReturn: true })
      : undefined;
    const at = what.includes('another') ? (await world.anOrder()).taken.id : taken.id;
    const before = (await labelsOf(world.traded.supplier)).length;

    const refused = buyLabel(world.traded.supplier, at, {
      quoteId: back?.quotes[0]!.id ?? quoteId,
      ...(what.includes('price') && { maxCost: { amount: 479, currency: 'USD' } }),
    });

    expect(await orCode(refused)).toBe(code);
    expect((await labelsOf(world.traded.supplier)).length).toBe(before);
  });

  it('holds its units while it is being bought', async () => {
    const { taken } = await world.anOrder(2);
    const quotes = (await ratesOf(world.traded.supplier, taken.id)).quotes;
    const others = (await ratesOf(world.traded.supplier, taken.id)).quotes;
    let second: unknown;
    const held = world.diesAt('label.prepared', async () => {
      second = await orCode(buyLabel(world.traded.supplier, taken.id, { quoteId: others[0]!.id }));
    });
    const first = buyLabel(world.traded.supplier, taken.id, { quoteId: quotes[0]!.id, key: `hold-${taken.id}` });
    await held;

    expect(second).toBe('quantity_exceeds_open');
    expect((await first).status).toBe('recorded');
  });
});

describe('a void', () => {
  it('opens the units again, cancels the fulfillment, and asks for the money', async () => {
    const { order, taken } = await world.anOrder();
    const label = await cheapestLabel(world.traded.supplier, taken.id);

    const voided = await voidLabel(world.traded.supplier, label.id, { key: `void-${label.id}` });
    const repeated = await voidLabel(world.traded.supplier, label.id, { key: `void-${label.id}` });
    const again = await voidLabel(world.traded.supplier, label.id);

    expect(voided).toMatchObject({ status: 'voided', refund: 'refunded', shipmentId: label.shipmentId });
    expect(repeated).toEqual(voided);
    expect(again).toEqual(voided);
    expect((await orderOf(world.traded.supplier, taken.id)).status).toBe('awaiting_fulfillment');
    expect(await shipmentOf(world.traded.supplier, label.shipmentId!)).toMatchObject({
      status: 'voided',
      voidReason: 'not_sent',
    });
    await waitUntil(async () => (await world.atTheShop(order)).at(-1)?.type === 'shipment.voided', {
      timeoutMs: 20_000,
    });

    const next = await cheapestLabel(world.traded.supplier, taken.id);

    expect(next.shipmentId).not.toBe(label.shipmentId);
    await waitUntil(async () => (await world.atTheShop(order)).length === 3, { timeoutMs: 20_000 });
    expect((await orderOf(world.traded.merchant, order.id)).status).toBe('shipped');
  });

  it.each(['label.void-requested', 'label.refund-asked', 'label.shipment-voided'] as const)(
    'that dies at %s ends all the same',
    async (point) => {
      const { taken } = await world.anOrder();
      const label = await cheapestLabel(world.traded.supplier, taken.id);
      const died = world.diesAt(point);
      await orCode(voidLabel(world.traded.supplier, label.id));
      await died;

      expect((await untilLabel(world.traded.supplier, label.id, 'voided')).refund).toBe('refunded');
      expect(
        (await labelEventsOf(world.traded.supplier, taken.id)).filter(({ type }) => type === 'label_voided'),
      ).toHaveLength(1);
    },
  );

  it('of a shipment that is void already asks for the money alone', async () => {
    const { taken } = await world.anOrder();
    const label = await cheapestLabel(world.traded.supplier, taken.id);
    const params = { path: { id: label.shipmentId! } };
    await dataOf(world.traded.supplier.rest.api.POST('/v1/shipments/{id}/void', { params, body: { reason: 'other' } }));

    expect(await voidLabel(world.traded.supplier, label.id)).toMatchObject({ status: 'voided', refund: 'refunded' });
    expect((await shipmentOf(world.traded.supplier, label.shipmentId!)).revision).toBe(2);
  });
});

describe('a label of an order of the account’s own', () => {
  it('is recorded and pushed as an in-house shipment, and can be void', async () => {
    const { merchant, channelId } = world.traded;
    await aLabelAccount(merchant);
    await shipsFrom(merchant);
    const sku = 'OWN-1';
    await dataOf(
      merchant.rest.api.POST('/v1/products', { body: { sku, name: sku, fulfillmentType: 'in_house', suppliers: [] } }),
    );
    const order = await placeOrder(merchant, { channelId, lines: [{ sku, quantity: 2 }] });

    const label = await cheapestLabel(merchant, order.id);

    await waitUntil(async () => (await world.atTheShop(order)).length === 1, { timeoutMs: 20_000 });
    expect(await world.atTheShop(order)).toMatchObject([
      { shipmentId: label.shipmentId, trackingNumber: label.trackingNumber },
    ]);
    expect((await orderOf(merchant, order.id)).status).toBe('shipped');

    const split = () => splitOrder(merchant, order.id, { groups: inParts(order, 1, 1) });
    let meanwhile: unknown[] = [];
    const died = world.diesAt('label.void-requested', async () => {
      const { supplierId } = world.traded.trade;
      const path = { path: { id: order.id } };
      const dropshipped = merchant.rest.api.POST('/v1/orders/{id}/dropship', { params: path, body: { supplierId } });
      meanwhile = [await orCode(split()), await orCode(dataOf(dropshipped))];
    });
    const voided = voidLabel(merchant, label.id);
    await died;

    // Its units would be lost: until its shipment is void, the order stays whole and here.
    expect(meanwhile).toEqual(['order_shipped', 'order_shipped']);
    expect(await voided).toMatchObject({ status: 'voided', refund: 'refunded' });
    await waitUntil(async () => (await world.atTheShop(order)).at(-1)?.type === 'shipment.voided', {
      timeoutMs: 20_000,
    });
    expect((await split()).map(({ lines }) => lines.map(({ quantity }) => quantity))).toEqual([[1], [1]]);
  });
});
