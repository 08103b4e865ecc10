import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { sold, orCode, stockOf, timelineOf } from '../../support/trade/cancel-trade.ts';
import { startCallbackShop } from '../../support/fakes/callback-shop.ts';
import {
  aCompany,
  aConnection,
  anApiChannel,
  aProduct,
  orderOf,
  placeOrder,
  received,
  ship,
  shipmentOf,
  type Company,
  type OrderAnswer,
  type ShipmentAnswer,
} from '../../support/trade/trade.ts';
import { waitUntil } from '../../support/engine/wait-until.ts';
import { aTradingWorld, callingBack } from '../../support/trade/trading-world.ts';
import { forTheFile } from '../../support/engine/for-the-file.ts';

const endpoint = forTheFile(startCallbackShop);
const { world, traded } = aTradingWorld({ endpoint });
let merchant: Company;
let supplier: Company;
beforeAll(() => void ({ merchant, supplier } = traded));
beforeEach(() => endpoint.answer('ok'));

const aShop = (company: Company) => anApiChannel(company, callingBack(endpoint));

type Correction = { carrier?: string; trackingNumber?: string; service?: string };
const correct = (company: Company, id: string, { key, ...change }: Correction & { key?: string }) =>
  company.rest.patch<ShipmentAnswer>(`/shipments/${id}`, change, key);
const voided = (company: Company, id: string, { reason = 'not_sent', key }: { reason?: string; key?: string } = {}) =>
  company.rest.post<ShipmentAnswer>(`/shipments/${id}/void`, { reason }, key);

/** What the shop did on the messages about a shipment, in order. */
async function shopOf(shipmentId: string): Promise<string[]> {
  const done = (await endpoint.done()).filter(({ message }) => message?.['shipmentId'] === shipmentId);
  return done.map(
    ({ message }) => `${String(message!['type']).replace('shipment.', '')} ${String(message!['trackingNumber'])}`,
  );
}
const untilShown = (company: Company, id: string) =>
  waitUntil(async () => {
    const shipment = await shipmentOf(company, id);
    return shipment.confirmedAt !== null && shipment;
  }, { timeoutMs: 20_000, what: `the shop shows ${id}` }); // prettier-ignore
const levelOf = async (company: Company, of: string) => {
  const { physicalOnHand, committed } = await stockOf(company, of);
  return { physicalOnHand, committed };
};
const workflowOf = (dropshipId: string) => world.client.workflow.getHandle(`dropship/${dropshipId}`);
const untilClosed = (dropshipId: string) =>
  waitUntil(async () => (await workflowOf(dropshipId).describe()).status.name === 'COMPLETED', { what: 'its end' });

/** An order of three units with the supplier. @returns both sides */
async function anOrder(quantity = 3): Promise<{ order: OrderAnswer; mine: OrderAnswer; dropshipId: string }> {
  const order = await sold(traded, quantity);
  const dropshipId = order.dropship!.id;
  const mine = await received(supplier, { portalId: traded.trade.portalId, dropshipId });
  return { order, mine, dropshipId };
}

describe('a tracking that is corrected', () => {
  it('by a later batch of the supplier, which names the order again: on all sides, as the same shipment', async () => {
    const { order, mine, dropshipId } = await anOrder();
    const shipped = await ship(supplier, mine.id, { trackingNumber: '1Z-FIRST' });
    await untilShown(supplier, shipped.id);
    await untilClosed(dropshipId);
    const item = { orderId: mine.id, carrier: 'GLS Business', trackingNumber: '1Z-LATER' };
    const send = (query: string, key: string) =>
      supplier.rest.post<{ results: object[] }>(`/shipments/batch${query}`, { items: [item] }, key);

    const refused = await send('', 'later-1');
    const answers = [await send('?onShipped=correct', 'later-2'), await send('?onShipped=correct', 'later-2')];

    expect(refused.results).toMatchObject([{ problem: { code: 'nothing_left_to_ship' } }]);
    expect(answers.map(({ results }) => results)).toEqual([
      [{ index: 0, status: 'ok', id: shipped.id }],
      [{ index: 0, status: 'ok', id: shipped.id }],
    ]);
    const now = { carrier: 'gls', service: 'Business', trackingNumber: '1Z-LATER', revision: 2 };
    expect(await untilShown(supplier, shipped.id)).toMatchObject(now);
    expect(await shipmentOf(merchant, shipped.id)).toMatchObject(now);
    expect((await orderOf(merchant, order.id)).shipments).toHaveLength(1);
    expect(await shopOf(shipped.id)).toEqual(['pushed 1Z-FIRST', 'corrected 1Z-LATER']);
  });

  it('after the shop has it and the dropship has closed: updated on all three sides, no second fulfillment', async () => {
    const { order, mine, dropshipId } = await anOrder();
    const shipped = await ship(supplier, mine.id, { trackingNumber: '1Z-WRONG' });
    await untilShown(supplier, shipped.id);
    await untilClosed(dropshipId);

    const answer = await correct(supplier, shipped.id, { trackingNumber: '1Z-RIGHT', key: 'fix-1' });

    expect(answer).toMatchObject({ id: shipped.id, revision: 2, trackingNumber: '1Z-RIGHT', confirmedAt: null });
    expect(await untilShown(supplier, shipped.id)).toMatchObject({ trackingNumber: '1Z-RIGHT', revision: 2 });
    expect(await shipmentOf(merchant, shipped.id)).toMatchObject({
      trackingNumber: '1Z-RIGHT',
      revision: 2,
      status: 'recorded',
    });
    expect(await shopOf(shipped.id)).toEqual(['pushed 1Z-WRONG', 'corrected 1Z-RIGHT']);
    await untilClosed(dropshipId);
    for (const [company, id] of [[merchant, order.id], [supplier, mine.id]] as const) {
      expect(await orderOf(company, id)).toMatchObject({ status: 'shipped', shipments: [{ id: shipped.id }] });
      const [sent] = await timelineOf(company, id, 'shipment_corrected');
      expect(sent).toMatchObject({ data: { revision: 2, trackingNumber: '1Z-RIGHT', before: { trackingNumber: '1Z-WRONG' } } });
      expect(await timelineOf(company, id, 'shipment_correction_pushed')).toHaveLength(1);
    } // prettier-ignore
  });

  it('twice at once with one key, and again: one answer, one revision', async () => {
    const { mine } = await anOrder();
    const shipped = await ship(supplier, mine.id, { trackingNumber: '1Z-BEFORE' });
    await untilShown(supplier, shipped.id);
    const send = () => correct(supplier, shipped.id, { trackingNumber: '1Z-ONCE', key: `once-${shipped.id}` });

    const [one, other] = await Promise.all([send(), send()]);
    const again = await send();
    const same = await correct(supplier, shipped.id, { trackingNumber: '1Z-ONCE' });

    expect([other, again]).toEqual([one, one]);
    expect(same).toMatchObject({ revision: 2 });
    await untilShown(supplier, shipped.id);
    expect(await shopOf(shipped.id)).toEqual(['pushed 1Z-BEFORE', 'corrected 1Z-ONCE']);
  });

  it('before the shop has it: what was sent is sent again, then corrected', async () => {
    const { mine } = await anOrder();
    await endpoint.answer('drop');
    const shipped = await ship(supplier, mine.id, { trackingNumber: '1Z-LOST' });
    await waitUntil(async () => (await shopOf(shipped.id)).length === 1);

    await correct(supplier, shipped.id, { trackingNumber: '1Z-FOUND', carrier: 'fedex' });
    await endpoint.answer('ok');

    expect(await untilShown(merchant, shipped.id)).toMatchObject({ carrier: 'fedex', trackingNumber: '1Z-FOUND' });
    expect(await shopOf(shipped.id)).toEqual(['pushed 1Z-LOST', 'corrected 1Z-FOUND']);
  }, 30_000);

  it('while its push is parked: the push gives way, and the shop gets the right one alone', async () => {
    const { order, mine } = await anOrder();
    await endpoint.answer('unauthorized');
    const shipped = await ship(supplier, mine.id, { trackingNumber: '1Z-PARKED' });
    await waitUntil(async () => (await orderOf(merchant, order.id)).attention);
    await endpoint.answer('ok');

    await correct(supplier, shipped.id, { trackingNumber: '1Z-FREED' });

    await untilShown(merchant, shipped.id);
    expect((await orderOf(merchant, order.id)).attention).toBeNull();
    expect(await shopOf(shipped.id)).toEqual(['pushed 1Z-FREED']);
  });

  it('is refused where it is another shipment’s, voided, a supplier’s, or not there', async () => {
    const { mine } = await anOrder();
    const line = { lineId: mine.lines[0]!.id, quantity: 1 };
    const one = await ship(supplier, mine.id, { trackingNumber: '1Z-A', lines: [line] });
    const other = await ship(supplier, mine.id, { trackingNumber: '1Z-B', lines: [line] });
    const stranger = await aCompany(world);
    await untilShown(supplier, other.id);

    expect(await orCode(correct(supplier, other.id, { trackingNumber: '1z a' }))).toBe('tracking_already_recorded');
    expect(await orCode(correct(merchant, other.id, { trackingNumber: 'X' }))).toBe('order_dropshipped');
    expect(await orCode(voided(merchant, other.id))).toBe('order_dropshipped');
    expect(await orCode(correct(stranger, other.id, { trackingNumber: 'X' }))).toBe('shipment_not_found');
    expect(await orCode(voided(stranger, other.id))).toBe('shipment_not_found');
    expect(await orCode(correct(supplier, other.id, {}))).toBe('invalid_request');
    await voided(supplier, one.id);
    expect(await orCode(correct(supplier, one.id, { trackingNumber: 'X' }))).toBe('shipment_voided');
    expect(await orCode(voided(supplier, one.id))).toBe('shipment_voided');
  });
});

describe('a shipment that is voided', () => {
  it('after the shop has it: open again on both sides, cancelled in the shop, and may ship once more', async () => {
    const { order, mine, dropshipId } = await anOrder();
    const before = await levelOf(supplier, traded.sku);
    const shipped = await ship(supplier, mine.id, { trackingNumber: '1Z-VOID' });
    await untilShown(supplier, shipped.id);
    await untilClosed(dropshipId);

    const key = `void-${shipped.id}`;
    const [answer, second] = await Promise.all([
      voided(supplier, shipped.id, { key }),
      voided(supplier, shipped.id, { key }),
    ]);

    expect(second).toEqual(answer);
    expect(answer).toMatchObject({ status: 'voided', voidReason: 'not_sent', revision: 2 });
    await untilShown(supplier, shipped.id);
    expect(await orderOf(supplier, mine.id)).toMatchObject({ status: 'awaiting_fulfillment', lines: [{ shipped: 0 }] });
    expect(await orderOf(merchant, order.id)).toMatchObject({
      status: 'dropship_requested',
      dropship: { status: 'imported' },
      lines: [{ shipped: 0 }],
    });
    expect(await levelOf(supplier, traded.sku)).toEqual(before);
    const again = await ship(supplier, mine.id, { trackingNumber: '1Z-VOID' });
    await untilShown(supplier, again.id);
    expect(await shopOf(shipped.id)).toEqual(['pushed 1Z-VOID', 'voided 1Z-VOID']);
    expect(await shopOf(again.id)).toEqual(['pushed 1Z-VOID']);
    expect(await orderOf(merchant, order.id)).toMatchObject({ status: 'shipped', dropship: { status: 'shipped' } });
    await untilClosed(dropshipId);
    for (const [company, id] of [[merchant, order.id], [supplier, mine.id]] as const) {
      expect(await timelineOf(company, id, 'shipment_voided')).toMatchObject([{ data: { reason: 'not_sent' } }]);
      expect(await timelineOf(company, id, 'shipment_void_pushed')).toHaveLength(1);
    } // prettier-ignore
  });

  it('while its push is parked, before the shop ever had it: the shop gets nothing', async () => {
    const { order, mine } = await anOrder();
    await endpoint.answer('unauthorized');
    const shipped = await ship(supplier, mine.id, { trackingNumber: '1Z-NEVER' });
    await waitUntil(async () => (await orderOf(merchant, order.id)).attention);
    await endpoint.answer('ok');

    await voided(supplier, shipped.id);
    const again = await ship(supplier, mine.id, { trackingNumber: '1Z-INSTEAD' });

    await untilShown(supplier, again.id);
    expect((await orderOf(merchant, order.id)).attention).toBeNull();
    expect(await shopOf(again.id)).toEqual(['pushed 1Z-INSTEAD']);
    expect(await shopOf(shipped.id)).toEqual([]);
  });

  it('keeps the order partly shipped where another shipment is on its way', async () => {
    const { order, mine } = await anOrder();
    const line = (quantity: number) => [{ lineId: mine.lines[0]!.id, quantity }];
    const remaining = await ship(supplier, mine.id, { trackingNumber: '1Z-K', lines: line(1) });
    const shipped = await ship(supplier, mine.id, { trackingNumber: '1Z-V', lines: line(2) });
    await untilShown(supplier, shipped.id);

    await voided(supplier, shipped.id, { reason: 'wrong_order' });

    await untilShown(supplier, shipped.id);
    expect(await orderOf(merchant, order.id)).toMatchObject({
      status: 'partially_shipped',
      dropship: { status: 'partially_shipped' },
      lines: [{ shipped: 1 }],
    });
    expect(await shopOf(remaining.id)).toEqual(['pushed 1Z-K']);
  });
});

describe('a shipment of the merchant’s own', () => {
  async function anOwnOrder() {
    const own = await aProduct(merchant);
    await merchant.rest.put('/stock', { sku: own, physicalOnHand: 10 });
    const order = await placeOrder(merchant, { channelId: traded.channelId, lines: [{ sku: own, quantity: 2 }] });
    return { order, own };
  }

  it('is corrected in the shop, then voided there, and its units are open and back on the shelf', async () => {
    const { order, own } = await anOwnOrder();
    const before = await levelOf(merchant, own);
    const shipped = await ship(merchant, order.id, { trackingNumber: 'OWN-1' });
    await untilShown(merchant, shipped.id);

    expect(await correct(merchant, shipped.id, { trackingNumber: 'OWN-2' })).toMatchObject({ revision: 2 });
    await untilShown(merchant, shipped.id);
    await voided(merchant, shipped.id, { reason: 'other' });
    await untilShown(merchant, shipped.id);

    expect(await shopOf(shipped.id)).toEqual(['pushed OWN-1', 'corrected OWN-2', 'voided OWN-2']);
    expect(await orderOf(merchant, order.id)).toMatchObject({
      status: 'awaiting_fulfillment',
      lines: [{ shipped: 0 }],
    });
    expect(await levelOf(merchant, own)).toEqual(before);
  });

  it('that is voided while its push is parked never comes to the shop', async () => {
    const { order } = await anOwnOrder();
    await endpoint.answer('unauthorized');
    const shipped = await ship(merchant, order.id, { trackingNumber: 'OWN-P' });
    await waitUntil(async () => (await orderOf(merchant, order.id)).attention);
    await endpoint.answer('ok');

    await voided(merchant, shipped.id);

    await waitUntil(async () => (await orderOf(merchant, order.id)).attention === null);
    await untilShown(merchant, shipped.id);
    expect(await shopOf(shipped.id)).toEqual([]);
  });
});

describe('in a chain', () => {
  it('a correction and a void climb both steps to the first merchant’s shop', async () => {
    const [shop, trader, factory] = [await aCompany(world), await aCompany(world), await aCompany(world)];
    const upper = await aConnection(world, shop, trader);
    const lower = await aConnection(world, trader, factory);
    const sku = await aProduct(shop, { supplierId: upper.supplierId, supplierSku: 'TRADED' });
    await aProduct(trader, { sku: 'TRADED', supplierId: lower.supplierId });
    const order = await placeOrder(shop, { channelId: await aShop(shop), lines: [{ sku, quantity: 2 }] });
    const passed = await received(trader, { portalId: upper.portalId, dropshipId: order.dropship!.id });
    const dropshipped = await orderOf(trader, passed.id);
    const made = await received(factory, { portalId: lower.portalId, dropshipId: dropshipped.dropship!.id });
    const shipped = await ship(factory, made.id, { trackingNumber: '1Z-CHAIN' });
    await untilShown(shop, shipped.id);
    for (const dropship of [order.dropship!, dropshipped.dropship!]) await untilClosed(dropship.id);

    expect(await orCode(correct(trader, shipped.id, { trackingNumber: 'X' }))).toBe('order_dropshipped');
    await correct(factory, shipped.id, { trackingNumber: '1Z-CLIMBS' });
    await waitUntil(async () => (await shipmentOf(shop, shipped.id)).trackingNumber === '1Z-CLIMBS');
    await untilShown(shop, shipped.id);
    await voided(factory, shipped.id);
    await waitUntil(async () => (await shipmentOf(shop, shipped.id)).status === 'voided');
    await untilShown(shop, shipped.id);

    expect(await shopOf(shipped.id)).toEqual(['pushed 1Z-CHAIN', 'corrected 1Z-CLIMBS', 'voided 1Z-CLIMBS']);
    for (const [company, id] of [[shop, order.id], [trader, passed.id], [factory, made.id]] as const)
      expect(await orderOf(company, id)).toMatchObject({ lines: [{ shipped: 0 }], shipments: [{ status: 'voided' }] }); // prettier-ignore
    const again = await ship(factory, made.id, { trackingNumber: '1Z-AGAIN' });
    await waitUntil(async () => (await orderOf(shop, order.id)).status === 'shipped');
    await untilShown(shop, again.id);
    for (const dropship of [order.dropship!, dropshipped.dropship!]) await untilClosed(dropship.id);
  }, 60_000);
});
