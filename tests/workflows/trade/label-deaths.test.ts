import { describe, expect, it } from '@jest/globals';
import { dataOf } from '../../../clients/typescript/src/index.ts';
import type { CrashPointName } from '../../../db/engine/crash-point.ts';
import { cancel, orCode } from '../../support/trade/cancel-trade.ts';
import { persistently } from '../../support/trade/stage.ts';
import { cheapestLabel, labelsOf, untilLabel } from '../../support/trade/labels.ts';
import { aLabelWorld, labelEventsOf, shipmentsOf } from '../../support/trade/label-world.ts';
import { ship, type OrderAnswer } from '../../support/trade/trade.ts';
import { waitUntil } from '../../support/engine/wait-until.ts';

const world = aLabelWorld();

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
    const { order, taken } = await world.anOrder();
    const died = world.diesAt(point);
    const buying = cheapestLabel(world.traded.supplier, taken.id);
    await died;

    const label = await untilLabel(world.traded.supplier, (await buying).id, 'recorded');

    expect(await labelsOf(world.traded.supplier, taken.id)).toHaveLength(1);
    expect(await labelEventsOf(world.traded.supplier, taken.id)).toHaveLength(1);
    await waitUntil(async () => (await world.atTheShop(order)).length === 1, { timeoutMs: 20_000 });
    expect(await world.atTheShop(order)).toMatchObject([{ shipmentId: label.shipmentId }]);
    expect(await shipmentsOf(world.traded.merchant, order.id)).toHaveLength(1);
  });
});

describe('a label whose order changes while it is being bought', () => {
  /** Holds a label of all units back at this point while `meanwhile` happens. */
  async function overtaken(
    point: CrashPointName,
    meanwhile: (taken: OrderAnswer, order: OrderAnswer) => Promise<unknown>,
  ) {
    const { order, taken } = await world.anOrder();
    const died = world.diesAt(point, () => meanwhile(taken, order));
    await orCode(cheapestLabel(world.traded.supplier, taken.id));
    await died;
    return { order, taken, label: (await labelsOf(world.traded.supplier, taken.id))[0]! };
  }

  const cancelled = async (taken: OrderAnswer, order: OrderAnswer) => {
    const key = `cancelled-${taken.id}`;
    await persistently(() => cancel(world.traded.merchant, order.id, { key }));
    await persistently(() =>
      dataOf(
        world.traded.supplier.rest.api.POST('/v1/orders/{id}/cancel/accept', {
          params: { path: { id: taken.id }, header: { 'idempotency-key': key } },
          body: { reason: 'customer_request' },
        }),
      ),
    );
  };

  it('is not bought, where the order is cancelled before', async () => {
    const { label } = await overtaken('label.prepared', cancelled);

    expect(label).toMatchObject({ status: 'failed', failure: 'order_cancelled', cost: null, refund: 'none' });
  });

  it('is void by itself, where the order is cancelled after it was bought', async () => {
    const { taken, label } = await overtaken('label.bought-committed', cancelled);

    expect(await untilLabel(world.traded.supplier, label.id, 'voided')).toMatchObject({
      failure: 'order_cancelled',
      refund: 'refunded',
      shipmentId: null,
    });
    expect(await shipmentsOf(world.traded.supplier, taken.id)).toEqual([]);
    expect((await labelEventsOf(world.traded.supplier, taken.id)).map(({ type }) => type).toSorted()).toEqual([
      'label_bought',
      'label_refunded',
      'label_voided',
    ]);
  });

  it('is void by itself, where the units were shipped otherwise', async () => {
    const { taken, label } = await overtaken('label.bought-committed', (order) =>
      ship(world.traded.supplier, order.id, { trackingNumber: `BY-HAND-${order.id}` }),
    );

    expect((await untilLabel(world.traded.supplier, label.id, 'voided')).refund).toBe('refunded');
    expect(await shipmentsOf(world.traded.supplier, taken.id)).toHaveLength(1);
  });

  it('takes the shipment of whoever typed its tracking', async () => {
    const { taken, label } = await overtaken('label.bought-committed', async ({ id }) => {
      const [{ trackingNumber } = { trackingNumber: null }] = await labelsOf(world.traded.supplier, id);
      return ship(world.traded.supplier, id, { trackingNumber: trackingNumber! });
    });

    const { shipmentId, refund } = await untilLabel(world.traded.supplier, label.id, 'recorded');
    expect((await shipmentsOf(world.traded.supplier, taken.id)).map(({ id }) => id)).toEqual([shipmentId]);
    expect(refund).toBe('none');
  });
});
