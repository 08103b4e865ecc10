import { describe, expect, it } from '@jest/globals';
import { listDropshipStarts } from '../../db/dropships/dropships.ts';
import { listOrderEvents } from '../../db/orders/events.ts';
import { listOrders, requireOrder, type Order } from '../../db/orders/view.ts';
import type { Pool } from '../../db/engine/pool.ts';
import { routeManually } from '../../db/orders/routing.ts';
import { withAccount } from '../../db/engine/with-account.ts';
import { DomainError } from '../../domain/errors.ts';
import {
  aLink,
  aMerchant,
  anAccount,
  anIncomingOrder,
  aSku,
  changeLink,
  storeOrderFor,
  type Merchant,
} from '../support/trade/database-trade.ts';
import { onDatabase } from '../support/engine/database.ts';

let pool: Pool;
onDatabase(10, (opened) => {
  pool = opened;
});

const orderOf = ({ accountId }: Merchant, id: string) => withAccount(pool, accountId, (db) => requireOrder(db, id));
const leavesOf = async (merchant: Merchant, id: string): Promise<Order[]> =>
  Promise.all((await orderOf(merchant, id)).childIds.map((childId) => orderOf(merchant, childId)));
const ordersOf = async ({ accountId }: Merchant) =>
  (await withAccount(pool, accountId, (db) => listOrders(db, {}, { limit: 200 }))).data;
const timelineOf = async ({ accountId }: Merchant, id: string) =>
  (await withAccount(pool, accountId, (db) => listOrderEvents(db, id, { limit: 100 }))).data.map(({ type }) => type);
const unitsOf = (order: Order) => order.lines.map(({ remoteLineId, quantity }) => `${remoteLineId}:${quantity}`);
const refusal = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: unknown) => (error instanceof DomainError ? error.code : error),
  );
const timesEach = (count: number, work: () => Promise<unknown>) => Promise.all(Array.from({ length: count }, work));

describe('an order that comes in', () => {
  it('is stored once when it comes 20 times at once, and every caller gets the same id', async () => {
    const merchant = await aMerchant(pool);
    const order = anIncomingOrder([{ sku: await aSku(pool, merchant.accountId) }]);

    const answers = await Promise.all(Array.from({ length: 20 }, () => storeOrderFor(pool, merchant, order)));

    expect(new Set(answers.map((stored) => stored.orderId)).size).toBe(1);
    expect(answers.filter((stored) => stored.isNew)).toHaveLength(1);
    expect(answers.every((stored) => stored.isSame)).toBe(true);
    expect(await ordersOf(merchant)).toHaveLength(1);
    expect(await timelineOf(merchant, answers[0]!.orderId)).toEqual(['order_imported']);
  });

  it('is dropshipped once when it comes 20 times at once', async () => {
    const merchant = await aMerchant(pool);
    const { supplierId } = await aLink(pool, merchant.accountId);
    const order = anIncomingOrder([{ sku: await aSku(pool, merchant.accountId, { supplierId }) }]);

    const answers = await Promise.all(Array.from({ length: 20 }, () => storeOrderFor(pool, merchant, order)));

    const [dropshipId, ...others] = answers.flatMap((stored) => stored.dropshipIds);
    expect(others).toEqual([]);
    expect((await orderOf(merchant, answers[0]!.orderId)).dropship?.id).toBe(dropshipId);
  });

  it('is the same order when its keys come in another order, and another when anything it says differs', async () => {
    const merchant = await aMerchant(pool);
    const order = anIncomingOrder([{ sku: await aSku(pool, merchant.accountId) }]);
    const { orderId } = await storeOrderFor(pool, merchant, order);
    const shuffled = Object.fromEntries(Object.entries(order).reverse()) as typeof order;
    const changed = { ...order, lines: [{ ...order.lines[0]!, quantity: 2 }] };

    expect(await storeOrderFor(pool, merchant, shuffled)).toEqual({
      orderId,
      isNew: false,
      isSame: true,
      dropshipIds: [],
    });
    expect(await storeOrderFor(pool, merchant, changed)).toEqual({
      orderId,
      isNew: false,
      isSame: false,
      dropshipIds: [],
    });
    expect((await orderOf(merchant, orderId)).lines[0]!.quantity).toBe(1);
  });

  it('of another account with the same remote id is another order, and neither sees the other', async () => {
    const [one, other] = [await aMerchant(pool), await aMerchant(pool)];
    const order = anIncomingOrder([{ sku: await aSku(pool, one.accountId) }]);

    const first = await storeOrderFor(pool, one, order);
    const second = await storeOrderFor(pool, other, order);

    expect([first.isNew, second.isNew]).toEqual([true, true]);
    expect(await refusal(orderOf(other, first.orderId))).toBe('order_not_found');
  });

  it('keeps what the shop had shipped and cancelled itself', async () => {
    const merchant = await aMerchant(pool);
    const sku = await aSku(pool, merchant.accountId);

    const over = await storeOrderFor(pool, merchant, anIncomingOrder([{ sku, quantity: 2, shipped: 1, cancelled: 1 }]));
    const open = await storeOrderFor(pool, merchant, anIncomingOrder([{ sku, quantity: 2, cancelled: 1 }]));

    expect((await orderOf(merchant, over.orderId)).status).toBe('shipped');
    expect((await orderOf(merchant, open.orderId)).status).toBe('awaiting_fulfillment');
  });
});

describe('routing', () => {
  it('splits between two suppliers and the house: leaves are numbered and keep the remote line ids', async () => {
    const merchant = await aMerchant(pool);
    const [one, other] = [await aLink(pool, merchant.accountId), await aLink(pool, merchant.accountId)];
    const first = await aSku(pool, merchant.accountId, { supplierId: one.supplierId });
    const second = await aSku(pool, merchant.accountId, { supplierId: other.supplierId });
    const own = await aSku(pool, merchant.accountId);

    const { orderId, dropshipIds } = await storeOrderFor(
      pool,
      merchant,
      anIncomingOrder([{ sku: own }, { sku: first, quantity: 3, cancelled: 1 }, { sku: second, quantity: 2 }]),
    );

    const root = await orderOf(merchant, orderId);
    const leaves = await leavesOf(merchant, orderId);
    expect([root.status, root.overallStatus]).toEqual(['split', 'dropship_requested']);
    expect(leaves.map(({ number, status, dropship }) => [number, status, dropship?.supplierId])).toEqual([
      ['1001-1', 'dropship_requested', one.supplierId],
      ['1001-2', 'dropship_requested', other.supplierId],
      ['1001-3', 'awaiting_fulfillment', undefined],
    ]);
    expect(leaves.map(unitsOf)).toEqual([['r2:2'], ['r3:2'], ['r1:1']]);
    expect(leaves.map((leaf) => leaf.dropship?.id ?? null)).toEqual([...dropshipIds, null]);
    expect(leaves.every(({ remoteId, parentId }) => remoteId === root.remoteId && parentId === root.id)).toBe(true);
    expect(await timelineOf(merchant, orderId)).toEqual(
      ['order_imported', 'dropship_requested', 'dropship_requested', 'order_split'].reverse(),
    );
  });

  it('does not split for one supplier and nothing else', async () => {
    const merchant = await aMerchant(pool);
    const { supplierId, connectionId, supplierAccountId } = await aLink(pool, merchant.accountId);
    const sku = await aSku(pool, merchant.accountId, { supplierId });

    const { orderId, dropshipIds } = await storeOrderFor(pool, merchant, anIncomingOrder([{ sku }, { sku }]));

    expect(await orderOf(merchant, orderId)).toMatchObject({
      number: '1001',
      status: 'dropship_requested',
      childIds: [],
    });
    expect(await withAccount(pool, merchant.accountId, (db) => listDropshipStarts(db, dropshipIds))).toEqual([
      {
        dropshipId: dropshipIds[0],
        merchantId: merchant.accountId,
        supplierId: supplierAccountId,
        connectionId,
        channelId: merchant.channelId,
        channelKind: 'api',
        orderNumber: '1001',
      },
    ]);
  });

  it('parks an order with an unknown SKU: every line is stored, none is dropshipped', async () => {
    const merchant = await aMerchant(pool);
    const { supplierId } = await aLink(pool, merchant.accountId);
    const known = await aSku(pool, merchant.accountId, { supplierId });

    const { orderId, dropshipIds } = await storeOrderFor(
      pool,
      merchant,
      anIncomingOrder([{ sku: known }, { sku: 'NOBODY-KNOWS', quantity: 2 }]),
    );

    const order = await orderOf(merchant, orderId);
    expect(dropshipIds).toEqual([]);
    expect(order.attention).toMatchObject({ step: 'route', code: 'unmapped_sku', workflowId: null });
    expect(unitsOf(order)).toEqual(['r1:1', 'r2:2']);
    expect(order.lines.map(({ productId }) => productId === null)).toEqual([false, true]);
  });

  it('dropships over a paused connection: the dropship waits', async () => {
    const merchant = await aMerchant(pool);
    const link = await aLink(pool, merchant.accountId);
    const sku = await aSku(pool, merchant.accountId, { supplierId: link.supplierId });
    await changeLink(pool, link, 'paused');

    const { orderId } = await storeOrderFor(pool, merchant, anIncomingOrder([{ sku }]));

    expect(await orderOf(merchant, orderId)).toMatchObject({ dropship: { status: 'requested' }, attention: null });
  });

  it('parks over an ended connection, and dropships the rest', async () => {
    const merchant = await aMerchant(pool);
    const [ended, living] = [await aLink(pool, merchant.accountId), await aLink(pool, merchant.accountId)];
    const stuck = await aSku(pool, merchant.accountId, { supplierId: ended.supplierId });
    const goes = await aSku(pool, merchant.accountId, { supplierId: living.supplierId });
    await changeLink(pool, ended, 'ended');

    const { orderId } = await storeOrderFor(pool, merchant, anIncomingOrder([{ sku: stuck }, { sku: goes }]));

    expect((await orderOf(merchant, orderId)).attention).toMatchObject({
      step: 'route',
      code: 'connection_not_active',
    });
    const leaves = await leavesOf(merchant, orderId);
    expect(leaves.map(({ status, dropship }) => [status, dropship?.supplierId])).toEqual([
      ['dropship_requested', living.supplierId],
      ['awaiting_fulfillment', undefined],
    ]);
    expect(leaves.map(unitsOf)).toEqual([['r2:1'], ['r1:1']]);
  });

  it('never sends an order back to an account it came through', async () => {
    const merchant = await aMerchant(pool);
    const origin = { dropshipId: 'drop_1', merchantName: 'First', via: [await anAccount(pool)] };
    const link = await aLink(pool, merchant.accountId, origin.via[0]);
    const sku = await aSku(pool, merchant.accountId, { supplierId: link.supplierId });

    const { orderId, dropshipIds } = await storeOrderFor(pool, { ...merchant, origin }, anIncomingOrder([{ sku }]));

    expect(dropshipIds).toEqual([]);
    expect((await orderOf(merchant, orderId)).attention?.code).toBe('dropship_loop');
  });

  it('never loses an order that must be split when the shop has shipped a part of it: it waits for a person', async () => {
    const merchant = await aMerchant(pool);
    const { supplierId } = await aLink(pool, merchant.accountId);
    const supplied = await aSku(pool, merchant.accountId, { supplierId });
    const own = await aSku(pool, merchant.accountId);

    const { orderId, dropshipIds } = await storeOrderFor(
      pool,
      merchant,
      anIncomingOrder([{ sku: supplied }, { sku: own, quantity: 2, shipped: 1 }]),
    );

    expect(dropshipIds).toEqual([]);
    expect(await orderOf(merchant, orderId)).toMatchObject({
      status: 'partially_shipped',
      attention: { step: 'route', code: 'order_shipped' },
    });
  });
});

describe('dropshipping by hand', () => {
  const byHand = (merchant: Merchant, orderId: string, supplierId: string) => () =>
    withAccount(pool, merchant.accountId, (db) =>
      routeManually(db, { orderId, supplierId, actor: { kind: 'account', id: 'key_1' } }),
    );

  async function anOpenOrder(lines: 'one' | 'two') {
    const merchant = await aMerchant(pool);
    const link = await aLink(pool, merchant.accountId);
    const sku = await aSku(pool, merchant.accountId, { supplierId: link.supplierId, fulfillmentType: 'dropshippable' });
    const own = await aSku(pool, merchant.accountId);
    const order = anIncomingOrder([{ sku, quantity: 2 }, ...(lines === 'two' ? [{ sku: own }] : [])]);
    const { orderId } = await storeOrderFor(pool, merchant, order);
    return { merchant, link, orderId, supplierId: link.supplierId };
  }

  it.each([
    ['one', 'order_dropshipped', 1],
    ['two', 'order_is_split', 3],
  ] as const)('20 times at once, of %s line: one wins, the others hear %s', async (lines, code, orders) => {
    const { merchant, orderId, supplierId } = await anOpenOrder(lines);

    const answers = (await timesEach(20, () => refusal(byHand(merchant, orderId, supplierId)()))) as string[];

    expect(answers.filter((answer) => answer === 'done')).toHaveLength(1);
    expect(answers.filter((answer) => answer === code)).toHaveLength(19);
    const all = await ordersOf(merchant);
    expect(all).toHaveLength(orders);
    expect(all.filter(({ dropship }) => dropship !== null)).toHaveLength(1);
  });

  it.each([
    ['paused', 'connection_paused'],
    ['ended', 'connection_not_active'],
  ] as const)('over a connection that is %s is refused as %s, and changes nothing', async (status, code) => {
    const { merchant, link, orderId, supplierId } = await anOpenOrder('one');
    await changeLink(pool, link, status);

    expect(await refusal(byHand(merchant, orderId, supplierId)())).toBe(code);
    expect(await orderOf(merchant, orderId)).toMatchObject({ status: 'awaiting_fulfillment', dropship: null });
  });

  it('of what no supplier is assigned to, or of another account’s order, is refused', async () => {
    const { merchant, orderId } = await anOpenOrder('one');
    const { supplierId } = await aLink(pool, merchant.accountId);
    const stranger = await aMerchant(pool);

    expect(await refusal(byHand(merchant, orderId, supplierId)())).toBe('lines_not_assigned');
    expect(await refusal(byHand(stranger, orderId, supplierId)())).toBe('order_not_found');
  });
});
