import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Pool } from '../../db/engine/pool.ts';
import { withAccount } from '../../db/engine/with-account.ts';
import { poolOf, crashAt, startStage, wasHit } from '../support/trade/stage.ts';
import { waitUntil } from '../support/engine/wait-until.ts';
import { fillCatalogue, rowsOf, sumOf, upload, withKey, type Upload } from '../support/trade/api-stock.ts';
import { forTheFile } from '../support/engine/for-the-file.ts';

/** The API as a process of its own, with a memory of its own, and to be killed. */
const stage = forTheFile(() => startStage({ allowedHosts: [] }));
let pool: Pool;
beforeAll(() => {
  pool = poolOf(stage);
});

type Owner = { accountId: string; key: string; skus: string[] };

async function aCatalogue(size: number): Promise<Owner> {
  const { id: accountId } = await stage.operator.post<{ id: string }>('/accounts', { name: 'A company' });
  const { key } = await stage.operator.post<{ key: string }>('/keys', { accountId, name: 'Test', scopes: ['write'] });
  return { accountId, key, skus: await fillCatalogue(pool, accountId, size) };
}

const send = (account: Owner, file: string, rest: Partial<Upload> = {}) =>
  upload({ url: stage.url, account, ...rest }, file);

/** Bytes that the process holds in memory, by its own metrics. */
async function residentBytes(): Promise<number> {
  const metrics = await (await fetch(`${stage.url}/metrics`)).text();
  return Number(/^process_resident_memory_bytes (\S+)$/m.exec(metrics)![1]);
}

/** UPLOAD_ROWS=100000 is the most that a file may have. */
const rowCount = Number(process.env['UPLOAD_ROWS'] ?? 30_000);

it(`a file of ${rowCount} rows is written in bounded memory`, async () => {
  const account = await aCatalogue(rowCount);
  const { skus } = account;
  const isWrong = (index: number) => index % 1_000 === 500;
  const file = `sku,physical_on_hand\n${rowsOf(skus, (_sku, index) => (isWrong(index) ? 'none' : String(index % 97)))}`;
  await send(account, `sku,physical_on_hand\n${skus[0]},1\n`);
  const before = await residentBytes();
  const begun = performance.now();

  const sending = { isOver: false };
  const answered = send(account, file).finally(() => (sending.isOver = true));
  let peak = before;
  const watching = { timeoutMs: 280_000, everyMs: 100 };
  await waitUntil(async () => {
    peak = Math.max(peak, await residentBytes());
    return sending.isOver;
  }, watching);
  const answer = await answered;

  const [seconds, mebibytes] = [(performance.now() - begun) / 1_000, (peak - before) / 2 ** 20];
  console.log(`${rowCount} rows in ${seconds.toFixed(1)} s; the API grew by ${mebibytes.toFixed(0)} MiB`);
  expect(answer.lines).toHaveLength(rowCount + 1);
  expect(answer.lines.filter((line) => line.endsWith(',ok,,'))).toHaveLength(rowCount * 0.999);
  expect(answer.lines[501]).toBe(
    '502,BULK-000500,failed,invalid_request,"physical_on_hand: must be a whole number, 0 or more, is ""none""."',
  );
  const units = skus.reduce((sum, _sku, index) => sum + (isWrong(index) ? 0 : index % 97), 0);
  expect(await sumOf({ pool }, account)).toEqual({ rows: rowCount * 0.999, units });
  expect(mebibytes).toBeLessThan(200);
}, 300_000);

it('a file goes through beside whoever holds its products for a moment, reading no further meanwhile', async () => {
  const account = await aCatalogue(1_000);
  const { skus } = account;
  // Rows that are refused are read all the same: 18 MiB.
  const block = Buffer.from(`${'x'.repeat(180)},none\n`.repeat(1_000));
  let pulled = 0;
  async function* file(): AsyncGenerator<Uint8Array> {
    yield Buffer.from('sku,physical_on_hand\n' + rowsOf(skus, () => '2'));
    for (let blocks = 0; blocks < 98; blocks += 1) {
      pulled += block.length;
      yield block;
    }
  }
  let answer: ReturnType<typeof upload> | undefined;

  await withAccount(pool, account.accountId, async (db) => {
    await db('products').where({ sku: skus[500]! }).forUpdate().first('id');
    answer = upload({ url: stage.url, account }, file());
    let [before, still] = [-1, 0];
    await waitUntil(() => {
      still = pulled === before ? still + 1 : 0;
      before = pulled;
      return still === 20;
    });
  });

  // What the sockets of both sides hold; the file has twice that.
  expect(pulled).toBeGreaterThan(0);
  expect(pulled).toBeLessThan(98 * block.length);
  expect((await answer!).lines).toHaveLength(99_001);
  expect(await sumOf({ pool }, account)).toEqual({ rows: 1_000, units: 2_000 });
}, 120_000);

describe('a file of adjustments whose API dies in the middle', () => {
  it.each(['store-order.before-commit', 'store-order.committed'])(
    'counts once when it comes again (%s)',
    async (place) => {
      const account = await aCatalogue(3_500);
      const file = `sku,adjust_by,reason\n${rowsOf(account.skus, () => '3,received')}`;
      const adjustments = { ...withKey(place), path: '/v1/stock/adjustments/batch' };
      const crash = crashAt(place, 2);
      await stage.restartApi(crash);

      const cut = await send(account, file, adjustments).catch(() => 'no answer');
      await stage.apiExited();
      const between = await sumOf({ pool }, account);
      await stage.restartApi();
      const again = await send(account, file, adjustments);

      expect([wasHit(crash), cut]).toEqual([true, 'no answer']);
      expect(between.rows).toBe(place === 'store-order.committed' ? 2_000 : 1_000);
      expect(again.lines.filter((line) => line.endsWith(',ok,,'))).toHaveLength(3_500);
      expect(await sumOf({ pool }, account)).toEqual({ rows: 3_500, units: 3 * 3_500 });
    },
  );
});
