import { expect, it } from '@jest/globals';
import { aMerchant, anOrder, aPostedOrder } from '../../support/trade/api-orders.ts';
import { forTheFile } from '../../support/engine/for-the-file.ts';
import { openApi } from '../../support/engine/test-api.ts';

const api = forTheFile(() => openApi());

it('a page of orders, and an order, are read by one statement', async () => {
  const { merchant, channelId } = await aMerchant(api);
  const { id } = await aPostedOrder(merchant, anOrder(channelId));
  const sent: string[] = [];
  const note = ({ sql }: { sql: string }) => void sent.push(sql);
  const { client } = api.pool.app as unknown as { client: NodeJS.EventEmitter };
  client.on('query', note);

  await merchant.get('/v1/orders?limit=50');
  await merchant.get('/v1/order-rows?limit=25');
  await merchant.get(`/v1/orders/${id}`);
  client.off('query', note);

  expect(sent.map((sql) => sql.slice(0, 6))).toEqual(['select', 'select', 'select']);
});
