import { afterEach, describe, expect, it } from '@jest/globals';
import { acceptCancel, declineCancel, cancel, handedOver, stockOf, timelineOf } from '../support/trade/cancel-trade.ts';
import { crashAt, crashPoints, persistently, wasHit } from '../support/trade/stage.ts';
import { waitUntil } from '../support/engine/wait-until.ts';
import { aTradingStage } from '../support/trade/trading-world.ts';

const { stage, traded } = aTradingStage();
afterEach(() => stage.killWorkers());

describe('a worker that is killed in the middle of a cancel', () => {
  it.each(
    crashPoints({
      always: ['cancel.supplier-committed'],
      besides: ['cancel.merchant-asked', 'cancel.merchant-committed'],
    }),
  )(
    '%s: it is done all the same, once, and alike on both sides',
    async (point) => {
      const { merchant, supplier, sku } = traded;
      await stage.killWorkers();
      const healthy = await stage.startWorker();
      const { orderId, supplierOrderId, seen } = await handedOver(traded);
      const before = await stockOf(supplier, sku);
      await healthy.kill();
      const crash = crashAt(point);
      const doomed = await stage.startWorker(crash);
      const reborn = doomed.exited.then(async () => {
        if (wasHit(crash)) await stage.startWorker();
      });

      await persistently(() => cancel(merchant, orderId, { key: `ask-${orderId}` }));
      // The repeat of a request finds its answer with the merchant, maybe before the supplier has the request.
      await waitUntil(async () => (await seen())[1]['cancelRequestedAt'], { timeoutMs: 60_000 });
      await persistently(() => acceptCancel(supplier, supplierOrderId, { key: `accept-${orderId}` }));

      await waitUntil(async () => (await seen()).every(({ status }) => status === 'cancelled'), { timeoutMs: 60_000 });
      expect(wasHit(crash)).toBe(true);
      for (const order of await seen())
        expect(order).toMatchObject({ cancelRequestedAt: null, lines: [{ quantity: 3, cancelled: 3, shipped: 0 }] });
      expect(await stockOf(supplier, sku)).toMatchObject({ physicalOnHand: 100, committed: before.committed - 3 });
      for (const [company, id] of [[merchant, orderId], [supplier, supplierOrderId]] as const)
        expect((await timelineOf(company, id, 'cancel_requested', 'order_cancelled')).map(({ type }) => type)).toEqual([
          'cancel_requested',
          'order_cancelled',
        ]); // prettier-ignore
      await reborn;
    },
    120_000,
  );
});

describe('a worker that is killed while the supplier declines a cancel', () => {
  it.each(crashPoints({ always: ['decline.supplier-committed'], besides: ['decline.merchant-committed'] }))(
    '%s: the request is closed all the same, once, on both sides',
    async (point) => {
      const { merchant, supplier } = traded;
      await stage.killWorkers();
      const healthy = await stage.startWorker();
      const { orderId, supplierOrderId, seen } = await handedOver(traded);
      await cancel(merchant, orderId);
      await healthy.kill();
      const crash = crashAt(point);
      const doomed = await stage.startWorker(crash);
      const reborn = doomed.exited.then(async () => {
        if (wasHit(crash)) await stage.startWorker();
      });

      await persistently(() => declineCancel(supplier, supplierOrderId, { key: `decline-${orderId}` }));

      await waitUntil(async () => (await seen()).every((order) => order['cancelRequestedAt'] === null), {
        timeoutMs: 60_000,
      });
      await reborn;
      expect(wasHit(crash)).toBe(true);
      for (const order of await seen())
        expect(order).toMatchObject({
          cancelDeclined: { reason: 'packed' },
          lines: [{ cancelled: 0, cancelRequested: 0 }],
        });
      for (const [company, id] of [[merchant, orderId], [supplier, supplierOrderId]] as const)
        expect(await timelineOf(company, id, 'cancel_declined')).toHaveLength(1); // prettier-ignore
    },
    120_000,
  );
});

describe('an API that is killed after the dropship took the cancel', () => {
  it('gives the same answer to the same request', async () => {
    const { merchant } = traded;
    await stage.startWorker();
    const { orderId } = await handedOver(traded);
    const crash = crashAt('command.accepted');
    await stage.restartApi(crash);

    await expect(cancel(merchant, orderId, { key: 'lost' })).rejects.toThrow();
    await stage.apiExited();
    expect(wasHit(crash)).toBe(true);
    await stage.restartApi();
    const answer = await persistently(() => cancel(merchant, orderId, { key: 'lost' }));

    expect(answer).toMatchObject({ cancelRequestedAt: expect.any(String), lines: [{ cancelRequested: 3 }] });
    expect(await timelineOf(merchant, orderId, 'cancel_requested')).toHaveLength(1);
  }, 120_000);
});
