import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { requireDropship } from '../../../db/dropships/dropships.ts';
import { claimImport } from '../../../db/dropships/imports.ts';
import { noteEdit } from '../../../db/orders/edits.ts';
import { storeOrder } from '../../../db/orders/store-order.ts';
import { withAccount } from '../../../db/engine/with-account.ts';
import type { IncomingOrder } from '../../../domain/orders/order.ts';
import { anIncomingOrder, type LineWish } from '../../support/trade/database-trade.ts';
import { aProduct, aTrade, imported, type Handed, type Line, type OrderJson } from '../../support/trade/api-orders.ts';
import { levelOf, levelsOf } from '../../support/trade/api-stock.ts';
import { openApi, type TestApi } from '../../support/engine/test-api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await openApi();
});
afterAll(() => api.close());

type Edited = OrderJson & {
  pendingEdit: { id: string; changes: object[] } | null;
  attention: { id: string; step: string; code: string } | null;
};
type Place = Handed & { order: IncomingOrder; id: string };

/** An order as a shop sent it, in an account with LAMP and RUG of a supplier and MUG of its own. */
async function anOrderOf(lines: LineWish[], known?: Handed): Promise<Place> {
  const trade = known ?? (await aTrade(api));
  const order = anIncomingOrder(lines);
  const incoming = { channelId: trade.channelId, order, actor: shop };
  const { orderId } = await inAccount(trade, (db) => storeOrder(db, incoming));
  return { ...trade, order, id: orderId };
}

const shop = { kind: 'channel', id: 'chan_shop' } as const;
const inAccount = <T>({ merchant }: Handed, work: Parameters<typeof withAccount<T>>[2]) =>
  withAccount(api.pool, merchant.accountId, work);

/** The import sees the order again, as the shop has it now. */
const seen = (place: Place, now: Partial<IncomingOrder>) =>
  inAccount(place, (db) =>
    noteEdit(db, { orderId: place.id, order: { ...place.order, ...now }, actor: shop, at: new Date() }),
  );
const withLines = (lines: LineWish[]) => anIncomingOrder(lines).lines;
const shown = async ({ merchant, id }: Place) => (await merchant.get(`/v1/orders/${id}`)).json<Edited>();
const unitsOf = ({ lines }: Edited) =>
  (lines as (Line & { cancelled: number })[]).map(({ sku, quantity, cancelled }) => [sku, quantity, cancelled]);
const eventsOf = async ({ merchant, id }: Place) => {
  const { data } = (await merchant.get(`/v1/orders/${id}/events?limit=200`)).json<{ data: { type: string }[] }>();
  return data.map(({ type }) => type).reverse();
};

async function decide(place: Place, how: 'accept' | 'dismiss', body: object = {}) {
  const { pendingEdit } = await shown(place);
  return place.merchant.post(`/v1/orders/${place.id}/edit/${how}`, { editId: pendingEdit?.id ?? 'none', ...body });
}

const moved = { name: 'Ada Lovelace', address1: '1 New Road', city: 'Porto', postalCode: '4000', country: 'PT' };

describe('an order edited in its shop', () => {
  it('is shown line by line, and stays as it was', async () => {
    const place = await anOrderOf([{ sku: 'MUG', quantity: 2 }, { sku: 'RUG' }]);
    const before = await shown(place);

    const lines = withLines([{ sku: 'MUG', quantity: 5 }, { sku: 'LAMP' }, { sku: 'VASE', quantity: 2 }]);
    // The second line is another one: its SKU never changes on the same line.
    const sent = lines.map((line, at) => ({ ...line, remoteLineId: ['r1', 'r8', 'r9'][at]! }));
    expect(await seen(place, { lines: sent, shipTo: moved, shippingMethod: 'express' })).toEqual({ isNew: true });
    expect(await seen(place, { lines: sent, shipTo: moved, shippingMethod: 'express' })).toEqual({ isNew: false });

    const after = await shown(place);
    const [mug, rug] = before.lines;
    expect(after.pendingEdit!.changes).toEqual([
      { kind: 'quantity_changed', lineId: mug!.id, remoteLineId: 'r1', sku: 'MUG', from: 2, to: 5 },
      { kind: 'line_removed', lineId: rug!.id, remoteLineId: 'r2', sku: 'RUG', from: 1, to: 0 },
      { kind: 'line_added', remoteLineId: 'r8', sku: 'LAMP', name: 'Name of LAMP', from: 0, to: 1 },
      { kind: 'line_added', remoteLineId: 'r9', sku: 'VASE', name: 'Name of VASE', from: 0, to: 2 },
      { kind: 'ship_to_changed', from: before['shipTo'], to: moved },
      { kind: 'shipping_method_changed', from: 'standard', to: 'express' },
    ]);
    expect(after.attention).toMatchObject({ step: 'edit', code: 'order_edited' });
    const { badge, actions } = before;
    expect({ ...after, pendingEdit: null, attention: null, badge, actions }).toEqual(before);
    const story = JSON.stringify((await place.merchant.get(`/v1/orders/${place.id}/events`)).json());
    expect([story.includes('order_edited'), story.includes('New Road')]).toEqual([true, false]);
  });

  it.each<[string, (order: IncomingOrder) => Partial<IncomingOrder>]>([
    ['units that were cancelled', ({ lines }) => ({ lines: lines.map((line) => ({ ...line, cancelled: 1 })) })],
    ['units that were shipped', ({ lines }) => ({ lines: lines.map((line) => ({ ...line, shipped: 2 })) })],
    ['another e-mail address', ({ shipTo }) => ({ shipTo: { ...shipTo, email: 'new@example.org' } })],
    ['names and prices', ({ lines }) => ({ lines: lines.map((line) => ({ ...line, name: 'X', unitPriceMinor: 1 })) })],
    [
      'notes, tags and times',
      () => ({ notes: { customer: 'Hello' }, tags: ['paid'], placedAt: '2026-11-21T00:00:00Z' }),
    ],
    ['a line that came and went', ({ lines }) => ({ lines: [...lines, ...cancelledLine()] })],
  ])('is not what has only %s', async (_what, now) => {
    const place = await anOrderOf([{ sku: 'MUG', quantity: 2 }]);

    expect(await seen(place, now(place.order))).toEqual({ isNew: false });
    expect(await shown(place)).toMatchObject({ pendingEdit: null, attention: null });
  });

  it('is replaced by a later edit, and closed by an edit that takes it back', async () => {
    const place = await anOrderOf([{ sku: 'MUG', quantity: 2 }]);
    await seen(place, { lines: withLines([{ sku: 'MUG', quantity: 3 }]) });
    const first = await shown(place);

    await seen(place, { lines: withLines([{ sku: 'MUG', quantity: 4 }]) });
    const second = await shown(place);
    const late = await place.merchant.post(`/v1/orders/${place.id}/edit/accept`, { editId: first.pendingEdit!.id });
    await seen(place, {});

    expect(second.pendingEdit!.changes).toEqual([expect.objectContaining({ from: 2, to: 4 })]);
    expect(second.attention!.id).toBe(first.attention!.id);
    expect(late.json()).toMatchObject({ status: 409, code: 'no_edit_pending' });
    expect(await shown(place)).toMatchObject({ pendingEdit: null, attention: null });
    expect(await eventsOf(place)).toEqual(expect.arrayContaining(['order_edited', 'edit_withdrawn']));
  });

  it('does not hide that the order waits for a product, nor the other way round', async () => {
    const place = await anOrderOf([{ sku: 'NOVEL' }]);
    await seen(place, { shipTo: moved });
    await aProduct(place.merchant, 'NOVEL');
    const parked = (await place.merchant.get('/v1/attentions')).json<{ data: { id: string; code: string }[] }>().data;
    const unmapped = parked.find(({ code }) => code === 'unmapped_sku')!;

    await place.merchant.post(`/v1/attentions/${unmapped.id}/resolve`, { action: 'retry', reason: 'fixed_at_source' });

    expect(parked.map(({ code }) => code).sort()).toEqual(['order_edited', 'unmapped_sku']);
    expect(await shown(place)).toMatchObject({ attention: { code: 'order_edited' }, pendingEdit: {} });
  });
});

const cancelledLine = () => withLines([{ sku: 'VASE', quantity: 2, cancelled: 2 }]).map((line) => ({ ...line, remoteLineId: 'r9' })); // prettier-ignore

describe('accepting an edit', () => {
  it('makes the order what the shop has, with its stock', async () => {
    const place = await anOrderOf(
      [
        { sku: 'MUG', quantity: 4 },
        { sku: 'CUP', quantity: 2 },
      ],
      await withCups(),
    );
    const { merchant } = place;
    const [more] = withLines([{ sku: 'MUG', quantity: 7 }]);
    const added = { ...withLines([{ sku: 'CUP', quantity: 3 }])[0]!, remoteLineId: 'r7' };
    await seen(place, { lines: [more!, added], shipTo: moved });

    const answer = await decide(place, 'accept');

    expect(answer.statusCode).toBe(200);
    const order = await shown(place);
    expect(unitsOf(order)).toEqual([['MUG', 7, 0], ['CUP', 2, 2], ['CUP', 3, 0]]); // prettier-ignore
    expect(order).toMatchObject({ status: 'awaiting_fulfillment', shipTo: moved, pendingEdit: null, attention: null });
    expect(await levelOf(merchant, 'MUG')).toMatchObject({ physicalOnHand: 20, committed: 7 });
    expect(await levelOf(merchant, 'CUP')).toMatchObject({ physicalOnHand: 20, committed: 3 });
    expect(await seen(place, { lines: [more!, added], shipTo: moved })).toEqual({ isNew: false });
    expect(await eventsOf(place)).toEqual(expect.arrayContaining(['attention_resolved', 'edit_accepted']));

    await seen(place, { lines: withLines([{ sku: 'MUG', quantity: 1 }]), shipTo: moved });
    await decide(place, 'accept');
    expect(await levelOf(merchant, 'MUG')).toMatchObject({ committed: 1 });
    expect(await levelOf(merchant, 'CUP')).toMatchObject({ committed: 0 });
  });

  it('keeps what was cancelled here', async () => {
    const place = await anOrderOf([{ sku: 'MUG', quantity: 4 }], await withCups());
    const [line] = (await shown(place)).lines;
    await place.merchant.post(`/v1/orders/${place.id}/cancel`, {
      reason: 'out_of_stock',
      lines: [{ lineId: line!.id, quantity: 3 }],
    });

    await seen(place, { lines: withLines([{ sku: 'MUG', quantity: 6 }]) });
    await decide(place, 'accept');
    expect(unitsOf(await shown(place))).toEqual([['MUG', 6, 3]]);
    // As many are wanted here already.
    expect(await seen(place, { lines: withLines([{ sku: 'MUG', quantity: 3 }]) })).toEqual({ isNew: false });
    await seen(place, { lines: withLines([{ sku: 'MUG', quantity: 2 }]) });
    await decide(place, 'accept');

    expect(unitsOf(await shown(place))).toEqual([['MUG', 2, 0]]);
    expect(await levelOf(place.merchant, 'MUG')).toMatchObject({ committed: 2 });
  });

  it('dropships the line of an automatic product that it adds, and splits the order for it', async () => {
    const place = await anOrderOf([{ sku: 'MUG', quantity: 1 }]);
    const lines = [...place.order.lines, { ...withLines([{ sku: 'LAMP' }])[0]!, remoteLineId: 'r2' }];
    await seen(place, { lines });

    const answer = (await decide(place, 'accept')).json<Edited>();

    expect(answer).toMatchObject({ status: 'split', pendingEdit: null });
    const leaves = await Promise.all(answer.childIds.map((id) => shown({ ...place, id })));
    expect(leaves.map((leaf) => leaf.dropship?.supplierId ?? null).sort()).toEqual([null, place.supplierId].sort());
    const started = api.ledger.filter(({ call }) => call === 'startDropships').flatMap(({ args }) => args[0]);
    expect(started).toContainEqual(
      expect.objectContaining({ dropshipId: leaves.find(({ dropship }) => dropship)!.dropship!.id }),
    );
  });

  it('changes a dropshipped order, until its supplier gets it', async () => {
    const place = await anOrderOf([{ sku: 'LAMP', quantity: 2 }]);
    const lines = [
      ...withLines([{ sku: 'LAMP', quantity: 5 }]),
      { ...withLines([{ sku: 'RUG' }])[0]!, remoteLineId: 'r2' },
    ];
    await seen(place, { lines, shipTo: moved });

    await decide(place, 'accept');

    const order = await shown(place);
    expect(unitsOf(order)).toEqual([['LAMP', 5, 0], ['RUG', 1, 0]]); // prettier-ignore
    expect(order).toMatchObject({ status: 'dropship_requested', dropship: { status: 'requested' }, shipTo: moved });
    const rugs = await levelsOf(place.merchant, 'sku=RUG');
    expect(rugs.map(({ committed }) => committed)).toContain(1);
  });

  const lamps = withLines([{ sku: 'LAMP', quantity: 2 }]);
  const cancelledLamps = lamps.map((line) => ({ ...line, remoteLineId: 'r9', cancelled: 2 }));
  it.each<[string, string, (place: Place) => Promise<unknown>]>([
    ['order_already_imported', 'its supplier has it', async (place) => imported(api, place, await shown(place))],
    [
      'order_already_imported',
      'its supplier is getting it',
      (place) => inAccount(place, async (db) => claimImport(db, await requireDropship(db, (await idOf(place))!))),
    ],
    ['order_dropshipped', 'a new line is not of that supplier', (place) => addLine(place, 'MUG')],
    ['order_dropshipped', 'nothing would be left of it', (place) => seen(place, { lines: cancelledLamps })],
  ])('is refused as %s when %s', async (code, _when, prepare) => {
    const place = await anOrderOf([{ sku: 'LAMP', quantity: 2 }]);
    await seen(place, { lines: withLines([{ sku: 'LAMP', quantity: 3 }]) });
    await prepare(place);
    const before = await shown(place);

    const answer = await decide(place, 'accept');

    expect(answer.json()).toMatchObject({ status: 409, code });
    expect(await shown(place)).toEqual(before);
  });

  it('is refused when units have shipped, the order is split or cancelled', async () => {
    const [shipped, split, cancelled] = [
      await anOrderOf([{ sku: 'MUG', quantity: 2 }]),
      await anOrderOf([{ sku: 'MUG', quantity: 2 }, { sku: 'LAMP' }]),
      await anOrderOf([{ sku: 'MUG', quantity: 2 }]),
    ];
    const [line] = (await shown(shipped)).lines;
    await shipped.merchant.post(`/v1/orders/${shipped.id}/shipments`, {
      carrier: 'ups',
      trackingNumber: '1Z',
      lines: [{ lineId: line!.id, quantity: 1 }],
    });
    await cancelled.merchant.post(`/v1/orders/${cancelled.id}/cancel`, { reason: 'other' });
    const codes: string[] = [];
    for (const place of [shipped, split, cancelled]) {
      await seen(place, { shipTo: moved });
      codes.push((await decide(place, 'accept')).json<{ code: string }>().code);
    }

    expect(codes).toEqual(['order_shipped', 'order_is_split', 'order_cancelled']);
    expect((await shown(split)).pendingEdit).not.toBeNull();
  });

  it('sends no old order to a supplier that its products got meanwhile', async () => {
    const place = await anOrderOf([{ sku: 'MUG', quantity: 2 }]);
    const { merchant, supplierId } = place;
    const item = { sku: 'MUG', name: 'MUG', fulfillmentType: 'automatically_dropshipped', suppliers: [{ supplierId }] };
    await merchant.post('/v1/products/batch', { items: [item] });
    await addLine(place, 'LAMP');

    await decide(place, 'accept');

    expect(await shown(place)).toMatchObject({ status: 'awaiting_fulfillment', dropship: null, childIds: [] });
  });

  it('is done once under one key, and unknown to others', async () => {
    const place = await anOrderOf([{ sku: 'MUG' }]);
    await seen(place, { shipTo: moved });
    const body = { editId: (await shown(place)).pendingEdit!.id };
    const url = `/v1/orders/${place.id}/edit/accept`;
    const key = { 'idempotency-key': randomUUID() };

    const foreign = await place.supplier.post(url, body);
    const first = await place.merchant.post(url, body, key);
    const again = await place.merchant.post(url, body, key);

    expect(foreign.json()).toMatchObject({ status: 404, code: 'order_not_found' });
    expect([again.statusCode, again.json()]).toEqual([200, first.json()]);
    expect((await place.merchant.post(url, body)).json()).toMatchObject({ code: 'no_edit_pending' });
  });
});

describe('dismissing an edit', () => {
  it('keeps the order, with the reason on its timeline, and is not asked again for the same', async () => {
    const place = await anOrderOf([{ sku: 'MUG', quantity: 2 }]);
    const lines = withLines([{ sku: 'MUG', quantity: 3 }]);
    await seen(place, { lines });

    await decide(place, 'dismiss', { reason: 'handled_by_hand', note: 'Sent by my own hands.' });

    expect(await shown(place)).toMatchObject({ pendingEdit: null, attention: null, lines: [{ quantity: 2 }] });
    const events = (await place.merchant.get(`/v1/orders/${place.id}/events`)).json<{
      data: { type: string; data: object }[];
    }>();
    expect(events.data.find(({ type }) => type === 'edit_dismissed')!.data).toMatchObject({
      reason: 'handled_by_hand',
    });
    expect(JSON.stringify(events)).toContain('Sent by my own hands.');
    expect(await seen(place, { lines })).toEqual({ isNew: false });
    expect(await seen(place, { lines: withLines([{ sku: 'MUG', quantity: 4 }]) })).toEqual({ isNew: true });
    // Taken back and done again is another edit.
    await seen(place, {});
    expect(await seen(place, { lines })).toEqual({ isNew: true });
  });

  it('is also what skipping its attention does', async () => {
    const place = await anOrderOf([{ sku: 'MUG', quantity: 2 }]);
    const lines = withLines([{ sku: 'MUG', quantity: 3 }]);
    await seen(place, { lines });
    const url = `/v1/attentions/${(await shown(place)).attention!.id}/resolve`;

    const retried = await place.merchant.post(url, { action: 'retry', reason: 'other' });
    const skipped = await place.merchant.post(url, { action: 'skip', reason: 'not_needed' });

    expect([retried.json<{ code: string }>().code, skipped.statusCode]).toEqual(['resolution_not_possible', 200]);
    expect(await shown(place)).toMatchObject({ pendingEdit: null, attention: null });
    expect(await seen(place, { lines })).toEqual({ isNew: false });
  });

  it('needs a reason of the list', async () => {
    const place = await anOrderOf([{ sku: 'MUG' }]);

    expect((await decide(place, 'dismiss', { reason: 'because' })).json()).toMatchObject({
      errors: [{ pointer: '/reason' }],
    });
  });
});

const idOf = async (place: Place) => (await shown(place)).dropship?.id;
const addLine = (place: Place, sku: string) =>
  seen(place, { lines: [...place.order.lines, { ...withLines([{ sku }])[0]!, remoteLineId: 'r9' }] });

/** Twenty MUGs and twenty CUPs of the merchant's own. */
async function withCups(): Promise<Handed> {
  const trade = await aTrade(api);
  await aProduct(trade.merchant, 'CUP');
  for (const sku of ['MUG', 'CUP']) await trade.merchant.put('/v1/stock', { sku, physicalOnHand: 20 });
  return trade;
}
