import { describe, expect, it } from '@jest/globals';
import { ApplicationFailure } from '@temporalio/common';
import { createLabelActivities } from '../../../activities/labels/index.ts';
import type { CrashPointName } from '../../../db/engine/crash-point.ts';
import type { Pool } from '../../../db/engine/pool.ts';
import { withAccount } from '../../../db/engine/with-account.ts';
import { newId } from '../../../db/engine/ids.ts';
import { listOrderEvents } from '../../../db/orders/events.ts';
import { lockOrder } from '../../../db/orders/orders.ts';
import { insertShipment } from '../../../db/shipments/shipments.ts';
import { onDatabase } from '../../support/engine/database.ts';
import { forTheFile } from '../../support/engine/for-the-file.ts';
import { aBuyer, startProvider, type Buyer, type Provider } from '../../support/trade/bought-labels.ts';

let pool: Pool;
onDatabase(8, (opened) => {
  pool = opened;
});

/** As if the worker had died there. */
const diesAt = (point: CrashPointName) => (passed: CrashPointName) => {
  if (passed === point) throw new Error(`died at ${point}`);
};

type Ids = { orderId: string; labelId: string };

/** A label whose shipment is recorded. */
async function aRecordedLabel(provider: Provider): Promise<{ buyer: Buyer; ids: Ids }> {
  const buyer = await aBuyer(pool, provider);
  const ids = await buyer.label();
  await buyer.activities.buyLabel(ids);
  await buyer.activities.storeLabel(ids);
  expect(await buyer.activities.recordLabel(ids)).toEqual({ status: 'recorded' });
  return { buyer, ids };
}

async function aVoidLabel(provider: Provider): Promise<{ buyer: Buyer; ids: Ids }> {
  const label = await aRecordedLabel(provider);
  const { activities } = label.buyer;
  await activities.requestLabelVoid(label.ids);
  await activities.refundLabel({ ...label.ids, ifScanned: 'answer' });
  await activities.voidLabelShipment({ ...label.ids, by: 'key_1', reason: 'not_sent' });
  await activities.closeLabelVoid(label.ids);
  return label;
}

const eventsOf = async ({ accountId }: Buyer, { orderId }: Ids) => {
  const { data } = await withAccount(pool, accountId, (db) => listOrderEvents(db, orderId, { limit: 50 }));
  return data.map(({ type, data: facts }) => ({ type, ...facts })).filter(({ type }) => type.startsWith('label_'));
};

/** As if so many days had gone by since the money was asked for. */
const agoBy = ({ accountId }: Buyer, { labelId }: Ids, days: number) =>
  withAccount(pool, accountId, (db) =>
    db('labels')
      .where({ id: labelId })
      .update({
        refund_look_at: db.raw(`now() - interval '1 minute'`),
        refund_asked_at: db.raw(`now() - make_interval(days => ?)`, [days]),
      }),
  );

describe.each(['easypost', 'shippo'] as const)('a void at %s', (kind) => {
  const provider = forTheFile(() => startProvider(kind));
  const refundedOf = async (number: string | null) =>
    (await provider.server.ledger()).filter((entry) => entry.kind === 'refund' && entry.trackingNumber === number);

  it('asks for the money, and the refund is looked up until it is there', async () => {
    const { buyer, ids } = await aVoidLabel(provider);
    expect(await buyer.read(ids.labelId)).toMatchObject({ status: 'voided', refund: 'submitted' });

    expect((await buyer.activities.lookUpRefunds()).lookedUp).toBe(0);
    await agoBy(buyer, ids, 1);
    await buyer.activities.lookUpRefunds();
    expect((await buyer.read(ids.labelId)).refund).toBe('submitted');
    await provider.server.endRefunds('refunded');
    await agoBy(buyer, ids, 2);
    await buyer.activities.lookUpRefunds();

    const { refund, trackingNumber } = await buyer.read(ids.labelId);
    expect(refund).toBe('refunded');
    expect(await refundedOf(trackingNumber)).toHaveLength(1);
    expect(await buyer.row(ids.labelId)).toMatchObject({ refund_look_at: null });
    expect(await eventsOf(buyer, ids)).toContainEqual({
      type: 'label_refunded',
      labelId: ids.labelId,
      refund: 'refunded',
    });
  });

  it('whose answer is lost asks once', async () => {
    const { buyer, ids } = await aRecordedLabel(provider);
    await buyer.activities.requestLabelVoid(ids);
    provider.proxy.dropAnswers({
      times: 1,
      matching: ({ method, path }) => method === 'POST' && path.includes('refund'),
    });

    await expect(buyer.activities.refundLabel({ ...ids, ifScanned: 'answer' })).rejects.toThrow(ApplicationFailure);
    expect(await buyer.activities.refundLabel({ ...ids, ifScanned: 'answer' })).toEqual({ outcome: 'asked' });

    await provider.server.endRefunds('refunded');
    expect(await refundedOf((await buyer.read(ids.labelId)).trackingNumber)).toHaveLength(1);
  });

  it.each([
    ['answer', { outcome: 'scanned' }, 'none'],
    ['reject', { outcome: 'asked' }, 'rejected'],
  ] as const)('of a label that the carrier has: %s', async (ifScanned, outcome, refund) => {
    const { buyer, ids } = await aRecordedLabel(provider);
    await provider.server.scan((await buyer.read(ids.labelId)).trackingNumber!);

    expect(await buyer.activities.refundLabel({ ...ids, ifScanned })).toEqual(outcome);

    expect((await buyer.read(ids.labelId)).refund).toBe(refund);
  });

  it('of a label without a shipment, that the carrier has, waits for a person', async () => {
    const { buyer, ids } = await aRecordedLabel(provider);
    await provider.server.scan((await buyer.read(ids.labelId)).trackingNumber!);

    await expect(buyer.activities.refundLabel({ ...ids, ifScanned: 'park' })).rejects.toMatchObject({
      type: 'label_without_shipment',
      nonRetryable: true,
    });
  });

  it('whose money is refused is asked for again in the first 30 days, and ends after them', async () => {
    const { buyer, ids } = await aVoidLabel(provider);
    await provider.server.endRefunds('rejected');

    await agoBy(buyer, ids, 20);
    await buyer.activities.lookUpRefunds();
    expect((await buyer.read(ids.labelId)).refund).toBe('submitted');
    await provider.server.endRefunds('rejected');
    await agoBy(buyer, ids, 31);
    await buyer.activities.lookUpRefunds();

    expect((await buyer.read(ids.labelId)).refund).toBe('rejected');
    expect(await buyer.row(ids.labelId)).toMatchObject({ refund_look_at: null });
    expect((await eventsOf(buyer, ids)).filter(({ type }) => type === 'label_refunded')).toHaveLength(1);
  });

  it('that nobody answers for 35 days is looked up no more', async () => {
    const { buyer, ids } = await aVoidLabel(provider);

    await agoBy(buyer, ids, 36);
    await buyer.activities.lookUpRefunds();

    expect((await buyer.read(ids.labelId)).refund).toBe('submitted');
    expect(await buyer.row(ids.labelId)).toMatchObject({ refund_look_at: null });
  });

  it('that cannot be looked up does not hold up the others', async () => {
    const [one, other] = [await aVoidLabel(provider), await aVoidLabel(provider)];
    await provider.server.endRefunds('refunded');
    await withAccount(pool, one.buyer.accountId, (db) => db('label_accounts').update({ deleted_at: db.fn.now() }));
    await agoBy(one.buyer, one.ids, 3);
    await agoBy(other.buyer, other.ids, 2);

    await expect(other.buyer.activities.lookUpRefunds()).rejects.toThrow();

    expect((await other.buyer.read(other.ids.labelId)).refund).toBe('refunded');
    expect((await one.buyer.read(one.ids.labelId)).refund).toBe('submitted');
    expect((await other.buyer.activities.lookUpRefunds()).lookedUp).toBe(0);
  });
});

describe('the shipment of a void label', () => {
  const provider = forTheFile(() => startProvider('easypost'));

  it('is void once, and pushed again', async () => {
    const { buyer, ids } = await aVoidLabel(provider);
    await buyer.activities.voidLabelShipment({ ...ids, by: 'key_1', reason: 'not_sent' });

    const { shipments, status } = await buyer.order(ids.orderId);
    expect(shipments).toMatchObject([{ status: 'voided', revision: 2, voidReason: 'not_sent' }]);
    expect(status).toBe('awaiting_fulfillment');
    expect(new Set(buyer.started)).toEqual(new Set([`push_shipment/${shipments[0]!.id}`]));
  });

  it('is not waited for by the bytes of the label', async () => {
    const buyer = await aBuyer(pool, provider);
    const ids = await buyer.label();
    await buyer.activities.buyLabel(ids);
    await buyer.activities.requestLabelVoid(ids);
    const down = createLabelActivities({ ...buyer.deps, fetch: () => Promise.reject(new Error('down')) });

    await down.storeLabel(ids);

    expect(await buyer.read(ids.labelId)).toMatchObject({ status: 'void_requested', documentId: null });
  });

  it('is asked for until the label is void: a crash may lose the answer', async () => {
    const { buyer, ids } = await aRecordedLabel(provider);
    const dying = createLabelActivities({ ...buyer.deps, crashPoint: diesAt('label.void-requested') });
    await expect(dying.requestLabelVoid(ids)).rejects.toThrow('label.void-requested');

    expect(await buyer.activities.requestLabelVoid(ids)).toEqual({ isNew: true });
    await buyer.activities.closeLabelVoid(ids);
    expect(await buyer.activities.requestLabelVoid(ids)).toEqual({ isNew: false });
  });

  it('is void where a crash came before the label noted it', async () => {
    const buyer = await aBuyer(pool, provider);
    const ids = await buyer.label();
    await buyer.activities.buyLabel(ids);
    const dying = createLabelActivities({ ...buyer.deps, crashPoint: diesAt('label.shipment-recorded') });
    await expect(dying.recordLabel(ids)).rejects.toThrow('label.shipment-recorded');

    await buyer.activities.requestLabelVoid(ids);
    await buyer.activities.voidLabelShipment({ ...ids, by: 'key_1', reason: 'not_sent' });
    await buyer.activities.closeLabelVoid(ids);

    const { shipments } = await buyer.order(ids.orderId);
    expect(shipments).toMatchObject([{ status: 'voided' }]);
    expect(await buyer.read(ids.labelId)).toMatchObject({ status: 'voided', shipmentId: shipments[0]!.id });
  });

  it('is void where somebody typed its tracking by hand, and a crash came before the label noted it', async () => {
    const buyer = await aBuyer(pool, provider);
    const ids = await buyer.label();
    await buyer.activities.buyLabel(ids);
    const { trackingNumber, content } = await buyer.read(ids.labelId);
    const shipmentId = newId('shipment');
    await withAccount(pool, buyer.accountId, async (db) => {
      await lockOrder(db, ids.orderId);
      const typed = { carrier: 'usps', carrierName: 'USPS', trackingNumber, shippedAt: new Date().toISOString() };
      const place = { id: shipmentId, orderId: ids.orderId, dropshipId: null, lines: content.lines };
      await insertShipment(db, { ...typed, ...place }, { kind: 'account', id: 'key_1' });
    });
    const dying = createLabelActivities({ ...buyer.deps, crashPoint: diesAt('label.shipment-recorded') });
    await expect(dying.recordLabel(ids)).rejects.toThrow('label.shipment-recorded');

    await buyer.activities.requestLabelVoid(ids);
    await buyer.activities.voidLabelShipment({ ...ids, by: 'key_1', reason: 'not_sent' });
    await buyer.activities.closeLabelVoid(ids);

    expect((await buyer.order(ids.orderId)).shipments).toMatchObject([{ id: shipmentId, status: 'voided' }]);
    expect(await buyer.read(ids.labelId)).toMatchObject({ status: 'voided', shipmentId });
  });

  it('stays where a leaf of a split order would not get its units, and so does the label', async () => {
    const { buyer, ids } = await aRecordedLabel(provider);
    await withAccount(pool, buyer.accountId, (db) =>
      db('orders').where({ id: ids.orderId }).update({ status: 'split' }),
    );

    await expect(buyer.activities.requestLabelVoid(ids)).rejects.toMatchObject({ code: 'order_is_split' });

    expect((await buyer.read(ids.labelId)).status).toBe('recorded');
  });
});
