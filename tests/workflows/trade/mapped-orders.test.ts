import { randomBytes } from 'node:crypto';
import { expect, it } from '@jest/globals';
import { newId } from '../../../db/engine/ids.ts';
import { withAccount } from '../../../db/engine/with-account.ts';
import { timelineOf } from '../../support/trade/cancel-trade.ts';
import { anIncomingOrder, storeOrderFor } from '../../support/trade/database-trade.ts';
import { aProduct, leavesOf, orderOf } from '../../support/trade/trade.ts';
import { waitUntil } from '../../support/engine/wait-until.ts';
import { aTradingWorld } from '../../support/trade/trading-world.ts';

const { world, traded } = aTradingWorld({ sweepMs: 300 });

/** An order as a shop's import stores it, with SKUs that nobody has. @returns its id */
async function anUnmapped(skus: readonly string[]): Promise<string> {
  const { merchant, channelId } = traded;
  const order = anIncomingOrder(skus.map((sku) => ({ sku, quantity: 2 })));
  const { orderId } = await storeOrderFor(world.pool, { accountId: merchant.id, channelId }, order);
  expect(await orderOf(merchant, orderId)).toMatchObject({ attention: { code: 'unmapped_sku' } });
  return orderId;
}
const aNewSku = () => `NEW-${randomBytes(4).toString('hex')}`;
const routed = (orderId: string) =>
  waitUntil(async () => {
    const order = await orderOf(traded.merchant, orderId);
    return order.attention === null && order.status !== 'awaiting_fulfillment' && order;
  });
const product = (sku: string) => ({
  sku,
  name: sku,
  fulfillmentType: 'automatically_dropshipped',
  suppliers: [{ supplierId: traded.trade.supplierId }],
});

it('goes on by itself once its SKU is a product', async () => {
  const sku = aNewSku();
  const orderId = await anUnmapped([sku]);

  await traded.merchant.rest.post('/products', product(sku));

  expect(await routed(orderId)).toMatchObject({ status: 'dropship_requested', dropship: { status: 'requested' } });
  expect(await timelineOf(traded.merchant, orderId, 'attention_resolved', 'dropship_requested')).toMatchObject([
    { actor: { kind: 'system' }, data: { action: 'retry' } },
    { actor: { kind: 'system' } },
  ]);
  const { id } = (await orderOf(traded.merchant, orderId)).dropship!;
  await waitUntil(async () => (await world.client.workflow.getHandle(`dropship/${id}`).describe()).status.name === 'RUNNING'); // prettier-ignore
});

it('goes on once the last of its SKUs is known, by a batch and by a corrected SKU', async () => {
  const [first, second] = [aNewSku(), aNewSku()];
  const orderId = await anUnmapped([first, second]);
  const misspelt = `${second}-X`;
  await aProduct(traded.merchant, { sku: misspelt });

  await traded.merchant.rest.post('/products/batch', { items: [product(first)] });
  await aSweep();
  const still = await orderOf(traded.merchant, orderId);
  const { data } = await traded.merchant.rest.get<{ data: { id: string }[] }>(`/products?sku=${misspelt}`);
  await traded.merchant.rest.patch(`/products/${data[0]!.id}`, { sku: second });

  expect(still).toMatchObject({ attention: { code: 'unmapped_sku' }, dropship: null });
  await routed(orderId);
  const leaves = await leavesOf(traded.merchant, orderId);
  expect(leaves.map(({ status }) => status)).toEqual(['dropship_requested', 'awaiting_fulfillment']);
});

it('goes on once a listing of its shop means a product', async () => {
  const { merchant, channelId, sku } = traded;
  const remoteSku = aNewSku();
  const id = newId('listing');
  const listing = { account_id: merchant.id, id, channel_id: channelId, remote_id: remoteSku, remote_sku: remoteSku };
  await withAccount(world.pool, merchant.id, (db) =>
    db('listings').insert({ ...listing, linked_sku: remoteSku, linked_by: 'sku' }),
  );
  const orderId = await anUnmapped([remoteSku]);
  const { data } = await merchant.rest.get<{ data: { id: string }[] }>(`/products?sku=${sku}`);

  await merchant.rest.patch(`/listings/${id}`, { productId: data[0]!.id });

  expect(await routed(orderId)).toMatchObject({ status: 'dropship_requested' });
});

it('stays as somebody decided', async () => {
  const sku = aNewSku();
  const orderId = await anUnmapped([sku]);
  const { attention } = await orderOf(traded.merchant, orderId);
  await traded.merchant.rest.post(`/attentions/${attention!.id}/resolve`, { action: 'skip', reason: 'not_needed' });

  await traded.merchant.rest.post('/products', product(sku));
  await aSweep();

  expect(await orderOf(traded.merchant, orderId)).toMatchObject({ dropship: null, attention: null });
});

/** Waits until another order, unmapped and mapped now, has gone on. */
async function aSweep(): Promise<void> {
  const sku = aNewSku();
  const orderId = await anUnmapped([sku]);
  await traded.merchant.rest.post('/products', product(sku));
  await routed(orderId);
}
