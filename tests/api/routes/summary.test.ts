import { describe, expect, it } from '@jest/globals';
import { raiseAttention } from '../../../db/attentions.ts';
import { withAccount } from '../../../db/engine/with-account.ts';
import { forTheFile } from '../../support/engine/for-the-file.ts';
import { openApi, type Caller } from '../../support/engine/test-api.ts';
import { aMerchant, anOrder, aPostedOrder, aTrade, imported } from '../../support/trade/api-orders.ts';

const api = forTheFile(() => openApi());

const ship = (account: Caller, id: string) =>
  account.post(`/v1/orders/${id}/shipments`, { carrier: 'ups', trackingNumber: '1Z999AA10123456784' });

describe('GET /v1/summary', () => {
  type Summary = {
    selling: Record<string, number> | null;
    supplying: Record<string, number> | null;
    [count: string]: unknown;
  };
  const summary = async (account: Caller, query = '') => (await account.get(`/v1/summary${query}`)).json<Summary>();
  const zeros = {
    toShip: 0,
    partlyShipped: 0,
    withSuppliers: 0,
    accepted: 0,
    late: 0,
    cancelRequested: 0,
    attention: 0,
  };

  it('counts what is open on each side', async () => {
    const trade = await aTrade(api);
    const leaf = await aPostedOrder(trade.merchant, anOrder(trade.channelId, ['LAMP']));
    const own = await aPostedOrder(trade.merchant, anOrder(trade.channelId));
    const gone = await aPostedOrder(trade.merchant, anOrder(trade.channelId));
    const part = await aPostedOrder(trade.merchant, anOrder(trade.channelId));
    await ship(trade.merchant, gone.id);
    await trade.merchant.post(`/v1/orders/${part.id}/shipments`, {
      carrier: 'ups', trackingNumber: '1Z999AA10123456784', lines: [{ lineId: part.lines[0]!.id, quantity: 1 }],
    }); // prettier-ignore
    await imported(api, trade, leaf);
    await withAccount(api.pool, trade.merchant.accountId, (db) =>
      raiseAttention(db, { orderId: own.id, workflowId: null, step: 'route', code: 'unmapped_sku' }),
    );

    expect(await summary(trade.merchant)).toMatchObject({
      selling: { ...zeros, toShip: 1, partlyShipped: 1, withSuppliers: 1, attention: 1 },
      supplying: null,
      // MUG has no stock, and three units of it are promised.
      oversold: 1,
      attention: 1,
      running: 0,
    });
    expect(await summary(trade.supplier)).toMatchObject({
      selling: null,
      supplying: { ...zeros, toShip: 1 },
      attention: 0,
    });
    expect(await summary(trade.merchant, '?side=supplying')).toMatchObject({ selling: null, supplying: null });
    expect(await summary(await api.anAccount())).toMatchObject({ selling: null, supplying: null, oversold: 0 });
  });

  it('is not sent again while nothing has changed', async () => {
    const { merchant, channelId } = await aMerchant(api);
    const first = await merchant.get('/v1/summary');
    const etag = String(first.headers['etag']);
    const again = () =>
      api.app.inject({
        url: '/v1/summary',
        headers: { authorization: `Bearer ${merchant.key}`, 'if-none-match': `"x", ${etag}` },
      });

    expect(etag).toMatch(/^W\/"[\w-]+"$/);
    expect(await again()).toMatchObject({ statusCode: 304, body: '' });
    await aPostedOrder(merchant, anOrder(channelId));
    expect(await again()).toMatchObject({ statusCode: 200 });
  });
});
