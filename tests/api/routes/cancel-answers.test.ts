import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aLeaf, answered, cancel, cancelWorkflows, committed, events, shown } from '../../support/trade/api-cancels.ts';
import { aMerchant, anOrder, aPostedOrder, imported } from '../../support/trade/api-orders.ts';
import { aProblem, openApi, type Caller, type TestApi } from '../../support/engine/test-api.ts';

let api: TestApi;
let merchant: Caller;
let channelId: string;
beforeAll(async () => {
  api = await openApi(cancelWorkflows);
  ({ merchant, channelId } = await aMerchant(api));
});
afterAll(() => api.close());

const received = (call: string) => api.ledger.filter((entry) => entry.call === call).map(({ args }) => args);

describe('a supplier that is asked to cancel', () => {
  it('cannot cancel by itself', async () => {
    const { trade, leaf } = await aLeaf(api);
    const supplierOrderId = await imported(api, trade, leaf);

    const refused = await cancel(trade.supplier, supplierOrderId);

    const detail = 'The order came from a merchant: accept or decline its request to cancel, or reject the order.';
    expect(refused.json()).toEqual(aProblem(refused, 'order_received', { detail }));
    expect(await shown(trade.supplier, supplierOrderId)).toMatchObject({ status: 'awaiting_fulfillment' });
  });

  it.each(['accept', 'decline'] as const)('needs an order that came from a merchant (%s)', async (to) => {
    const order = await aPostedOrder(merchant, anOrder(channelId));

    expect((await answered(to)(merchant, order.id)).json()).toMatchObject({ status: 409, code: 'order_not_received' });
  });

  it.each(['accept', 'decline'] as const)('is refused until the merchant asks for it (%s)', async (to) => {
    const { trade, leaf } = await aLeaf(api);
    const supplierOrderId = await imported(api, trade, leaf);

    const refused = await answered(to)(trade.supplier, supplierOrderId);

    const detail = 'The merchant has not asked to cancel anything.';
    expect(refused.json()).toEqual(aProblem(refused, 'no_cancel_requested', { detail }));
    expect(await shown(trade.supplier, supplierOrderId)).toMatchObject({ status: 'awaiting_fulfillment' });
  });

  it('accepts: by the merchant’s line ids, and both orders are cancelled', async () => {
    const { trade, leaf, dropshipId } = await aLeaf(api);
    const supplierOrderId = await imported(api, trade, leaf);
    const lineId = leaf.lines[0]!.id;
    await cancel(trade.merchant, leaf.id, { lines: [{ lineId, quantity: 2 }] });
    const before = await committed(trade.supplier, 'LAMP');

    const first = await answered('accept')(trade.supplier, supplierOrderId, {
      note: 'Still on the shelf.',
      key: 'up-1',
    });
    const replay = await answered('accept')(trade.supplier, supplierOrderId, {
      note: 'Still on the shelf.',
      key: 'up-1',
    });

    expect(received('acceptCancel').at(-1)).toEqual([
      dropshipId,
      expect.objectContaining({
        lines: [{ lineId, quantity: 2 }],
        orderId: supplierOrderId,
        noteId: expect.any(String),
      }),
      `${trade.supplier.accountId}/up-1`,
    ]);
    expect(first.json()).toMatchObject({ status: 'cancelled', cancelRequestedAt: null, lines: [{ cancelled: 2 }] });
    expect(replay.json()).toEqual(first.json());
    expect(await committed(trade.supplier, 'LAMP')).toBe(before - 2);
    expect(await shown(trade.merchant, leaf.id)).toMatchObject({
      status: 'cancelled',
      dropship: { status: 'cancelled' },
    });
    expect(await events(trade.merchant, leaf.id, 'note_added')).toEqual([]);
  });

  it('gives up no more than it is asked for', async () => {
    const { trade, leaf } = await aLeaf(api);
    const supplierOrderId = await imported(api, trade, leaf);
    await cancel(trade.merchant, leaf.id, { lines: [{ lineId: leaf.lines[0]!.id, quantity: 1 }] });
    const [line] = (await shown(trade.supplier, supplierOrderId)).lines;

    const refused = await answered('accept')(trade.supplier, supplierOrderId, {
      lines: [{ lineId: line!.id, quantity: 2 }],
    });

    expect(refused.json()).toMatchObject({ status: 422, code: 'quantity_exceeds_open' });
  });

  it('declines: the units stay ordered, and the merchant sees why', async () => {
    const { trade, leaf, dropshipId } = await aLeaf(api);
    const supplierOrderId = await imported(api, trade, leaf);
    const lineId = leaf.lines[0]!.id;
    await cancel(trade.merchant, leaf.id, { lines: [{ lineId, quantity: 2 }] });

    const first = await answered('decline')(trade.supplier, supplierOrderId, { note: 'Taped up.', key: 'no-1' });
    const replay = await answered('decline')(trade.supplier, supplierOrderId, { note: 'Taped up.', key: 'no-1' });

    const declined = {
      cancelRequestedAt: null,
      cancelDeclined: { at: expect.any(String), reason: 'packed' },
      lines: [{ cancelRequested: 0, cancelled: 0 }],
    };
    expect(first.json()).toMatchObject({ status: 'awaiting_fulfillment', ...declined });
    expect(replay.json()).toEqual(first.json());
    expect(await shown(trade.merchant, leaf.id)).toMatchObject({ status: 'dropship_requested', ...declined });
    expect(await events(trade.merchant, leaf.id, 'cancel_declined')).toMatchObject([
      { actor: { kind: 'supplier' }, data: { reason: 'packed', dropshipId, lines: [{ lineId, quantity: 2 }] } },
    ]);
    expect(await events(trade.supplier, supplierOrderId, 'cancel_declined')).toHaveLength(1);
    expect(await events(trade.merchant, leaf.id, 'note_added')).toEqual([]);
  });

  it('may be asked again after it declined', async () => {
    const { trade, leaf } = await aLeaf(api);
    const supplierOrderId = await imported(api, trade, leaf);
    const lines = [{ lineId: leaf.lines[0]!.id, quantity: 2 }];
    await cancel(trade.merchant, leaf.id, { lines });
    await answered('decline')(trade.supplier, supplierOrderId);

    await cancel(trade.merchant, leaf.id, { lines });

    const pending = { cancelRequestedAt: expect.any(String), cancelDeclined: null, lines: [{ cancelRequested: 2 }] };
    expect(await shown(trade.merchant, leaf.id)).toMatchObject(pending);
    expect(await shown(trade.supplier, supplierOrderId)).toMatchObject(pending);
  });
});
