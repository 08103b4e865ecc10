import { describe, expect, it } from '@jest/globals';
import { findNearestSkus } from '../../../db/catalogue/nearest-skus.ts';
import type { Pool } from '../../../db/engine/pool.ts';
import { withAccount, type AccountDb } from '../../../db/engine/with-account.ts';
import { skuKey } from '../../../domain/nearest-sku.ts';
import { anAccount, aSku } from '../../support/trade/database-trade.ts';
import { fillCatalogue, skusFrom } from '../../support/trade/api-stock.ts';
import { onDatabase } from '../../support/engine/database.ts';

let pool: Pool;
onDatabase(3, (opened) => {
  pool = opened;
});

describe('the nearest of many SKUs', () => {
  it('is found, for the first twenty unknown ones, without a look at the others', async () => {
    const accountId = await anAccount(pool);
    await fillCatalogue(pool, accountId, 20_000);
    await aSku(pool, accountId, { sku: 'SUM-100' });
    const unknown = ['sum-1o0', ...skusFrom('NONE', 999), 'SUM-100 '];

    await withAccount(pool, accountId, async (db) => {
      const before = await productsRead(db);
      const nearest = await findNearestSkus(db, unknown);
      const read = (await productsRead(db)) - before;

      expect([...nearest]).toEqual([['sum-1o0', 'SUM-100']]);
      expect(read).toBeLessThanOrEqual(20 * 2 * 10);
    });
  });

  it('are those of the account alone', async () => {
    const [accountId, other] = [await anAccount(pool), await anAccount(pool)];
    await aSku(pool, other, { sku: 'SUM-100' });

    expect(await withAccount(pool, accountId, (db) => findNearestSkus(db, ['sum-100']))).toEqual(new Map());
  });
});

it('Postgres makes the keys of SKUs as we do', async () => {
  const accountId = await anAccount(pool);
  const skus = ['sum-1oO', ' A\u00a0b\u200bC\ufeff', 'A\u2013B\u2212C', 'ＳＵＭ', '\u00adx', 'Ⅳ'];
  for (const sku of skus) await aSku(pool, accountId, { sku });

  const rows = await withAccount(pool, accountId, (db) =>
    db('products').select<{ sku: string; sku_key: string }[]>('sku', 'sku_key'),
  );

  expect(rows).toHaveLength(skus.length);
  expect(rows.filter((row) => row.sku_key !== skuKey(row.sku))).toEqual([]);
});

/** Rows of products that this connection has looked at, as far as it has not reported them yet. */
async function productsRead(db: AccountDb): Promise<number> {
  const { rows } = await db.raw<{ rows: { read: string }[] }>(
    `select seq_tup_read + idx_tup_fetch as read from pg_stat_xact_user_tables where relname = 'products'`,
  );
  return Number(rows[0]!.read);
}
