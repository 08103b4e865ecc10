import { afterEach, describe, expect, it } from '@jest/globals';
import { startCallbackShop } from '../support/fakes/callback-shop.ts';
import { crashAt, crashPoints, persistently, startStage, wasHit, type Crash } from '../support/trade/stage.ts';
import { aCompany, aConnection, anApiChannel, ranTask, type Company } from '../support/trade/trade.ts';
import { waitUntil } from '../support/engine/wait-until.ts';
import { callingBack } from '../support/trade/trading-world.ts';
import { forTheFile } from '../support/engine/for-the-file.ts';

const endpoint = forTheFile(startCallbackShop);
const stage = forTheFile(() => startStage({ allowedHosts: [endpoint.host] }));
afterEach(() => stage.killWorkers());

/** Two batches of a portal, many of a shop. */
const skus = Array.from({ length: 2_100 }, (_, index) => `SKU-${index}`);
const inThousands = <T>(items: readonly T[]): T[][] =>
  Array.from({ length: Math.ceil(items.length / 1_000) }, (_, part) => items.slice(part * 1_000, part * 1_000 + 1_000));

async function aMarket() {
  const [merchant, supplier] = [await aCompany(stage), await aCompany(stage)];
  const { supplierId, portalId } = await aConnection(stage, merchant, supplier);
  const shopId = await anApiChannel(merchant, callingBack(endpoint));
  // Only the runs that the test asks for: a run by the clock would send a part before the test looks at it.
  await persistently(() => supplier.rest.patch(`/channels/${portalId}/schedules/write_inventory`, { paused: true }));
  await persistently(() => merchant.rest.patch(`/channels/${shopId}/schedules/write_inventory`, { paused: true }));
  for (const part of inThousands(skus)) {
    await merchant.rest.post('/products/batch', {
      items: part.map((sku) => ({ sku, name: sku, suppliers: [{ supplierId }] })),
    });
  }
  await ranTask(supplier, portalId, 'import_products');
  await ranTask(merchant, shopId, 'import_products');
  for (const part of inThousands(skus)) {
    const items = part.map((sku) => ({ sku, physicalOnHand: unitsOf(sku) }));
    await supplier.rest.post('/stock/batch', { items });
  }
  return { merchant, supplier, portalId, shopId };
}
const unitsOf = (sku: string): number => 1 + (Number(sku.slice(4)) % 90);

/** Has the next worker die at that instant, and another one follow it. A run that the crash failed is run again. */
async function interrupted(crash: Crash, run: () => Promise<unknown>): Promise<void> {
  await stage.killWorkers();
  const doomed = await stage.startWorker(crash);
  const reborn = doomed.exited.then(() => stage.startWorker());
  try {
    await waitUntil(run, { timeoutMs: 120_000, everyMs: 500, what: 'a run that succeeds' });
    expect(wasHit(crash)).toBe(true);
  } finally {
    await reborn;
  }
}

type Level = { sku: string; physicalOnHand: number; availableOnHand: number };
async function levelsOf(company: Company): Promise<Record<string, number>> {
  const units: Record<string, number> = {};
  for (let cursor: string | null = ''; cursor !== null;) {
    const path: string = `/stock?limit=200${cursor === '' ? '' : `&cursor=${cursor}`}`;
    const page: { data: Level[]; nextCursor: string | null } = await company.rest.get(path);
    for (const { sku, availableOnHand } of page.data) units[sku] = (units[sku] ?? 0) + availableOnHand;
    cursor = page.nextCursor;
  }
  return units;
}
const expected = Object.fromEntries(skus.map((sku) => [sku, unitsOf(sku)]));

describe('a worker that is killed while it writes stock', () => {
  it.each(crashPoints({ always: ['stock.sent'], besides: ['stock.mid-page'] }))(
    'at %s leaves every figure where it belongs, at the merchant and in the shop, sent once',
    async (point) => {
      await stage.startWorker();
      const market = await aMarket();

      await interrupted(crashAt(point), () => ranTask(market.supplier, market.portalId, 'write_inventory'));
      expect(await levelsOf(market.merchant)).toEqual(expected);

      const before = (await endpoint.done()).length;
      await interrupted(crashAt(point, 3), () => ranTask(market.merchant, market.shopId, 'write_inventory'));
      const sent = (await endpoint.done())
        .slice(before)
        .flatMap(({ message }) => message?.['items'] as { sku: string; available: number }[]);
      expect(Object.fromEntries(sent.map(({ sku, available }) => [sku, available]))).toEqual(expected);
      // What was sent when the worker died was sent again as the same message.
      expect(sent).toHaveLength(skus.length);
      const again = await ranTask(market.merchant, market.shopId, 'write_inventory');
      expect(again.counts).toMatchObject({ seen: 0 });
    },
    240_000,
  );
});
