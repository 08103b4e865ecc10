import { describe, expect, it } from '@jest/globals';
import { createCancelActivities } from '../../../activities/dropships/cancels.ts';
import { createSupplierResponseActivities } from '../../../activities/dropships/supplier-response.ts';
import type { Deps } from '../../../activities/deps.ts';
import { childOf } from '../../../db/orders/splits.ts';
import { requireDropship } from '../../../db/dropships/dropships.ts';
import { listOrderEvents } from '../../../db/orders/events.ts';
import { requireOrder } from '../../../db/orders/view.ts';
import type { Pool } from '../../../db/engine/pool.ts';
import { markReserved } from '../../../db/stock/of-orders.ts';
import { withAccount } from '../../../db/engine/with-account.ts';
import { anImportedDropship } from '../../support/trade/database-trade.ts';
import { onDatabase } from '../../support/engine/database.ts';

let pool: Pool;
onDatabase(5, (opened) => {
  pool = opened;
});

const actor = { kind: 'account', id: 'key_1' } as const;

/** A dropship of one line of five units with the supplier. */
async function aDropship() {
  const { merchant, supplier, orderId, dropshipId, lineId, supplierOrderId } = await anImportedDropship(pool, {
    quantity: 5,
  });
  const asMerchant = <T>(work: Parameters<typeof withAccount<T>>[2]) => withAccount(pool, merchant.accountId, work);
  const asSupplier = <T>(work: Parameters<typeof withAccount<T>>[2]) => withAccount(pool, supplier.accountId, work);
  await asMerchant((db) => markReserved(db, [{ lineId, version: 7 }]));
  const started: string[] = [];
  const start = (_type: string, { workflowId }: { workflowId: string }) => Promise.resolve(started.push(workflowId));
  const client = { workflow: { start } };
  const deps = {
    pool,
    client,
    queues: { dropships: 'd', tasks: 't', documents: 'p' },
    crashPoint: () => undefined,
  } as unknown as Deps;
  const sent = { dropshipId, orderId: supplierOrderId, actor };
  const decisions = createSupplierResponseActivities(deps);
  const typesOf = async (accountId: string, id: string) =>
    (await withAccount(pool, accountId, (db) => listOrderEvents(db, id, { limit: 50 }))).data
      .map(({ type }) => type)
      .reverse();
  return {
    dropshipId,
    lineId,
    started,
    cancels: createCancelActivities(deps),
    accept: (expectedShipAt?: string) => decisions.acceptOrder({ ...sent, ...(expectedShipAt && { expectedShipAt }) }),
    reject: () => decisions.rejectOrder({ ...sent, reason: 'other' }),
    relay: (isPart = false, cancelReason: 'fraud' | null = null) =>
      decisions.relayReject({ dropshipId, reason: 'other', cancelReason, isPart }),
    rejectUnits: (rejected: number) =>
      decisions.rejectUnits({
        ...sent,
        reason: 'other',
        remaining: [{ lineId, quantity: 5 - rejected }],
        rejected: [{ lineId, quantity: rejected }],
      }),
    merchantOrder: (id = orderId) => asMerchant((db) => requireOrder(db, id)),
    supplierOrder: (id = supplierOrderId) => asSupplier((db) => requireOrder(db, id)),
    dropship: (id = dropshipId) => asMerchant((db) => requireDropship(db, id)),
    reservedVersions: () =>
      asMerchant((db) => db('order_lines').where({ order_id: orderId }).pluck<number[]>('supplier_reserved_version')),
    committed: () => asSupplier((db) => db('stock').sum<{ sum: string }[]>('committed')),
    events: async () => [
      await typesOf(merchant.accountId, orderId),
      await typesOf(supplier.accountId, supplierOrderId),
    ],
  };
}

describe('an acceptance that is written twice', () => {
  it('is recorded once on both sides, and again only with another time', async () => {
    const one = await aDropship();

    for (const time of [undefined, undefined, '2026-12-01T00:00:00.000Z', '2026-12-01T00:00:00.000Z', undefined])
      await one.accept(time);

    expect(await one.dropship()).toMatchObject({ status: 'accepted' });
    const [merchantOrder, supplierOrder] = [await one.merchantOrder(), await one.supplierOrder()];
    expect(merchantOrder.dropship).toMatchObject({ expectedShipAt: '2026-12-01T00:00:00.000Z' });
    expect(supplierOrder).toMatchObject({ acceptedAt: expect.any(String), expectedShipAt: '2026-12-01T00:00:00.000Z' });
    expect(await one.events()).toEqual([
      ['order_imported', 'dropship_requested', 'dropship_imported', 'order_accepted', 'order_accepted'],
      ['order_received', 'order_accepted', 'order_accepted'],
    ]);
  });

  it('names an order that came by this dropship', async () => {
    const [one, other] = [await aDropship(), await aDropship()];
    const { id: orderId } = await other.supplierOrder();

    const decisions = createSupplierResponseActivities({ pool, crashPoint: () => undefined } as unknown as Deps);

    await expect(decisions.acceptOrder({ dropshipId: one.dropshipId, orderId, actor })).rejects.toMatchObject({
      code: 'order_not_found',
    });
  });
});

describe('a rejection that is written twice', () => {
  it('gives everything back once: units, stock and the question who ships', async () => {
    const one = await aDropship();
    expect(await one.committed()).toMatchObject([{ sum: '5' }]);
    expect(await one.reservedVersions()).toEqual([7]);

    for (let times = 0; times < 2; times += 1) await one.reject();
    for (let times = 0; times < 2; times += 1) await one.relay();

    expect(await one.committed()).toMatchObject([{ sum: '0' }]);
    // The supplier's figure promises these units again: they count here.
    expect(await one.reservedVersions()).toEqual([null]);
    expect(await one.dropship()).toMatchObject({ status: 'rejected' });
    expect(await one.supplierOrder()).toMatchObject({ status: 'cancelled', lines: [{ cancelled: 5 }] });
    expect(await one.merchantOrder()).toMatchObject({
      status: 'awaiting_fulfillment',
      lines: [{ cancelled: 0 }],
      attention: { step: 'route', code: 'rejected_by_supplier', dropshipId: one.dropshipId },
    });
    expect(await one.events()).toEqual([
      ['order_imported', 'dropship_requested', 'dropship_imported', 'order_rejected', 'attention_raised'],
      ['order_received', 'order_rejected'],
    ]);
  });

  it('cancels once what the merchant had asked to cancel', async () => {
    const one = await aDropship();
    const { lineId, dropshipId } = one;
    await one.merchantOrder();
    await withAsked(one, 2);

    await one.reject();
    for (let times = 0; times < 2; times += 1) await one.relay(false, 'fraud');

    expect(await one.merchantOrder()).toMatchObject({
      status: 'awaiting_fulfillment',
      cancelRequestedAt: null,
      lines: [{ lineId, quantity: 5, cancelled: 2, cancelRequested: 2 }],
    });
    expect(await one.dropship(dropshipId)).toMatchObject({ status: 'rejected' });
    expect((await one.events())[0]!.slice(-3)).toEqual(['order_cancelled', 'order_rejected', 'attention_raised']);
  });

  it('of some units leaves the promise with those that the supplier keeps', async () => {
    const one = await aDropship();
    await one.accept('2026-12-01T00:00:00.000Z');

    await one.rejectUnits(2);
    await one.relay(true);

    const parent = await one.merchantOrder();
    const leaves = await Promise.all(parent.childIds.map((id) => one.merchantOrder(id)));
    expect(leaves).toMatchObject([
      { lines: [{ quantity: 3 }], shipBy: '2026-12-01T00:00:00.000Z', acceptedAt: expect.any(String) },
      { lines: [{ quantity: 2 }], shipBy: null, acceptedAt: null },
    ]);
    expect(parent).toMatchObject({ status: 'split', shipBy: null, acceptedAt: null });
    expect(await one.supplierOrder()).toMatchObject({ status: 'split', acceptedAt: expect.any(String) });
  });

  it('of some units divides both orders once, and starts the dropship of the rest', async () => {
    const one = await aDropship();
    const [remaining, back] = [childOf(one.dropshipId, 1), childOf(one.dropshipId, 2)];

    for (let times = 0; times < 2; times += 1) await one.rejectUnits(2);
    for (let times = 0; times < 2; times += 1) await one.relay(true);

    expect(await one.dropship()).toMatchObject({ status: 'split' });
    expect(await one.dropship(remaining.dropshipId)).toMatchObject({ status: 'imported' });
    expect(await one.dropship(back.dropshipId)).toMatchObject({ status: 'rejected' });
    expect(await one.committed()).toMatchObject([{ sum: '3' }]);
    expect(await one.supplierOrder(remaining.supplierOrderId)).toMatchObject({ status: 'awaiting_fulfillment', lines: [{ quantity: 3 }] }); // prettier-ignore
    expect(await one.supplierOrder(back.supplierOrderId)).toMatchObject({ status: 'cancelled', lines: [{ quantity: 2, cancelled: 2 }] }); // prettier-ignore
    expect(await one.merchantOrder(remaining.merchantOrderId)).toMatchObject({ status: 'dropship_requested', attention: null }); // prettier-ignore
    expect(await one.merchantOrder(back.merchantOrderId)).toMatchObject({
      status: 'awaiting_fulfillment',
      lines: [{ quantity: 2, cancelled: 0 }],
      attention: { code: 'rejected_by_supplier' },
    });
    expect(one.started).toContain(`dropship/${remaining.dropshipId}`);
    const [merchants, suppliers] = await one.events();
    expect(merchants!.filter((type) => type === 'order_rejected' || type === 'order_split')).toHaveLength(2);
    expect(suppliers!.filter((type) => type === 'order_rejected' || type === 'order_split')).toHaveLength(2);
  });
});

/** Notes that the merchant asks to cancel so many units, on both sides. */
async function withAsked({ cancels, dropshipId, lineId }: Awaited<ReturnType<typeof aDropship>>, units: number) {
  const lines = [{ lineId, remaining: 5 - units }];
  // Without a Schedule at hand nothing is instant; the rows are written before that is asked.
  await cancels.noteCancelRequest({ dropshipId, lines, reason: 'fraud', actor }).catch(() => undefined);
}
