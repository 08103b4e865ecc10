import { afterEach, describe, expect, it } from '@jest/globals';
import { startCallbackShop } from '../../support/fakes/callback-shop.ts';
import { setUnits } from '../../support/trade/listed.ts';
import {
  aCompany,
  aConnection,
  anApiChannel,
  aProduct,
  placeOrder,
  ranTask,
  received,
  type Company,
  type Trade,
} from '../../support/trade/trade.ts';
import { waitUntil } from '../../support/engine/wait-until.ts';
import { startWorld } from '../../support/trade/world.ts';
import { callingBack } from '../../support/trade/trading-world.ts';
import { forTheFile } from '../../support/engine/for-the-file.ts';

const endpoint = forTheFile(startCallbackShop);
const world = forTheFile(() => startWorld({ allowedHosts: [endpoint.host], sweepMs: 500 }));
afterEach(() => endpoint.answer('ok'));

type Market = Trade & { merchant: Company; supplier: Company; shopId: string; sku: string };

/** A supplier, and a merchant whose own code is the shop, with one product that is listed on both ways. */
async function aMarket(): Promise<Market> {
  const [merchant, supplier] = [await aCompany(world), await aCompany(world)];
  const trade = await aConnection(world, merchant, supplier);
  const shopId = await anApiChannel(merchant, callingBack(endpoint));
  const sku = await aProduct(merchant, { supplierId: trade.supplierId });
  await ranTask(supplier, trade.portalId, 'import_products');
  await ranTask(merchant, shopId, 'import_products');
  return { ...trade, merchant, supplier, shopId, sku };
}

const count = ({ supplier, sku }: Market, physicalOnHand: number) =>
  supplier.rest.put('/stock', { sku, physicalOnHand });

type Level = { warehouseName: string; physicalOnHand: number; availableOnHand: number };
const merchantsLevel = async ({ merchant, supplier, sku }: Market): Promise<Level | undefined> => {
  const { data } = await merchant.rest.get<{ data: Level[] }>(`/stock?sku=${sku}`);
  return data.find(({ warehouseName }) => warehouseName === supplier.name);
};

/** The figures of the product that the shop got, in their order. */
async function shopReceived({ sku }: Market): Promise<number[]> {
  const done = await endpoint.done();
  const items = done.flatMap(({ message }) => (message?.['items'] ?? []) as { sku: string; available: number }[]);
  return items.filter((item) => item.sku === sku).map(({ available }) => available);
}

const instantly = async ({ merchant, supplier, shopId, portalId }: Market) => {
  const interval = { interval: 'instant' };
  await supplier.rest.patch(`/channels/${portalId}/schedules/write_inventory`, interval);
  await merchant.rest.patch(`/channels/${shopId}/schedules/write_inventory`, interval);
};

describe('a figure that a supplier counts', () => {
  it('is the merchant’s, then the shop’s, with a Sync for each', async () => {
    const market = await aMarket();
    await count(market, 40);

    const toMerchant = await ranTask(market.supplier, market.portalId, 'write_inventory');
    expect(toMerchant.counts).toMatchObject({ seen: 1, written: 1 });
    expect(await merchantsLevel(market)).toMatchObject({ physicalOnHand: 40, availableOnHand: 40 });
    expect(await shopReceived(market)).toEqual([]);

    const toShop = await ranTask(market.merchant, market.shopId, 'write_inventory');
    expect(toShop.counts).toMatchObject({ seen: 1, written: 1 });
    expect(await shopReceived(market)).toEqual([40]);
    expect((await ranTask(market.merchant, market.shopId, 'write_inventory')).counts).toMatchObject({ seen: 0 });
  });

  it('goes all the way by itself where both channels are instant, and so does a sale', async () => {
    const market = await aMarket();
    await instantly(market);
    const untilShop = (units: number) =>
      waitUntil(async () => (await shopReceived(market)).at(-1) === units, {
        timeoutMs: 30_000,
        what: `${units} in the shop`,
      });

    await count(market, 40);
    await untilShop(40);
    const sold = await placeOrder(market.merchant, {
      channelId: market.shopId,
      lines: [{ sku: market.sku, quantity: 3 }],
    });
    await untilShop(37);
    await received(market.supplier, { portalId: market.portalId, dropshipId: sold.dropship!.id });
    // The supplier's figure has the sale now as well; it counts once.
    await waitUntil(async () => (await merchantsLevel(market))?.physicalOnHand === 37, { timeoutMs: 30_000 });

    expect(await merchantsLevel(market)).toMatchObject({ physicalOnHand: 37, availableOnHand: 37 });
    expect((await shopReceived(market)).at(-1)).toBe(37);
  });

  it('is found soon also where the process that changed it died before it triggered a run', async () => {
    const market = await aMarket();
    await instantly(market);

    await setUnits(world.pool, market.supplier.id, { [market.sku]: 12 });

    await waitUntil(async () => (await shopReceived(market)).at(-1) === 12, {
      timeoutMs: 30_000,
      what: '12 in the shop',
    });
  });

  it('stays away from a shop that is down, which is not asked again and again, and comes when it is back', async () => {
    const market = await aMarket();
    await endpoint.answer('unauthorized');
    await instantly(market);
    await count(market, 40);
    const failed = await waitUntil(
      async () => {
        const { data } = await market.merchant.rest.get<{ data: { status: string; cause: string | null }[] }>(
          `/tasks?channelId=${market.shopId}&type=write_inventory`,
        );
        return data.find(({ status }) => status === 'failed');
      },
      { timeoutMs: 30_000 },
    );
    expect(failed).toMatchObject({ cause: 'channel_unauthorized' });

    // The supplier counts on; its merchant's shop has a pause all the same.
    for (const units of [41, 42, 43]) {
      await count(market, units);
      await waitUntil(async () => (await merchantsLevel(market))?.physicalOnHand === units, { timeoutMs: 30_000 });
    }
    const refused = (await endpoint.ledger()).filter(({ outcome }) => outcome === 'refused').length;
    expect(refused).toBeLessThanOrEqual(2);

    await endpoint.answer('ok');
    await ranTask(market.merchant, market.shopId, 'write_inventory');
    expect(await shopReceived(market)).toEqual([43]);
  });
});

describe('a connection that ends', () => {
  it('takes its stock away from the merchant, once, and the merchant’s shop hears of it', async () => {
    const market = await aMarket();
    await count(market, 40);
    await ranTask(market.supplier, market.portalId, 'write_inventory');
    await ranTask(market.merchant, market.shopId, 'write_inventory');

    await market.supplier.rest.patch(`/connections/${market.connectionId}`, { status: 'ended' });

    await waitUntil(async () => (await merchantsLevel(market))?.physicalOnHand === 0);
    await ranTask(market.merchant, market.shopId, 'write_inventory');
    expect(await shopReceived(market)).toEqual([40, 0]);
    await count(market, 50);
    const refused = market.supplier.rest.post(`/channels/${market.portalId}/sync`, { tasks: ['write_inventory'] });
    await expect(refused).rejects.toMatchObject({ problem: { code: 'connection_not_active' } });
  });
});
