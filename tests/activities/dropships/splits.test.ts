import { describe, expect, it } from '@jest/globals';
import type { Deps } from '../../../activities/deps.ts';
import {
  createSplitActivities,
  relaySplit,
  splitAtSupplier,
  type AtHalf,
  type DropshipSplit,
} from '../../../activities/dropships/splits.ts';
import { requireDropship } from '../../../db/dropships/dropships.ts';
import { claimImport, markImported } from '../../../db/dropships/imports.ts';
import { newId } from '../../../db/engine/ids.ts';
import { listOrderEvents } from '../../../db/orders/events.ts';
import { requireOrder, type Order } from '../../../db/orders/view.ts';
import { lockOrder } from '../../../db/orders/orders.ts';
import type { Pool } from '../../../db/engine/pool.ts';
import { routeManually } from '../../../db/orders/routing.ts';
import { insertShipment } from '../../../db/shipments/shipments.ts';
import { withAccount } from '../../../db/engine/with-account.ts';
import { DomainError } from '../../../domain/errors.ts';
import type { SplitGroup } from '../../../domain/orders/order.ts';
import { queuesFor } from '../../../workflows/names.ts';
import {
  aLink,
  aMerchant,
  anIncomingOrder,
  aSku,
  storeOrderFor,
  type LineWish,
} from '../../support/trade/database-trade.ts';
import { onDatabase } from '../../support/engine/database.ts';

let pool: Pool;
onDatabase(5, (opened) => {
  pool = opened;
});

class Cut extends Error {}

/** Both halves, as the dropship's workflow asks for them. */
async function splitDropship(
  deps: Deps,
  split: DropshipSplit,
  besides: { atSupplier?: AtHalf; atMerchant?: AtHalf } = {},
) {
  const children = await splitAtSupplier(deps, split, besides.atSupplier);
  await relaySplit(deps, split, besides.atMerchant);
  return { children };
}

const actor = { kind: 'account', id: 'key_1' } as const;
const key = { key: 'asked', fingerprint: 'f' };

/** A dropship of two lines; `imported`: the supplier has it. `cutAt` kills the worker there, once. */
async function aDropship({ imported = true, lines = {} }: { imported?: boolean; lines?: Partial<LineWish> } = {}) {
  const merchant = await aMerchant(pool);
  const link = await aLink(pool, merchant.accountId);
  const skus = [await aSku(pool, merchant.accountId, link), await aSku(pool, merchant.accountId, link)];
  const sent = anIncomingOrder(skus.map((sku) => ({ sku, quantity: 5, ...lines })));
  const { orderId, dropshipIds } = await storeOrderFor(pool, merchant, sent);
  const dropshipId = dropshipIds[0]!;
  const asMerchant = (id = orderId) => withAccount(pool, merchant.accountId, (db) => requireOrder(db, id));
  const ordered = await asMerchant();
  const origin = { dropshipId, merchantName: 'Merchant', via: [merchant.accountId] };
  const copy = anIncomingOrder(
    await Promise.all(
      ordered.lines.map(async (line) => ({
        sku: await aSku(pool, link.supplierAccountId),
        quantity: line.quantity - line.shipped - line.cancelled,
      })),
    ),
    { remoteId: dropshipId },
  );
  copy.lines.forEach((line, index) => (line.remoteLineId = ordered.lines[index]!.lineId));
  const place = { accountId: link.supplierAccountId, channelId: link.portalId, origin };
  const receive = async () => {
    const taken = await storeOrderFor(pool, place, copy);
    await withAccount(pool, merchant.accountId, async (db) => {
      await claimImport(db, await requireDropship(db, dropshipId));
      await markImported(db, [{ dropshipId, orderId: taken.orderId }]);
    });
    return taken.orderId;
  };
  const supplierOrderId = imported ? await receive() : '';
  const started: string[] = [];
  const state: { cutAt?: string | undefined } = {};
  const deps = {
    pool,
    queues: queuesFor('-none'),
    client: { workflow: { start: async (_type: string, { workflowId }: { workflowId: string }) => void started.push(workflowId) } },
    crashPoint(passed: string) {
      if (passed !== state.cutAt) return;
      state.cutAt = undefined;
      throw new Cut(passed);
    },
  } as unknown as Deps; // prettier-ignore
  const [a, b] = ordered.lines.map(({ lineId }) => lineId) as [string, string];
  const groups: SplitGroup[] = [
    [{ lineId: a, quantity: 3 }],
    [{ lineId: b, quantity: 5 }, { lineId: a, quantity: 2 }],
  ]; // prettier-ignore
  return {
    merchant,
    link,
    deps,
    dropshipId,
    orderId,
    supplierOrderId,
    lineIds: [a, b] as const,
    started,
    state,
    receive,
    split: { dropshipId, groups, actor },
    input: { dropshipId, groups: groups.map((group) => [...group]), actor, key },
    activities: createSplitActivities(deps),
    asMerchant,
    asSupplier: (id = supplierOrderId) => withAccount(pool, link.supplierAccountId, (db) => requireOrder(db, id)),
    asSupplierRows: <T>(work: Parameters<typeof withAccount<T>>[2]) => withAccount(pool, link.supplierAccountId, work),
    events: async () => {
      const of = (accountId: string, id: string) =>
        withAccount(pool, accountId, (db) => listOrderEvents(db, id, { limit: 100 }));
      const both = [await of(merchant.accountId, orderId), await of(link.supplierAccountId, supplierOrderId)];
      return both.map(({ data }) => data.filter(({ type }) => type === 'order_split').length);
    },
  };
}

const leavesOf = (see: (id: string) => Promise<Order>, { childIds }: Order) => Promise.all(childIds.map(see));
const refusalOf = async (work: Promise<unknown>): Promise<string | undefined> => {
  const error: unknown = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return error instanceof DomainError ? error.code : undefined;
};
const unitsOf = ({ lines }: Order) => lines.map((line) => [line.remoteLineId, line.quantity, line.cancelled]);

/** The supplier hands the first lines of its order on to a supplier of its own. */
async function dropshipTo(one: Awaited<ReturnType<typeof aDropship>>, lines: number): Promise<void> {
  const { supplierId } = await aLink(pool, one.link.supplierAccountId);
  const order = await one.asSupplier();
  await one.asSupplierRows(async (db) => {
    await db('products').update({ fulfillment_type: 'dropshippable' });
    const assigned = { account_id: db.accountId, supplier_id: supplierId, is_default: true };
    await db('product_suppliers').insert(
      order.lines.slice(0, lines).map((line) => ({ ...assigned, product_id: line.productId! })),
    );
    await routeManually(db, { orderId: order.id, supplierId, actor });
  });
}

describe('a split of a dropship', () => {
  it.each(['split.supplier-committed', 'split.merchant-committed'])(
    'gives the same rows when the worker dies at %s and it is done again',
    async (cutAt) => {
      const one = await aDropship();
      const { deps, split, asMerchant, asSupplier } = one;
      const hooks: string[] = [];
      const noted =
        (half: string): AtHalf =>
        async (_db, children) =>
          void hooks.push(`${half} ${children.length}`);
      const besides = { atSupplier: noted('supplier'), atMerchant: noted('merchant') };

      one.state.cutAt = cutAt;
      await expect(splitDropship(deps, split, besides)).rejects.toThrow(Cut);
      const first = await splitDropship(deps, split, besides);
      const again = await splitDropship(deps, split, besides);

      expect(again).toEqual(first);
      expect(hooks).toEqual(['supplier 2', 'merchant 2']);
      const [merchantLeaves, supplierLeaves] = [await leavesOf(asMerchant, await asMerchant()), await leavesOf(asSupplier, await asSupplier())]; // prettier-ignore
      expect(first.children).toEqual(
        merchantLeaves.map((leaf, index) => ({ dropshipId: leaf.dropship!.id, merchantOrderId: leaf.id, supplierOrderId: supplierLeaves[index]!.id })),
      ); // prettier-ignore
      const [a, b] = one.lineIds;
      const idOf = (leaf: Order, index: number) => leaf.lines[index]!.lineId;
      expect(supplierLeaves.map(unitsOf)).toEqual([
        [[idOf(merchantLeaves[0]!, 0), 3, 0]],
        [[idOf(merchantLeaves[1]!, 0), 2, 0], [idOf(merchantLeaves[1]!, 1), 5, 0]],
      ]); // prettier-ignore
      expect(new Set([a, b, ...merchantLeaves.flatMap(({ lines }) => lines.map(({ lineId }) => lineId))]).size).toBe(5);
      expect(merchantLeaves.map(({ dropship }) => dropship)).toMatchObject(
        supplierLeaves.map(({ id }) => ({ status: 'imported', supplierOrderId: id })),
      );
      expect(await one.events()).toEqual([1, 1]);
      expect(new Set(one.started)).toEqual(new Set(first.children.map(({ dropshipId }) => `dropship/${dropshipId}`)));
    },
  );

  it('starts nothing, and shows the merchant nothing, before both halves are there', async () => {
    const { deps, split, started, asMerchant, asSupplier } = await aDropship();

    await splitAtSupplier(deps, split);
    expect([(await asSupplier()).status, (await asMerchant()).status]).toEqual(['split', 'dropship_requested']);
    expect(started).toEqual([]);
    await relaySplit(deps, split);
    expect((await asMerchant()).status).toBe('split');
    expect(started).toHaveLength(2);
  });

  it('stores the answer with the supplier’s half, once', async () => {
    const one = await aDropship();

    await one.activities.splitAtSupplier({ ...one.input, side: 'supplier' });
    await one.activities.splitAtSupplier({ ...one.input, side: 'supplier' });

    const stored = await one.asSupplierRows((db) => db('idempotency_keys').select('key', 'status', 'answer'));
    expect(stored).toMatchObject([{ key: 'asked', status: 201, answer: (await one.asSupplier()).childIds.map((id) => ({ id })) }]); // prettier-ignore
  });

  it('is refused where the shop had shipped units itself: they belong to no leaf', async () => {
    const one = await aDropship({ lines: { shipped: 1 } });
    const [a, b] = one.lineIds;
    const groups = [[{ lineId: a, quantity: 4 }], [{ lineId: b, quantity: 4 }]];

    expect(await refusalOf(splitDropship(one.deps, { ...one.split, groups }))).toBe('order_shipped');
    expect([(await one.asSupplier()).childIds, (await one.asMerchant()).childIds]).toEqual([[], []]);
  });

  it('takes open units only where some were cancelled before the supplier got the order', async () => {
    const one = await aDropship({ lines: { cancelled: 1 } });
    const [a, b] = one.lineIds;
    const groups = [[{ lineId: a, quantity: 4 }], [{ lineId: b, quantity: 4 }]];

    await splitDropship(one.deps, { ...one.split, groups });

    expect((await leavesOf(one.asMerchant, await one.asMerchant())).map(unitsOf)).toEqual([[['r1', 4, 0]], [['r2', 4, 0]]]); // prettier-ignore
    expect(unitsOf(await one.asMerchant())).toEqual([['r1', 5, 1], ['r2', 5, 1]]); // prettier-ignore
  });

  it('is refused where the supplier has dropshipped the order, or shipped of it, since the request', async () => {
    const dropshipped = await aDropship();
    await dropshipTo(dropshipped, 2);
    const shipped = await aDropship();
    await shipped.asSupplierRows(async (db) => {
      await lockOrder(db, shipped.supplierOrderId);
      const { lines } = await requireOrder(db, shipped.supplierOrderId);
      const tracking = { carrier: 'ups', carrierName: 'UPS', trackingNumber: '1Z', shippedAt: '2026-11-22T10:00:00.000Z' }; // prettier-ignore
      const units = [{ lineId: lines[0]!.lineId, quantity: 1 }];
      await insertShipment(db, { ...tracking, id: newId('shipment'), orderId: shipped.supplierOrderId, dropshipId: null, lines: units }, actor); // prettier-ignore
    });

    expect(await refusalOf(splitDropship(dropshipped.deps, dropshipped.split))).toBe('order_dropshipped');
    expect(await refusalOf(splitDropship(shipped.deps, shipped.split))).toBe('order_shipped');
    for (const one of [dropshipped, shipped]) expect((await one.asMerchant()).childIds).toEqual([]);
  });

  it('copies how the merchant’s dropship stood', async () => {
    const one = await aDropship();
    const [acceptedAt, expectedShipAt] = [new Date('2026-11-22T10:00:00Z'), new Date('2026-11-25T00:00:00Z')];
    const recovered = { accepted_at: acceptedAt, expected_ship_at: expectedShipAt };
    await withAccount(pool, one.merchant.accountId, (db) =>
      db('dropships').update({ status: 'accepted', ...recovered }),
    );
    await one.asSupplierRows((db) => db('orders').update(recovered));

    const { children } = await splitDropship(one.deps, one.split);

    const ids = children.map(({ dropshipId }) => dropshipId);
    expect(
      await withAccount(pool, one.merchant.accountId, (db) =>
        db('dropships').whereIn('id', ids).select('status', 'accepted_at', 'expected_ship_at', 'cancel_requested_at', 'started_at'),
      ),
    ).toEqual(ids.map(() => ({ status: 'accepted', ...recovered, cancel_requested_at: null, started_at: null }))); // prettier-ignore
    expect(await one.asSupplierRows((db) => db('orders').whereNotNull('parent_id').select('accepted_at', 'expected_ship_at'))).toEqual([recovered, recovered]); // prettier-ignore
  });
});

describe('a split before the import', () => {
  it('hands each leaf on anew, once, however often it is done', async () => {
    const one = await aDropship({ imported: false });
    const input = { ...one.input, side: 'merchant' as const };

    one.state.cutAt = 'split.merchant-committed';
    await expect(one.activities.splitBeforeImport(input)).rejects.toThrow(Cut);
    await one.activities.splitBeforeImport(input);

    const leaves = await leavesOf(one.asMerchant, await one.asMerchant());
    expect(leaves).toMatchObject([1, 2].map((position) => ({ number: `1001-${position}`, dropship: { status: 'requested', isImporting: false, supplierOrderId: null } }))); // prettier-ignore
    expect(await withAccount(pool, one.merchant.accountId, (db) => requireDropship(db, one.dropshipId))).toMatchObject({ status: 'split' }); // prettier-ignore
    expect(new Set(one.started)).toEqual(new Set(leaves.map(({ dropship }) => `dropship/${dropship!.id}`)));
    const asked = await withAccount(pool, one.merchant.accountId, (db) => listOrderEvents(db, leaves[0]!.id, { limit: 9 })); // prettier-ignore
    expect(asked.data.filter(({ type }) => type === 'dropship_requested').map(({ data }) => data['dropshipId'])).toEqual([leaves[0]!.dropship!.id, one.dropshipId]); // prettier-ignore
  });

  it('is refused when the supplier has the order after all', async () => {
    const one = await aDropship({ imported: false });
    await one.receive();

    expect(await refusalOf(one.activities.splitBeforeImport({ ...one.input, side: 'merchant' }))).toBe(
      'dropship_transition_refused',
    );
    expect((await one.asMerchant()).childIds).toEqual([]);
  });
});

describe('a split that routing makes', () => {
  it('keeps with each line what is asked to be cancelled of it', async () => {
    const one = await aDropship();
    await one.asSupplierRows(async (db) => {
      await db('order_lines').update({ cancel_requested: 2 });
      await db('orders').update({ cancel_requested_at: db.fn.now() });
    });

    await dropshipTo(one, 1);

    const pending = { cancelRequestedAt: expect.any(String), lines: [{ cancelRequested: 2 }] };
    expect(await leavesOf(one.asSupplier, await one.asSupplier())).toMatchObject([pending, pending]);
  });
});
