import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { raiseAttention } from '../../../db/attentions.ts';
import { withAccount } from '../../../db/engine/with-account.ts';
import {
  aTrade,
  anOrder,
  aPostedOrder,
  imported,
  type Handed,
  type OrderJson,
} from '../../support/trade/api-orders.ts';
import { openApi, type Caller, type TestApi } from '../../support/engine/test-api.ts';

let api: TestApi;
let trade: Handed;
let order: OrderJson;
let supplierOrderId: string;
let attentionId: string;
beforeAll(async () => {
  api = await openApi();
  trade = await aTrade(api);
  order = await aPostedOrder(trade.merchant, anOrder(trade.channelId, ['LAMP']));
  supplierOrderId = await imported(api, trade, order);
  const dropshipId = order.dropship!.id;
  const workflowId = `dropship/${dropshipId}`;
  ({ id: attentionId } = await withAccount(api.pool, trade.merchant.accountId, (db) =>
    raiseAttention(db, { orderId: order.id, dropshipId, workflowId, step: 'relay', code: 'no_answer' }),
  ));
});
afterAll(() => api.close());

type Found = { accountId: string; orderId: string; workflowId: string | null };
const find = async (caller: Caller, q: string) => caller.get(`/v1/support/orders?q=${encodeURIComponent(q)}`);
const found = async (q: string) => (await find(api.operator, q)).json<{ data: Found[] }>().data;

describe('looking up an order', () => {
  it('finds both sides by number, each with its account, workflow and cause', async () => {
    const data = await found(` ${order.number} `);

    const dropship = {
      dropshipId: order.dropship!.id,
      workflowId: `dropship/${order.dropship!.id}`,
      workflowUrl: null,
    };
    expect(data).toEqual([
      expect.objectContaining({
        accountId: trade.supplier.accountId,
        orderId: supplierOrderId,
        attention: null,
        ...dropship,
      }),
      {
        accountId: trade.merchant.accountId,
        accountName: 'A company',
        orderId: order.id,
        number: order.number,
        status: 'dropship_requested',
        dropshipStatus: 'imported',
        attention: 'no_answer',
        ...dropship,
      },
    ]);
  });

  it('finds one by its id, both by their dropship, and nothing by a part', async () => {
    expect((await found(order.id)).map(({ orderId }) => orderId)).toEqual([order.id]);
    const both = await found(order.dropship!.id);
    expect(both.map(({ orderId }) => orderId).sort()).toEqual([order.id, supplierOrderId].sort());
    expect(await found(order.number.slice(0, -1))).toEqual([]);
  });

  it('shows an order without a dropship', async () => {
    const own = await aPostedOrder(trade.merchant, anOrder(trade.channelId, ['MUG']));

    expect(await found(own.id)).toMatchObject([{ dropshipId: null, dropshipStatus: null, workflowId: null }]);
  });

  it('is for the operator alone', async () => {
    expect((await find(trade.merchant, order.number)).json()).toMatchObject({ status: 403, code: 'scope_missing' });
    expect((await find(api.operator, ' ')).json()).toMatchObject({ status: 422, errors: [{ pointer: '?q' }] });
  });
});

type Listed = { id: string; [field: string]: unknown };
const parked = async (caller: Caller, query = '') =>
  (await caller.get(`/v1/attentions?limit=200&${query}`)).json<{ data: Listed[] }>().data;

describe('a parked step in a list', () => {
  it('names its order, SKU and supplier to its account', async () => {
    expect(await parked(trade.merchant)).toEqual([
      expect.objectContaining({
        id: attentionId,
        orderNumber: order.number,
        orderSide: 'selling',
        sku: 'LAMP',
        counterpart: { accountId: trade.supplier.accountId, name: 'A supplier' },
      }),
    ]);
    const [own] = await parked(trade.merchant);
    for (const field of ['accountId', 'accountName', 'workflowUrl']) expect(own).not.toHaveProperty(field);
  });

  it('names its merchant to a supplier', async () => {
    const { id } = await withAccount(api.pool, trade.supplier.accountId, (db) =>
      raiseAttention(db, { orderId: supplierOrderId, workflowId: null, step: 'route', code: 'unmapped_sku' }),
    );

    const [shown] = await parked(trade.supplier, 'code=unmapped_sku');

    const counterpart = { accountId: trade.merchant.accountId, name: 'A merchant' };
    expect(shown).toMatchObject({ id, orderNumber: order.number, orderSide: 'supplying', sku: 'LAMP', counterpart });
  });

  it('names its account and both parties to the operator, and no SKU', async () => {
    const [shown] = await parked(api.operator, `accountId=${trade.merchant.accountId}`);

    expect(shown).toMatchObject({
      id: attentionId,
      accountId: trade.merchant.accountId,
      accountName: 'A company',
      orderNumber: order.number,
      orderSide: 'selling',
      sku: null,
      counterpart: { accountId: trade.supplier.accountId, name: 'A company' },
    });
  });

  it('is found by its age, by how the number begins, and by account', async () => {
    const ids = async (caller: Caller, query: string) => (await parked(caller, query)).map(({ id }) => id);
    const { accountId } = trade.merchant;

    expect(await ids(trade.merchant, `olderThan=${new Date().toISOString()}`)).toEqual([attentionId]);
    expect(await ids(trade.merchant, 'olderThan=2026-01-01T00:00:00Z')).toEqual([]);
    expect(await ids(trade.merchant, `q=${order.number.slice(0, 2)}`)).toEqual([attentionId]);
    expect(await ids(trade.merchant, `q=${order.number.slice(1)}`)).toEqual([]);
    expect(await ids(api.operator, `accountId=${accountId}&q=${order.number}`)).toEqual([attentionId]);
    expect(await ids(api.operator, 'accountId=acct_none')).toEqual([]);
    expect(await ids(trade.supplier, `accountId=${accountId}`)).toEqual([]);
  });

  it('is counted by account for the operator, and without it for an account', async () => {
    const url = '/v1/attentions/summary?code=no_answer';
    const all = (await api.operator.get(url)).json<{ data: object[] }>().data;
    const own = (await trade.merchant.get(url)).json<{ data: object[] }>().data;

    const { accountId } = trade.merchant;
    expect(all).toEqual([expect.objectContaining({ accountId, accountName: 'A company', count: 1 })]);
    expect(own).toEqual([expect.objectContaining({ code: 'no_answer', count: 1 })]);
    expect(own[0]).not.toHaveProperty('accountId');
  });

  it('can be decided for all of an account', async () => {
    const body = { filter: { accountId: 'acct_none' }, action: 'retry', reason: 'other' };

    const none = await api.operator.post('/v1/attentions/resolve', body);
    const open = await api.operator.post('/v1/attentions/resolve', { ...body, filter: {} });

    expect(none.json()).toEqual({ results: [], left: 0 });
    expect(open.json()).toMatchObject({ status: 422, errors: [{ pointer: '/filter' }] });
  });
});
