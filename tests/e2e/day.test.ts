import { randomInt } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startVendureShop, type VendureShop } from '../../standalone/demo/vendure-shop.ts';
import { diceOf, type Dice } from '../support/models/dice.ts';
import { persistently } from '../support/trade/stage.ts';
import {
  aCompany,
  aConnection,
  ranTask,
  type Company,
  type OrderAnswer,
  type TaskAnswer,
  type TaskType,
} from '../support/trade/trade.ts';
import { startWorld, type World } from '../support/trade/world.ts';
import {
  buys,
  cancelInShop,
  countAt,
  events,
  neverCounted,
  weights,
  type Day,
  type EventName,
  type Trader,
} from './day-events.ts';
import { atPortal, createLedger, inMain, toSell, type Book, type Level } from './day-ledger.ts';
import { aVendureChannel } from './shop-trade.ts';

/** A shorter day than the two hundred of a release, so that the suite keeps its time. */
const eventCount = Number(process.env['DAY_EVENTS'] ?? 20);
const seed = Number(process.env['DAY_SEED'] ?? randomInt(1_000_000));

/** What the supplier ships, by the merchants' SKUs: the first two are sold by both merchants, the third is never counted. */
const suppliedAs = { 'MUG-BLUE': 'SUM-MUG', 'TEE-BLACK-M': 'SUM-TEE-M', [neverCounted]: neverCounted };
/** What the merchants count in their own warehouse: a product of their own, and some units of a supplied one. */
const ownUnits = { 'POSTER-A2': 30, 'MUG-BLUE': 3 };

let shops: VendureShop[] = [];
let world: World;

beforeAll(async () => {
  shops = await Promise.all([startVendureShop(), startVendureShop()]);
  world = await startWorld({ allowedHosts: shops.map(({ url }) => new URL(url).host) });
}, 180_000);
afterAll(async () => {
  await world?.stop();
  await Promise.all(shops.map((shop) => shop.stop()));
});

describe(`a day of ${eventCount} events at two shops and their supplier (DAY_SEED=${seed})`, () => {
  it('leaves every shop selling what there is, after each of them', async () => {
    const day = await aDay();
    await check(day, day.traders);
    const deck = aDeck(day.dice);
    const sent: string[] = [];

    while (sent.length < eventCount) {
      try {
        const { what, trader } = await next(day, deck);
        sent.push(`${sent.length + 1}. ${what}`);
        await check(day, [trader]);
      } catch (cause) {
        throw new Error(`DAY_SEED=${seed}: it was wrong after\n${sent.slice(-15).join('\n')}`, { cause });
      }
    }
    await close(day);

    await check(day, day.traders);
  }, 900_000);

  it('keeps units from sale that a customer cancels while the supplier has them', async () => {
    const day = await aDay();
    const trader = day.traders[0]!;
    const sells = async () => (await trader.shop.stockOf('MUG-BLUE')).available;
    await countAt(day, 'SUM-MUG', 10);
    await events.portalReports(day, trader);
    await check(day, [trader]);
    const order = await buys(trader, [{ sku: 'MUG-BLUE', quantity: 2 }]);
    await events.shopImports(day, trader);
    await check(day, [trader]);
    await events.portalImports(day, trader);

    await cancelInShop(trader, order, [{ line: order.lines[0]!, units: 2 }]);
    await check(day, [trader]);
    const whileHeld = await sells();
    await events.portalCancels(day, trader);
    await events.portalReports(day, trader);
    await check(day, [trader]);

    expect([whileHeld, await sells()]).toEqual([ownUnits['MUG-BLUE'] + 8, ownUnits['MUG-BLUE'] + 10]);
  });
});

/** So many events, each as often as its weight says, in any order. */
function aDeck(dice: Dice): EventName[] {
  const once = (Object.keys(weights) as EventName[]).flatMap((name) => Array<EventName>(weights[name]).fill(name));
  const all = Array.from({ length: Math.ceil(eventCount / once.length) }, () => once).flat();
  return dice.some(all, eventCount);
}

/** The first that can happen now; the others stay for later. Somebody can always buy something. */
async function next(day: Day, deck: EventName[]): Promise<{ what: string; trader: Trader }> {
  const trader = day.dice.pick(day.traders);
  for (const [index, name] of [...deck, 'buy' as const].entries()) {
    const what = await events[name](day, trader);
    if (what === undefined) continue;
    deck.splice(index, 1);
    return { what, trader };
  }
  throw new Error('Nothing can happen any more.');
}

/** Every order and every figure crosses. */
async function close(day: Day): Promise<void> {
  for (const trader of day.traders) {
    if (trader.isPaused) await events.pauseOrResume(day, trader);
    await events.shopImports(day, trader);
    await noteKnown(trader);
    await events.portalCancels(day, trader);
    await events.portalImports(day, trader);
  }
  for (const trader of day.traders) await events.portalReports(day, trader);
}

/** Each shop gets its due figures; then all figures, of shops and accounts, are compared with the ledger. */
async function check(day: Day, affected: readonly Trader[]): Promise<void> {
  for (const trader of affected) {
    await ranTask(trader.company, trader.channelId, 'write_inventory');
    await noteKnown(trader);
    for (const sku of trader.book.inShop.keys()) {
      trader.book.inShop.set(sku, toSell(trader.book, sku) ?? trader.book.inShop.get(sku)!);
    }
  }

  expect(await shown(day)).toEqual(expected(day));
}

/** Orders are imported by a task of their own, or before figures are sent to a shop; not where none is due. */
async function noteKnown({ company, book }: Trader): Promise<void> {
  for (const order of book.orders.filter(({ isKnown }) => !isKnown)) {
    const { data } = await company.rest.get<{ data: OrderAnswer[] }>(`/orders?number=${order.code}`);
    order.isKnown = data.length > 0;
  }
}

type Shown = { inShop: Record<string, number>; stock: Record<string, Level> };

async function shown({ traders, supplier }: Day) {
  const [atSupplier, ...merchants] = await Promise.all([
    stockOf(supplier),
    ...traders.map(async ({ company, shop }): Promise<Shown> => {
      const [inShop, stock] = await Promise.all([shop.available(), stockOf(company)]);
      return { inShop: Object.fromEntries(inShop), stock };
    }),
  ]);
  return { atSupplier, merchants };
}

function expected({ ledger, traders }: Day) {
  const supplierSkus = new Set(traders.flatMap(({ book }) => [...book.suppliedAs.values()]));
  const atSupplier = [...supplierSkus].map((sku): Row => [`${sku} in Main`, ledger.atSupplier(sku)]);
  const merchants = traders.map(({ book }): Shown => {
    const skus = [...book.inShop.keys()];
    const rows = skus.flatMap((sku): Row[] => [
      [`${sku} in Main`, inMain(book, sku)],
      [`${sku} at the supplier`, atPortal(book, sku)],
    ]);
    return { inShop: Object.fromEntries(book.inShop), stock: besidesZeros(rows) };
  });
  return { atSupplier: besidesZeros(atSupplier), merchants };
}

type Row = [place: string, level: Level];
type StockRow = Level & { sku: string; warehouseName: string };

async function stockOf({ rest }: Company): Promise<Record<string, Level>> {
  const { data } = await rest.get<{ data: StockRow[] }>('/stock?limit=200');
  return besidesZeros(
    data.map(({ sku, warehouseName, physicalOnHand, committed }) => [
      `${sku} ${warehouseName === 'Main' ? 'in Main' : 'at the supplier'}`,
      { physicalOnHand, committed },
    ]),
  );
}

/** A product may have a row of zeros, or none: that says the same. */
const besidesZeros = (rows: readonly Row[]): Record<string, Level> =>
  Object.fromEntries(rows.filter(([, level]) => level.physicalOnHand !== 0 || level.committed !== 0));

async function aDay(): Promise<Day> {
  const supplier = await aCompany(world, 'Summit Supply');
  const traders = await Promise.all(
    shops.map(async (shop, index): Promise<Trader> => {
      const company = await aCompany(world, ['Harbour Goods', 'Hill Goods'][index]);
      const trade = await aConnection(world, company, supplier);
      const channelId = await aVendureChannel(company, shop.url);
      await onlyBySync(supplier, trade.portalId, ['import_orders', 'write_inventory']);
      await onlyBySync(company, channelId, ['write_inventory']);
      const book: Book = {
        suppliedAs: new Map(Object.entries(suppliedAs)),
        main: new Map(Object.entries(ownUnits)),
        reported: new Map(),
        inShop: await shop.available(),
        orders: [],
      };
      return { company, shop, trade, channelId, book, isPaused: false };
    }),
  );
  for (const trader of traders) await openShop(supplier, trader);
  const ledger = createLedger(traders.map(({ book }) => book));
  return { dice: diceOf(seed), ledger, supplier, traders, shipments: 0 };
}

/** A run of the Schedule in between would be an event that the ledger does not know of. */
async function onlyBySync(company: Company, channelId: string, tasks: readonly TaskType[]): Promise<void> {
  for (const task of tasks) {
    await persistently(() => company.rest.patch(`/channels/${channelId}/schedules/${task}`, { paused: true }));
  }
}

/** The shop's catalogue is imported, some of it assigned to the supplier, whose mirror products are made; the merchant counts its own. */
async function openShop(supplier: Company, { company, channelId, trade, book }: Trader): Promise<void> {
  const catalogue: TaskAnswer = await ranTask(company, channelId, 'import_products');
  expect(catalogue.counts).toMatchObject({ created: book.inShop.size });
  const items = [...book.suppliedAs].map(([sku, supplierSku]) => ({
    sku,
    name: sku,
    fulfillmentType: 'automatically_dropshipped',
    suppliers: [{ supplierId: trade.supplierId, supplierSku }],
  }));
  await company.rest.post('/products/batch', { items });
  await ranTask(supplier, trade.portalId, 'import_products');
  for (const [sku, physicalOnHand] of book.main) await company.rest.put('/stock', { sku, physicalOnHand });
}
