import { describe, expect, it } from '@jest/globals';
import knex, { type Knex } from 'knex';
import { insertShipment } from '../../db/shipments/shipments.ts';
import { markImported } from '../../db/dropships/dropships.ts';
import { bindOpenOrders } from '../../db/migrations/20261122100000_create_stock.ts';
import type { Pool } from '../../db/engine/pool.ts';
import { withAccount } from '../../db/engine/with-account.ts';
import { aLink, aMerchant, anIncomingOrder, aSku, storeOrderFor } from '../support/trade/database-trade.ts';
import { onDatabase } from '../support/engine/database.ts';
import { atTheEnd } from '../support/engine/for-the-file.ts';

let pool: Pool;
let owner: Knex;
onDatabase(4, (opened, { ownerUrl }) => {
  pool = opened;
  owner = knex({ client: 'pg', connection: ownerUrl });
  atTheEnd(() => owner.destroy());
});

const lines = () =>
  owner('order_lines as l')
    .leftJoin('warehouses as w', 'w.id', 'l.warehouse_id')
    .orderBy('l.id')
    .select('l.id', 'w.name', 'w.supplier_id');
const committed = () =>
  owner('stock').where('committed', '>', 0).orderBy('product_id').select('product_id', 'warehouse_id', 'committed');

describe('orders from before stock was counted', () => {
  it('hold their units where the orders of today do', async () => {
    const merchant = await aMerchant(pool);
    const link = await aLink(pool, merchant.accountId);
    const supplied = await aSku(pool, merchant.accountId, { supplierId: link.supplierId });
    const byHand = await aSku(pool, merchant.accountId, {
      supplierId: link.supplierId,
      fulfillmentType: 'dropshippable',
    });
    const own = await aSku(pool, merchant.accountId);
    const order = (wish: Parameters<typeof anIncomingOrder>[0]) => storeOrderFor(pool, merchant, anIncomingOrder(wish));
    const { dropshipIds } = await order([{ sku: supplied, quantity: 5 }]);
    await order([{ sku: byHand, quantity: 2 }]);
    await order([
      { sku: supplied, quantity: 3 },
      { sku: own, quantity: 4, cancelled: 1 },
      { sku: 'UNKNOWN', quantity: 1 },
    ]);
    const { orderId } = await order([{ sku: own, quantity: 6 }]);
    await withAccount(pool, merchant.accountId, async (db) => {
      await markImported(db, dropshipIds[0]!, 'ord_of_the_supplier');
      const line = await db('order_lines').where({ order_id: orderId }).first<{ id: string }>('id');
      const tracking = { carrier: 'ups', carrierName: 'UPS', trackingNumber: '1Z', shippedAt: '2026-11-20T10:00:00Z' };
      const shipment = {
        id: 'shp_1',
        orderId,
        dropshipId: null,
        ...tracking,
        lines: [{ lineId: line.id, quantity: 2 }],
      };
      await insertShipment(db, shipment, { kind: 'account', id: 'key_1' });
    });
    const today = { lines: await lines(), committed: await committed() };

    await owner('order_lines').update({ warehouse_id: null, reserved_version: null, supplier_reserved_version: null });
    await owner('stock').del();
    await bindOpenOrders(owner);

    expect({ lines: await lines(), committed: await committed() }).toEqual(today);
    expect(today.committed.map((row: { committed: number }) => row.committed)).toEqual([7]);
    const imported = owner('order_lines')
      .whereNotNull('supplier_reserved_version')
      .select('sku', 'supplier_reserved_version');
    expect(await imported).toEqual([{ sku: supplied, supplier_reserved_version: 0 }]);
  });
});
