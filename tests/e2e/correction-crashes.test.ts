import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { startCallbackShop } from '../support/fakes/callback-shop.ts';
import { sold, stockOf, timelineOf } from '../support/trade/cancel-trade.ts';
import { crashAt, crashPoints, persistently, wasHit } from '../support/trade/stage.ts';
import { orderOf, received, ship, shipmentOf, type Company, type ShipmentAnswer } from '../support/trade/trade.ts';
import { waitUntil } from '../support/engine/wait-until.ts';
import { aTradingStage } from '../support/trade/trading-world.ts';
import { forTheFile } from '../support/engine/for-the-file.ts';

const endpoint = forTheFile(startCallbackShop);
const { stage, traded } = aTradingStage({ endpoint });
let merchant: Company;
let supplier: Company;
beforeAll(() => void ({ merchant, supplier } = traded));
afterEach(() => stage.killWorkers());

const untilShown = (id: string) =>
  waitUntil(async () => (await shipmentOf(supplier, id)).confirmedAt, {
    timeoutMs: 60_000,
    what: `the shop shows ${id}`,
  });
const shopOf = async (shipmentId: string) =>
  (await endpoint.done())
    .filter(({ message }) => message?.['shipmentId'] === shipmentId)
    .map(({ message }) => [message!['type'], message!['trackingNumber']]);

/** An order that has shipped whole; its shipment is in the shop. */
async function aShipped() {
  await stage.killWorkers();
  const healthy = await stage.startWorker();
  const order = await sold(traded, 2);
  const mine = await received(supplier, { portalId: traded.trade.portalId, dropshipId: order.dropship!.id });
  const shipment = await ship(supplier, mine.id, { trackingNumber: 'T-OLD' });
  await untilShown(shipment.id);
  await healthy.kill();
  return { order, mine, shipment };
}

/** A worker that dies at that point, and the one that comes after it. */
async function doomed(point: string) {
  const crash = crashAt(point);
  const worker = await stage.startWorker(crash);
  const reborn = worker.exited.then(async () => {
    if (wasHit(crash)) await stage.startWorker();
  });
  return { crash, reborn };
}

describe('a worker that is killed in the middle of a correction', () => {
  it.each(crashPoints({ always: ['push.sent'], besides: ['shipment.supplier-committed'] }))(
    '%s: the shop has one fulfillment, with the new tracking',
    async (point) => {
      const { order, mine, shipment } = await aShipped();
      const { crash, reborn } = await doomed(point);

      const change = { trackingNumber: 'T-NEW' };
      const send = () => supplier.rest.patch<ShipmentAnswer>(`/shipments/${shipment.id}`, change, `fix-${shipment.id}`);
      expect(await persistently(send)).toMatchObject({ revision: 2 });
      await untilShown(shipment.id);

      expect(wasHit(crash)).toBe(true);
      expect(await shopOf(shipment.id)).toEqual([
        ['shipment.pushed', 'T-OLD'],
        ['shipment.corrected', 'T-NEW'],
      ]);
      for (const [company, id] of [[merchant, order.id], [supplier, mine.id]] as const) {
        expect(await orderOf(company, id)).toMatchObject({ status: 'shipped', shipments: [{ trackingNumber: 'T-NEW', revision: 2 }] });
        expect(await timelineOf(company, id, 'shipment_corrected')).toHaveLength(1);
      } // prettier-ignore
      await reborn;
    },
    120_000,
  );
});

describe('a worker that is killed in the middle of a void', () => {
  it.each(crashPoints({ always: ['void.committed'], besides: ['shipment.merchant-committed'] }))(
    '%s: the units are open once on both sides, and ship once more',
    async (point) => {
      const { order, mine, shipment } = await aShipped();
      const before = await stockOf(supplier, traded.sku);
      const { crash, reborn } = await doomed(point);

      const send = () =>
        supplier.rest.post<ShipmentAnswer>(
          `/shipments/${shipment.id}/void`,
          { reason: 'not_sent' },
          `void-${shipment.id}`,
        );
      expect(await persistently(send)).toMatchObject({ status: 'voided', revision: 2 });
      await untilShown(shipment.id);

      expect(wasHit(crash)).toBe(true);
      for (const [company, id] of [[merchant, order.id], [supplier, mine.id]] as const) {
        expect(await orderOf(company, id)).toMatchObject({ lines: [{ quantity: 2, shipped: 0 }] });
        expect(await timelineOf(company, id, 'shipment_voided')).toHaveLength(1);
      } // prettier-ignore
      expect(await stockOf(supplier, traded.sku)).toMatchObject({
        physicalOnHand: before.physicalOnHand + 2,
        committed: before.committed + 2,
      });
      await reborn;
      const again = await persistently(() =>
        ship(supplier, mine.id, { trackingNumber: 'T-OLD', key: `again-${shipment.id}` }),
      );
      await untilShown(again.id);
      expect(await shopOf(shipment.id)).toEqual([
        ['shipment.pushed', 'T-OLD'],
        ['shipment.voided', 'T-OLD'],
      ]);
      expect(await shopOf(again.id)).toEqual([['shipment.pushed', 'T-OLD']]);
      expect(await orderOf(merchant, order.id)).toMatchObject({ status: 'shipped', dropship: { status: 'shipped' } });
    },
    120_000,
  );
});
