import { describe, expect, it } from '@jest/globals';
import { WorkflowUpdateRPCTimeoutOrCancelledError, type Client } from '@temporalio/client';
import { createShipmentActivities } from '../../../activities/dropships/shipments.ts';
import { createLabelActivities } from '../../../activities/labels/index.ts';
import { rateParcel } from '../../../activities/labels/rate.ts';
import { newId } from '../../../db/engine/ids.ts';
import type { Pool } from '../../../db/engine/pool.ts';
import { withAccount } from '../../../db/engine/with-account.ts';
import { insertLabel, requireLabel } from '../../../db/labels/labels.ts';
import { requireQuote, requireRating } from '../../../db/labels/ratings.ts';
import { requireOrder } from '../../../db/orders/view.ts';
import type { RecordShipmentInput } from '../../../workflows/messages.ts';
import { onDatabase } from '../../support/engine/database.ts';
import { anImportedDropship } from '../../support/trade/database-trade.ts';
import { aDock, aLabelAccount, box, labelDeps } from '../../support/trade/label-trade.ts';

let pool: Pool;
onDatabase(4, (opened) => {
  pool = opened;
});

/** A dropship in which messages wait: their senders get no answer. */
function aBusyDropship() {
  const waiting: RecordShipmentInput[] = [];
  const startUpdate = (_update: unknown, { args }: { args: [RecordShipmentInput] }) => {
    waiting.push(args[0]);
    return Promise.reject(new WorkflowUpdateRPCTimeoutOrCancelledError('no answer'));
  };
  const client = {
    withDeadline: (_at: number, send: () => unknown) => send(),
    withAbortSignal: (_signal: AbortSignal, send: () => unknown) => send(),
    workflow: { getHandle: () => ({ startUpdate }) },
  } as unknown as Client;
  return { waiting, client };
}

/** A bought label of a supplier, whose first try to record the shipment got no answer. `arrives`: its message does now. */
async function anUnansweredLabel() {
  const { supplier, supplierOrderId: orderId, dropshipId } = await anImportedDropship(pool, { quantity: 3 });
  const { accountId } = supplier;
  const { waiting, client } = aBusyDropship();
  const deps = labelDeps(pool, { client });
  const activities = createLabelActivities(deps);
  await aDock(pool, accountId);
  await aLabelAccount(pool, accountId);
  const ratingId = newId('rating');
  const plain = { lines: null, shipFromWarehouseId: null, insuredValue: null, signature: 'none' } as const;
  await rateParcel(deps, { ratingId, orderId, isReturn: false, content: { parcel: box, ...plain } });
  const labelId = newId('label');
  await withAccount(pool, accountId, async (db) => {
    const { content, quotes } = await requireRating(db, ratingId);
    const quote = await requireQuote(db, orderId, quotes[0]!.id);
    const actor = { kind: 'account', id: 'key_1' } as const;
    await insertLabel(db, { ...quote, id: labelId, quoteId: quote.id, maxCost: null, content, actor });
  });
  const ids = { orderId, labelId };
  await activities.buyLabel(ids);
  await expect(activities.recordLabel(ids)).rejects.toThrow('not answered');
  const { recordShipment } = createShipmentActivities(deps);
  return {
    ids,
    activities,
    arrives: () => recordShipment({ ...waiting[0]!, dropshipId }),
    cancelOrder: () =>
      withAccount(pool, accountId, (db) => db('orders').where({ id: orderId }).update({ status: 'cancelled' })),
    label: () => withAccount(pool, accountId, (db) => requireLabel(db, labelId)),
    shipments: async () => (await withAccount(pool, accountId, (db) => requireOrder(db, orderId))).shipments,
  };
}

describe('a message about a label’s shipment that waits in its dropship', () => {
  it('records nothing once a person has voided the label', async () => {
    const { ids, activities, arrives, label, shipments } = await anUnansweredLabel();
    await activities.requestLabelVoid(ids);
    expect(await activities.recordLabel(ids)).toEqual({ status: 'void_requested' });
    await activities.voidLabelShipment({ ...ids, by: 'key_1', reason: 'not_sent' });
    await activities.closeLabelVoid(ids);

    await expect(arrives()).rejects.toMatchObject({ code: 'shipment_voided' });

    expect(await label()).toMatchObject({ status: 'voided', shipmentId: null });
    expect(await shipments()).toEqual([]);
  });

  it('records nothing once a later try was refused', async () => {
    const { ids, activities, arrives, cancelOrder, shipments } = await anUnansweredLabel();
    await cancelOrder();
    expect(await activities.recordLabel(ids)).toEqual({ status: 'void_requested' });

    await expect(arrives()).rejects.toMatchObject({ code: 'shipment_voided' });

    expect(await shipments()).toEqual([]);
  });

  it('records the shipment of a label that lives, which the next try finds', async () => {
    const { ids, activities, arrives, label, shipments } = await anUnansweredLabel();
    await activities.requestLabelVoid(ids);
    expect(await activities.withdrawLabelVoid(ids)).toEqual({ status: 'bought' });

    await arrives();
    expect(await activities.recordLabel(ids)).toEqual({ status: 'recorded' });

    const [shipment] = await shipments();
    expect(await label()).toMatchObject({ status: 'recorded', shipmentId: shipment!.id });
  });
});
