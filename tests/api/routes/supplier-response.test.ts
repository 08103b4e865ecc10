import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createSupplierResponseActivities } from '../../../activities/dropships/supplier-response.ts';
import type { Deps } from '../../../activities/deps.ts';
import type { Workflows } from '../../../temporal/client.ts';
import type { Pool } from '../../../db/engine/pool.ts';
import { DomainError } from '../../../domain/errors.ts';
import {
  anOrder,
  aPostedOrder,
  aTrade,
  imported,
  type Handed,
  type OrderJson,
} from '../../support/trade/api-orders.ts';
import { aProblem, openApi, withoutRequestId, type Caller, type TestApi } from '../../support/engine/test-api.ts';

let api: TestApi;
let trade: Handed;
/** What the next message comes to instead of its effect. */
let refusal: DomainError | undefined;

/** What the dropship's workflow does to the rows, without its checks. */
function dropships(pool: Pool): Partial<Workflows> {
  const responses = createSupplierResponseActivities({ pool, crashPoint: () => undefined } as unknown as Deps);
  return {
    async acceptOrder(dropshipId, input) {
      if (refusal) throw refusal;
      await responses.acceptOrder({ ...input, dropshipId });
    },
    async rejectOrder(dropshipId, { lines: _, ...input }) {
      if (refusal) throw refusal;
      await responses.rejectOrder({ ...input, dropshipId });
      await responses.relayReject({ dropshipId, reason: input.reason, cancelReason: null, isPart: false });
    },
  };
}

beforeAll(async () => {
  api = await openApi(dropships);
  trade = await aTrade(api);
});
afterAll(() => api.close());

async function aReceived(): Promise<{ leaf: OrderJson; orderId: string; dropshipId: string }> {
  const leaf = await aPostedOrder(trade.merchant, anOrder(trade.channelId, ['LAMP']));
  return { leaf, orderId: await imported(api, trade, leaf), dropshipId: leaf.dropship!.id };
}
type Body = { key?: string; [field: string]: unknown };
const say = (account: Caller, path: string, { key, ...body }: Body = {}) =>
  account.post(`/v1/orders/${path}`, body, key ? { 'idempotency-key': key } : {});
const sent = (call: string) => api.ledger.filter((entry) => entry.call === call).map(({ args }) => args);
const shown = async (account: Caller, id: string) => (await account.get(`/v1/orders/${id}`)).json<OrderJson>();

describe('accepting', () => {
  it('goes as one message to the dropship, and is shown on both sides', async () => {
    const { leaf, orderId, dropshipId } = await aReceived();

    const answer = await say(trade.supplier, `${orderId}/accept`, { expectedShipAt: '2026-12-01T10:00:00+02:00', key: 'a-1' }); // prettier-ignore
    const replay = await say(trade.supplier, `${orderId}/accept`, { expectedShipAt: '2026-12-01T10:00:00+02:00', key: 'a-1' }); // prettier-ignore
    const other = await say(trade.supplier, `${orderId}/accept`, { key: 'a-1' });

    expect(sent('acceptOrder').at(-1)).toEqual([
      dropshipId,
      {
        orderId,
        actor: { kind: 'account', id: expect.stringMatching(/^key_/) },
        expectedShipAt: '2026-12-01T08:00:00.000Z',
        key: { key: 'a-1', fingerprint: expect.any(String) },
      },
      `${trade.supplier.accountId}/a-1`,
    ]);
    expect(answer.statusCode).toBe(200);
    const promise = { acceptedAt: expect.any(String), expectedShipAt: '2026-12-01T08:00:00.000Z' };
    expect(answer.json<OrderJson>()['origin']).toEqual({ dropshipId, merchantName: 'A company', ...promise });
    expect(replay.headers['idempotency-replayed']).toBe('true');
    expect(replay.json()).toEqual(answer.json());
    expect(other.json()).toMatchObject({ status: 422, code: 'idempotency_key_reused' });
    expect((await shown(trade.merchant, leaf.id)).dropship).toEqual({ ...leaf.dropship, status: 'accepted', supplierOrderNumber: leaf.number, ...promise }); // prettier-ignore
  });

  it('says nothing of a promise before there is one', async () => {
    const { leaf, orderId, dropshipId } = await aReceived();

    expect((await shown(trade.supplier, orderId))['origin']).toEqual({ dropshipId, merchantName: 'A company' });
    expect((await shown(trade.merchant, leaf.id)).dropship).not.toHaveProperty('acceptedAt');
  });
});

describe('rejecting', () => {
  it('goes as one message, the note stays behind, and the merchant has its order again', async () => {
    const { leaf, orderId, dropshipId } = await aReceived();

    const answer = await say(trade.supplier, `${orderId}/reject`, { reason: 'price_wrong', note: 'Too cheap.', key: 'r-1' }); // prettier-ignore

    const [id, input] = sent('rejectOrder').at(-1)!;
    expect(id).toBe(dropshipId);
    expect(input).toEqual({
      orderId,
      reason: 'price_wrong',
      lines: null,
      actor: { kind: 'account', id: expect.stringMatching(/^key_/) },
      noteId: expect.stringMatching(/^evt_/),
      key: { key: 'r-1', fingerprint: expect.any(String) },
    });
    expect(answer.json()).toMatchObject({ status: 'cancelled', lines: [{ cancelled: 2 }] });
    expect(await shown(trade.merchant, leaf.id)).toMatchObject({
      status: 'awaiting_fulfillment',
      dropship: { status: 'rejected' },
      attention: { code: 'rejected_by_supplier' },
    });
  });

  it('names units by the merchant’s line ids', async () => {
    const { leaf, orderId } = await aReceived();
    const [line] = (await shown(trade.supplier, orderId)).lines;

    await say(trade.supplier, `${orderId}/reject`, { reason: 'other', lines: [{ lineId: line!.id, quantity: 1 }] });

    expect(sent('rejectOrder').at(-1)![1]).toMatchObject({ lines: [{ lineId: leaf.lines[0]!.id, quantity: 1 }] });
  });

  it('closes the attention once the merchant dropships the order by hand', async () => {
    const { leaf, orderId } = await aReceived();
    await say(trade.supplier, `${orderId}/reject`, { reason: 'other' });

    const answer = await trade.merchant.post(`/v1/orders/${leaf.id}/dropship`, { supplierId: trade.supplierId });

    expect(answer.statusCode).toBe(201);
    const order = await shown(trade.merchant, leaf.id);
    expect(order).toMatchObject({ status: 'dropship_requested', attention: null, dropship: { status: 'requested' } });
    expect(order.dropship!.id).not.toBe(leaf.dropship!.id);
  });
});

describe.each(['accept', 'reject'] as const)('to %s', (path) => {
  const body = path === 'reject' ? { reason: 'other' } : {};

  it('is for a supplier’s order, and each account’s own', async () => {
    const { leaf, orderId } = await aReceived();
    const stranger = await api.anAccount();
    const before = sent(`${path}Order`).length;

    const own = await say(trade.merchant, `${leaf.id}/${path}`, body);
    const foreign = await say(stranger, `${orderId}/${path}`, body);
    const unknown = await say(stranger, `ord_none/${path}`, body);

    expect(own.json()).toMatchObject({ status: 409, code: 'order_not_received' });
    expect(foreign.statusCode).toBe(404);
    expect(withoutRequestId(foreign)).toEqual(withoutRequestId(unknown));
    expect(sent(`${path}Order`)).toHaveLength(before);
  });

  it('passes on what the dropship refuses', async () => {
    const { orderId } = await aReceived();
    refusal = new DomainError('dropship_not_open', 'The dropship has ended.');

    const answer = await say(trade.supplier, `${orderId}/${path}`, body);
    refusal = undefined;

    expect(answer.json()).toEqual(aProblem(answer, 'dropship_not_open', { detail: 'The dropship has ended.' }));
  });

  it.each<[object, string]>(
    path === 'accept'
      ? [
          [{ expectedShipAt: 'soon' }, '/expectedShipAt'],
          [{ by: 'x' }, '/by'],
        ]
      : [
          [{}, '/reason'],
          [{ reason: 'fraud' }, '/reason'],
          [{ reason: 'other', note: ' ' }, '/note'],
          [{ reason: 'other', lines: [] }, '/lines'],
          [{ reason: 'other', lines: [{ lineId: 'line_1', quantity: 0 }] }, '/lines/0/quantity'],
        ],
  )('refuses %j, naming %s', async (fault, pointer) => {
    const { orderId } = await aReceived();

    expect((await say(trade.supplier, `${orderId}/${path}`, { ...fault })).json()).toMatchObject({ status: 422, errors: [{ pointer }] }); // prettier-ignore
  });
});
