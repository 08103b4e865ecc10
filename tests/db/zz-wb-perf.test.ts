import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, it } from '@jest/globals';
import pg from 'pg';
import { createPool, type Pool } from '../../db/pool.ts';
import { createSealer } from '../../db/sealing.ts';
import { changeStock, seedProducts, tidy, writeSetWise } from '../../bench/inventory-seed.ts';
import { aLink, aMerchant, anAccount } from '../support/database-trade.ts';
import { cloneDatabase, type ClonedDatabase } from '../support/database.ts';
import { writeAll } from '../support/stock-run.ts';

let database: ClonedDatabase;
let pool: Pool;
beforeAll(async () => {
  database = await cloneDatabase();
  pool = createPool({ appUrl: database.appUrl, systemUrl: database.systemUrl, name: 'test', size: 10 });
});
afterAll(async () => {
  await pool.destroy();
  await database.drop();
});
const count = Number(process.env['N'] ?? 100_000);
it('perf', async () => {
  const merchant = await aMerchant(pool);
  const link = await aLink(pool, merchant.accountId);
  const db = new pg.Client({ connectionString: database.ownerUrl });
  await db.connect();
  const one = async (sql: string, ...v: string[]) => (await db.query<{ id: string }>(sql, v)).rows[0]!.id;
  const market = {
    merchantId: merchant.accountId, supplierId: link.supplierAccountId, portalId: link.portalId, shopId: merchant.channelId,
    entryId: link.supplierId,
    warehouseId: await one('select id from warehouses where account_id = $1 and supplier_id = $2', merchant.accountId, link.supplierId),
    shelfId: await one('select id from warehouses where account_id = $1 and supplier_id is null', link.supplierAccountId),
  };
  await seedProducts(db, market, { from: 1, to: count });
  await tidy(db);
  const sealer = createSealer(randomBytes(32).toString('base64'));
  const spent = new Map<string, number>();
  const started = new Map<string, number>();
  pool.app.on('query', (q: { __knexQueryUid: string }) => started.set(q.__knexQueryUid, performance.now()));
  pool.app.on('query-response', (_r: unknown, q: { __knexQueryUid: string; sql: string }) => {
    const key = q.sql.replace(/\s+/g, ' ').slice(0, 90);
    spent.set(key, (spent.get(key) ?? 0) + performance.now() - started.get(q.__knexQueryUid)!);
  });
  for (let round = 0; round < 3; round += 1) {
    await changeStock(db, market, { share: 1 }); await tidy(db);
    let t = performance.now();
    const n = await writeSetWise(db, market);
    const bare = performance.now() - t;
    await changeStock(db, market, { share: 1 }); await tidy(db);
    t = performance.now();
    const { counts } = await writeAll({ pool, sealer }, link.portalId);
    const ours = performance.now() - t;
    console.log(n, Math.round(bare), JSON.stringify(counts), Math.round(ours), 'ratio', (bare / ours).toFixed(2));
  }
  console.log([...spent].sort((a, b) => b[1] - a[1]).slice(0, 14).map(([k, v]) => Math.round(v) + ' ' + k).join('\n'));
  if (process.env['EX']) {
    await changeStock(db, market, { share: 1 }); await tidy(db);
    await db.query(`create extension if not exists pg_stat_statements`).catch(() => undefined);
  }
  await db.end();
}, 600_000);
