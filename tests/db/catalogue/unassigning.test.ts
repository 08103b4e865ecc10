import { describe, expect, it } from '@jest/globals';
import type { Pool } from '../../../db/engine/pool.ts';
import { changeProduct, requireProduct, upsertProducts, type ProductContent } from '../../../db/catalogue/products.ts';
import { storeReported } from '../../../db/stock/reported.ts';
import { withAccount } from '../../../db/engine/with-account.ts';
import { aLink, aMerchant, aSku, type Link } from '../../support/trade/database-trade.ts';
import { countStock, productIdOf } from '../../support/trade/database-catalogue.ts';
import { onDatabase } from '../../support/engine/database.ts';

let pool: Pool;
onDatabase(6, (opened) => {
  pool = opened;
});

const assigned = ({ supplierId }: Link, isDefault = false) => ({
  supplierId,
  supplierSku: null,
  costMinor: null,
  costCurrency: null,
  isDefault,
});

/** A product of two suppliers, of which both have reported units. */
async function aSuppliedProduct() {
  const { accountId } = await aMerchant(pool);
  const [one, other] = [await aLink(pool, accountId), await aLink(pool, accountId)];
  const sku = await aSku(pool, accountId);
  const productId = await productIdOf(pool, accountId, sku);
  const content: ProductContent = { sku, name: 'A cup', fulfillmentType: 'dropshippable', suppliers: [] };
  const product = {
    productId,
    one,
    other,
    report: (link: Link, units: number, version: number) =>
      withAccount(pool, accountId, (db) => storeReported(db, link.connectionId, [{ productId, units, version }])),
    /** By itself, as PATCH does. */
    assign: (...links: Link[]) =>
      withAccount(pool, accountId, (db) =>
        changeProduct(db, productId, { ...content, suppliers: links.map((link) => assigned(link)) }),
      ),
    /** In a batch. */
    assignInBatch: (...links: Link[]) =>
      withAccount(pool, accountId, (db) =>
        upsertProducts(db, [{ ...content, suppliers: links.map((link) => assigned(link)) }]),
      ),
    makeDefault: (link: Link) =>
      withAccount(pool, accountId, async (db) => {
        const suppliers = [one, other].map((each) => assigned(each, each === link));
        await changeProduct(db, productId, { ...(await requireProduct(db, productId)), suppliers });
      }),
    count: () => countStock(pool, { accountId, sku }),
    async stock(link: Link) {
      return withAccount(pool, accountId, async (db) => {
        const { rows } = await db.raw<{ rows: object[] }>(
          `select physical_on_hand as "onHand", applied_version as applied, withdrawn from stock s
           join warehouses w on w.id = s.warehouse_id where w.supplier_id = :supplierId and s.product_id = :productId`,
          { supplierId: link.supplierId, productId },
        );
        return rows[0];
      });
    },
    version: () =>
      withAccount(pool, accountId, async (db) => {
        const row = await db('products').where({ id: productId }).first<{ stock_version: number }>('stock_version');
        return row.stock_version;
      }),
  };
  await product.assign(one, other);
  await product.report(one, 40, 5);
  await product.report(other, 7, 3);
  return product;
}

describe('a product that is taken from a supplier', () => {
  it.each(['assign', 'assignInBatch'] as const)(
    'has 0 units in that supplier’s warehouse, once, and what the others have (%s)',
    async (way) => {
      const product = await aSuppliedProduct();
      const version = await product.version();

      await product[way](product.other);
      await product[way](product.other);

      expect(await product.stock(product.one)).toEqual({ onHand: 0, applied: 5, withdrawn: true });
      expect(await product.stock(product.other)).toEqual({ onHand: 7, applied: 3, withdrawn: false });
      expect(await product.version()).toBe(version + 1);
    },
  );

  it('keeps its stock when another supplier becomes the default', async () => {
    const product = await aSuppliedProduct();
    const version = await product.version();

    await product.makeDefault(product.other);
    await product.makeDefault(product.one);

    expect(await product.stock(product.one)).toEqual({ onHand: 40, applied: 5, withdrawn: false });
    expect(await product.version()).toBe(version);
  });

  it('counts again with the first report after it is assigned again, though nothing changed at the supplier', async () => {
    const product = await aSuppliedProduct();
    await product.assign(product.other);

    expect(await product.report(product.one, 40, 6)).toEqual(new Map([[product.productId, 'unassigned']]));
    expect(await product.stock(product.one)).toMatchObject({ onHand: 0 });
    await product.assign(product.one, product.other);
    await product.report(product.one, 40, 5);

    expect(await product.stock(product.one)).toEqual({ onHand: 40, applied: 5, withdrawn: false });
  });

  it('has nothing there, whichever of the two comes first: a report or the end of the assignment', async () => {
    for (let round = 0; round < 20; round += 1) {
      const product = await aSuppliedProduct();

      await Promise.all([
        product.report(product.one, 33, 9),
        product[round % 2 === 0 ? 'assign' : 'assignInBatch'](product.other),
        product.count(),
      ]);

      expect(await product.stock(product.one)).toMatchObject({ onHand: 0, withdrawn: true });
    }
  });
});
