import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ScheduleNotFoundError } from '@temporalio/client';
import { createCancelActivities } from '../../activities/dropships/cancels.ts';
import { createSplitActivities } from '../../activities/dropships/splits.ts';
import type { Deps } from '../../activities/deps.ts';
import { cancelDropship } from '../../db/dropships/dropships.ts';
import { askForParts, cancelParts, lockLeaf } from '../../db/orders/cancels.ts';
import { lockOrder } from '../../db/orders/orders.ts';
import { voidShipment } from '../../db/shipments/corrections.ts';
import { insertShipment, requireShipment } from '../../db/shipments/shipments.ts';
import { queuesFor } from '../../workflows/names.ts';
import { imported as receivedBySupplier, type OrderJson } from '../support/trade/api-orders.ts';
import { aCancellingShop, type CancellingShop } from '../support/trade/cancelling-shop.ts';
import { openApi, type TestApi } from '../support/engine/test-api.ts';

let api: TestApi;
let shop: CancellingShop;
beforeAll(async () => {
  api = await openApi();
  shop = await aCancellingShop(api);
});
afterAll(() => api.close());

const by = { kind: 'account', id: 'key_1' } as const;
/** Units of the order's first line. */
const units = (order: OrderJson, quantity: number) => [
  { orderId: order.id, lines: [{ lineId: order.lines[0]!.id, quantity }] },
];

/** What the dropship's workflow does to the rows of the merchant. */
const asks = (order: OrderJson, quantity: number) =>
  shop.inMerchant(async (db) =>
    askForParts(db, await lockLeaf(db, order.id), {
      parts: units(order, quantity),
      cause: { actor: by, reason: 'other' },
    }),
  );
const cancels = (order: OrderJson, quantity: number) =>
  shop.inMerchant(async (db) => {
    await lockLeaf(db, order.id);
    await cancelParts(db, units(order, quantity), { actor: by, reason: 'other' });
  });
const ships = (order: OrderJson, id: string, quantity: number) =>
  shop.inMerchant(async (db) => {
    await lockOrder(db, order.id);
    const sent = { carrier: 'ups', carrierName: 'UPS', trackingNumber: id, shippedAt: '2026-11-23T10:00:00Z' };
    const { lines } = units(order, quantity)[0]!;
    await insertShipment(db, { ...sent, id, orderId: order.id, dropshipId: order.dropship!.id, lines }, by);
  });
const workflows = () => {
  const client = {
    schedule: { getHandle: () => ({ describe: noSchedule }) },
    workflow: { start: async () => undefined },
  };
  const noSchedule = () => Promise.reject(new ScheduleNotFoundError('none', 'none'));
  const deps = { pool: api.pool, client, queues: queuesFor('-none'), crashPoint: () => undefined } as unknown as Deps;
  return { ...createCancelActivities(deps), ...createSplitActivities(deps) };
};
describe('the attention to a cancel in the shop', () => {
  const three = { sku: 'LAMP', ordered: 3, now: 3 };
  const codesOf = async (order: OrderJson) => (await shop.parkedOf(order)).map(({ code }) => code);

  it.each<[string, (order: OrderJson, quantity: number) => Promise<unknown>]>([
    ['are cancelled', cancels],
    ['are asked to be cancelled', asks],
  ])('stays until all the units that the shop cancelled %s', async (kind, act) => {
    const id = `80-${kind}`;
    const order = await shop.seen(id, three);
    await shop.seen(id, { ...three, now: 1 });

    await act(order, 1);
    const half = await codesOf(order);
    await act(order, act === asks ? 2 : 1);

    expect([half, await codesOf(order)]).toEqual([['cancelled_in_shop'], []]);
  });

  it('comes back for more units than a person lets ship, also after units were cancelled', async () => {
    const order = await shop.seen('81', three);
    await shop.seen('81', { ...three, now: 2 });
    await shop.resolve((await shop.parkedOf(order))[0]!);
    await asks(order, 1);

    await shop.seen('81', { ...three, now: 2 });
    const unchanged = await codesOf(order);
    await shop.seen('81', { ...three, now: 1 });

    expect([unchanged, await codesOf(order)]).toEqual([[], ['cancelled_in_shop']]);
  });

  it('comes back when the supplier declines to cancel', async () => {
    const order = await shop.seen('82', three);
    const supplierOrderId = await receivedBySupplier(api, shop.trade, order);
    await shop.seen('82', { ...three, now: 1 });
    const dropshipId = order.dropship!.id;
    const { noteCancelRequest, declineCancel } = workflows();
    const lines = [{ lineId: order.lines[0]!.id, remaining: 1 }];
    await noteCancelRequest({ dropshipId, lines, reason: 'other', actor: by });
    const asked = await codesOf(order);

    await declineCancel({ dropshipId, orderId: supplierOrderId, reason: 'packed', actor: by });

    expect([asked, await codesOf(order)]).toEqual([[], ['cancelled_in_shop']]);
  });

  it('is closed by the shipment of all units, and comes back with its void', async () => {
    const order = await shop.seen('83', three);
    await shop.seen('83', { ...three, now: 1 });
    await ships(order, 'shp_83_1', 2);
    const half = await codesOf(order);
    await ships(order, 'shp_83_2', 1);
    const whole = await codesOf(order);

    await shop.inMerchant(async (db) => {
      await lockOrder(db, order.id);
      await voidShipment(db, await requireShipment(db, 'shp_83_2'), { reason: 'not_sent', actor: by });
    });

    expect([half, whole, await codesOf(order)]).toEqual([['cancelled_in_shop'], [], ['cancelled_in_shop']]);
  });

  it('moves to the leaves that have the units when the dropship is split, without what a person lets ship', async () => {
    const order = await shop.seen('84', three);
    await shop.seen('84', { ...three, now: 2 });
    await shop.resolve((await shop.parkedOf(order))[0]!);
    await shop.seen('84', { ...three, now: 1 });
    const before = await codesOf(order);
    const lineId = order.lines[0]!.id;

    await workflows().splitBeforeImport({
      dropshipId: order.dropship!.id,
      side: 'merchant',
      groups: [1, 1, 1].map((quantity) => [{ lineId, quantity }]),
      actor: by,
    });
    const leaves = await Promise.all((await shop.shown(order.id)).childIds.map(shop.shown));
    const after = await Promise.all(leaves.map(codesOf));
    await shop.seen('84', { ...three, now: 1 });

    expect([before, await codesOf(order)]).toEqual([['cancelled_in_shop'], []]);
    expect([after, await Promise.all(leaves.map(codesOf))]).toEqual([
      [[], ['cancelled_in_shop'], []],
      [[], ['cancelled_in_shop'], []],
    ]);
  });

  it('is closed when the dropship ends before its supplier has the order', async () => {
    const order = await shop.seen('85', { sku: 'LAMP', ordered: 2, now: 2 });
    await shop.seen('85', { sku: 'LAMP', ordered: 2, now: 1 });

    await shop.inMerchant((db) => cancelDropship(db, order.dropship!.id, by));

    expect(await codesOf(order)).toEqual([]);
  });
});
