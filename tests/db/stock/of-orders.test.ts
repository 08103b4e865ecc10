import { describe, expect, it } from '@jest/globals';
import { availableAnywhere } from '../../../db/stock/availability.ts';
import { newId } from '../../../db/engine/ids.ts';
import { lockOrder } from '../../../db/orders/orders.ts';
import type { Pool } from '../../../db/engine/pool.ts';
import { insertShipment, resolveRemoteLines } from '../../../db/shipments/shipments.ts';
import { bumpVersions } from '../../../db/stock/stock.ts';
import { listReservedVersions, returnShipped } from '../../../db/stock/of-orders.ts';
import { withAccount, type AccountDb } from '../../../db/engine/with-account.ts';
import {
  aLink,
  aMerchant,
  anIncomingOrder,
  aSku,
  storeOrderFor,
  type Merchant,
} from '../../support/trade/database-trade.ts';
import { onDatabase } from '../../support/engine/database.ts';
import { waitUntil } from '../../support/engine/wait-until.ts';

let pool: Pool;
onDatabase(10, (opened) => {
  pool = opened;
});

const inside = <T>({ accountId }: Merchant, work: (db: AccountDb) => Promise<T>) => withAccount(pool, accountId, work);

/** What lies in the account's own warehouse: units on the shelf, and those promised to orders. */
type Own = { onHand: number; committed: number; version: number };
const ownStock = (merchant: Merchant, sku: string): Promise<Own> =>
  inside(merchant, async (db) => {
    const { rows } = await db.raw<{ rows: Own[] }>(
      `select coalesce(max(s.physical_on_hand), 0) as "onHand", coalesce(max(s.committed), 0) as committed,
              max(p.stock_version) as version
       from products p join warehouses w on w.supplier_id is null
       left join stock s on s.product_id = p.id and s.warehouse_id = w.id where p.sku = :sku`,
      { sku },
    );
    return rows[0]!;
  });

const availableOf = (merchant: Merchant, sku: string): Promise<number> =>
  inside(merchant, async (db) => {
    const { rows } = await db.raw<{ rows: { units: number }[] }>(
      `select ${availableAnywhere} as units from products p where p.sku = :sku`,
      { sku },
    );
    return rows[0]!.units;
  });

const shelve = (merchant: Merchant, sku: string, units: number) =>
  inside(merchant, (db) =>
    db.raw(
      `insert into stock (account_id, product_id, warehouse_id, physical_on_hand)
       select p.account_id, p.id, w.id, :units from products p join warehouses w on w.supplier_id is null where p.sku = :sku`,
      { sku, units },
    ),
  );

/** Ships units of an order's own lines, by remote line ids. */
const ship = (merchant: Merchant, orderId: string, units: Record<string, number>) =>
  inside(merchant, async (db) => {
    await lockOrder(db, orderId);
    const named = Object.entries(units).map(([lineId, quantity]) => ({ lineId, quantity }));
    const lines = await resolveRemoteLines(db, orderId, named);
    const id = newId('shipment');
    const tracking = { carrier: 'ups', carrierName: 'UPS', trackingNumber: id, shippedAt: '2026-11-22T10:00:00.000Z' };
    await insertShipment(db, { ...tracking, id, orderId, dropshipId: null, lines }, { kind: 'account', id: 'key_1' });
    return id;
  });

describe('a product of a supplier that is shipped from the own shelf', () => {
  it('leaves that shelf, and what is left of the order is promised there', async () => {
    const merchant = await aMerchant(pool);
    const { supplierId } = await aLink(pool, merchant.accountId);
    const sku = await aSku(pool, merchant.accountId, { supplierId, fulfillmentType: 'dropshippable' });
    await shelve(merchant, sku, 10);
    const { orderId } = await storeOrderFor(pool, merchant, anIncomingOrder([{ sku, quantity: 5 }]));
    expect(await ownStock(merchant, sku)).toMatchObject({ onHand: 10, committed: 0 });

    await ship(merchant, orderId, { r1: 3 });

    expect(await ownStock(merchant, sku)).toMatchObject({ onHand: 7, committed: 2 });
  });

  it('was never counted there: the shelf stays at nothing', async () => {
    const merchant = await aMerchant(pool);
    const { supplierId } = await aLink(pool, merchant.accountId);
    const sku = await aSku(pool, merchant.accountId, { supplierId, fulfillmentType: 'dropshippable' });
    const { orderId } = await storeOrderFor(pool, merchant, anIncomingOrder([{ sku, quantity: 5 }]));

    await ship(merchant, orderId, { r1: 5 });

    expect(await ownStock(merchant, sku)).toMatchObject({ onHand: 0, committed: 0 });
  });
});

describe('an order of which the shop has shipped a part itself', () => {
  it('asks its supplier for the rest alone, and takes off no more', async () => {
    const merchant = await aMerchant(pool);
    const { supplierId } = await aLink(pool, merchant.accountId);
    const sku = await aSku(pool, merchant.accountId, { supplierId });

    await storeOrderFor(pool, merchant, anIncomingOrder([{ sku, quantity: 9, shipped: 4, cancelled: 2 }]));

    expect(await availableOf(merchant, sku)).toBe(-3);
  });
});

describe('orders of one product that come in at once', () => {
  it('do not wait for each other for ever, and all their units are promised', async () => {
    const merchant = await aMerchant(pool);
    const [one, other] = [await aSku(pool, merchant.accountId), await aSku(pool, merchant.accountId)];
    const lines = [
      { sku: one, quantity: 2 },
      { sku: other, quantity: 3 },
    ];

    await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        storeOrderFor(pool, merchant, anIncomingOrder(index % 2 ? lines : [...lines].reverse())),
      ),
    );

    expect(await ownStock(merchant, one)).toEqual({ onHand: 0, committed: 40, version: 20 });
    expect(await ownStock(merchant, other)).toEqual({ onHand: 0, committed: 60, version: 20 });
  });
});

describe('a listing', () => {
  it('that is made while a change of its stock waits learns of the change', async () => {
    const merchant = await aMerchant(pool);
    const sku = await aSku(pool, merchant.accountId);
    const { accountId, channelId } = merchant;
    const productId = await inside(merchant, async (db) => {
      const rows = await db('products').where({ sku }).update({ stock_set_at: db.fn.now() }).returning<{ id: string }[]>('id'); // prettier-ignore
      return rows[0]!.id;
    });

    const change = await inside(merchant, async (db) => {
      await db('products').where({ id: productId }).forNoKeyUpdate().first('id');
      // Not awaited within: it waits for the end of this transaction.
      const waiting = { end: inside(merchant, (other) => bumpVersions(other, [productId])) };
      await waitUntil(async () => (await locksAwaited(db)) > 0 || undefined);
      const listing = { account_id: accountId, id: newId('listing'), channel_id: channelId, product_id: productId };
      await db('listings').insert({ ...listing, remote_id: 'v1', remote_sku: sku, linked_sku: sku });
      return waiting;
    });
    await change.end;

    expect(await inside(merchant, (db) => db('listings').select('stock_version'))).toEqual([{ stock_version: 1 }]);
  });
});

const locksAwaited = async (db: AccountDb): Promise<number> =>
  (await db.raw<{ rows: { count: number }[] }>(`select count(*)::int from pg_locks where not granted`)).rows[0]!.count;

describe('the versions that a supplier reserved for an order', () => {
  it('are listed for every line, also for the lines that the supplier itself dropshipped', async () => {
    const merchant = await aMerchant(pool);
    const link = await aLink(pool, merchant.accountId);
    const supplier = { accountId: link.supplierAccountId, channelId: link.portalId };
    const next = await aLink(pool, supplier.accountId);
    const own = await aSku(pool, supplier.accountId);
    const dropshipped = await aSku(pool, supplier.accountId, { supplierId: next.supplierId });
    const handed = await storeOrderFor(
      pool,
      merchant,
      anIncomingOrder([{ sku: await aSku(pool, merchant.accountId, link) }]),
    );
    const dropshipId = handed.dropshipIds[0]!;
    const origin = { dropshipId, merchantName: 'Merchant', via: [merchant.accountId] };
    const order = anIncomingOrder([{ sku: own }, { sku: dropshipped }, { sku: own }], { remoteId: dropshipId });
    await storeOrderFor(pool, { ...supplier, origin }, order);

    const reserved = await inside(supplier, (db) => listReservedVersions(db, [dropshipId]));

    expect(reserved.sort((one, other) => (one.lineId < other.lineId ? -1 : 1))).toEqual(
      ['r1', 'r2', 'r3'].map((lineId) => ({ lineId, version: 1 })),
    );
  });
});

describe('a voided shipment', () => {
  it('of a time before stock was counted puts its units back too', async () => {
    const merchant = await aMerchant(pool);
    const sku = await aSku(pool, merchant.accountId);
    const { orderId } = await storeOrderFor(pool, merchant, anIncomingOrder([{ sku, quantity: 2 }]));
    const id = await ship(merchant, orderId, { r1: 2 });
    await inside(merchant, (db) => db('stock').del());

    await inside(merchant, (db) => returnShipped(db, id));

    expect(await ownStock(merchant, sku)).toMatchObject({ onHand: 2, committed: 2 });
  });
});
