import { describe, expect, it } from '@jest/globals';
import type { StockWrite } from '../../../activities/channels/channel.ts';
import * as hands from '../../support/models/stock-hands.ts';
import {
  aStockWorld,
  newProducts,
  readStock,
  setStock,
  writeStock,
  type StockWorld,
} from '../../support/models/stock-world.ts';
import { onDatabase } from '../../support/engine/database.ts';

/** The worked table of the domain rules, §6: each row is a step, and what both sides have after it. */

let world: StockWorld;
onDatabase(5, async (opened, { appUrl }) => {
  world = await aStockWorld(opened, appUrl);
});

const pair = { merchant: 0, supplier: 0 } as const;

/** One day of one product: what is done to it, and what it looks like. */
async function aDay() {
  const [skus] = await newProducts(world);
  const sku = skus!.first;
  const read = () => readStock(world, pair, skus!);
  const write = (batch: StockWrite[]) => writeStock(world, pair, { batch, isRecorded: true });
  let place: hands.Place;
  const lines = (quantity: number) => [{ lineId: place.lineId, quantity }];
  const dropshipId = () => place.dropshipId!;
  return {
    read,
    write,
    count: (physicalOnHand: number) => setStock(world, 's0', { sku, level: { physicalOnHand } }),
    writeBack: async () => write(await read()),
    sell: async (quantity: number) => {
      [place] = (await hands.sell(world, 'm0', { remoteId: sku, lines: [{ sku, quantity }] })) as [hands.Place];
    },
    import: ({ isCut = false } = {}) => hands.importOrder(world, dropshipId(), isCut),
    ship: async (quantity: number) => {
      const shipment = { dropshipId: dropshipId(), lines: lines(quantity) };
      const id = await hands.shipOrder(world, 0, shipment);
      await hands.relay(world, 0, { id, orderId: place.orderId, ...shipment });
    },
    cancel: async () => {
      const remaining = [{ lineId: place.lineId, remaining: 0 }];
      await hands.cancelReceived(world, dropshipId(), remaining);
      await hands.relayCancel(world, dropshipId(), remaining);
    },
    /** `supplier`: on hand / committed / available, version; `merchant`: on hand @ applied version, available. */
    row: async () => {
      const cells = await world.look([sku]);
      const there = cells.find((cell) => cell.account === 's0')!;
      const here = cells.find((cell) => cell.account === 'm0' && cell.warehouse === 0)!;
      return {
        supplier: `${there.onHand}/${there.committed}/${there.available}, v${there.version}`,
        merchant: `${here.onHand} @${here.applied}, ${here.available}`,
      };
    },
  };
}
type Day = Awaited<ReturnType<typeof aDay>>;

/** The supplier has 100. The merchant got that figure, sold 5, and got the same figure once more, late. */
async function aDayWithASale(): Promise<Day> {
  const day = await aDay();
  await day.count(100);
  const first = await day.read();
  await day.write(first);
  expect(await day.row()).toEqual({ supplier: '100/0/100, v1', merchant: '100 @1, 100' });

  await day.sell(5);
  expect(await day.row()).toEqual({ supplier: '100/0/100, v1', merchant: '100 @1, 95' });

  expect(await day.write(first)).toEqual(['stale']);
  expect(await day.row()).toEqual({ supplier: '100/0/100, v1', merchant: '100 @1, 95' });

  await day.import();
  expect(await day.row()).toEqual({ supplier: '100/5/95, v2', merchant: '100 @1, 95' });
  return day;
}

async function aCoveredSale(): Promise<Day> {
  const day = await aDayWithASale();
  await day.writeBack();
  expect(await day.row()).toEqual({ supplier: '100/5/95, v2', merchant: '95 @2, 95' });
  return day;
}

describe('a sale of a supplied product', () => {
  it('is taken off once: by the merchant until the supplier’s number excludes it, then by that number', async () => {
    const day = await aCoveredSale();

    await day.ship(5);
    expect(await day.row()).toEqual({ supplier: '95/0/95, v3', merchant: '95 @2, 95' });
  });

  it('that ships before the next write-back still counts until then', async () => {
    const day = await aDayWithASale();

    await day.ship(5);
    expect(await day.row()).toEqual({ supplier: '95/0/95, v3', merchant: '100 @1, 95' });

    await day.writeBack();
    expect(await day.row()).toEqual({ supplier: '95/0/95, v3', merchant: '95 @3, 95' });
  });

  it('that is cancelled once it is covered comes back late, on the safe side', async () => {
    const day = await aCoveredSale();

    await day.cancel();
    expect(await day.row()).toEqual({ supplier: '100/0/100, v3', merchant: '95 @2, 95' });

    await day.writeBack();
    expect(await day.row()).toEqual({ supplier: '100/0/100, v3', merchant: '100 @3, 100' });
  });
});

describe('an import that is cut off between the two accounts', () => {
  it('is not taken off twice by the write-back that comes before its end', async () => {
    const day = await aDay();
    await day.count(100);
    await day.writeBack();
    await day.sell(5);
    await day.import({ isCut: true });
    expect(await day.row()).toEqual({ supplier: '100/5/95, v2', merchant: '100 @1, 95' });

    await day.writeBack();
    expect(await day.row()).toEqual({ supplier: '100/5/95, v2', merchant: '95 @2, 95' });

    await day.import();
    expect(await day.row()).toEqual({ supplier: '100/5/95, v2', merchant: '95 @2, 95' });
  });
});

describe('a merchant’s warehouse of a supplier', () => {
  it('never holds less than nothing, however much the supplier has oversold', async () => {
    const day = await aDay();
    await day.count(3);
    await day.writeBack();
    await day.sell(5);
    await day.import();

    await day.writeBack();

    expect(await day.row()).toEqual({ supplier: '3/5/-2, v2', merchant: '0 @2, 0' });
  });

  it('knows nothing while the supplier has not counted', async () => {
    const day = await aDay();
    await day.sell(5);
    await day.import();

    expect(await day.read()).toEqual([]);
    expect(await day.row()).toEqual({ supplier: '0/5/-5, v1', merchant: '0 @null, -5' });
  });
});
