import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { raiseAttention, closeAttention, type NewAttention } from '../../../db/attentions.ts';
import { storeOrder } from '../../../db/orders/store-order.ts';
import { withAccount } from '../../../db/engine/with-account.ts';
import { DomainError } from '../../../domain/errors.ts';
import { aMerchant, anOrder, aPostedOrder, aProduct, shipTo, type OrderJson } from '../../support/trade/api-orders.ts';
import { aProblem, openApi, withoutRequestId, type Caller, type TestApi } from '../../support/engine/test-api.ts';

let api: TestApi;
let merchant: Caller;
let channelId: string;
const temporal: { refusal?: DomainError; outcome?: 'over' } = {};
beforeAll(async () => {
  api = await openApi(() => ({
    resolveAttention: async () => {
      if (temporal.refusal) throw temporal.refusal;
      return temporal.outcome ?? 'decided';
    },
  }));
  ({ merchant, channelId } = await aMerchant(api));
});
afterAll(() => api.close());

const resolution = { action: 'retry', reason: 'fixed_at_source' };
const asked = () => api.ledger.filter(({ call }) => call === 'resolveAttention');
const list = async (caller: Caller, query = '') =>
  (await caller.get(`/v1/attentions${query}`)).json<{ data: { id: string; orderId: string; code: string }[] }>().data;

/** An order whose workflow is parked. */
async function aParkedPush(rest: Partial<NewAttention> = {}): Promise<{ id: string; orderId: string }> {
  const { id: orderId } = await aPostedOrder(merchant, anOrder(channelId));
  const workflowId = `push_shipment/${orderId}`;
  const parked: NewAttention = { orderId, channelId, workflowId, step: 'push', code: 'channel_refused', ...rest };
  return withAccount(api.pool, merchant.accountId, async (db) => ({ ...(await raiseAttention(db, parked)), orderId }));
}

/** As a shop's import stores it: the order waits with its unlinked lines. */
async function anUnmappedOrder(caller: Caller, place: string, sku: string): Promise<string> {
  const body = anOrder(place, [sku]);
  const { orderId } = await withAccount(api.pool, caller.accountId, (db) =>
    storeOrder(db, {
      channelId: place,
      order: {
        ...body,
        shipTo,
        shippingMethod: null,
        lines: body.lines.map(({ unitPrice, ...line }) => ({ ...line, unitPriceMinor: unitPrice.amount })),
      },
      actor: { kind: 'channel', id: place },
    }),
  );
  return orderId;
}

describe('a parked step', () => {
  it('is listed with its cause and what to do, to its account and the operator', async () => {
    const { id, orderId } = await aParkedPush();
    const order = (await merchant.get(`/v1/orders/${orderId}`)).json<OrderJson>();

    const [own] = await list(merchant, `?code=channel_refused&channelId=${channelId}`);
    const toOperator = await list(api.operator, '?limit=200');

    const step = {
      id,
      orderId,
      channelId,
      workflowId: `push_shipment/${orderId}`,
      step: 'push',
      code: 'channel_refused',
      since: expect.any(String),
      hint: 'Look at the order in the shop: correct it there and retry, or enter the tracking by hand and skip.',
      actions: ['retry', 'skip'],
    };
    const about = { orderNumber: order.number, orderSide: 'selling', counterpart: null };
    expect(own).toEqual({ ...step, ...about, sku: 'MUG' });
    const { accountId } = merchant;
    expect(toOperator).toContainEqual({ ...step, ...about, sku: null, accountId, accountName: 'A company' });
    expect(await list(await api.anAccount())).toEqual([]);
    expect((await merchant.get(`/v1/orders/${orderId}`)).json<OrderJson>()['attention']).toEqual(step);
    expect((await merchant.get('/v1/orders?attention=true')).json()).toMatchObject({ data: [{ id: orderId }] });
  });
});

describe('deciding where a workflow waits', () => {
  it('sends the workflow a message with the key’s id; the note stays here', async () => {
    const { id, orderId } = await aParkedPush();

    const answer = await merchant.post(`/v1/attentions/${id}/resolve`, { ...resolution, note: 'Talked to Ada' });

    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toEqual({ id, ...resolution });
    const by = expect.stringMatching(/^key_/);
    expect(asked().at(-1)!.args).toEqual([
      `push_shipment/${orderId}`,
      { action: 'retry', by },
      expect.stringMatching(new RegExp(`^${id}/retry/key_`)),
    ]);
    expect(JSON.stringify(asked())).not.toContain('Ada');
  });

  it('has the same answer again once the attention is closed, and comes too late for another decision', async () => {
    const { id, orderId } = await aParkedPush();
    await merchant.post(`/v1/attentions/${id}/resolve`, resolution, { 'idempotency-key': 'resolve-1' });
    const { by } = asked().at(-1)!.args[1] as { by: string };
    await withAccount(api.pool, merchant.accountId, (db) =>
      closeAttention(db, { workflowId: `push_shipment/${orderId}`, action: 'retry', by }),
    );
    const before = asked().length;

    const again = await merchant.post(`/v1/attentions/${id}/resolve`, resolution);
    const replay = await merchant.post(`/v1/attentions/${id}/resolve`, resolution, { 'idempotency-key': 'resolve-1' });
    const other = await merchant.post(`/v1/attentions/${id}/resolve`, { ...resolution, action: 'skip' });

    expect(again.json()).toEqual({ id, ...resolution });
    expect(replay.json()).toEqual({ id, ...resolution });
    expect(replay.headers['idempotency-replayed']).toBe('true');
    const detail = 'Nothing with this id waits for a decision.';
    expect(other.json()).toEqual(aProblem(other, 'attention_not_found', { detail }));
    expect(asked()).toHaveLength(before);
  });

  it('closes an attention whose run was reset and has ended since', async () => {
    const { id, orderId } = await aParkedPush();

    temporal.outcome = 'over';
    const answer = await merchant.post(`/v1/attentions/${id}/resolve`, resolution);
    delete temporal.outcome;

    expect(answer.json()).toEqual({ id, ...resolution });
    expect((await list(merchant, '?limit=200')).map((one) => one.id)).not.toContain(id);
    const events = await merchant.get(`/v1/orders/${orderId}/events`);
    expect(events.json()).toMatchObject({
      data: [{ type: 'attention_resolved', actor: { kind: 'account' }, data: { action: 'retry' } }, {}],
    });
  });

  it('refuses what the step does not take, and words that are not listed', async () => {
    const { id } = await aParkedPush({ step: 'relay', code: 'no_answer' });

    const skip = await merchant.post(`/v1/attentions/${id}/resolve`, { ...resolution, action: 'skip' });
    const reason = await merchant.post(`/v1/attentions/${id}/resolve`, { action: 'retry', reason: 'because' });

    expect(skip.json()).toEqual(aProblem(skip, 'resolution_not_possible', { detail: 'The step relay takes retry.' }));
    expect(reason.json()).toMatchObject({ status: 422, errors: [{ pointer: '/reason' }] });
  });

  it('is not another account’s to decide', async () => {
    const { id } = await aParkedPush();
    const stranger = await api.anAccount();
    const before = asked().length;

    const foreign = await stranger.post(`/v1/attentions/${id}/resolve`, resolution);
    const unknown = await stranger.post('/v1/attentions/att_none/resolve', resolution);
    const byOperator = await api.operator.post(`/v1/attentions/${id}/resolve`, resolution, {
      'idempotency-key': 'ops-1',
    });
    const noneForOperator = await api.operator.post('/v1/attentions/att_none/resolve', resolution);

    expect(foreign.statusCode).toBe(404);
    expect(withoutRequestId(foreign)).toEqual(withoutRequestId(unknown));
    expect(noneForOperator.statusCode).toBe(404);
    expect(byOperator.statusCode).toBe(200);
    expect(asked().slice(before)).toMatchObject([{ args: [{}, { action: 'retry', by: 'operator' }, {}] }]);
  });
});

describe('deciding where the order itself waits', () => {
  it('routes it once its SKU is a product, and starts the dropship', async () => {
    const own = await aMerchant(api);
    const supplier = await api.anAccount();
    const { supplierId } = await api.aConnection(own.merchant, supplier);
    const orderId = await anUnmappedOrder(own.merchant, own.channelId, 'NEW');
    const [parked] = await list(own.merchant);
    await aProduct(own.merchant, 'NEW', { fulfillmentType: 'automatically_dropshipped', suppliers: [{ supplierId }] });

    const answer = await own.merchant.post(`/v1/attentions/${parked!.id}/resolve`, resolution);

    expect(answer.json()).toEqual({ id: parked!.id, ...resolution });
    const order = (await own.merchant.get(`/v1/orders/${orderId}`)).json<OrderJson>();
    expect(order).toMatchObject({ status: 'dropship_requested', attention: null, dropship: { supplierId } });
    expect(api.ledger.at(-1)).toMatchObject({ call: 'startDropships', args: [[{ dropshipId: order.dropship!.id }]] });
    expect(await list(own.merchant)).toEqual([]);
  });

  it('parks it anew while the SKU is unknown, and lets it be on skip', async () => {
    const own = await aMerchant(api);
    await anUnmappedOrder(own.merchant, own.channelId, 'NONE');
    const [first] = await list(own.merchant);

    await own.merchant.post(`/v1/attentions/${first!.id}/resolve`, resolution);
    const [second] = await list(own.merchant);
    await own.merchant.post(`/v1/attentions/${second!.id}/resolve`, { action: 'skip', reason: 'handled_by_hand' });

    expect(second).toMatchObject({ orderId: first!.orderId, code: 'unmapped_sku' });
    expect(second!.id).not.toBe(first!.id);
    expect(await list(own.merchant)).toEqual([]);
  });

  it('routes once, whatever number of decisions come at one moment', async () => {
    const own = await aMerchant(api);
    const { supplierId } = await api.aConnection(own.merchant, await api.anAccount());
    const orderId = await anUnmappedOrder(own.merchant, own.channelId, 'NEW');
    const [parked] = await list(own.merchant);
    await aProduct(own.merchant, 'NEW', { fulfillmentType: 'automatically_dropshipped', suppliers: [{ supplierId }] });

    const answers = await Promise.all(
      Array.from({ length: 10 }, () => own.merchant.post(`/v1/attentions/${parked!.id}/resolve`, resolution)),
    );

    expect(new Set(answers.map((answer) => answer.statusCode))).toEqual(new Set([200]));
    const events = (await own.merchant.get(`/v1/orders/${orderId}/events`)).json<{ data: { type: string }[] }>();
    const types = events.data.map((event) => event.type).sort();
    expect(types).toEqual(['attention_resolved', 'dropship_requested', 'order_imported']);
  });
});

describe('deciding by filter', () => {
  it('decides about each that matches, and says which was refused', async () => {
    const route = await aMerchant(api);
    const unmapped = [
      await anUnmappedOrder(route.merchant, route.channelId, 'X1'),
      await anUnmappedOrder(route.merchant, route.channelId, 'X2'),
    ];
    const body = { filter: { code: 'unmapped_sku' }, action: 'skip', reason: 'not_needed' };

    const cancel = await route.merchant.post('/v1/attentions/resolve', { ...body, action: 'cancel' });
    const answer = await route.merchant.post('/v1/attentions/resolve', body, { 'idempotency-key': 'all-1' });
    const replay = await route.merchant.post('/v1/attentions/resolve', body, { 'idempotency-key': 'all-1' });

    const refused = cancel.json<{ results: { problem: { code: string } }[] }>().results;
    expect(refused.map((one) => one.problem.code)).toEqual(unmapped.map(() => 'resolution_not_possible'));
    const { results } = answer.json<{ results: object[] }>();
    expect(results).toEqual(unmapped.map((_, index) => ({ index, status: 'ok', id: expect.stringMatching(/^att_/) })));
    expect(replay.json()).toEqual({ results, left: 0 });
    expect(await list(route.merchant)).toEqual([]);
  });

  it('must name what, and is 503 while Temporal is away', async () => {
    await aParkedPush();
    const body = { filter: { channelId }, ...resolution };

    const all = await merchant.post('/v1/attentions/resolve', { ...body, filter: {} });
    temporal.refusal = new DomainError('temporal_unavailable', 'No answer yet.');
    const away = await merchant.post('/v1/attentions/resolve', body);
    delete temporal.refusal;

    expect(all.json()).toMatchObject({ status: 422, errors: [{ pointer: '/filter' }] });
    expect(away.json()).toEqual(aProblem(away, 'temporal_unavailable', { detail: 'No answer yet.' }));
  });
});
