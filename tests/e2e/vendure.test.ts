import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { startVendureShop } from '../../standalone/demo/vendure-shop.ts';
import { facts, ownNamespace } from '../support/engine/facts.ts';
import { startFaultProxy } from '../support/fakes/fault-proxy.ts';
import {
  aCompany,
  aConnection,
  aProduct,
  orderOf,
  ranTask,
  shipmentOf,
  type OrderAnswer,
} from '../support/trade/trade.ts';
import { waitUntil } from '../support/engine/wait-until.ts';
import { startWorld } from '../support/trade/world.ts';
import {
  aShopTrade,
  aVendureChannel,
  driveMixedOrder,
  findOrder,
  imported,
  mixedLines,
  receivedByPersistence,
  shipPersistently,
  shippedInShop,
  sync,
  unitsInShop,
  type ShopTrade,
} from './shop-trade.ts';
import { forTheFile } from '../support/engine/for-the-file.ts';

const shop = forTheFile(startVendureShop);
const proxy = forTheFile(() => startFaultProxy({ target: shop.url }));
const world = forTheFile(() => startWorld({ allowedHosts: [new URL(shop.url).host, proxy.host] }));

const historyOf = async (workflowId: string) => {
  const handle = world.client.workflow.getHandle(workflowId);
  return { status: (await handle.describe()).status.name, text: JSON.stringify(await handle.fetchHistory()) };
};

describe('an order of three products, two of them a supplier’s', () => {
  it('goes from the shop’s webhook to the shop’s order marked shipped', async () => {
    const trade = await aShopTrade(world, shop);
    const secret = `whsec_${randomBytes(24).toString('base64')}`;
    await trade.merchant.rest.patch(`/channels/${trade.channelId}`, {
      credentials: { username: 'superadmin', password: 'superadmin', webhookSecret: secret },
    });
    await shop.setWebhookTarget(`${world.url}/v1/hooks/${trade.channelId}`, secret);

    const placed = await shop.placeOrder({ lines: mixedLines });
    const order = await waitUntil(() => findOrder(trade.merchant, placed.code), { timeoutMs: 30_000 });
    await shop.setWebhookTarget('', '');
    const [dropshipped, inHouse] = (await Promise.all(
      order.childIds.map((id) => orderOf(trade.merchant, id)),
    )) as unknown as [OrderAnswer, OrderAnswer];
    const supplierOrder = await receivedByPersistence(trade, dropshipped.dropship!.id);
    const shipment = await shipPersistently(trade.supplier, supplierOrder.id, '1Z-SUPPLIER');
    await shipPersistently(trade.merchant, inHouse.id, '1Z-MERCHANT');
    const shopOrder = await shippedInShop(shop, placed.id);

    expect(unitsInShop(shopOrder)).toEqual({
      '1Z-SUPPLIER': { 'MUG-BLUE': 2, 'TEE-BLACK-M': 1 },
      '1Z-MERCHANT': { 'POSTER-A2': 1 },
    });
    expect(await orderOf(trade.merchant, order.id)).toMatchObject({ status: 'split', overallStatus: 'shipped' });
    expect(await orderOf(trade.supplier, supplierOrder.id)).toMatchObject({
      number: `${placed.code}-1`,
      status: 'shipped',
    });
    const seenBySupplier = await waitUntil(async () => {
      const seen = await shipmentOf(trade.supplier, shipment.id);
      return seen.confirmedAt ? seen : undefined;
    });
    expect(seenBySupplier.relayedAt).not.toBeNull();
    const workflowId = `dropship/${dropshipped.dropship!.id}`;
    const history = await waitUntil(async () => {
      const now = await historyOf(workflowId);
      return now.status === 'COMPLETED' ? now : undefined;
    });
    expect(history.text).toContain(
      Buffer.from(JSON.stringify(dropshipped.dropship!.id)).toString('base64').slice(4, 20),
    );
    for (const personal of ['Lovelace', 'Harbour Street', 'ada@example.com', '555 0100']) {
      expect(decodedPayloads(history.text)).not.toContain(personal);
    }
  });
});

/** Payloads stand in a history as base64. */
function decodedPayloads(history: string): string {
  return [...history.matchAll(/"data":"([A-Za-z0-9+/=]+)"/g)]
    .map(([, data]) => Buffer.from(data!, 'base64').toString())
    .join('\n');
}

describe('two merchants and two suppliers', () => {
  it('each supplier sees exactly its lines, and nothing else of an order', async () => {
    const [first, second] = [await aCompany(world), await aCompany(world)];
    const merchants = [await aCompany(world), await aCompany(world)];
    const trades: ShopTrade[] = [];
    for (const merchant of merchants) {
      const [one, other] = [await aConnection(world, merchant, first), await aConnection(world, merchant, second)];
      await aProduct(merchant, { sku: 'MUG-BLUE', supplierId: one.supplierId, supplierSku: 'FIRST-MUG' });
      await aProduct(merchant, { sku: 'TEE-BLACK-M', supplierId: other.supplierId });
      await aProduct(merchant, { sku: 'POSTER-A2' });
      const channelId = await aVendureChannel(merchant, shop.url);
      trades.push({ merchant, supplier: first, trade: one, channelId, shop, supplied: [], own: 'POSTER-A2' });
      trades.push({ merchant, supplier: second, trade: other, channelId, shop, supplied: [], own: 'POSTER-A2' });
    }
    const placed = await shop.placeOrder({ lines: mixedLines });

    for (const [index, trade] of trades.entries()) {
      const order = await imported(trade, placed.code);
      const leaves = await Promise.all(order.childIds.map((id) => orderOf(trade.merchant, id)));
      const leaf = leaves.find((candidate) => candidate.dropship?.supplierId === trade.trade.supplierId)!;
      const received = await receivedByPersistence(trade, leaf.dropship!.id);

      const expected = index % 2 === 0 ? { sku: 'FIRST-MUG', quantity: 2 } : { sku: 'TEE-BLACK-M', quantity: 1 };
      expect(received.lines).toMatchObject([expected]);
      expect(received.origin?.merchantName).toBe(trade.merchant.name);
      const everything = JSON.stringify(received);
      const foreign = [
        'POSTER-A2',
        'ada@example.com',
        '555 0100',
        'unitPrice',
        index % 2 === 0 ? 'TEE-BLACK-M' : 'MUG',
        trades[(index + 2) % 4]!.merchant.name,
      ];
      for (const word of foreign) expect(everything).not.toContain(word);
    }
    for (const supplier of [first, second]) {
      const { data } = await supplier.rest.get<{ data: OrderAnswer[] }>('/orders');
      expect(data).toHaveLength(2);
    }
  });
});

describe('a shop whose answer is lost after it did what was asked', () => {
  it('has one fulfillment per shipment all the same', async () => {
    const trade = await aShopTrade(world, shop, { shopUrl: proxy.url });
    const lost = proxy.dropAnswers({ times: 2, matching: ({ body }) => body.includes('addFulfillmentToOrder') });

    const { shopOrder, trackings } = await driveMixedOrder(trade);

    expect(lost.hits()).toBe(2);
    expect(unitsInShop(shopOrder)).toEqual({
      [trackings[0]]: { 'MUG-BLUE': 2, 'TEE-BLACK-M': 1 },
      [trackings[1]]: { 'POSTER-A2': 1 },
    });
    expect(shopOrder.fulfillments).toHaveLength(2);
  });
});

const clerkPermissions = ['ReadOrder', 'UpdateOrder', 'ReadCatalog', 'UpdateCatalog', 'ReadStockLocation'];

describe('a shop that refuses for good', () => {
  /** A dropship whose push is parked, since the merchant entered a password that the shop does not know (yet). */
  async function aParkedPush() {
    const clerk = await shop.createAdmin(`clerk-${randomBytes(3).toString('hex')}`, clerkPermissions);
    const trade = await aShopTrade(world, shop);
    const placed = await shop.placeOrder({ lines: [{ sku: 'MUG-BLUE', quantity: 1 }] });
    const order = await imported(trade, placed.code);
    const supplierOrder = await receivedByPersistence(trade, order.dropship!.id);
    const credentials = { username: clerk.username, password: 'not-known-yet-1' };
    await trade.merchant.rest.patch(`/channels/${trade.channelId}`, { credentials });
    await shipPersistently(trade.supplier, supplierOrder.id, `1Z${placed.code}`);
    const attention = await waitUntil(async () => (await orderOf(trade.merchant, order.id)).attention, {
      timeoutMs: 30_000,
    });
    expect(attention).toMatchObject({ step: 'push', code: 'channel_unauthorized' });
    const mend = () => clerk.changePassword(credentials.password);
    return { trade, placed, order, attention, mend };
  }

  it('parks the push; new credentials resume it', async () => {
    const { trade, placed, order } = await aParkedPush();
    const { data } = await trade.merchant.rest.get<{ data: { orderId: string; hint: string }[] }>('/attentions');
    expect(data).toMatchObject([
      { orderId: order.id, code: 'channel_unauthorized', hint: expect.stringContaining('credentials') },
    ]);

    await trade.merchant.rest.patch(`/channels/${trade.channelId}`, {
      credentials: { username: 'superadmin', password: 'superadmin' },
    });

    await shippedInShop(shop, placed.id);
    await waitUntil(async () => (await orderOf(trade.merchant, order.id)).attention === null);
  });

  it('parks the push; a retry by REST resumes it once the cause is gone', async () => {
    const { trade, placed, attention, mend } = await aParkedPush();
    await mend();

    await trade.merchant.rest.post(`/attentions/${attention.id}/resolve`, {
      action: 'retry',
      reason: 'fixed_at_source',
    });

    const shopOrder = await shippedInShop(shop, placed.id);
    expect(shopOrder.fulfillments).toHaveLength(1);
  });

  it('parks the push; a batch signal of the Temporal CLI resumes it, as support would', async () => {
    const { placed, order, mend } = await aParkedPush();
    await mend();
    const { temporal } = facts();
    const workflowId = `dropship/${order.dropship!.id}`;
    const query = `WorkflowId = "${workflowId}" AND NeedsAttention = true AND ExecutionStatus = "Running"`;
    await waitUntil(async () => {
      for await (const found of world.client.workflow.list({ query })) return found.workflowId;
      return undefined;
    });

    await promisify(execFile)(temporal.binary, [
      'workflow', 'signal', '--address', temporal.address, '--namespace', ownNamespace(), '--query', query,
      '--name', 'attentionResolved', '--input', '{"action":"retry","by":"ops"}', '--reason', 'fixed', '--yes',
    ]); // prettier-ignore

    await shippedInShop(shop, placed.id);
  });

  it('lets a person skip the push that was done by hand', async () => {
    const { trade, order, attention } = await aParkedPush();

    await trade.merchant.rest.post(`/attentions/${attention.id}/resolve`, {
      action: 'skip',
      reason: 'handled_by_hand',
    });

    await waitUntil(async () => (await historyOf(`dropship/${order.dropship!.id}`)).status === 'COMPLETED');
    expect(await orderOf(trade.merchant, order.id)).toMatchObject({ status: 'shipped', attention: null });
  });
});

describe('an order that is not paid yet', () => {
  it('waits, and is imported by the first run after the payment', async () => {
    const trade = await aShopTrade(world, shop);
    const placed = await shop.placeOrder({ lines: [{ sku: 'MUG-BLUE', quantity: 1 }], paid: false });
    await sync(trade.merchant, trade.channelId);
    await waitUntil(async () => {
      const { data } = await trade.merchant.rest.get<{ data: { status: string; counts: { waiting: number } }[] }>(
        `/tasks?channelId=${trade.channelId}`,
      );
      return data.some((task) => task.status === 'succeeded' && task.counts.waiting > 0);
    });
    expect(await findOrder(trade.merchant, placed.code)).toBeUndefined();

    await shop.settlePayment(placed.id);

    expect(await imported(trade, placed.code)).toMatchObject({ status: 'dropship_requested' });
  });
});

describe('a shop line with a SKU that nobody knows', () => {
  it('parks the order, loses nothing, and goes on when the product is there', async () => {
    const trade = await aShopTrade(world, shop);
    const placed = await shop.placeOrder({ lines: [{ sku: 'NOTEBOOK-A5', quantity: 3 }] });
    const order = await imported(trade, placed.code);
    expect(order).toMatchObject({
      status: 'awaiting_fulfillment',
      attention: { step: 'route', code: 'unmapped_sku' },
      lines: [{ sku: 'NOTEBOOK-A5', quantity: 3 }],
    });

    await aProduct(trade.merchant, { sku: 'NOTEBOOK-A5', supplierId: trade.trade.supplierId });
    await trade.merchant.rest.post(`/attentions/${order.attention!.id}/resolve`, {
      action: 'retry',
      reason: 'fixed_at_source',
    });

    const routed = await orderOf(trade.merchant, order.id);
    expect(routed).toMatchObject({ status: 'dropship_requested', attention: null });
    await receivedByPersistence(trade, routed.dropship!.id);
  });
});

describe('an order that is cancelled in the shop', () => {
  it('is cancelled in-house, and at the supplier once its Cancel Orders comes by; seen again, nothing happens', async () => {
    const trade = await aShopTrade(world, shop);
    const { merchant, supplier, channelId } = trade;
    const placed = await shop.placeOrder({ lines: mixedLines });
    const order = await imported(trade, placed.code);
    const leaves = await Promise.all(order.childIds.map((id) => orderOf(merchant, id)));
    const dropshipped = leaves.find(({ dropship }) => dropship)!;
    const supplierOrder = await receivedByPersistence(trade, dropshipped.dropship!.id);
    const mugs = placed.lines.find(({ productVariant }) => productVariant.sku === 'MUG-BLUE')!;
    const cancelledOf = async () =>
      (await orderOf(supplier, supplierOrder.id)).lines.map(({ sku, cancelled }) => [sku, cancelled]);

    await shop.cancel(placed.id, [{ lineId: mugs.id, quantity: 1 }]);
    const first = await ranTask(merchant, channelId, 'cancel_orders');
    await ranTask(supplier, trade.trade.portalId, 'cancel_orders');
    const one = await cancelledOf();
    await shop.cancel(placed.id);
    const second = await ranTask(merchant, channelId, 'cancel_orders');
    const run = await ranTask(supplier, trade.trade.portalId, 'cancel_orders');
    const again = await ranTask(merchant, channelId, 'cancel_orders');

    expect(first.counts).toMatchObject({ waiting: 1, cancelled: 0, failed: 0 });
    expect(one).toEqual([['MUG-BLUE', 1], ['TEE-BLACK-M', 0]]); // prettier-ignore
    expect(second.counts).toMatchObject({ cancelled: 1, failed: 0 });
    expect(run.counts).toMatchObject({ seen: 1, cancelled: 1 });
    expect(again.counts).toMatchObject({ cancelled: 0, waiting: 0, failed: 0 });
    expect(await cancelledOf()).toEqual([['MUG-BLUE', 2], ['TEE-BLACK-M', 1]]); // prettier-ignore
    expect(await orderOf(merchant, order.id)).toMatchObject({ status: 'split', overallStatus: 'cancelled' });
    expect(await orderOf(supplier, supplierOrder.id)).toMatchObject({ status: 'cancelled', cancelRequestedAt: null });
    await waitUntil(async () => (await historyOf(`dropship/${dropshipped.dropship!.id}`)).status === 'COMPLETED');
  });
});
