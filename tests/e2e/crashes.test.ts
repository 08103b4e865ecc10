import { afterEach, describe, expect, it } from '@jest/globals';
import { orderOf } from '../support/trade/trade.ts';
import { crashAt, crashPoints, persistently, startStage, wasHit } from '../support/trade/stage.ts';
import { startVendureShop } from '../../standalone/demo/vendure-shop.ts';
import {
  aShopTrade,
  driveMixedOrder,
  imported,
  receivedByPersistence,
  shipPersistently,
  shippedInShop,
  unitsInShop,
} from './shop-trade.ts';
import { forTheFile } from '../support/engine/for-the-file.ts';

const shop = forTheFile(startVendureShop);
const stage = forTheFile(() => startStage({ allowedHosts: [new URL(shop.url).host] }));
const world = forTheFile(async () => {
  const worker = await stage.startWorker();
  const trade = await aShopTrade(stage, shop);
  await worker.kill();
  return trade;
});
afterEach(() => stage.killWorkers());

/** In the order in which an order meets them. */
const points = crashPoints({
  always: [
    'store-order.committed',
    'supplier-order.committed',
    'import.page-committed',
    'shipment.merchant-committed',
    'push.sent',
  ],
  besides: [
    'store-order.before-commit',
    'store-order.started',
    'import.mid-page',
    'copy.read-done',
    'shipment.supplier-committed',
    'push.looked-up',
    'push.read-back',
  ],
});

describe('a worker that is killed at the worst instant', () => {
  it.each(points)(
    '%s: the order still ends shipped, with one fulfillment per shipment',
    async (point) => {
      const crash = crashAt(point);
      const doomed = await stage.startWorker(crash);
      const reborn = doomed.exited.then(() => stage.startWorker());

      const { shopOrder, order, supplierOrder, trackings } = await driveMixedOrder(world);

      expect(wasHit(crash)).toBe(true);
      expect(unitsInShop(shopOrder)).toEqual({
        [trackings[0]]: { 'MUG-BLUE': 2, 'TEE-BLACK-M': 1 },
        [trackings[1]]: { 'POSTER-A2': 1 },
      });
      expect(shopOrder.fulfillments).toHaveLength(2);
      expect(order.overallStatus).toBe('shipped');
      expect((await orderOf(world.supplier, supplierOrder.id)).status).toBe('shipped');
      await reborn;
    },
    120_000,
  );
});

describe('an API that is killed', () => {
  it.each(crashPoints({ always: ['store-order.committed'], besides: ['store-order.started'] }))(
    '%s: the dropship is started all the same, once',
    async (point) => {
      const crash = crashAt(point);
      await stage.startWorker();
      const manual = await aShopTrade(stage, shop, { fulfillmentType: 'dropshippable' });
      const placed = await shop.placeOrder({ lines: [{ sku: 'MUG-BLUE', quantity: 1 }] });
      const order = await imported(manual, placed.code);
      await stage.restartApi(crash);
      const wish = { supplierId: manual.trade.supplierId };
      const dropshipTo = () =>
        manual.merchant.rest.post<{ dropships: { id: string }[] }>(
          `/orders/${order.id}/dropship`,
          wish,
          `dropship-${order.id}`,
        );
      await expect(dropshipTo()).rejects.toThrow();
      await stage.apiExited();
      expect(wasHit(crash)).toBe(true);
      await stage.restartApi();

      const { dropships } = await persistently(dropshipTo);
      const received = await receivedByPersistence(manual, dropships[0]!.id);
      await shipPersistently(manual.supplier, received.id, `1ZA${placed.code}`);
      const shopOrder = await shippedInShop(shop, placed.id);

      expect(dropships).toHaveLength(1);
      expect(unitsInShop(shopOrder)).toEqual({ [`1ZA${placed.code}`]: { 'MUG-BLUE': 1 } });
      expect((await orderOf(manual.merchant, order.id)).dropship).toMatchObject({
        id: dropships[0]!.id,
        status: 'shipped',
      });
    },
    120_000,
  );
});
