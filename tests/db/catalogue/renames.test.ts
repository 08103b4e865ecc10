import { expect, it } from '@jest/globals';
import { changeProduct, requireProduct, type ProductChange } from '../../../db/catalogue/products.ts';
import type { Pool } from '../../../db/engine/pool.ts';
import { withAccount, type AccountDb } from '../../../db/engine/with-account.ts';
import { onDatabase } from '../../support/engine/database.ts';
import { waitUntil } from '../../support/engine/wait-until.ts';
import { productIdOf } from '../../support/trade/database-catalogue.ts';
import { aMerchant, aSku } from '../../support/trade/database-trade.ts';

let pool: Pool;
onDatabase(4, (opened) => {
  pool = opened;
});

const waiting = async (db: AccountDb): Promise<number> =>
  (await db.raw<{ rows: { count: number }[] }>(`select count(*)::int from pg_locks where not granted`)).rows[0]!.count;

it.each<[string, ProductChange['sku'], string]>([
  ['has the SKU of the last of two requests', 'MUG', 'MUG'],
  ['stays renamed by another request that names no SKU', undefined, 'MUG-2'],
])('a product that is renamed meanwhile %s', async (_what, sku, expected) => {
  const { accountId } = await aMerchant(pool);
  await aSku(pool, accountId, { sku: 'MUG' });
  const id = await productIdOf(pool, accountId, 'MUG');
  const inside = <T>(work: (db: AccountDb) => Promise<T>) => withAccount(pool, accountId, work);
  const rest: Omit<ProductChange, 'name'> = { fulfillmentType: 'in_house', suppliers: [] };

  const second = await inside(async (db) => {
    const before = await waiting(db);
    await changeProduct(db, id, { ...rest, sku: 'MUG-2', name: 'One' });
    const other = inside((otherDb) => changeProduct(otherDb, id, { ...rest, sku, name: 'Other' }));
    await waitUntil(async () => (await waiting(db)) > before);
    return { other };
  });
  const answer = await second.other;

  expect(answer).toMatchObject({ sku: expected, name: 'Other' });
  expect(await inside((db) => requireProduct(db, id))).toEqual(answer);
});
