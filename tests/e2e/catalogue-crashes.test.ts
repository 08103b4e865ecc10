import { beforeAll, expect, it } from '@jest/globals';
import type { Pool } from '../../db/engine/pool.ts';
import { catalogueOf } from '../support/trade/database-catalogue.ts';
import { poolOf, crashAt, startStage, wasHit } from '../support/trade/stage.ts';
import { aCompany, aConnection, ranTask, type Company } from '../support/trade/trade.ts';
import { forTheFile } from '../support/engine/for-the-file.ts';

const stage = forTheFile(() => startStage({ allowedHosts: [] }));
let pool: Pool;
beforeAll(() => {
  pool = poolOf(stage);
});

/** Three pages of a portal. */
const skus = Array.from({ length: 1_100 }, (_, index) => `SKU-${index}`);

async function aSupplierWithCatalogue(): Promise<{ supplier: Company; portalId: string }> {
  const [merchant, supplier] = [await aCompany(stage), await aCompany(stage)];
  const { supplierId, portalId } = await aConnection(stage, merchant, supplier);
  for (const first of [0, 1_000]) {
    const items = skus.slice(first, first + 1_000).map((sku) => ({ sku, name: sku, suppliers: [{ supplierId }] }));
    await merchant.rest.post('/products/batch', { items });
  }
  return { supplier, portalId };
}

/** Remote ids are random, and with them the order of the pages: by SKU instead. */
async function tablesOf({ id }: Company) {
  const { products, listings } = await catalogueOf(pool, id);
  const rows = listings.map(({ remoteId: _, ...row }) => row);
  return { products, listings: rows.sort((one, other) => (one.remoteSku < other.remoteSku ? -1 : 1)) };
}

it('a worker that is killed between two batches of a catalogue leaves what an undisturbed import leaves', async () => {
  const calm = await stage.startWorker();
  const undisturbed = await aSupplierWithCatalogue();
  const killed = await aSupplierWithCatalogue();
  await ranTask(undisturbed.supplier, undisturbed.portalId, 'import_products');
  await calm.kill();
  const crash = crashAt('import.mid-page', 2);
  const doomed = await stage.startWorker(crash);
  const reborn = doomed.exited.then(() => stage.startWorker());

  const task = await ranTask(killed.supplier, killed.portalId, 'import_products');

  expect(wasHit(crash)).toBe(true);
  expect(task.counts).toMatchObject({ seen: skus.length, failed: 0 });
  const tables = await tablesOf(killed.supplier);
  expect(tables).toEqual(await tablesOf(undisturbed.supplier));
  expect([tables.products.length, tables.listings.length]).toEqual([skus.length, skus.length]);
  await reborn;
}, 180_000);
