import { expect, it } from '@jest/globals';
import { aMerchant, anOrder, aPostedOrder } from '../../support/trade/api-orders.ts';
import { forTheFile } from '../../support/engine/for-the-file.ts';
import { openApi } from '../../support/engine/test-api.ts';

const api = forTheFile(() => openApi());

it('a page of orders is read by one statement of one transaction', async () => {
  const { merchant, channelId } = await aMerchant(api);
  await aPostedOrder(merchant, anOrder(channelId));
  const sent: string[] = [];
  const note = ({ sql }: { sql: string }) => void sent.push(sql);
  const { client } = api.pool.app as unknown as { client: NodeJS.EventEmitter };
  client.on('query', note);

  await merchant.get('/v1/orders?limit=50');
  await merchant.get('/v1/order-rows?limit=25');
  client.off('query', note);

  expect(sent.map((sql) => sql.slice(0, 6))).toEqual(['select', 'select']);
});
