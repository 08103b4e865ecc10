import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { anOrder, aPostedOrder, aProduct, aTrade, type Handed, type OrderJson } from '../support/trade/api-orders.ts';
import { readMerchantSide } from '../../db/dropships/imports.ts';
import { withAccount, type AccountDb } from '../../db/engine/with-account.ts';
import { noteEdit } from '../../db/orders/edits.ts';
import { whatCrosses } from '../../domain/dropships/crossing.ts';
import { openApi, type TestApi } from '../support/engine/test-api.ts';

let api: TestApi;
let trade: Handed;
beforeAll(async () => {
  api = await openApi();
  trade = await aTrade(api);
  const other = await api.aConnection(trade.merchant, await api.anAccount());
  const suppliers = [{ supplierId: other.supplierId }];
  await aProduct(trade.merchant, 'VASE', { fulfillmentType: 'automatically_dropshipped', suppliers });
});
afterAll(() => api.close());

type Shipped = { id: string; method: string; lines: { quantity: number }[] };
const shown = async (id: string) => (await trade.merchant.get(`/v1/orders/${id}`)).json<OrderJson>();
const digitalOf = (order: OrderJson) =>
  (order['shipments'] as Shipped[]).filter(({ method }) => method === 'digital').flatMap(({ lines }) => lines).length;
const inMerchant = <T>(work: (db: AccountDb) => Promise<T>) => withAccount(api.pool, trade.merchant.accountId, work);
const pushed = () => api.ledger.filter(({ call }) => call === 'startPush').map(({ args }) => args[0]);

/** An order of these SKUs, two units each; `GIFT`, which is no product, needs no shipping. */
async function placed(...skus: string[]): Promise<OrderJson> {
  const body = anOrder(trade.channelId, skus);
  const lines = body.lines.map((line) => (line.sku === 'GIFT' ? { ...line, requiresShipping: false } : line));
  return aPostedOrder(trade.merchant, { ...body, lines });
}

describe('an order with lines that need no shipping', () => {
  it.each<[string[], string, [string[], string, number][]]>([
    [['GIFT'], 'shipped', [[['GIFT'], 'shipped', 1]]],
    [['MUG', 'GIFT'], 'awaiting_fulfillment', [[['MUG', 'GIFT'], 'awaiting_fulfillment', 1]]],
    [['GIFT', 'LAMP'], 'dropship_requested', [[['GIFT', 'LAMP'], 'dropship_requested', 1]]],
    [
      ['LAMP', 'GIFT', 'MUG'],
      'dropship_requested',
      [
        [['LAMP'], 'dropship_requested', 0],
        [['GIFT', 'MUG'], 'awaiting_fulfillment', 1],
      ],
    ],
    [
      ['LAMP', 'VASE', 'GIFT'],
      'dropship_requested',
      [
        [['LAMP', 'GIFT'], 'dropship_requested', 1],
        [['VASE'], 'dropship_requested', 0],
      ],
    ],
  ])('%j is %s, and its leaves are %j', async (skus, overallStatus, leaves) => {
    const order = await placed(...skus);

    const all = await Promise.all((order.childIds.length > 0 ? order.childIds : [order.id]).map(shown));

    expect(await shown(order.id)).toMatchObject({ overallStatus });
    const seen = all.map((leaf) => [leaf.lines.map(({ sku }) => sku), leaf.status, digitalOf(leaf)]);
    expect(seen).toEqual(leaves);
    const gift = all.flatMap(({ lines }) => lines).find(({ sku }) => sku === 'GIFT');
    expect(gift).toMatchObject({ quantity: 2, shipped: 2, requiresShipping: false });
  });

  it('is pushed to its shop, once', async () => {
    const order = await placed('GIFT');
    const [shipment] = order['shipments'] as Shipped[];

    const mine = () => pushed().filter((push) => (push as { orderId: string }).orderId === order.id);
    expect(mine()).toMatchObject([{ shipmentId: shipment!.id, revision: 1 }]);
    expect(await shown(order.id)).toMatchObject({ shipments: [{ id: shipment!.id, carrier: null }] });
  });

  it('gives its supplier the goods only, also where the supplier is assigned to the SKU', async () => {
    const { remoteLineId, ...gift } = anOrder(trade.channelId, ['RUG']).lines[0]!;
    const goods = anOrder(trade.channelId, ['LAMP']);
    const lines = [...goods.lines, { ...gift, remoteLineId: `${remoteLineId}-gift`, requiresShipping: false }];
    const order = await aPostedOrder(trade.merchant, { ...goods, lines });

    const side = await inMerchant((db) => readMerchantSide(db, order.dropship!.id));
    const waiting = await trade.merchant.get(`/v1/suppliers/${trade.supplierId}/go-live`);

    expect(whatCrosses(side).lines.map(({ sku }) => sku)).toEqual(['LAMP']);
    expect(waiting.json<{ data: { orderId: string }[] }>().data.map(({ orderId }) => orderId)).not.toContain(order.id);
  });

  it('is dropshipped by hand, although its gift card has shipped', async () => {
    const order = await placed('RUG', 'GIFT', 'MUG');
    const rug = order.lines.find(({ sku }) => sku === 'RUG')!;

    const answer = await trade.merchant.post(`/v1/orders/${order.id}/dropship`, {
      supplierId: trade.supplierId,
      lines: [rug.id],
    });

    const { orders } = answer.json<{ orders: OrderJson[] }>();
    expect(answer.statusCode).toBe(201);
    expect(orders.map(({ status, lines }) => [status, lines.map(({ sku }) => sku)])).toEqual([
      ['split', ['RUG', 'GIFT', 'MUG']],
      ['dropship_requested', ['RUG']],
      ['awaiting_fulfillment', ['MUG']],
    ]);
    const [shipment] = (await shown(order.id))['shipments'] as Shipped[];
    const voided = await trade.merchant.post(`/v1/shipments/${shipment!.id}/void`, { reason: 'not_sent' });
    expect(voided.json()).toMatchObject({ code: 'order_is_split' });
  });

  it('does not ship a gift card again that a person voided', async () => {
    const order = await placed('RUG', 'GIFT', 'MUG');
    const [shipment] = (await shown(order.id))['shipments'] as Shipped[];
    await trade.merchant.post(`/v1/shipments/${shipment!.id}/void`, { reason: 'not_sent' });
    const before = pushed().length;

    const rug = order.lines.find(({ sku }) => sku === 'RUG')!;
    const dropship = { supplierId: trade.supplierId, lines: [rug.id] };
    const answer = await trade.merchant.post(`/v1/orders/${order.id}/dropship`, dropship);

    const lines = answer.json<{ orders: OrderJson[] }>().orders.flatMap((leaf) => leaf.lines);
    expect(lines.filter(({ sku, shipped }) => sku === 'GIFT' && shipped > 0)).toEqual([]);
    expect(pushed()).toHaveLength(before);
  });

  it('is shipped when the rest is cancelled, and open again when its delivery is voided', async () => {
    const order = await placed('MUG', 'GIFT');

    await trade.merchant.post(`/v1/orders/${order.id}/cancel`, { reason: 'customer_request' });
    const shipped = await shown(order.id);
    const [shipment] = shipped['shipments'] as Shipped[];
    await trade.merchant.post(`/v1/shipments/${shipment!.id}/void`, { reason: 'not_sent' });
    const open = await shown(order.id);
    await trade.merchant.post(`/v1/orders/${order.id}/shipments`, { method: 'digital' });

    expect([shipped.status, open.status, (await shown(order.id)).status]).toEqual([
      'shipped',
      'awaiting_fulfillment',
      'shipped',
    ]);
  });

  it('commits no stock for them, also where the SKU is a product', async () => {
    const body = anOrder(trade.channelId, ['MUG']);
    const levels = async () => (await trade.merchant.get('/v1/stock?sku=MUG')).json<{ data: object[] }>().data;
    await placed('MUG');
    const before = await levels();

    const order = await aPostedOrder(trade.merchant, {
      ...body,
      lines: [{ ...body.lines[0]!, requiresShipping: false }],
    });

    expect(order.status).toBe('shipped');
    expect(before).not.toEqual([]);
    expect(await levels()).toEqual(before);
  });

  it('grows by an edit in its shop, but does not shrink', async () => {
    const order = await placed('GIFT', 'MUG');
    const edited = async (quantity: number) => {
      const lines = order.lines.map(({ remoteLineId, sku }) => ({
        remoteLineId,
        sku,
        name: sku,
        quantity: sku === 'GIFT' ? quantity : 2,
        unitPriceMinor: 1,
        requiresShipping: sku !== 'GIFT',
      }));
      const { actor, shipTo } = {
        actor: { kind: 'channel', id: trade.channelId } as const,
        shipTo: order['shipTo'] as never,
      };
      const inShop = { remoteId: '', number: '', placedAt: '', currency: 'EUR', shipTo, shippingMethod: null, lines };
      await inMerchant((db) => noteEdit(db, { orderId: order.id, order: inShop, actor, at: new Date() }));
      const { pendingEdit } = (await shown(order.id)) as unknown as { pendingEdit: { id: string } };
      return trade.merchant.post(`/v1/orders/${order.id}/edit/accept`, { editId: pendingEdit.id });
    };

    const grown = await edited(3);
    const shrunk = await edited(1);

    expect(grown.json()).toMatchObject({
      status: 'awaiting_fulfillment',
      lines: [{ quantity: 3, shipped: 3 }, { shipped: 0 }],
    });
    expect(digitalOf(await shown(order.id))).toBe(2);
    expect(shrunk.json()).toMatchObject({ code: 'order_shipped' });
  });
});
