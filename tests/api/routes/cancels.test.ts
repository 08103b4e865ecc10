import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cancelDropship } from '../../../db/dropships/dropships.ts';
import { withAccount } from '../../../db/engine/with-account.ts';
import { DomainError } from '../../../domain/errors.ts';
import { aLeaf, cancel, cancelWorkflows, committed, events, shown } from '../../support/trade/api-cancels.ts';
import { aMerchant, anOrder, aPostedOrder, aTrade, imported } from '../../support/trade/api-orders.ts';
import { aProblem, openApi, withoutRequestId, type Caller, type TestApi } from '../../support/engine/test-api.ts';

let api: TestApi;
let merchant: Caller;
let channelId: string;
/** What happens to the next message instead of its effect. */
let instead: (() => Promise<never>) | undefined;

beforeAll(async () => {
  api = await openApi((pool) => {
    const workflows = cancelWorkflows(pool);
    return { ...workflows, requestCancel: (...args) => (instead ? instead() : workflows.requestCancel!(...args)) };
  });
  ({ merchant, channelId } = await aMerchant(api));
});
afterAll(() => api.close());

const received = (call: string) => api.ledger.filter((entry) => entry.call === call).map(({ args }) => args);

describe('cancelling an order of one’s own', () => {
  it('cancels all open units, frees their stock, and records the reason', async () => {
    const order = await aPostedOrder(merchant, anOrder(channelId));
    const before = await committed(merchant, 'MUG');

    const answer = await cancel(merchant, order.id, { reason: 'fraud', note: 'Card was\nreported.' });

    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toEqual({
      ...order,
      status: 'cancelled',
      overallStatus: 'cancelled',
      lines: [{ ...order.lines[0], cancelled: 2 }],
    });
    expect(await shown(merchant, order.id)).toMatchObject(answer.json());
    expect(await committed(merchant, 'MUG')).toBe(before - 2);
    const [note] = await events(merchant, order.id, 'note_added');
    expect(note).toMatchObject({ data: { note: 'Card was\nreported.' }, actor: { kind: 'account' } });
    const lines = [{ lineId: order.lines[0]!.id, quantity: 2 }];
    expect(await events(merchant, order.id, 'order_cancelled')).toMatchObject([
      { data: { reason: 'fraud', lines, noteId: (note as unknown as { id: string }).id } },
    ]);
    expect(received('requestCancel')).toEqual([]);
  });

  it('cancels some units; what ships stays shipped', async () => {
    const order = await aPostedOrder(merchant, anOrder(channelId));
    const lineId = order.lines[0]!.id;

    const some = await cancel(merchant, order.id, { lines: [{ lineId, quantity: 1 }] });
    await merchant.post(`/v1/orders/${order.id}/shipments`, { carrier: 'ups', trackingNumber: '1Z' });

    expect(some.json()).toMatchObject({ status: 'awaiting_fulfillment', lines: [{ cancelled: 1, shipped: 0 }] });
    expect(await shown(merchant, order.id)).toMatchObject({ status: 'shipped', lines: [{ cancelled: 1, shipped: 1 }] });
  });

  it('repeats its answer under the same key, and does it once', async () => {
    const order = await aPostedOrder(merchant, anOrder(channelId));
    const lines = [{ lineId: order.lines[0]!.id, quantity: 1 }];

    const first = await cancel(merchant, order.id, { lines, note: 'Once.', key: 'own-1' });
    const replay = await cancel(merchant, order.id, { lines, note: 'Once.', key: 'own-1' });
    const other = await cancel(merchant, order.id, { key: 'own-1' });

    expect(replay.headers['idempotency-replayed']).toBe('true');
    expect(replay.json()).toEqual(first.json());
    expect(other.json()).toMatchObject({ status: 422, code: 'idempotency_key_reused' });
    expect(await shown(merchant, order.id)).toMatchObject({ lines: [{ cancelled: 1 }] });
    expect(await events(merchant, order.id, 'note_added')).toHaveLength(1);
  });

  it('is refused when there is nothing to cancel, and says why', async () => {
    const gone = await aPostedOrder(merchant, anOrder(channelId));
    await cancel(merchant, gone.id);
    const sent = await aPostedOrder(merchant, anOrder(channelId));
    await merchant.post(`/v1/orders/${sent.id}/shipments`, { carrier: 'ups', trackingNumber: '1Z' });
    const trade = await aTrade(api);
    const split = await aPostedOrder(trade.merchant, anOrder(trade.channelId, ['LAMP', 'MUG']));

    const answers = [
      await cancel(merchant, gone.id),
      await cancel(merchant, sent.id),
      await cancel(trade.merchant, split.id),
    ];

    const [cancelled, shipped, parent] = answers;
    expect(cancelled!.json()).toEqual(aProblem(cancelled!, 'order_cancelled', { detail: 'The order is cancelled already.' })); // prettier-ignore
    expect(shipped!.json()).toEqual(aProblem(shipped!, 'order_shipped', { detail: 'Every unit has shipped.' }));
    expect(parent!.json()).toEqual(aProblem(parent!, 'order_is_split', { detail: 'The order is split; cancel its leaves.' })); // prettier-ignore
    expect(answers.map((answer) => answer.statusCode)).toEqual([409, 409, 409]);
  });

  it('refuses more than is open and a line that is not the order’s, and writes nothing', async () => {
    const order = await aPostedOrder(merchant, anOrder(channelId));
    const lineId = order.lines[0]!.id;

    const tooMany = await cancel(merchant, order.id, { lines: [{ lineId, quantity: 1 }, { lineId, quantity: 2 }] }); // prettier-ignore
    const unknown = await cancel(merchant, order.id, { lines: [{ lineId: 'line_none', quantity: 1 }] });

    expect(tooMany.json()).toMatchObject({ status: 422, code: 'quantity_exceeds_open', errors: [{ pointer: '/lines/0/quantity' }] }); // prettier-ignore
    expect(unknown.json()).toMatchObject({ status: 422, code: 'line_not_found', errors: [{ pointer: '/lines/0/lineId' }] }); // prettier-ignore
    expect(await shown(merchant, order.id)).toMatchObject(order);
  });

  it.each([
    [{ reason: undefined }, '/reason'],
    [{ reason: 'whim' }, '/reason'],
    [{ note: ' ' }, '/note'],
    [{ note: 'a\u0000b' }, '/note'],
    [{ lines: [] }, '/lines'],
    [{ lines: [{ lineId: 'line_1', quantity: 0 }] }, '/lines/0/quantity'],
    [{ lines: [{ lineId: 'ord_1', quantity: 1 }] }, '/lines/0/lineId'],
    [{ force: true }, '/force'],
  ])('refuses %j, naming %s', async (fault, pointer) => {
    const order = await aPostedOrder(merchant, anOrder(channelId));

    expect((await cancel(merchant, order.id, fault)).json()).toMatchObject({ status: 422, errors: [{ pointer }] });
  });

  it('lets one of many cancels have the last unit', async () => {
    const order = await aPostedOrder(merchant, anOrder(channelId));
    const lines = [{ lineId: order.lines[0]!.id, quantity: 1 }];

    const answers = await Promise.all(Array.from({ length: 12 }, () => cancel(merchant, order.id, { lines })));

    expect(answers.filter((answer) => answer.statusCode === 200)).toHaveLength(2);
    expect(await shown(merchant, order.id)).toMatchObject({ status: 'cancelled', lines: [{ cancelled: 2 }] });
  });
});

describe('cancelling an order that is dropshipped', () => {
  it('goes as one message to its dropship: how many units stay ordered, and where the note is', async () => {
    const { trade, leaf, dropshipId } = await aLeaf(api);
    const lineId = leaf.lines[0]!.id;

    const answer = await cancel(trade.merchant, leaf.id, {
      lines: [{ lineId, quantity: 1 }],
      note: 'Only one, please.',
      key: 'down-1',
    });

    const [id, input, updateId] = received('requestCancel').at(-1)!;
    expect([id, updateId]).toEqual([dropshipId, `${trade.merchant.accountId}/down-1`]);
    expect(input).toEqual({
      lines: [{ lineId, remaining: 1 }],
      reason: 'customer_request',
      actor: { kind: 'account', id: expect.stringMatching(/^key_/) },
      noteId: expect.stringMatching(/^evt_/),
      key: { key: 'down-1', fingerprint: expect.any(String) },
    });
    expect(answer.json()).toMatchObject({ status: 'dropship_requested', lines: [{ cancelled: 1 }] });
    expect(await events(trade.merchant, leaf.id, 'note_added')).toMatchObject([
      { data: { note: 'Only one, please.' } },
    ]);
  });

  it('ends the dropship with the last unit, and repeats that answer although no dropship is left', async () => {
    const { trade, leaf } = await aLeaf(api);

    const first = await cancel(trade.merchant, leaf.id, { key: 'down-2' });
    const sent = received('requestCancel').length;
    const replay = await cancel(trade.merchant, leaf.id, { key: 'down-2' });

    expect(first.json()).toMatchObject({ status: 'cancelled', dropship: { status: 'cancelled' } });
    expect(replay.json()).toEqual(first.json());
    expect(replay.headers['idempotency-replayed']).toBe('true');
    expect(received('requestCancel')).toHaveLength(sent);
    expect(await events(trade.merchant, leaf.id, 'dropship_cancelled')).toHaveLength(1);
  });

  it('shows a request on both sides once the supplier has the order', async () => {
    const { trade, leaf } = await aLeaf(api);
    const supplierOrderId = await imported(api, trade, leaf);

    const answer = await cancel(trade.merchant, leaf.id, { lines: [{ lineId: leaf.lines[0]!.id, quantity: 1 }] });

    const pending = { cancelRequestedAt: expect.any(String), lines: [{ cancelRequested: 1, cancelled: 0 }] };
    expect(answer.json()).toMatchObject({ status: 'dropship_requested', ...pending });
    expect(await shown(trade.supplier, supplierOrderId)).toMatchObject({ status: 'awaiting_fulfillment', ...pending });
  });

  it('sends no message for what cannot be cancelled', async () => {
    const { trade, leaf } = await aLeaf(api);
    const sent = received('requestCancel').length;

    const answer = await cancel(trade.merchant, leaf.id, { lines: [{ lineId: leaf.lines[0]!.id, quantity: 3 }] });

    expect(answer.json()).toMatchObject({ status: 422, code: 'quantity_exceeds_open' });
    expect(received('requestCancel')).toHaveLength(sent);
  });

  it('looks again when the dropship ended just now, and cancels what came back', async () => {
    const { trade, leaf, dropshipId } = await aLeaf(api);
    instead = async () => {
      instead = undefined;
      const { accountId } = trade.merchant;
      await withAccount(api.pool, accountId, (db) =>
        cancelDropship(db, dropshipId, { kind: 'merchant', id: accountId }),
      );
      throw new DomainError('dropship_not_open', 'The dropship has ended.');
    };

    const answer = await cancel(trade.merchant, leaf.id);

    expect(answer.json()).toMatchObject({ status: 'cancelled', lines: [{ cancelled: 2 }] });
  });

  it('says so when the dropship cannot be reached', async () => {
    const { trade, leaf } = await aLeaf(api);
    instead = async () => {
      throw new DomainError('dropship_not_open', 'The dropship has ended, or was not started yet.');
    };

    const answer = await cancel(trade.merchant, leaf.id);
    instead = undefined;

    expect(answer.json()).toMatchObject({ status: 409, code: 'dropship_not_open' });
  });
});

describe('an order of another account', () => {
  it('is not there to be cancelled', async () => {
    const order = await aPostedOrder(merchant, anOrder(channelId));
    const stranger = await api.anAccount();

    const foreign = await cancel(stranger, order.id);
    const unknown = await cancel(stranger, 'ord_none');

    expect(foreign.statusCode).toBe(404);
    expect(withoutRequestId(foreign)).toEqual(withoutRequestId(unknown));
    expect(await shown(merchant, order.id)).toMatchObject({ status: 'awaiting_fulfillment' });
  });
});
