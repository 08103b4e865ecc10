import { afterEach, describe, expect, it } from '@jest/globals';
import { startCallbackShop } from '../support/fakes/callback-shop.ts';
import {
  aTradedSku,
  handedOver,
  inGroups,
  stockOf,
  timelineOf,
  type TradedSku,
} from '../support/trade/cancel-trade.ts';
import { accept, reject } from '../support/trade/supplier-response-trade.ts';
import { parkedPushes } from '../support/trade/parked-pushes.ts';
import { crashAt, crashPoints, persistently, startStage, wasHit } from '../support/trade/stage.ts';
import { aCompany, anApiChannel, aProduct, leavesOf, type OrderAnswer } from '../support/trade/trade.ts';
import { waitUntil } from '../support/engine/wait-until.ts';
import { callingBack } from '../support/trade/trading-world.ts';
import { forTheFile } from '../support/engine/for-the-file.ts';

const endpoint = forTheFile(startCallbackShop);
const stage = forTheFile(() => startStage({ allowedHosts: [endpoint.host] }));
const traded = forTheFile(async () => {
  await stage.startWorker();
  return aTradedSku(stage);
});
afterEach(() => stage.killWorkers());

/** Hands an order over, then lets the worker die at a point of what is done with it, and live again. */
async function interrupted(point: string, act: (supplierOrderId: string) => Promise<unknown>) {
  await stage.killWorkers();
  const healthy = await stage.startWorker();
  const handed = await handedOver(traded);
  await healthy.kill();
  const crash = crashAt(point);
  const doomed = await stage.startWorker(crash);
  const reborn = doomed.exited.then(async () => {
    if (wasHit(crash)) await stage.startWorker();
  });
  await persistently(() => act(handed.supplierOrderId));
  await reborn;
  expect(wasHit(crash)).toBe(true);
  return handed;
}

const typesOf = async (company: TradedSku['merchant'], orderId: string, ...types: string[]) =>
  (await timelineOf(company, orderId, ...types)).map(({ type }) => type);

describe('a worker that is killed while a supplier responds', () => {
  it('has it accepted all the same, once, and alike on both sides', async () => {
    const { merchant, supplier } = traded;
    const { orderId, supplierOrderId, seen } = await interrupted('accept.supplier-committed', (id) =>
      accept(supplier, id, { expectedShipAt: '2026-12-01T00:00:00.000Z', key: `accept-${id}` }),
    );

    const accepted = async () => (await seen())[0].dropship!.status === 'accepted';
    await waitUntil(accepted, { timeoutMs: 60_000 });
    const promise = { acceptedAt: expect.any(String), expectedShipAt: '2026-12-01T00:00:00.000Z' };
    expect(await seen()).toMatchObject([{ dropship: promise }, { origin: promise }]);
    expect(await typesOf(merchant, orderId, 'order_accepted')).toHaveLength(1);
    expect(await typesOf(supplier, supplierOrderId, 'order_accepted')).toHaveLength(1);
  }, 120_000);

  it.each(crashPoints({ always: ['reject.supplier-committed'], besides: ['reject.merchant-committed'] }))(
    '%s: has it rejected all the same, once, and alike on both sides',
    async (point) => {
      const { merchant, supplier, sku } = traded;
      const before = await stockOf(supplier, sku);
      const { orderId, supplierOrderId, seen } = await interrupted(point, (id) =>
        reject(supplier, id, { key: `reject-${id}` }),
      );

      await waitUntil(async () => (await seen())[0].attention, { timeoutMs: 60_000 });
      expect(await seen()).toMatchObject([
        { status: 'awaiting_fulfillment', dropship: { status: 'rejected' }, lines: [{ cancelled: 0 }] },
        { status: 'cancelled', lines: [{ cancelled: 3 }] },
      ]);
      expect(await stockOf(supplier, sku)).toMatchObject({ physicalOnHand: 100, committed: before.committed });
      expect(await typesOf(merchant, orderId, 'order_rejected', 'attention_raised')).toHaveLength(2);
      expect(await typesOf(supplier, supplierOrderId, 'order_rejected')).toHaveLength(1);
    },
    120_000,
  );

  it.each(crashPoints({ always: ['split.supplier-committed'], besides: ['split.merchant-committed'] }))(
    '%s: has units of it rejected all the same, once, and the rest goes on',
    async (point) => {
      const { merchant, supplier } = traded;
      const handed = await interrupted(point, async (id) => {
        const { lines } = await supplier.rest.get<OrderAnswer>(`/orders/${id}`);
        await reject(supplier, id, { lines: [{ lineId: lines[0]!.id, quantity: 1 }], key: `part-${id}` });
      });
      const { orderId, supplierOrderId } = handed;

      const sides = async () => [await leavesOf(merchant, orderId), await leavesOf(supplier, supplierOrderId)] as const;
      await waitUntil(async () => (await sides())[0].length === 2, { timeoutMs: 60_000 });
      expect(await sides()).toMatchObject([
        [
          { status: 'dropship_requested', lines: [{ quantity: 2 }], dropship: { status: 'imported' } },
          { status: 'awaiting_fulfillment', lines: [{ quantity: 1 }], attention: { code: 'rejected_by_supplier' } },
        ],
        [
          { status: 'awaiting_fulfillment', lines: [{ quantity: 2 }] },
          { status: 'cancelled', lines: [{ quantity: 1, cancelled: 1 }] },
        ],
      ]);
      expect(await typesOf(merchant, orderId, 'order_rejected')).toHaveLength(1);
      expect(await typesOf(supplier, supplierOrderId, 'order_rejected')).toHaveLength(1);
    },
    120_000,
  );
});

describe('a worker that is killed while a channel resumes', () => {
  it('brings everything that was parked to the shop, each once', async () => {
    await stage.startWorker();
    const merchant = await aCompany(stage);
    const settings = callingBack(endpoint);
    const channelId = await anApiChannel(merchant, settings);
    const sku = await aProduct(merchant);
    await endpoint.answer('unauthorized');
    const waiting = await parkedPushes(merchant, { channelId, sku, count: 40 });
    await endpoint.answer({ delayMs: 100 });
    const sent = async () => (await endpoint.done()).map(({ message }) => message!['shipmentId']);

    await merchant.rest.patch(`/channels/${channelId}`, { settings });
    await waitUntil(async () => (await sent()).length > 10, { everyMs: 20, timeoutMs: 30_000 });
    await stage.killWorkers();
    const before = (await sent()).length;
    await stage.startWorker();

    await waitUntil(async () => (await sent()).length === waiting.length, { timeoutMs: 90_000 });
    expect(before).toBeLessThan(waiting.length);
    expect(new Set(await sent())).toEqual(new Set(waiting));
    const confirmed = () => inGroups(waiting, (id) => merchant.rest.get<{ confirmedAt: string | null }>(`/shipments/${id}`)); // prettier-ignore
    await waitUntil(async () => (await confirmed()).every(({ confirmedAt }) => confirmedAt), { timeoutMs: 60_000 });
    expect((await merchant.rest.get<{ data: object[] }>('/attentions')).data).toEqual([]);
  }, 180_000);
});
