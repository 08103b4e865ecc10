import { afterEach, describe, expect, it } from '@jest/globals';
import { handedOver, orCode, sold, stockOf, timelineOf } from '../support/trade/cancel-trade.ts';
import { inParts, split } from '../support/trade/split-trade.ts';
import { leavesOf, orderOf, ship } from '../support/trade/trade.ts';
import { crashAt, crashPoints, persistently, wasHit } from '../support/trade/stage.ts';
import { waitUntil } from '../support/engine/wait-until.ts';
import { aTradingStage } from '../support/trade/trading-world.ts';

const { stage, traded } = aTradingStage();
afterEach(() => stage.killWorkers());

/** A worker that dies at this point, and one that takes its place. */
async function aDoomedWorker(point: string) {
  await stage.killWorkers();
  const crash = crashAt(point);
  const doomed = await stage.startWorker(crash);
  const reborn = doomed.exited.then(async () => {
    if (wasHit(crash)) await stage.startWorker();
  });
  return { crash, reborn };
}

describe('a worker that is killed in the middle of a split', () => {
  it.each(crashPoints({ always: ['split.supplier-committed'], besides: ['split.merchant-committed'] }))(
    'by the supplier, at %s: it is done all the same, once, alike on both sides, and goes on',
    async (point) => {
      const { merchant, supplier, sku } = traded;
      await stage.killWorkers();
      await stage.startWorker();
      const { orderId, supplierOrderId } = await handedOver(traded, 5);
      const order = await orderOf(supplier, supplierOrderId);
      const before = await stockOf(supplier, sku);
      const { crash, reborn } = await aDoomedWorker(point);

      const groups = inParts(order, 3, 2);
      const leaves = await persistently(() => split(supplier, order.id, { groups, key: `split-${order.id}` }));
      const mirrored = await waitUntil(
        async () => {
          const found = await leavesOf(merchant, orderId);
          return found.length === 2 && found;
        },
        { timeoutMs: 60_000 },
      );

      expect(wasHit(crash)).toBe(true);
      expect(leaves.map(({ remoteId }) => remoteId)).toEqual(mirrored.map(({ dropship }) => dropship!.id));
      expect(await stockOf(supplier, sku)).toEqual(before);
      for (const [company, id] of [[merchant, orderId], [supplier, supplierOrderId]] as const)
        expect(await timelineOf(company, id, 'order_split')).toHaveLength(1); // prettier-ignore
      // A dropship whose start the crash has cut off says that it is not open, until it is.
      for (const { id } of leaves)
        await waitUntil(
          async () =>
            typeof (await persistently(() => orCode(ship(supplier, id, { trackingNumber: `1Z-${id}` })))) !== 'string',
          { timeoutMs: 60_000 },
        );
      await waitUntil(async () => (await orderOf(merchant, orderId)).overallStatus === 'shipped', { timeoutMs: 60_000 }); // prettier-ignore
      await reborn;
    },
    120_000,
  );

  it('by the merchant: each leaf is dropshipped once', async () => {
    const { merchant, supplier, trade } = traded;
    await stage.killWorkers();
    await stage.startWorker();
    const order = await sold(traded, 5);
    const { crash, reborn } = await aDoomedWorker('split.merchant-committed');

    const groups = inParts(order, 3, 2);
    const leaves = await persistently(() => split(merchant, order.id, { groups, key: `split-${order.id}` }));
    await reborn;
    await persistently(() => supplier.rest.post(`/channels/${trade.portalId}/sync`, { tasks: ['import_orders'] }));

    expect(wasHit(crash)).toBe(true);
    await waitUntil(
      async () => (await leavesOf(merchant, order.id)).every(({ dropship }) => dropship!.status === 'imported'),
      { timeoutMs: 60_000 },
    );
    expect((await leavesOf(merchant, order.id)).map(({ id }) => id)).toEqual(leaves.map(({ id }) => id));
  }, 120_000);
});
