import { describe, expect, it } from '@jest/globals';
import type { CrashPointName } from '../../../db/engine/crash-point.ts';
import { DomainError } from '../../../domain/errors.ts';
import {
  aPassedOrder,
  acceptCancel,
  cancel,
  handedOver,
  sold,
  stockOf,
  timelineOf,
  type TradedSku,
} from '../../support/trade/cancel-trade.ts';
import { accept, reject } from '../../support/trade/supplier-response-trade.ts';
import { inParts, split } from '../../support/trade/split-trade.ts';
import { findReceived, leavesOf, orderOf, ranTask, received, ship } from '../../support/trade/trade.ts';
import { waitUntil } from '../../support/engine/wait-until.ts';
import { aTradingWorld } from '../../support/trade/trading-world.ts';

let cut: { at: CrashPointName; reached: () => void; failure: Error } | null = null;
const { world, traded } = aTradingWorld({
  crashPoint: (name) => {
    if (name !== cut?.at) return;
    cut.reached();
    throw cut.failure;
  },
});

const handleOf = (dropshipId: string) => world.client.workflow.getHandle(`dropship/${dropshipId}`);
const ended = (dropshipId: string) => handleOf(dropshipId).result();

/** Support ends a dropship between the two halves of what is done: the first is written, the second is not. */
async function terminatedAt(at: CrashPointName, dropshipId: string, act: () => Promise<unknown>): Promise<void> {
  const reached = new Promise<void>((resolve) => (cut = { at, reached: resolve, failure: new Error('cut') }));
  const answer = act().catch(() => undefined);
  await reached;
  await handleOf(dropshipId).terminate();
  await answer;
  cut = null;
}

/** As docs/support.md says it. */
const startedByHand = (dropshipId: string) =>
  world.client.workflow.start('dropship', {
    workflowId: `dropship/${dropshipId}`,
    taskQueue: world.queues.dropships,
    args: [{ dropshipId }],
  });

const typesOf = async (company: TradedSku['merchant'], orderId: string, ...types: string[]) =>
  (await timelineOf(company, orderId, ...types)).map(({ type }) => type);

describe('a dropship that was terminated when only its supplier had', () => {
  it('split the order: started by hand it splits the merchant’s, and the parts go on', async () => {
    const { merchant, supplier } = traded;
    const { orderId, supplierOrderId, dropshipId } = await handedOver(traded, 5);
    const order = await orderOf(supplier, supplierOrderId);
    await terminatedAt('split.supplier-committed', dropshipId, () =>
      split(supplier, order.id, { groups: inParts(order, 3, 2) }),
    );
    expect(await orderOf(merchant, orderId)).toMatchObject({ status: 'dropship_requested' });

    await startedByHand(dropshipId);

    expect(await ended(dropshipId)).toEqual({ status: 'complete' });
    const [above, below] = [await leavesOf(merchant, orderId), await leavesOf(supplier, order.id)];
    expect(above).toMatchObject(
      [3, 2].map((quantity) => ({ lines: [{ quantity }], dropship: { status: 'imported' } })),
    );
    expect(below).toMatchObject(
      above.map(({ dropship, lines: [line] }) => ({
        remoteId: dropship!.id,
        lines: [{ quantity: line!.quantity, remoteLineId: line!.id }],
      })),
    );
    expect(await orderOf(merchant, orderId)).toMatchObject({ status: 'split', dropship: { status: 'split' } });
    expect(await typesOf(merchant, orderId, 'order_split')).toHaveLength(1);
    for (const { id } of below) await ship(supplier, id, { trackingNumber: `1Z-${id}` });
    await waitUntil(async () => (await orderOf(merchant, orderId)).overallStatus === 'shipped');
    for (const { dropship } of above) expect(await ended(dropship!.id)).toEqual({ status: 'complete' });
  });

  it('rejected the order: started by hand it gives it back to the merchant', async () => {
    const { merchant, supplier, sku } = traded;
    const before = await stockOf(supplier, sku);
    const { orderId, dropshipId, supplierOrderId, seen } = await handedOver(traded);
    await terminatedAt('reject.supplier-committed', dropshipId, () =>
      reject(supplier, supplierOrderId, { reason: 'discontinued' }),
    );
    expect(await seen()).toMatchObject([{ status: 'dropship_requested' }, { status: 'cancelled' }]);

    await startedByHand(dropshipId);

    expect(await ended(dropshipId)).toEqual({ status: 'complete' });
    expect(await seen()).toMatchObject([
      { status: 'awaiting_fulfillment', dropship: { status: 'rejected' }, attention: { code: 'rejected_by_supplier' }, lines: [{ cancelled: 0 }] },
      { status: 'cancelled', lines: [{ cancelled: 3 }] },
    ]); // prettier-ignore
    expect(await timelineOf(merchant, orderId, 'order_rejected')).toMatchObject([{ data: { reason: 'discontinued' } }]);
    expect(await stockOf(supplier, sku)).toMatchObject({ committed: before.committed });
  });

  it('rejected an order of which a cancel was asked: the merchant gets back only what it still wants', async () => {
    const { merchant, supplier } = traded;
    const { orderId, dropshipId, lineId, supplierOrderId, seen } = await handedOver(traded);
    await cancel(merchant, orderId, { lines: [{ lineId, quantity: 1 }], reason: 'fraud' });
    await terminatedAt('reject.supplier-committed', dropshipId, () => reject(supplier, supplierOrderId));

    await startedByHand(dropshipId);

    expect(await ended(dropshipId)).toEqual({ status: 'complete' });
    expect(await seen()).toMatchObject([
      { status: 'awaiting_fulfillment', lines: [{ quantity: 3, cancelled: 1 }] },
      { status: 'cancelled', lines: [{ cancelled: 3 }] },
    ]);
    expect(await timelineOf(merchant, orderId, 'order_cancelled')).toMatchObject([{ data: { reason: 'fraud' } }]);
  });

  it('rejected units of the order: started by hand it gives those back, and the rest goes on', async () => {
    const { merchant, supplier } = traded;
    const { orderId, dropshipId, supplierOrderId, supplierLineId } = await handedOver(traded);
    await terminatedAt('reject.supplier-committed', dropshipId, () =>
      reject(supplier, supplierOrderId, { lines: [{ lineId: supplierLineId, quantity: 1 }], reason: 'price_wrong' }),
    );
    expect(await orderOf(merchant, orderId)).toMatchObject({ status: 'dropship_requested' });

    await startedByHand(dropshipId);

    expect(await ended(dropshipId)).toEqual({ status: 'complete' });
    const [above, below] = [await leavesOf(merchant, orderId), await leavesOf(supplier, supplierOrderId)];
    expect([above, below]).toMatchObject([
      [
        { status: 'dropship_requested', lines: [{ quantity: 2 }], dropship: { status: 'imported' } },
        { status: 'awaiting_fulfillment', lines: [{ quantity: 1 }], attention: { code: 'rejected_by_supplier' } },
      ],
      [
        { status: 'awaiting_fulfillment', lines: [{ quantity: 2 }] },
        { status: 'cancelled', lines: [{ quantity: 1, cancelled: 1 }] },
      ],
    ]);
    expect(await timelineOf(merchant, orderId, 'order_rejected')).toMatchObject([{ data: { reason: 'price_wrong' } }]);
    await ship(supplier, below[0]!.id, { trackingNumber: '1Z-REMAINING' });
    expect(await ended(above[0]!.dropship!.id)).toEqual({ status: 'complete' });
  });

  it.each([
    ['the order', 3],
    ['units of the order', 2],
  ])('cancelled %s: started by hand it cancels them at the merchant', async (_, quantity) => {
    const { merchant, supplier } = traded;
    const { orderId, dropshipId, lineId, supplierOrderId, seen } = await handedOver(traded);
    await cancel(merchant, orderId, { lines: [{ lineId, quantity }], reason: 'duplicate' });
    await terminatedAt('cancel.supplier-committed', dropshipId, () =>
      acceptCancel(supplier, supplierOrderId, { reason: 'out_of_stock' }),
    );
    expect(await seen()).toMatchObject([{ lines: [{ cancelled: 0 }] }, { lines: [{ cancelled: quantity }] }]);

    await startedByHand(dropshipId);

    await waitUntil(async () => (await seen())[0].lines[0]!.cancelled === quantity);
    if (quantity < 3) await ship(supplier, supplierOrderId, { trackingNumber: `1Z-${orderId}` });
    expect(await ended(dropshipId)).toEqual({ status: 'complete' });
    const status = quantity < 3 ? 'shipped' : 'cancelled';
    const lines = [{ quantity: 3, cancelled: quantity, shipped: 3 - quantity }];
    expect(await seen()).toMatchObject([
      { status, lines, dropship: { status } },
      { status, lines },
    ]);
    expect(await timelineOf(merchant, orderId, 'order_cancelled')).toMatchObject([
      { actor: { kind: 'supplier' }, data: { reason: 'out_of_stock' } },
    ]);
  });

  it('saw it cancelled further down: started by hand it cancels it at the merchant', async () => {
    const { shop, trader, factory, lower, order, passed } = await aPassedOrder(world);
    const dropshipId = order.dropship!.id;
    const made = await received(factory, { portalId: lower.portalId, dropshipId: passed.dropship!.id });
    await cancel(shop, order.id);
    await acceptCancel(trader, passed.id);
    await handleOf(dropshipId).terminate();
    await acceptCancel(factory, made.id, { reason: 'out_of_stock' });
    await ended(passed.dropship!.id);
    expect([await orderOf(shop, order.id), await orderOf(trader, passed.id)]).toMatchObject([
      { status: 'dropship_requested' },
      { status: 'cancelled' },
    ]);

    await startedByHand(dropshipId);

    expect(await ended(dropshipId)).toEqual({ status: 'complete' });
    expect(await orderOf(shop, order.id)).toMatchObject({ status: 'cancelled', dropship: { status: 'cancelled' } });
    expect(await timelineOf(shop, order.id, 'order_cancelled')).toMatchObject([{ data: { reason: 'out_of_stock' } }]);
  });

  it('accepted the order: started by hand it shows the merchant so', async () => {
    const { supplier } = traded;
    const { dropshipId, supplierOrderId, seen } = await handedOver(traded);
    const promise = { acceptedAt: expect.any(String), expectedShipAt: '2026-12-01T08:00:00.000Z' };
    await terminatedAt('accept.supplier-committed', dropshipId, () =>
      accept(supplier, supplierOrderId, { expectedShipAt: promise.expectedShipAt }),
    );
    expect(await seen()).toMatchObject([{ dropship: { status: 'imported' } }, { origin: promise }]);

    await startedByHand(dropshipId);

    await waitUntil(async () => (await seen())[0].dropship!.status === 'accepted');
    expect(await seen()).toMatchObject([{ dropship: promise }, { origin: promise }]);
  });
});

describe('a dropship that was terminated when only its merchant had asked to cancel', () => {
  it('sends the supplier the request when it is started by hand, and the request goes its way', async () => {
    const { merchant, supplier, trade } = traded;
    const { orderId, dropshipId, lineId, supplierOrderId, seen } = await handedOver(traded);
    const lines = [{ lineId, quantity: 1 }];
    await terminatedAt('cancel.merchant-asked', dropshipId, () =>
      cancel(merchant, orderId, { lines, reason: 'fraud' }),
    );
    expect((await seen()).map(({ cancelRequestedAt }) => cancelRequestedAt)).toEqual([expect.any(String), null]);

    await startedByHand(dropshipId);

    await waitUntil(async () => (await seen())[1]['cancelRequestedAt']);
    expect(await seen()).toMatchObject(
      [1, 1].map((cancelRequested) => ({ lines: [{ cancelRequested, cancelled: 0 }] })),
    );
    await cancel(merchant, orderId, { lines: [{ lineId, quantity: 2 }], reason: 'fraud' });
    expect(await seen()).toMatchObject(
      [2, 2].map((cancelRequested) => ({ lines: [{ cancelRequested, cancelled: 0 }] })),
    );
    await ranTask(supplier, trade.portalId, 'cancel_orders');
    expect(await seen()).toMatchObject([{ lines: [{ cancelled: 2 }] }, { lines: [{ cancelled: 2 }] }]);
    expect(await timelineOf(supplier, supplierOrderId, 'order_cancelled')).toMatchObject([
      { data: { reason: 'fraud' } },
    ]);
    await ship(supplier, supplierOrderId, { trackingNumber: '1Z-LEFT' });
    expect(await ended(dropshipId)).toEqual({ status: 'complete' });
  });
});

describe('a dropship that was terminated while it was parked', () => {
  it('is parked no more when it is started by hand, and goes on', async () => {
    const { merchant, supplier, trade } = traded;
    const failure = new DomainError('connection_not_active', 'refused');
    cut = { at: 'copy.read-done', reached: () => undefined, failure };
    const { id, dropship } = await sold(traded);
    await supplier.rest.post(`/channels/${trade.portalId}/sync`, { tasks: ['import_orders'] });
    await waitUntil(async () => (await orderOf(merchant, id)).attention);
    await handleOf(dropship!.id).terminate();
    cut = null;

    const run = await startedByHand(dropship!.id);

    await waitUntil(async () => (await orderOf(merchant, id)).attention === null);
    expect(await typesOf(merchant, id, 'attention_raised', 'attention_resolved')).toHaveLength(2);
    await run.signal('importReleased');
    await waitUntil(() => findReceived(supplier, dropship!.id));
  });
});
