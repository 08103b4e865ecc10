import { expect, it } from '@jest/globals';
import { sold } from '../../support/trade/cancel-trade.ts';
import { aCompany, aConnection, orderOf } from '../../support/trade/trade.ts';
import { waitUntil } from '../../support/engine/wait-until.ts';
import { aTradingWorld } from '../../support/trade/trading-world.ts';

const { world, traded } = aTradingWorld();

it('shows the merchant what waited for its import, who takes it back and hands it to another supplier', async () => {
  const { merchant, sku, trade } = traded;
  const other = await aConnection(world, merchant, await aCompany(world));
  const { id, dropship } = await sold(traded);

  await world.operator.patch(`/connections/${trade.connectionId}`, { status: 'ended' });

  const parked = await waitUntil(async () => (await orderOf(merchant, id)).attention);
  expect(parked).toMatchObject({ step: 'import', code: 'connection_not_active', actions: ['retry', 'cancel'] });
  const run = world.client.workflow.getHandle(`dropship/${dropship!.id}`);
  await merchant.rest.post(`/attentions/${parked.id}/resolve`, { action: 'cancel', reason: 'other' });
  expect(await run.result()).toEqual({ status: 'cancelled' });
  expect(await orderOf(merchant, id)).toMatchObject({ status: 'awaiting_fulfillment', attention: null });
  const { data } = await merchant.rest.get<{ data: { id: string }[] }>(`/products?sku=${sku}`);
  await merchant.rest.patch(`/products/${data[0]!.id}`, { suppliers: [{ supplierId: other.supplierId }] });
  await merchant.rest.post(`/orders/${id}/dropship`, { supplierId: other.supplierId });
  expect(await orderOf(merchant, id)).toMatchObject({
    dropship: { supplierId: other.supplierId, status: 'requested' },
  });
});
