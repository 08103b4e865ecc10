import { describe, expect, it } from '@jest/globals';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { dataOf, type SupplierChange } from '../../../clients/typescript/src/index.ts';
import { withAccount } from '../../../db/engine/with-account.ts';
import { startEasyPostServer } from '../../support/fakes/label-servers.ts';
import { startFaultProxy } from '../../support/fakes/fault-proxy.ts';
import { aTradedSku, orCode, sold, type TradedSku } from '../../support/trade/cancel-trade.ts';
import {
  aLabelAccount,
  buyLabel,
  cheapestLabel,
  labelOf,
  labelsOf,
  parcel,
  ratesOf,
  shipsFrom,
  untilLabel,
  voidLabel,
} from '../../support/trade/labels.ts';
import { orderOf, received, type OrderAnswer } from '../../support/trade/trade.ts';
import { startWorld } from '../../support/trade/world.ts';
import { readable } from '../../support/engine/workflow-rig.ts';
import { forTheFile } from '../../support/engine/for-the-file.ts';
import { waitUntil } from '../../support/engine/wait-until.ts';

const provider = forTheFile(async () => {
  const server = await startEasyPostServer();
  const proxy = await startFaultProxy({ target: server.url });
  return { server, proxy, stop: () => Promise.all([proxy.close(), server.stop()]) };
});
const world = forTheFile(() =>
  startWorld({
    sweepMs: 300,
    allowedHosts: [provider.server.host],
    labelUrls: { easypost: provider.proxy.url, shippo: provider.proxy.url },
  }),
);
/** A merchant that lends its label account to its supplier. */
const lending = forTheFile(async () => {
  const traded = await aTradedSku(world);
  await shipsFrom(traded.supplier);
  const credentials = { apiKey: provider.server.apiKey };
  const lent = await aLabelAccount(traded.merchant, { provider: 'easypost', credentials });
  await setTerms(traded, { labelPolicy: 'merchant_pays', lentLabelAccountId: lent });
  return { ...traded, lent };
});

const setTerms = ({ merchant, trade }: Pick<TradedSku, 'merchant' | 'trade'>, body: SupplierChange) =>
  dataOf(merchant.rest.api.PATCH('/v1/suppliers/{id}', { params: { path: { id: trade.supplierId } }, body }));

async function anOrder(): Promise<{ order: OrderAnswer; taken: OrderAnswer }> {
  const order = await sold(lending, 2);
  const taken = await received(lending.supplier, { portalId: lending.trade.portalId, dropshipId: order.dropship!.id });
  return { order, taken };
}

describe('a label that the merchant pays', () => {
  it('has no price, key or id of the provider with the supplier; the merchant has its copy with the cost', async () => {
    const { order, taken } = await anOrder();

    const label = await cheapestLabel(lending.supplier, taken.id);

    const purchase = (await provider.server.purchases()).at(-1)!;
    const bought = { status: 'recorded', trackingNumber: purchase.trackingNumber, carrier: 'usps' };
    expect(label).toMatchObject({ ...bought, payer: 'merchant', cost: null, labelAccountId: null, lentTo: null });
    expect(await labelOf(lending.merchant, label.id)).toMatchObject({
      ...bought,
      orderId: order.id,
      payer: 'account',
      lentTo: lending.trade.supplierId,
      labelAccountId: lending.lent,
      cost: { amount: purchase.minor, currency: 'USD' },
      shipmentId: label.shipmentId,
      documentId: null,
    });
    const row = await withAccount(world.pool, lending.supplier.id, (db) =>
      db('labels').where({ id: label.id }).first(),
    );
    expect(row).toMatchObject({
      cost_minor: null,
      max_cost_minor: null,
      provider_shipment_id: null,
      provider_rate_id: null,
      provider_label_id: null,
      purchase_sent_at: null,
    });
    const shipment = await withAccount(world.pool, lending.supplier.id, (db) =>
      db('shipments').where({ id: label.shipmentId! }).first(),
    );
    expect(shipment).toMatchObject({ label_cost_minor: null });
    const history = await world.client.workflow.getHandle(`label/${label.id}`).fetchHistory();
    const text = readable(historyToJSON(history));
    expect(text).toContain(label.id);
    for (const secret of [purchase.shipmentId, provider.server.apiKey, '"amount"', 'Quillfeather'])
      expect(text).not.toContain(secret);
    expect((await orderOf(lending.merchant, order.id)).labels).toHaveLength(1);
  });

  it('is void by the supplier alone, and the merchant gets the money', async () => {
    const { taken } = await anOrder();
    const label = await cheapestLabel(lending.supplier, taken.id);

    expect(await orCode(voidLabel(lending.merchant, label.id))).toBe('order_dropshipped');
    expect(await voidLabel(lending.supplier, label.id)).toMatchObject({
      status: 'voided',
      refund: 'submitted',
      cost: null,
    });
    await provider.server.endRefunds('refunded');
    for (const company of [lending.merchant, lending.supplier])
      await withAccount(world.pool, company.id, (db) =>
        db('labels').whereNotNull('refund_look_at').update({ refund_look_at: db.fn.now() }),
      );
    const handle = world.client.workflow.getHandle(`look_up_refunds${world.queues.tasks.replace('tasks', '')}`);
    await handle.terminate();
    await world.client.workflow.start('lookUpRefunds', {
      workflowId: `look_up_refunds_again${world.queues.tasks}`,
      taskQueue: world.queues.tasks,
      args: [{ intervalMs: 60_000 }],
    });

    await waitUntil(async () => (await labelOf(lending.merchant, label.id)).refund === 'refunded', {
      timeoutMs: 20_000,
    });
    await waitUntil(async () => (await labelOf(lending.supplier, label.id)).refund === 'refunded');
  });

  it('names a service, and is rated with the lent account', async () => {
    const { taken } = await anOrder();

    const label = await buyLabel(lending.supplier, taken.id, { carrier: 'USPS', service: 'Priority', parcel });

    expect(label).toMatchObject({ status: 'recorded', payer: 'merchant', service: 'Priority', cost: null });
    expect(await labelOf(lending.merchant, label.id)).toMatchObject({ lentTo: lending.trade.supplierId });
  });

  it.each([
    ['the price', { maxLabelCost: { amount: 100, currency: 'USD' } }, { maxLabelCost: null }],
    ['the services', { lentServices: ['ups'] }, { lentServices: [] }],
    ['the account', { labelPolicy: 'supplier_pays' }, { labelPolicy: 'merchant_pays' }],
  ] as [string, SupplierChange, SupplierChange][])(
    'is not bought where the merchant has limited %s since it was rated',
    async (_what, limit, lift) => {
      const { taken } = await anOrder();
      const { quotes } = await ratesOf(lending.supplier, taken.id);
      const before = (await provider.server.purchases()).length;
      await setTerms(lending, limit);

      const refused = await orCode(buyLabel(lending.supplier, taken.id, { quoteId: quotes[0]!.id }));
      await setTerms(lending, lift);

      expect(refused).toBe('carrier_not_allowed');
      expect((await provider.server.purchases()).length).toBe(before);
      expect((await labelsOf(lending.supplier, taken.id)).map(({ status }) => status)).toEqual(['failed']);
    },
  );

  /** Asks for a label that waits, as the lent account's key is revoked. */
  async function aWaitingLabel() {
    const { taken } = await anOrder();
    const { quotes } = await ratesOf(lending.supplier, taken.id);
    const before = (await provider.server.purchases()).length;
    await provider.server.revoke(provider.server.apiKey);
    const buying = buyLabel(lending.supplier, taken.id, { quoteId: quotes[0]!.id });
    const [{ id } = { id: '' }] = await waitUntil(async () => {
      const labels = await labelsOf(lending.supplier, taken.id);
      return labels[0]?.attention?.code === 'label_account_unauthorized' && labels;
    });
    expect((await buying).status).toBe('requested');
    return { id, before };
  }
  async function enterKey() {
    await provider.server.revoke(provider.server.apiKey, false);
    await dataOf(
      lending.merchant.rest.api.PATCH('/v1/label-accounts/{id}', {
        params: { path: { id: lending.lent } },
        body: { credentials: { apiKey: provider.server.apiKey } },
      }),
    );
  }

  it('waits for the merchant’s new key, and then goes on by itself, once', async () => {
    const { id, before } = await aWaitingLabel();
    expect((await labelOf(lending.supplier, id)).attention).toMatchObject({
      step: 'label',
      actions: ['retry', 'cancel'],
    });

    await enterKey();

    expect((await untilLabel(lending.supplier, id, 'recorded')).attention).toBeNull();
    expect((await provider.server.purchases()).length).toBe(before + 1);
  });

  it('is not bought where the merchant stops lending while it waits', async () => {
    const { id, before } = await aWaitingLabel();
    await setTerms(lending, { labelPolicy: 'supplier_pays' });

    await enterKey();

    expect((await untilLabel(lending.supplier, id, 'failed')).failure).toBe('carrier_not_allowed');
    await setTerms(lending, { labelPolicy: 'merchant_pays' });
    expect((await provider.server.purchases()).length).toBe(before);
  });
});

describe('a return label', () => {
  it('comes from the buyer, is paid and stored, and is no shipment', async () => {
    const { taken } = await anOrder();
    await cheapestLabel(lending.supplier, taken.id);
    const { quotes } = await ratesOf(lending.supplier, taken.id, { isReturn: true });

    const params = { path: { id: taken.id } };
    const body = { quoteId: quotes[0]!.id };
    const label = await dataOf(lending.supplier.rest.api.POST('/v1/orders/{id}/return-labels', { params, body }));

    expect(label).toMatchObject({ status: 'bought', isReturn: true, shipmentId: null, documentId: expect.any(String) });
    expect((await orderOf(lending.supplier, taken.id)).shipments).toHaveLength(1);
    expect(await voidLabel(lending.supplier, label.id)).toMatchObject({ status: 'voided', refund: 'submitted' });
  });
});
