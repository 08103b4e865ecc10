import { describe, expect, it } from '@jest/globals';
import { createLabelActivities } from '../../../activities/labels/index.ts';
import { rateParcel } from '../../../activities/labels/rate.ts';
import type { Pool } from '../../../db/engine/pool.ts';
import { withAccount } from '../../../db/engine/with-account.ts';
import { noteFailed } from '../../../db/labels/purchases.ts';
import type { Workflows } from '../../../temporal/client.ts';
import { forTheFile } from '../../support/engine/for-the-file.ts';
import { openApi, type Caller, type TestApi } from '../../support/engine/test-api.ts';
import { aMerchant, anOrder, aPostedOrder, shipTo, type OrderJson } from '../../support/trade/api-orders.ts';
import { box, labelDeps } from '../../support/trade/label-trade.ts';

type LabelJson = { id: string; status: string; lines: object[]; [field: string]: unknown };
type QuoteJson = { id: string; cost: { amount: number; currency: string } };

/** How the workflow of a label ends: its activities, in turn, or not at all. */
let ending: 'bought' | 'late' | 'failed' = 'bought';
/** Of the order of each label that was asked for. */
const started: string[] = [];

function workflows(pool: Pool): Partial<Workflows> {
  const temporal = { workflow: { start: async () => undefined, signalWithStart: async () => undefined } };
  const deps = labelDeps(pool, { sealer: api.sealer, client: temporal as never });
  const label = createLabelActivities(deps);
  return {
    rateParcel: (input) => rateParcel(labelDeps(pool, { sealer: api.sealer }), input),
    async startLabel({ labelId, orderId, accountId }) {
      started.push(labelId);
      if (ending === 'late') return;
      const ids = { labelId, orderId };
      if (ending === 'failed')
        return void (await withAccount(pool, accountId, (db) => noteFailed(db, labelId, 'balance_too_low')));
      for (const step of [label.openLabel, label.prepareLabel, label.buyLabel, label.storeLabel, label.recordLabel])
        await step(ids);
    },
    async voidLabel({ labelId, orderId }, { by, reason }) {
      const ids = { labelId, orderId };
      await label.requestLabelVoid(ids);
      await label.voidLabelShipment({ ...ids, by, reason });
      await label.refundLabel({ ...ids, ifScanned: 'answer' });
      await label.closeLabelVoid(ids);
    },
  };
}

const api: TestApi = forTheFile(() => openApi((pool) => lazily(() => workflows(pool))));
/** The activities need the API's sealer, which is there when the first call comes. */
function lazily(make: () => Partial<Workflows>): Partial<Workflows> {
  return new Proxy({}, { get: (_target, name: keyof Workflows) => make()[name] });
}

const shop = forTheFile(async () => {
  const { merchant, channelId } = await aMerchant(api);
  await merchant.post('/v1/label-accounts', { provider: 'test', name: 'Samples' });
  const { data } = (await merchant.get('/v1/warehouses')).json<{ data: { id: string }[] }>();
  await merchant.patch(`/v1/warehouses/${data[0]!.id}`, { address: { ...shipTo, name: 'Dock 4' } });
  return { merchant, channelId };
});

async function aQuotedOrder(): Promise<{ order: OrderJson; quotes: QuoteJson[] }> {
  const order = await aPostedOrder(shop.merchant, anOrder(shop.channelId));
  return { order, quotes: await quotesOf(order) };
}
async function quotesOf({ id }: OrderJson): Promise<QuoteJson[]> {
  const answer = await shop.merchant.post(`/v1/orders/${id}/rates`, { parcel: box });
  return answer.json<{ quotes: QuoteJson[] }>().quotes;
}
const buy = (caller: Caller, { id }: OrderJson, { key, ...body }: { key?: string; [field: string]: unknown }) =>
  caller.post(`/v1/orders/${id}/labels`, body, key === undefined ? {} : { 'idempotency-key': key });
const lines = (order: OrderJson, quantity: number) => [{ lineId: order.lines[0]!.id, quantity }];

describe('buying a label', () => {
  it('answers 201 with the label once it is recorded', async () => {
    ending = 'bought';
    const { order, quotes } = await aQuotedOrder();

    const answer = await buy(shop.merchant, order, { quoteId: quotes[0]!.id });

    expect(answer.statusCode).toBe(201);
    const label = answer.json<LabelJson>();
    expect(label).toMatchObject({
      status: 'recorded',
      orderId: order.id,
      cost: quotes[0]!.cost,
      lines: lines(order, 2),
    });
    expect((await shop.merchant.get(`/v1/labels/${label.id}`)).json()).toEqual(label);
    expect((await shop.merchant.get(`/v1/labels?orderId=${order.id}&status=recorded`)).json()).toEqual({
      data: [label],
      nextCursor: null,
    });
    expect((await shop.merchant.get(`/v1/labels?status=failed&orderId=${order.id}`)).json()).toMatchObject({
      data: [],
    });
    expect((await shop.merchant.get(`/v1/orders/${order.id}`)).json()).toMatchObject({ labels: [label] });
  });

  it('answers 202 while it is bought, and the same request shows later how far it is', async () => {
    ending = 'late';
    const { order, quotes } = await aQuotedOrder();
    const wish = { quoteId: quotes[0]!.id };

    const first = await buy(shop.merchant, order, { ...wish, key: 'late-1' });
    ending = 'bought';
    const second = await buy(shop.merchant, order, { ...wish, key: 'late-1' });
    const third = await buy(shop.merchant, order, { ...wish, key: 'late-1' });

    expect(first.statusCode).toBe(202);
    expect(first.json()).toMatchObject({ status: 'requested', trackingNumber: null });
    expect(second.statusCode).toBe(201);
    expect(second.headers['idempotency-replayed']).toBe('true');
    expect(second.json()).toMatchObject({ id: first.json<LabelJson>().id, status: 'recorded' });
    expect(third.json()).toEqual(second.json());
    expect(started.filter((id) => id === first.json<LabelJson>().id)).toHaveLength(2);
  });

  it('says why nothing was bought, also when it is asked again', async () => {
    ending = 'failed';
    const { order, quotes } = await aQuotedOrder();
    const wish = { quoteId: quotes[0]!.id };

    const first = await buy(shop.merchant, order, { ...wish, key: 'failed-1' });
    ending = 'bought';
    const again = await buy(shop.merchant, order, { ...wish, key: 'failed-1' });
    const another = await buy(shop.merchant, order, { ...wish, key: 'failed-2' });

    expect(first.json()).toMatchObject({ status: 409, code: 'balance_too_low' });
    expect(again.json()).toMatchObject({ status: 409, code: 'balance_too_low' });
    expect(another.statusCode).toBe(201);
  });

  it('is the same label for the same request, also after its key was pruned', async () => {
    ending = 'bought';
    const { order, quotes } = await aQuotedOrder();
    const wanted = { key: `pruned-${order.id}`, quoteId: quotes[0]!.id };
    const first = (await buy(shop.merchant, order, wanted)).json<LabelJson>();
    await withAccount(api.pool, shop.merchant.accountId, (db) =>
      db('idempotency_keys').where({ key: wanted.key }).delete(),
    );

    const second = await buy(shop.merchant, order, wanted);

    expect(second.statusCode).toBe(201);
    expect(second.json()).toMatchObject({ id: first.id, status: 'recorded' });
  });

  it('keeps its label account until it is recorded', async () => {
    ending = 'late';
    const { order, quotes } = await aQuotedOrder();
    const label = (await buy(shop.merchant, order, { quoteId: quotes[0]!.id })).json<LabelJson>();

    const removed = await shop.merchant.delete(`/v1/label-accounts/${String(label['labelAccountId'])}`);

    expect(removed.json()).toMatchObject({ status: 409, code: 'label_account_in_use' });
  });

  it('refuses a key that was used for another label', async () => {
    ending = 'bought';
    const { order, quotes } = await aQuotedOrder();
    await buy(shop.merchant, order, { quoteId: quotes[0]!.id, key: 'once' });

    const other = await buy(shop.merchant, order, { quoteId: quotes[1]!.id, key: 'once' });

    expect(other.json()).toMatchObject({ status: 422, code: 'idempotency_key_reused' });
  });

  it('without a key makes another label each time, and the units allow only one', async () => {
    ending = 'bought';
    const { order, quotes } = await aQuotedOrder();
    const others = await quotesOf(order);

    expect((await buy(shop.merchant, order, { quoteId: quotes[0]!.id })).statusCode).toBe(201);

    expect((await buy(shop.merchant, order, { quoteId: others[0]!.id })).json()).toMatchObject({
      code: 'quantity_exceeds_open',
    });
  });

  it.each([
    ['neither quote nor carrier', {}, ['/quoteId']],
    ['a carrier without a parcel', { carrier: 'ups' }, ['/parcel']],
    ['a quote and a parcel', { quoteId: 'quo_1', parcel: box }, ['/parcel']],
    ['a parcel without a weight', { carrier: 'ups', parcel: { ...box, weightGrams: 0 } }, ['/parcel/weightGrams']],
    ['an unknown field', { quoteId: 'quo_1', price: 1 }, ['/price']],
  ])('refuses %s', async (_what, body, pointers) => {
    const { order } = await aQuotedOrder();

    const answer = await buy(shop.merchant, order, body);

    expect(answer.json()).toMatchObject({ status: 422, code: 'invalid_request' });
    expect(answer.json<{ errors: { pointer: string }[] }>().errors.map(({ pointer }) => pointer)).toEqual(pointers);
  });

  it('is for those who may ship', async () => {
    const reader = await api.aKeyOf(shop.merchant, ['read']);
    const packer = await api.aKeyOf(shop.merchant, ['ship']);
    const { order, quotes } = await aQuotedOrder();
    const wish = { quoteId: quotes[0]!.id };

    expect((await buy(reader, order, wish)).statusCode).toBe(403);
    expect((await buy(packer, order, wish)).statusCode).toBe(201);
  });

  it('is of one’s own orders, labels and quotes alone', async () => {
    const stranger = await api.anAccount();
    const { order, quotes } = await aQuotedOrder();
    const label = (await buy(shop.merchant, order, { quoteId: quotes[0]!.id })).json<LabelJson>();

    expect((await buy(stranger, order, { quoteId: quotes[0]!.id })).json()).toMatchObject({ code: 'order_not_found' });
    expect((await stranger.get(`/v1/labels/${label.id}`)).json()).toMatchObject({ code: 'label_not_found' });
    expect((await stranger.post(`/v1/labels/${label.id}/void`, { reason: 'other' })).json()).toMatchObject({
      code: 'label_not_found',
    });
    expect((await stranger.get('/v1/labels')).json()).toEqual({ data: [], nextCursor: null });
  });
});

describe('voiding a label', () => {
  it('stores the note on the own timeline alone, and answers the label with its refund', async () => {
    ending = 'bought';
    const { order, quotes } = await aQuotedOrder();
    const { id } = (await buy(shop.merchant, order, { quoteId: quotes[0]!.id })).json<LabelJson>();

    const voided = await shop.merchant.post(`/v1/labels/${id}/void`, { reason: 'not_sent', note: 'Box was too small' });

    expect(voided.json()).toMatchObject({ id, status: 'voided', refund: 'refunded' });
    const sent = api.ledger.filter(({ call }) => call === 'voidLabel').at(-1)!.args;
    expect(JSON.stringify(sent)).not.toContain('too small');
    expect(sent[1]).toMatchObject({
      by: expect.stringMatching(/^key_/),
      reason: 'not_sent',
      noteId: expect.any(String),
    });
    const events = (await shop.merchant.get(`/v1/orders/${order.id}/events`)).json<{
      data: { type: string; data: object }[];
    }>();
    expect(events.data.find(({ type }) => type === 'note_added')?.data).toEqual({ note: 'Box was too small' });
  });

  it('is refused before it is bought', async () => {
    ending = 'late';
    const { order, quotes } = await aQuotedOrder();
    const { id } = (await buy(shop.merchant, order, { quoteId: quotes[0]!.id })).json<LabelJson>();

    const refused = await shop.merchant.post(`/v1/labels/${id}/void`, { reason: 'not_sent' });

    expect(refused.json()).toMatchObject({ status: 409, code: 'label_not_bought' });
  });
});

describe('a return label', () => {
  it('is for units that have shipped', async () => {
    ending = 'bought';
    const { order } = await aQuotedOrder();
    const carrier = { carrier: 'other', parcel: box };
    const before = await shop.merchant.post(`/v1/orders/${order.id}/return-labels`, carrier);
    await buy(shop.merchant, order, { carrier: 'other', parcel: box });

    const after = await shop.merchant.post(`/v1/orders/${order.id}/return-labels`, carrier);

    expect(before.json()).toMatchObject({ status: 409, code: 'nothing_left_to_ship' });
    expect(after.statusCode).toBe(201);
    expect(after.json()).toMatchObject({ isReturn: true, status: 'bought', shipmentId: null, lines: lines(order, 2) });
    const again = await shop.merchant.post(`/v1/orders/${order.id}/return-labels`, carrier);
    expect(again.json()).toMatchObject({ status: 409, code: 'nothing_left_to_ship' });
  });
});
