import { describe, expect, it } from '@jest/globals';
import {
  acceptCancel,
  aTradedSku,
  cancel,
  handedOver,
  orCode,
  sold,
  stockOf,
  timelineOf,
} from '../../support/trade/cancel-trade.ts';
import { accept, anotherSupplier, dropshipTo, reject } from '../../support/trade/supplier-response-trade.ts';
import { orderOf, received, ship } from '../../support/trade/trade.ts';
import { aTradingWorld } from '../../support/trade/trading-world.ts';

const { world, traded } = aTradingWorld();

const soon = '2026-12-01T08:00:00.000Z';
const later = '2026-12-05T08:00:00.000Z';
const ended = (dropshipId: string) => world.client.workflow.getHandle(`dropship/${dropshipId}`).result();

describe('an order that its supplier accepts', () => {
  it('is accepted on both sides, with the time of shipping, which may be changed', async () => {
    const { merchant, supplier } = traded;
    const { orderId, supplierOrderId, dropshipId, seen } = await handedOver(traded);

    const first = await accept(supplier, supplierOrderId, { expectedShipAt: soon, key: `accept-${orderId}` });
    const replay = await accept(supplier, supplierOrderId, { expectedShipAt: soon, key: `accept-${orderId}` });
    const again = await accept(supplier, supplierOrderId);
    const [promised] = await seen();
    const moved = await accept(supplier, supplierOrderId, { expectedShipAt: later });

    const acceptedAt = expect.any(String);
    expect(first).toMatchObject({ status: 'awaiting_fulfillment', origin: { dropshipId, acceptedAt, expectedShipAt: soon } }); // prettier-ignore
    expect(replay).toEqual(first);
    expect(again).toEqual(first);
    expect(promised.dropship).toMatchObject({ status: 'accepted', acceptedAt, expectedShipAt: soon });
    expect(moved.origin).toEqual({ ...first.origin, expectedShipAt: later });
    expect((await seen())[0]).toMatchObject({ status: 'dropship_requested', dropship: { status: 'accepted', expectedShipAt: later } }); // prettier-ignore
    const sent = [{ data: { dropshipId, expectedShipAt: soon } }, { data: { dropshipId, expectedShipAt: later } }];
    expect(await timelineOf(merchant, orderId, 'order_accepted')).toMatchObject(
      sent.map((event) => ({ ...event, actor: { kind: 'supplier', name: supplier.name } })),
    );
    expect(await timelineOf(supplier, supplierOrderId, 'order_accepted')).toMatchObject(
      sent.map((event) => ({ ...event, actor: { kind: 'account' } })),
    );

    await ship(supplier, supplierOrderId, { trackingNumber: '1Z-ACCEPTED' });
    expect(await ended(dropshipId)).toEqual({ status: 'complete' });
    expect((await seen())[0]).toMatchObject({ status: 'shipped', dropship: { status: 'shipped', acceptedAt } });
  });

  it('is refused once units have shipped, and once it is cancelled', async () => {
    const { merchant, supplier } = traded;
    const shipped = await handedOver(traded);
    const lines = [{ lineId: shipped.supplierLineId, quantity: 1 }];
    await ship(supplier, shipped.supplierOrderId, { trackingNumber: '1Z-PART', lines });
    const cancelled = await handedOver(traded);
    await cancel(merchant, cancelled.orderId);
    await acceptCancel(supplier, cancelled.supplierOrderId);

    expect(await orCode(accept(supplier, shipped.supplierOrderId))).toBe('order_shipped');
    expect(await orCode(reject(supplier, shipped.supplierOrderId))).toBe('order_shipped');
    expect(await orCode(accept(supplier, cancelled.supplierOrderId))).toBe('order_cancelled');
    expect(await orCode(reject(supplier, cancelled.supplierOrderId))).toBe('order_cancelled');
  });

  it('is one that came from a merchant, and nobody else’s', async () => {
    const { merchant, supplier } = traded;
    const { orderId, supplierOrderId } = await handedOver(traded);

    for (const respond of [accept, reject]) {
      expect(await orCode(respond(merchant, orderId))).toBe('order_not_received');
      expect(await orCode(respond(merchant, supplierOrderId))).toBe('order_not_found');
      expect(await orCode(respond(supplier, orderId))).toBe('order_not_found');
    }
  });
});

describe('an order that its supplier rejects', () => {
  it('is the merchant’s again, visibly, and no stock is held for it at the supplier', async () => {
    const { merchant, supplier, sku } = traded;
    const before = await stockOf(supplier, sku);
    const { orderId, supplierOrderId, dropshipId, seen } = await handedOver(traded);

    const answer = await reject(supplier, supplierOrderId, { reason: 'discontinued', note: 'Ask for the new one.' });

    expect(answer).toMatchObject({ status: 'cancelled', lines: [{ quantity: 3, cancelled: 3 }] });
    expect(await ended(dropshipId)).toEqual({ status: 'complete' });
    const [merchantOrder] = await seen();
    expect(merchantOrder).toMatchObject({
      status: 'awaiting_fulfillment',
      dropship: { id: dropshipId, status: 'rejected' },
      attention: { step: 'route', code: 'rejected_by_supplier', actions: ['retry', 'skip'] },
      lines: [{ quantity: 3, cancelled: 0, shipped: 0 }],
    });
    expect(await stockOf(supplier, sku)).toMatchObject({ ...before, version: before.version + 2 });
    const [, sent] = await timelineOf(supplier, supplierOrderId, 'note_added', 'order_rejected');
    expect(sent).toMatchObject({ actor: { kind: 'account' }, data: { reason: 'discontinued', dropshipId } });
    expect(await timelineOf(merchant, orderId, 'order_rejected', 'attention_raised')).toMatchObject([
      { actor: { kind: 'supplier', name: supplier.name }, data: { reason: 'discontinued', dropshipId } },
      { data: { code: 'rejected_by_supplier' } },
    ]);
    expect(JSON.stringify(await timelineOf(merchant, orderId))).not.toContain('new one');
    expect(await orCode(reject(supplier, supplierOrderId))).toBe('order_cancelled');
    expect(await orCode(ship(supplier, supplierOrderId, { trackingNumber: '1Z-LATE' }))).toBe('order_cancelled');
  });

  it('goes to another supplier by hand, who ships it: one fulfillment in the shop', async () => {
    const own = await aTradedSku(world);
    const { merchant, supplier } = own;
    const second = await anotherSupplier(world, own);
    const { orderId, supplierOrderId, dropshipId } = await handedOver(own);
    await reject(supplier, supplierOrderId);

    const secondDropshipId = await dropshipTo(merchant, orderId, second.supplierId);
    const made = await received(second.supplier, { portalId: second.portalId, dropshipId: secondDropshipId });
    await ship(second.supplier, made.id, { trackingNumber: '1Z-SECOND' });

    expect(await ended(secondDropshipId)).toEqual({ status: 'complete' });
    const order = await orderOf(merchant, orderId);
    expect(order).toMatchObject({
      status: 'shipped',
      attention: null,
      dropship: { id: secondDropshipId, status: 'shipped' },
      lines: [{ shipped: 3, cancelled: 0 }],
      shipments: [{ trackingNumber: '1Z-SECOND', confirmedAt: expect.any(String) }],
    });
    expect((await timelineOf(merchant, orderId)).map(({ type, data }) => [type, data['dropshipId'] ?? null])).toEqual(
      expect.arrayContaining([
        ['dropship_requested', dropshipId],
        ['dropship_imported', dropshipId],
        ['order_rejected', dropshipId],
        ['attention_resolved', null],
        ['dropship_requested', secondDropshipId],
        ['dropship_imported', secondDropshipId],
      ]),
    );
  });

  it('goes back to the same supplier by hand, never by itself', async () => {
    const { merchant, supplier, trade } = traded;
    const { orderId, supplierOrderId, seen } = await handedOver(traded);
    await reject(supplier, supplierOrderId);
    const [{ attention }] = await seen();

    await merchant.rest.post(`/attentions/${attention!.id}/resolve`, { action: 'retry', reason: 'other' });
    const [retried] = await seen();
    const again = await dropshipTo(merchant, orderId, trade.supplierId);
    const made = await received(supplier, { portalId: trade.portalId, dropshipId: again });

    expect(retried).toMatchObject({ status: 'awaiting_fulfillment', attention: { code: 'rejected_by_supplier' } });
    expect(retried.attention!.id).not.toBe(attention!.id);
    expect(made).toMatchObject({ status: 'awaiting_fulfillment', lines: [{ quantity: 3 }] });
    expect(await orderOf(merchant, orderId)).toMatchObject({ status: 'dropship_requested', attention: null });
  });

  it('is routed anew to a supplier that its product has by then', async () => {
    const own = await aTradedSku(world);
    const { merchant, supplier, sku, trade } = own;
    const second = await anotherSupplier(world, own);
    const { supplierOrderId, seen } = await handedOver(own);
    await reject(supplier, supplierOrderId);
    await merchant.rest.post('/products/batch', {
      items: [
        {
          sku,
          name: sku,
          suppliers: [{ supplierId: trade.supplierId }, { supplierId: second.supplierId, isDefault: true }],
        },
      ],
    });

    const { id } = (await seen())[0].attention!;
    await merchant.rest.post(`/attentions/${id}/resolve`, { action: 'retry', reason: 'fixed_at_source' });

    expect((await seen())[0]).toMatchObject({
      status: 'dropship_requested',
      attention: null,
      dropship: { status: 'requested', supplierId: second.supplierId },
    });
  });

  it('may be shipped by the merchant itself, and its attention is closed', async () => {
    const { merchant, supplier } = traded;
    const { orderId, supplierOrderId, seen } = await handedOver(traded);
    await reject(supplier, supplierOrderId);

    await ship(merchant, orderId, { trackingNumber: '1Z-OWN' });

    expect((await seen())[0]).toMatchObject({ status: 'shipped', attention: null });
  });

  it('cancels what the merchant had asked to cancel, and returns the rest', async () => {
    const { merchant, supplier } = traded;
    const { orderId, lineId, supplierOrderId, seen } = await handedOver(traded);
    await cancel(merchant, orderId, { reason: 'fraud', lines: [{ lineId, quantity: 1 }] });

    await reject(supplier, supplierOrderId);

    const [merchantOrder, supplierOrder] = await seen();
    expect(merchantOrder).toMatchObject({
      status: 'awaiting_fulfillment',
      cancelRequestedAt: null,
      lines: [{ quantity: 3, cancelled: 1, cancelRequested: 0 }],
      attention: { code: 'rejected_by_supplier' },
    });
    expect(supplierOrder).toMatchObject({ status: 'cancelled', cancelRequestedAt: null });
    expect(await timelineOf(merchant, orderId, 'order_cancelled', 'order_rejected')).toMatchObject([
      { data: { reason: 'fraud', lines: [{ quantity: 1 }] } },
      { data: { reason: 'out_of_stock', lines: [{ quantity: 2 }] } },
    ]);
  });

  it('that was asked to be cancelled whole is cancelled, and no attention asks who ships it', async () => {
    const { merchant, supplier } = traded;
    const { orderId, supplierOrderId, seen } = await handedOver(traded);
    await cancel(merchant, orderId);

    await reject(supplier, supplierOrderId);

    expect((await seen())[0]).toMatchObject({ status: 'cancelled', attention: null, dropship: { status: 'rejected' } });
  });

  it('is rejected once, however often and at once it is sent', async () => {
    const { merchant, supplier } = traded;
    const { orderId, supplierOrderId, seen } = await handedOver(traded);

    const same = await Promise.all([1, 2, 3].map(() => orCode(reject(supplier, supplierOrderId, { key: 'r-1' }))));
    const others = await Promise.all([1, 2].map(() => orCode(reject(supplier, supplierOrderId))));

    expect(same).toEqual([same[0], same[0], same[0]]);
    expect(same[0]).toMatchObject({ status: 'cancelled' });
    expect(others).toEqual(['order_cancelled', 'order_cancelled']);
    expect(await timelineOf(merchant, orderId, 'order_rejected')).toHaveLength(1);
    expect(await timelineOf(supplier, supplierOrderId, 'order_rejected')).toHaveLength(1);
    expect((await seen())[0].lines).toMatchObject([{ cancelled: 0 }]);
  });

  it('races acceptance and shipment: one of rejected and shipped, alike on both sides', async () => {
    const { supplier } = traded;
    const orders = [];
    for (let count = 0; count < 6; count += 1) orders.push(await handedOver(traded));

    const outcomes = await Promise.all(
      orders.map(({ supplierOrderId }, index) =>
        Promise.all(
          [
            () => orCode(accept(supplier, supplierOrderId)),
            () => orCode(reject(supplier, supplierOrderId)),
            () => orCode(ship(supplier, supplierOrderId, { trackingNumber: `1Z-RACE-${supplierOrderId}` })),
          ]
            .sort(() => (index % 2 === 0 ? 1 : -1))
            .map((act) => act()),
        ),
      ),
    );

    for (const [index, { seen, dropshipId }] of orders.entries()) {
      await ended(dropshipId);
      const [merchantOrder, supplierOrder] = await seen();
      const pair = [merchantOrder.status, supplierOrder.status];
      expect([['shipped', 'shipped'], ['awaiting_fulfillment', 'cancelled']]).toContainEqual(pair); // prettier-ignore
      const isRejected = supplierOrder.status === 'cancelled';
      expect(merchantOrder.dropship).toMatchObject({ status: isRejected ? 'rejected' : 'shipped' });
      expect(outcomes[index]).toContain(isRejected ? 'order_cancelled' : 'order_shipped');
    }
  });
});

describe('an order that waits for its import', () => {
  it('cannot be rejected: the supplier does not see it', async () => {
    const order = await sold(traded);

    const update = world.client.workflow.getHandle(`dropship/${order.dropship!.id}`).executeUpdate('rejectOrder', {
      args: [{ orderId: 'ord_none', reason: 'other', lines: null, actor: { kind: 'account', id: 'ops' } }],
    });

    await expect(update).rejects.toMatchObject({ cause: { type: 'dropship_not_open' } });
  });
});
