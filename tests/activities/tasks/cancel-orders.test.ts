import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { asyncLocalStorage, type Context } from '@temporalio/activity';
import { ScheduleNotFoundError, WorkflowNotFoundError, WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { pino } from 'pino';
import { createGate } from '../../../activities/gate.ts';
import { createCancelActivities } from '../../../activities/dropships/cancels.ts';
import { createCancelOrderActivities } from '../../../activities/tasks/cancel-orders.ts';
import { createSplitActivities } from '../../../activities/dropships/splits.ts';
import type { Deps } from '../../../activities/deps.ts';
import { readCursor } from '../../../db/channels/cursors.ts';
import { insertChannel } from '../../../db/channels/channels.ts';
import { markImported } from '../../../db/dropships/imports.ts';
import { listOrderEvents } from '../../../db/orders/events.ts';
import { listOrders, requireOrder } from '../../../db/orders/view.ts';
import { lockOrder } from '../../../db/orders/orders.ts';
import type { Pool } from '../../../db/engine/pool.ts';
import { createSealer } from '../../../db/engine/sealing.ts';
import { insertShipment } from '../../../db/shipments/shipments.ts';
import { withAccount, type AccountDb } from '../../../db/engine/with-account.ts';
import { queuesFor } from '../../../workflows/names.ts';
import {
  aLink,
  anAccount,
  anIncomingOrder,
  aSku,
  storeOrderFor,
  type LineWish,
} from '../../support/trade/database-trade.ts';
import { onDatabase } from '../../support/engine/database.ts';
import type { RequestCancelInput } from '../../../workflows/messages.ts';

let pool: Pool;
onDatabase(5, (opened) => {
  pool = opened;
});

const sealer = createSealer(randomBytes(32).toString('base64'));
const settings = { globalSettings: { trackInventory: true, serverConfig: { moneyStrategyPrecision: 2 } } };

type ShopLine = { ordered: number; cancelled: number };
type Answer = { outcome: string } | Error;
type Sent = { dropshipId: string; input: RequestCancelInput };

/** A Vendure shop with given orders, the account that sells there, and a messenger to dropships that does nothing. */
async function aShop(answer: () => Answer | Promise<Answer> = () => ({ outcome: 'requested' })) {
  const accountId = await anAccount(pool);
  const credentials = { apiKey: 'k' };
  const { id: channelId } = await withAccount(pool, accountId, (db) =>
    insertChannel(db, sealer, {
      kind: 'vendure',
      name: 'Shop',
      settings: { url: 'https://shop.example' },
      credentials,
    }),
  );
  const orders = new Map<string, ShopLine[]>();
  const state = { isDown: false };
  const fetch = async (_url: unknown, init?: { body?: unknown }) => {
    const { query } = JSON.parse(String(init?.body)) as { query: string };
    if (state.isDown) return new Response('down', { status: 503 });
    if (query.includes('globalSettings')) return Response.json({ data: settings });
    return Response.json({ data: { list: { items: [...orders].map(([id, lines]) => received(id, lines)) } } });
  };
  const sent: Sent[] = [];
  const handle = (dropshipId: string) => ({
    startUpdate: async (_update: unknown, { args: [input] }: { args: [RequestCancelInput] }) => {
      sent.push({ dropshipId, input });
      const given = await answer();
      return given instanceof Error ? Promise.reject(given) : { result: async () => given };
    },
  });
  const client = {
    workflow: { getHandle: (id: string) => handle(id.replace('dropship/', '')), start: async () => undefined },
    schedule: { getHandle: () => ({ describe: () => Promise.reject(new ScheduleNotFoundError('none', 'none')) }) },
    // A slow answer is not taken for an outage.
    workflowService: { getSystemInfo: async () => ({}) },
    withDeadline: <T>(_deadline: number, work: () => Promise<T>) => work(),
    withAbortSignal: <T>(_signal: AbortSignal, work: () => Promise<T>) => work(),
  };
  const deps = {
    gate: createGate({ slots: 40 }), pool, sealer, fetch, client, queues: queuesFor('-none'), now: () => new Date(), log: pino({ level: 'silent' }),
    crashPoint: () => undefined,
  } as unknown as Deps; // prettier-ignore
  const { cancelOrderPage } = createCancelOrderActivities(deps);
  const inside = { cancellationSignal: new AbortController().signal } as Context;
  const account = <T>(work: (db: AccountDb) => Promise<T>) => withAccount(pool, accountId, work);
  return {
    accountId,
    channelId,
    state,
    sent,
    account,
    dropships: createCancelActivities(deps),
    splits: createSplitActivities(deps),
    run: () => asyncLocalStorage.run(inside, () => cancelOrderPage({ channelId, after: null })),
    /** Stores an order of the shop. `cancelled`: units that the shop has cancelled by now. */
    async order(lines: LineWish[]) {
      const order = anIncomingOrder(lines, { remoteId: String(orders.size + 1) });
      const stored = await storeOrderFor(pool, { accountId, channelId }, order);
      orders.set(order.remoteId, lines.map(({ quantity = 1, cancelled = 0 }) => ({ ordered: quantity, cancelled }))); // prettier-ignore
      return {
        ...stored,
        cancelInShop: (...cancelled: number[]) =>
          orders.set(order.remoteId, lines.map(({ quantity = 1 }, index) => ({ ordered: quantity, cancelled: cancelled[index]! }))), // prettier-ignore
      };
    },
    sees: (orderId: string) => account((db) => requireOrder(db, orderId)),
    leaves: async () =>
      (await account((db) => listOrders(db, {}, { limit: 50 }))).data.filter(({ parentId }) => parentId),
  };
}

const received = (id: string, lines: readonly ShopLine[]) => ({
  id,
  code: `C${id}`,
  state: lines.every(({ ordered, cancelled }) => ordered === cancelled) ? 'Cancelled' : 'PaymentSettled',
  currencyCode: 'USD',
  createdAt: '2026-11-22T10:00:00.000Z',
  updatedAt: '2026-11-22T10:00:00.000Z',
  orderPlacedAt: '2026-11-22T10:00:00.000Z',
  lines: lines.map(({ ordered, cancelled }, index) => ({
    id: `r${index + 1}`,
    quantity: ordered - cancelled,
    orderPlacedQuantity: ordered,
    unitPriceWithTax: 100,
    productVariant: { id: 'v1', sku: 'ANY', name: 'Any' },
  })),
});

const units = (order: { lines: { quantity: number; shipped: number; cancelled: number }[] }) =>
  order.lines.map(({ quantity, shipped, cancelled }) => [quantity, shipped, cancelled]);

describe('an order that is cancelled in the shop', () => {
  it('is cancelled here, once, and says who did it', async () => {
    const shop = await aShop();
    const sku = await aSku(pool, shop.accountId);
    const order = await shop.order([{ sku, quantity: 2 }]);
    order.cancelInShop(2);

    const first = await shop.run();
    const again = await shop.run();

    expect(first.counts).toMatchObject({ seen: 1, cancelled: 1, failed: 0 });
    expect(again.counts).toMatchObject({ seen: 1, cancelled: 0, unchanged: 1 });
    expect(await shop.sees(order.orderId)).toMatchObject({ status: 'cancelled' });
    const { data } = await shop.account((db) => listOrderEvents(db, order.orderId, { limit: 9 }));
    const cancels = data.filter(({ type }) => type === 'order_cancelled');
    expect(cancels).toMatchObject([{ actor: { kind: 'channel', id: shop.channelId }, data: { reason: 'other' } }]);
  });

  it('unit by unit, is cancelled so: the shop reports totals', async () => {
    const shop = await aShop();
    const sku = await aSku(pool, shop.accountId);
    const order = await shop.order([{ sku, quantity: 5, cancelled: 1 }, { sku: await aSku(pool, shop.accountId), quantity: 2 }]); // prettier-ignore

    await shop.run();
    expect(units(await shop.sees(order.orderId))).toEqual([[5, 0, 1], [2, 0, 0]]); // prettier-ignore
    order.cancelInShop(3, 0);
    await shop.run();
    expect(units(await shop.sees(order.orderId))).toEqual([[5, 0, 3], [2, 0, 0]]); // prettier-ignore
    order.cancelInShop(4, 2);
    await shop.run();

    expect(units(await shop.sees(order.orderId))).toEqual([[5, 0, 4], [2, 0, 2]]); // prettier-ignore
  });

  it('keeps what has shipped', async () => {
    const shop = await aShop();
    const order = await shop.order([{ sku: await aSku(pool, shop.accountId), quantity: 3 }]);
    const [line] = (await shop.sees(order.orderId)).lines;
    await shop.account(async (db) => {
      await lockOrder(db, order.orderId);
      const tracking = { carrier: 'ups', carrierName: 'UPS', trackingNumber: '1Z', shippedAt: '2026-11-22T10:00:00.000Z' }; // prettier-ignore
      const lines = [{ lineId: line!.lineId, quantity: 2 }];
      await insertShipment(db, { ...tracking, id: `shp_${order.orderId}`, orderId: order.orderId, dropshipId: null, lines }, { kind: 'account', id: 'key_1' }); // prettier-ignore
    });
    order.cancelInShop(3);

    await shop.run();
    await shop.run();

    expect(await shop.sees(order.orderId)).toMatchObject({ status: 'shipped', lines: [{ shipped: 2, cancelled: 1 }] });
  });

  it('waits for no decision about who ships it any more', async () => {
    const shop = await aShop();
    const order = await shop.order([{ sku: 'NOBODY-KNOWS-IT', quantity: 1 }]);
    expect(await shop.sees(order.orderId)).toMatchObject({ attention: { code: 'unmapped_sku' } });
    order.cancelInShop(1);

    await shop.run();

    expect(await shop.sees(order.orderId)).toMatchObject({ status: 'cancelled', attention: null });
  });

  it('and was never imported, is none of our affair', async () => {
    const shop = await aShop();
    const other = await aShop();
    const sku = await aSku(pool, shop.accountId);
    (await shop.order([{ sku, quantity: 1 }])).cancelInShop(1);
    await other.order([{ sku: await aSku(pool, other.accountId), quantity: 1 }]);
    const [known] = await other.account((db) => listOrders(db, {}, { limit: 1 })).then(({ data }) => data);

    await shop.run();

    expect(await other.sees(known!.id)).toMatchObject({ status: 'awaiting_fulfillment' });
  });

  it('is looked for again when the shop does not answer', async () => {
    const shop = await aShop();
    const order = await shop.order([{ sku: await aSku(pool, shop.accountId), quantity: 1 }]);
    order.cancelInShop(1);
    shop.state.isDown = true;

    await expect(shop.run()).rejects.toMatchObject({ type: 'channel_unreachable' });
    expect(await shop.account((db) => readCursor(db, shop.channelId, 'cancel_orders'))).toBeNull();
    shop.state.isDown = false;
    await shop.run();

    expect(await shop.sees(order.orderId)).toMatchObject({ status: 'cancelled' });
  });
});

describe('an order that a supplier has a part of', () => {
  /** Of the first product the house has two units, of the second a supplier two; one of each was cancelled before. */
  async function aSplitOrder(answer?: () => Answer | Promise<Answer>) {
    const shop = await aShop(answer);
    const link = await aLink(pool, shop.accountId);
    const own = await aSku(pool, shop.accountId);
    const supplied = await aSku(pool, shop.accountId, { supplierId: link.supplierId });
    const order = await shop.order([{ sku: own, quantity: 3, cancelled: 1 }, { sku: supplied, quantity: 3, cancelled: 1 }]); // prettier-ignore
    const leaves = await shop.leaves();
    const dropshipped = leaves.find(({ dropship }) => dropship !== null)!;
    return {
      shop,
      order,
      dropshipId: order.dropshipIds[0]!,
      house: leaves.find(({ dropship }) => dropship === null)!,
      dropshipped,
      /** The supplier gets its order. */
      imported: async () => {
        const { supplierAccountId: accountId, portalId: channelId } = link;
        const dropshipId = order.dropshipIds[0]!;
        const origin = { dropshipId, merchantName: 'Merchant', via: [shop.accountId] };
        const copy = anIncomingOrder([{ sku: await aSku(pool, accountId), quantity: 2 }], { remoteId: dropshipId });
        copy.lines[0]!.remoteLineId = dropshipped.lines[0]!.lineId;
        const { orderId } = await storeOrderFor(pool, { accountId, channelId, origin }, copy);
        await shop.account((db) => markImported(db, [{ dropshipId, orderId }]));
        return () => withAccount(pool, accountId, (db) => requireOrder(db, orderId));
      },
    };
  }

  it('loses nothing by what was cancelled before it came in', async () => {
    const { shop, house, dropshipped } = await aSplitOrder();

    expect((await shop.run()).counts).toMatchObject({ unchanged: 1, cancelled: 0 });

    expect(shop.sent).toEqual([]);
    expect(units(await shop.sees(house.id))).toEqual([[2, 0, 0]]);
    expect(units(await shop.sees(dropshipped.id))).toEqual([[2, 0, 0]]);
  });

  it('is cancelled in-house, and asked for at the supplier, by what stays ordered', async () => {
    const { shop, order, dropshipId, house, dropshipped } = await aSplitOrder();
    order.cancelInShop(3, 2);

    const { counts } = await shop.run();

    expect(counts).toMatchObject({ seen: 1, cancelled: 1 });
    expect(await shop.sees(house.id)).toMatchObject({ status: 'cancelled' });
    const lines = [{ lineId: dropshipped.lines[0]!.lineId, remaining: 1 }];
    const actor = { kind: 'channel', id: shop.channelId };
    expect(shop.sent).toEqual([{ dropshipId, input: { lines, reason: 'other', actor } }]);
  });

  it('is asked for again in the same words until the request is noted, and then no more', async () => {
    const { shop, order, dropshipId, dropshipped, imported } = await aSplitOrder();
    const supplierOrder = await imported();
    order.cancelInShop(1, 2);

    const first = await shop.run();
    await shop.run();
    const [one, other] = shop.sent;
    await shop.dropships.noteCancelRequest({ ...one!.input, lines: one!.input.lines!, dropshipId });
    const last = await shop.run();

    expect(first.counts).toMatchObject({ waiting: 1, cancelled: 0 });
    expect(other).toEqual(one);
    expect(shop.sent).toHaveLength(2);
    expect(last.counts).toMatchObject({ unchanged: 1 });
    const pending = { cancelRequestedAt: expect.any(String), lines: [{ quantity: 2, cancelRequested: 1 }] };
    expect(await shop.sees(dropshipped.id)).toMatchObject(pending);
    expect(await supplierOrder()).toMatchObject(pending);
  });

  it('is done with once the dropship has ended before the import', async () => {
    const { shop, order, dropshipId, dropshipped } = await aSplitOrder(() => ({ outcome: 'cancelled' }));
    order.cancelInShop(1, 3);

    const first = await shop.run();
    await shop.dropships.cancelBeforeImport({ ...shop.sent[0]!.input, dropshipId });
    await shop.run();

    expect(first.counts).toMatchObject({ cancelled: 1 });
    expect(shop.sent).toHaveLength(1);
    expect(await shop.sees(dropshipped.id)).toMatchObject({ status: 'cancelled', dropship: { status: 'cancelled' } });
  });

  const refused = (code: string) =>
    new WorkflowUpdateFailedError('refused', ApplicationFailure.nonRetryable('refused', code));

  it('is asked of its leaves when it is split before it hears of the cancel', async () => {
    const { shop, order, dropshipId, dropshipped } = await aSplitOrder(async () => {
      if (shop.sent.length > 1) return { outcome: 'cancelled' };
      const groups = [1, 2].map(() => [{ lineId: dropshipped.lines[0]!.lineId, quantity: 1 }]);
      const actor = { kind: 'account', id: 'k' } as const;
      await shop.splits.splitBeforeImport({ dropshipId, side: 'merchant', groups, actor });
      return refused('order_is_split');
    });
    order.cancelInShop(1, 3);

    const { counts } = await shop.run();

    expect(counts).toMatchObject({ cancelled: 1, failed: 0 });
    const { childIds } = await shop.sees(dropshipped.id);
    const leaves = await Promise.all(childIds.map((id) => shop.sees(id)));
    expect(shop.sent.slice(1).map((sent) => sent.dropshipId).sort()).toEqual(leaves.map((leaf) => leaf.dropship!.id).sort()); // prettier-ignore
  });

  it.each<[string, Error, object]>([
    ['has shipped', refused('order_shipped'), { unchanged: 1, failed: 0 }],
    ['has ended', new WorkflowNotFoundError('gone', 'dropship/x', undefined), { unchanged: 1, failed: 0 }],
    ['refuses for another reason', refused('line_not_found'), { unchanged: 0, failed: 1 }],
  ])('is left as it is when its dropship %s', async (_what, answer, counts) => {
    const { shop, order } = await aSplitOrder(() => answer);
    order.cancelInShop(1, 3);

    const page = await shop.run();

    expect(page.counts).toMatchObject(counts);
    expect(page.failures).toEqual(page.counts.failed > 0 ? [{ item: '1', code: 'line_not_found' }] : []);
  });
});
