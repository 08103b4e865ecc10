import { describe, expect, it } from '@jest/globals';
import {
  aTradedSku,
  acceptCancel,
  cancel,
  handedOver,
  orCode,
  sold,
  timelineOf,
  type StockAnswer,
  type TradedSku,
} from '../../support/trade/cancel-trade.ts';
import { inParts, split, splitInTwo } from '../../support/trade/split-trade.ts';
import {
  aProduct,
  findReceived,
  leavesOf,
  orderOf,
  placeOrder,
  ranTask,
  received,
  ship,
  type Company,
} from '../../support/trade/trade.ts';
import { waitUntil } from '../../support/engine/wait-until.ts';
import { aTradingWorld } from '../../support/trade/trading-world.ts';

const { world, traded } = aTradingWorld();

const ended = (dropshipId: string) => world.client.workflow.getHandle(`dropship/${dropshipId}`).result();
const stateOf = async (dropshipId: string) =>
  (await world.client.workflow.getHandle(`dropship/${dropshipId}`).describe()).status.name;
const untilShipped = (company: Company, orderId: string) =>
  waitUntil(async () => {
    const order = await orderOf(company, orderId);
    return order.status === 'shipped' && order.shipments.every(({ confirmedAt }) => confirmedAt !== null) && order;
  });

/** What each side can promise of a product, over all its warehouses. */
async function available({ merchant, supplier, sku }: TradedSku): Promise<number[]> {
  const ofOne = async (company: Company) => {
    const { data } = await company.rest.get<{ data: StockAnswer[] }>(`/stock?sku=${encodeURIComponent(sku)}`);
    return data.reduce((sum, level) => sum + level.availableOnHand, 0);
  };
  return [await ofOne(merchant), await ofOne(supplier)];
}

describe('an order that its supplier splits', () => {
  it('is split at the merchant alike, and each pair goes on as a dropship of its own', async () => {
    const { merchant, supplier } = traded;
    const { orderId, supplierOrderId, dropshipId, leaves, mirrored } = await splitInTwo(traded);
    const { number } = await orderOf(merchant, orderId);

    for (const [company, id] of [[merchant, orderId], [supplier, supplierOrderId]] as const)
      expect(await orderOf(company, id)).toMatchObject({ status: 'split', childIds: [{}, {}].map(() => expect.any(String)) }); // prettier-ignore
    expect(mirrored).toMatchObject([
      { number: `${number}-1`, status: 'dropship_requested', lines: [{ quantity: 3 }], dropship: { status: 'imported', supplierOrderNumber: `${number}-1` } },
      { number: `${number}-2`, status: 'dropship_requested', lines: [{ quantity: 2 }], dropship: { status: 'imported', supplierOrderNumber: `${number}-2` } },
    ]); // prettier-ignore
    expect(leaves).toMatchObject(
      mirrored.map((leaf) => ({
        number: leaf.number,
        status: 'awaiting_fulfillment',
        parentId: supplierOrderId,
        remoteId: leaf.dropship!.id,
        origin: { dropshipId: leaf.dropship!.id, merchantName: merchant.name },
        lines: [{ quantity: leaf.lines[0]!.quantity, remoteLineId: leaf.lines[0]!.id }],
      })),
    );
    expect(await orderOf(merchant, orderId)).toMatchObject({ overallStatus: 'dropship_requested', dropship: { status: 'split' } }); // prettier-ignore
    expect(await ended(dropshipId)).toEqual({ status: 'complete' });
    for (const leaf of mirrored) expect(await stateOf(leaf.dropship!.id)).toBe('RUNNING');
    const orderIds = [mirrored.map(({ id }) => id), leaves.map(({ id }) => id)];
    expect(await timelineOf(merchant, mirrored[0]!.id, 'order_split')).toMatchObject([
      { actor: { kind: 'supplier', name: supplier.name }, data: { dropshipId, orderIds: orderIds[0] } },
    ]);
    expect(await timelineOf(supplier, leaves[1]!.id, 'order_split')).toMatchObject([
      { actor: { kind: 'account', name: 'test' }, data: { dropshipId, orderIds: orderIds[1] } },
    ]);
  });

  it('ships in parts: each tracking reaches its own leaf of the merchant, and the shop', async () => {
    const { merchant, supplier } = traded;
    const { orderId, leaves, mirrored } = await splitInTwo(traded);

    await ship(supplier, leaves[1]!.id, { trackingNumber: '1Z-TWO' });
    const second = await untilShipped(merchant, mirrored[1]!.id);
    expect(await orderOf(merchant, orderId)).toMatchObject({ overallStatus: 'partially_shipped', shipments: [] });
    await ship(supplier, leaves[0]!.id, { trackingNumber: '1Z-THREE' });
    const first = await untilShipped(merchant, mirrored[0]!.id);

    expect([first, second].map(({ shipments }) => shipments)).toMatchObject([
      [{ trackingNumber: '1Z-THREE', lines: [{ lineId: mirrored[0]!.lines[0]!.id, quantity: 3 }] }],
      [{ trackingNumber: '1Z-TWO', lines: [{ lineId: mirrored[1]!.lines[0]!.id, quantity: 2 }] }],
    ]);
    expect(await orderOf(merchant, orderId)).toMatchObject({ overallStatus: 'shipped' });
    for (const leaf of mirrored) expect(await ended(leaf.dropship!.id)).toEqual({ status: 'complete' });
  });

  it('leaves all stock as it was; what is then shipped and cancelled counts once', async () => {
    const stocked = await aTradedSku(world);
    const { merchant, supplier, trade } = stocked;
    await ranTask(supplier, trade.portalId, 'import_products');
    await ranTask(supplier, trade.portalId, 'write_inventory');
    // The figure that the merchant has contains the first order, and knows nothing yet of the second.
    for (const [isCovered, left] of [[true, 97], [false, 94]] as const) {
      const { orderId, supplierOrderId } = await handedOver(stocked, 5);
      if (isCovered) await ranTask(supplier, trade.portalId, 'write_inventory');
      const before = await available(stocked);
      const order = await orderOf(supplier, supplierOrderId);
      const [one, other] = await split(supplier, supplierOrderId, { groups: inParts(order, 3, 2) });
      expect(await available(stocked)).toEqual(before);
      const [oneAbove, otherAbove] = await leavesOf(merchant, orderId);
      await ship(supplier, one!.id, { trackingNumber: `1Z-${orderId}` });
      await untilShipped(merchant, oneAbove!.id);
      expect(await available(stocked)).toEqual(before);
      await cancel(merchant, otherAbove!.id);
      await acceptCancel(supplier, other!.id);
      expect(await orderOf(merchant, otherAbove!.id)).toMatchObject({ status: 'cancelled' });
      await ranTask(supplier, trade.portalId, 'write_inventory');
      expect(await available(stocked)).toEqual([left, left]);
    } // prettier-ignore
    const { data } = await supplier.rest.get<{ data: StockAnswer[] }>(`/stock?sku=${stocked.sku}`);
    expect(data).toMatchObject([{ physicalOnHand: 94, committed: 0 }]);
  });

  it('may be split again, and only its open units are: what was cancelled before stays with the parent', async () => {
    const { merchant, supplier } = traded;
    const { orderId, supplierOrderId, lineId } = await handedOver(traded, 7);
    await cancel(merchant, orderId, { lines: [{ lineId, quantity: 1 }] });
    await acceptCancel(supplier, supplierOrderId);
    const order = await orderOf(supplier, supplierOrderId);

    expect(await orCode(split(supplier, order.id, { groups: inParts(order, 4, 3) }))).toBe('split_refused');
    const [first] = await split(supplier, order.id, { groups: inParts(order, 4, 2) });
    const [one, other] = await split(supplier, first!.id, { groups: inParts(first!, 1, 3) });

    const leaf = (await leavesOf(merchant, orderId))[0]!;
    const [oneAbove, otherAbove] = await leavesOf(merchant, leaf.id);
    expect([one!.number, other!.number]).toEqual([oneAbove!.number, otherAbove!.number]);
    expect([one!.number, other!.number]).toEqual([`${order.number}-1-1`, `${order.number}-1-2`]);
    await ship(supplier, other!.id, { trackingNumber: '1Z-DEEP' });
    await untilShipped(merchant, otherAbove!.id);
    expect((await orderOf(merchant, orderId)).overallStatus).toBe('partially_shipped');
    expect(await timelineOf(merchant, otherAbove!.id, 'order_split')).toHaveLength(2);
    expect((await timelineOf(merchant, orderId)).map(({ type }) => type)).toContain('shipment_pushed');
  });

  it('is split once, however often the request comes', async () => {
    const { merchant, supplier } = traded;
    const { orderId, supplierOrderId } = await handedOver(traded, 5);
    const groups = inParts(await orderOf(supplier, supplierOrderId), 3, 2);

    const same = () => split(supplier, supplierOrderId, { groups, key: 'split-once' });
    const [first, second] = await Promise.all([same(), same()]);
    const other = await orCode(split(supplier, supplierOrderId, { groups: groups.reverse(), key: 'split-once' }));

    expect(second).toEqual(first);
    expect(other).toBe('idempotency_key_reused');
    groups.reverse();
    expect(await same()).toEqual(first);
    expect(await leavesOf(merchant, orderId)).toHaveLength(2);
    expect(await timelineOf(supplier, supplierOrderId, 'order_split')).toHaveLength(1);
  });

  it('goes to the first of two who ask at once', async () => {
    const { merchant, supplier } = traded;
    const { orderId, supplierOrderId } = await handedOver(traded, 5);
    const order = await orderOf(supplier, supplierOrderId);

    const answers = await Promise.all(
      [[3, 2], [1, 4]].map((parts) => orCode(split(supplier, order.id, { groups: inParts(order, ...parts) }))),
    ); // prettier-ignore

    expect(answers.filter((answer) => answer === 'order_is_split')).toHaveLength(1);
    const [made] = answers.filter((answer) => typeof answer !== 'string');
    expect((await leavesOf(supplier, supplierOrderId)).map(({ id }) => id)).toEqual(made!.map(({ id }) => id));
    expect(await leavesOf(merchant, orderId)).toHaveLength(2);
  });

  it('is either shipped or split, when both are asked at once', async () => {
    const { merchant, supplier } = traded;
    for (let round = 0; round < 5; round += 1) {
      const { orderId, supplierOrderId } = await handedOver(traded, 3);
      const order = await orderOf(supplier, supplierOrderId);

      const [shipped, divided] = await Promise.all([
        orCode(ship(supplier, order.id, { trackingNumber: `1Z-RACE-${round}` })),
        orCode(split(supplier, order.id, { groups: inParts(order, 1, 2) })),
      ]);

      const won = typeof shipped === 'string' ? 'split' : 'shipped';
      expect(won === 'split' ? shipped : divided).toBe(won === 'split' ? 'order_is_split' : 'order_shipped');
      await waitUntil(async () => (await orderOf(merchant, orderId)).status === won);
      expect((await orderOf(supplier, order.id)).status).toBe(won);
    }
  });
});

describe('an order that its merchant splits', () => {
  it('before its import is dropshipped in parts, each of which comes to the supplier by itself', async () => {
    const { merchant, supplier, trade } = traded;
    const order = await sold(traded, 5);

    const leaves = await split(merchant, order.id, { groups: inParts(order, 4, 1), key: `split-${order.id}` });

    expect(leaves).toMatchObject([
      { number: `${order.number}-1`, status: 'dropship_requested', lines: [{ quantity: 4 }], dropship: { status: 'requested', supplierId: trade.supplierId } },
      { number: `${order.number}-2`, status: 'dropship_requested', lines: [{ quantity: 1 }], dropship: { status: 'requested' } },
    ]); // prettier-ignore
    expect(await split(merchant, order.id, { groups: inParts(order, 4, 1), key: `split-${order.id}` })).toEqual(leaves);
    expect(await ended(order.dropship!.id)).toEqual({ status: 'complete' });
    expect(await orderOf(merchant, order.id)).toMatchObject({ status: 'split', dropship: { status: 'split' } });
    await ranTask(supplier, trade.portalId, 'import_orders');
    expect(await findReceived(supplier, order.dropship!.id)).toBeUndefined();
    for (const leaf of leaves) {
      const made = await waitUntil(() => findReceived(supplier, leaf.dropship!.id));
      expect(made).toMatchObject({ number: leaf.number, parentId: null, lines: [{ quantity: leaf.lines[0]!.quantity }] }); // prettier-ignore
      await ship(supplier, made.id, { trackingNumber: `1Z-${leaf.number}` });
      await untilShipped(merchant, leaf.id);
    }
    expect((await timelineOf(merchant, order.id)).map(({ type }) => type)).toEqual(
      expect.arrayContaining(['order_split', 'dropship_requested', 'dropship_imported', 'shipment_pushed']),
    );
  });

  it('is refused once the supplier has it', async () => {
    const { merchant } = traded;
    const { orderId } = await handedOver(traded, 3);
    const order = await orderOf(merchant, orderId);

    expect(await orCode(split(merchant, orderId, { groups: inParts(order, 1, 2) }))).toBe('order_already_imported');
  });

  it('splits at once as long as no supplier has it; its leaves may then be dropshipped', async () => {
    const { merchant, supplier, trade, channelId } = traded;
    const sku = await aProduct(merchant, { supplierId: trade.supplierId, fulfillmentType: 'dropshippable' });
    const order = await placeOrder(merchant, { channelId, lines: [{ sku, quantity: 5 }] });

    const [remaining, given] = await split(merchant, order.id, {
      groups: inParts(order, 2, 3),
      key: `own-${order.id}`,
    });
    await merchant.rest.post(`/orders/${given!.id}/dropship`, { supplierId: trade.supplierId });
    const dropshipId = (await orderOf(merchant, given!.id)).dropship!.id;
    const made = await received(supplier, { portalId: trade.portalId, dropshipId });
    await ship(supplier, made.id, { trackingNumber: '1Z-GIVEN' });
    await ship(merchant, remaining!.id, { trackingNumber: '1Z-REMAINING' });

    expect(made).toMatchObject({ number: `${order.number}-2`, lines: [{ quantity: 3 }] });
    for (const leaf of [remaining!, given!]) await untilShipped(merchant, leaf.id);
    expect(await orderOf(merchant, order.id)).toMatchObject({ status: 'split', overallStatus: 'shipped' });
  });
});
