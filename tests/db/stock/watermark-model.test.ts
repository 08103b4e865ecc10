import { describe, it } from '@jest/globals';
import fc from 'fast-check';
import * as commands from '../../support/models/stock-commands.ts';
import { newModel, openAtSupplier, ownLeaves, pairsBehind, type Model } from '../../support/models/stock-model.ts';
import { both, openUnits, type Index } from '../../support/models/stock-truth.ts';
import {
  aStockWorld,
  countAll,
  newProducts,
  type AccountName,
  type Kind,
  type Skus,
  type StockWorld,
} from '../../support/models/stock-world.ts';
import { onDatabase } from '../../support/engine/database.ts';

/** How often, altogether; WATERMARK_RUNS asks for more. A failure prints its seed, which WATERMARK_SEED takes. */
const runs = Number(process.env['WATERMARK_RUNS'] ?? 800);
const seed = Number(process.env['WATERMARK_SEED'] ?? Date.now() % 1_000_000_000);
/** Runs side by side, each in a world of its own. */
const lanes = 8;

let worlds: StockWorld[];
onDatabase(2 * lanes, async (pool, { appUrl }) => {
  worlds = await Promise.all(Array.from({ length: lanes }, () => aStockWorld(pool, appUrl)));
});

type Command = fc.AsyncCommand<Model, StockWorld>;
/** `act` does it for real, and then to the truth. */
type Deed<T, P> = {
  /** What it can be done to at this moment. */
  choices: (model: Model) => readonly T[];
  params?: fc.Arbitrary<P>;
  act: (run: commands.Run, choice: T, params: P) => Promise<unknown>;
};

/** One thing that happens; afterwards all that is there must agree with the truth. */
function command<T, P>(name: string, { choices, params, act }: Deed<T, P>): fc.Arbitrary<Command> {
  const some = fc.record({ pick: fc.nat({ max: 11 }), params: params ?? (fc.constant(null) as fc.Arbitrary<P>) });
  return some.map(({ pick, params: wish }) => ({
    check: (model) => choices(model).length > 0,
    run: async (model, world) => {
      const open = choices(model);
      await act({ model, world }, open[pick % open.length]!, wish);
      await commands.verify({ model, world });
    },
    toString: () => `${name} #${pick} ${JSON.stringify(wish)}`,
  }));
}

const kind = fc.constantFrom<Kind>('first', 'first', 'first', 'either', 'second');
const quantity = fc.integer({ min: 1, max: 6 });
const before = fc.constantFrom<Partial<commands.Before>>({}, {}, {}, { cancelled: 2 }, { shipped: 3 });
const index = fc.constantFrom<Index>(0, 0, 1);
const suppliers = (): AccountName[] => ['s0', 's0', 's1'];
const anyone = (): AccountName[] => ['s0', 's0', 's1', 'm0', 'm1'];

const imported = ({ dropships }: Model) =>
  dropships.filter(({ state, lines }) => state === 'imported' && lines.some((line) => openAtSupplier(line) > 0));
const unshipped = (model: Model) =>
  ownLeaves(model).filter(({ lines }) => lines.every((line) => line.shipped === 0 && !line.isRest));

const sell = command('sell', {
  choices: () => both,
  params: fc.array(fc.record({ kind, quantity, before }), { minLength: 1, maxLength: 3 }),
  act: (run, merchant, lines) => commands.sell(run, { merchant, lines }),
});
const importOrder = command('import', {
  choices: ({ dropships }) => dropships.filter(({ state }) => state === 'requested' || state === 'cut'),
  params: fc.record({ isCut: fc.boolean() }),
  act: (run, dropship, { isCut }) => commands.importOrder(run, dropship, isCut),
});
const ship = command('ship', {
  choices: imported,
  params: fc.record({ isWhole: fc.boolean(), isCut: fc.boolean() }),
  act: commands.ship,
});
const voidShipment = command('void', {
  choices: ({ shipments }) => shipments.filter(({ isRelayed }) => isRelayed),
  act: commands.voidShipment,
});
const takeBack = command('take back', {
  choices: ({ dropships }) => dropships.filter(({ state }) => state === 'requested'),
  act: commands.takeBack,
});
const cancelHere = command('cancel here', { choices: ownLeaves, act: commands.cancelHere });
const cancelBefore = command('cancel before import', {
  choices: ({ dropships }) => dropships.filter(({ state }) => state === 'requested'),
  params: fc.record({ isWhole: fc.boolean() }),
  act: (run, dropship, { isWhole }) => commands.cancelBefore(run, dropship, isWhole),
});
const cancelThere = command('cancel there', {
  choices: imported,
  params: fc.record({ isCut: fc.boolean() }),
  act: (run, dropship, { isCut }) => commands.cancelThere(run, dropship, isCut),
});
const finish = command('finish', { choices: commands.halves, act: commands.finish });
const dropshipByHand = command('dropship', {
  choices: unshipped,
  params: fc.record({ supplier: index, isOneLine: fc.boolean() }),
  act: (run, { lines }, { supplier, isOneLine }) => {
    const open = lines.filter((line) => openUnits(line) > 0);
    return commands.dropshipByHand(run, isOneLine ? open.slice(0, 1) : open, supplier);
  },
});
const shipHere = command('ship here', {
  choices: ownLeaves,
  params: fc.record({ isWhole: fc.boolean() }),
  act: (run, leaf, { isWhole }) => commands.shipHere(run, leaf, isWhole),
});
const set = command('set', {
  choices: suppliers,
  params: fc.record({ kind, units: fc.nat({ max: 20 }) }),
  act: commands.setLevel,
});
const adjust = command('adjust', {
  choices: anyone,
  params: fc.record({ kind, units: fc.record({ by: fc.integer({ min: -8, max: 8 }) }) }),
  act: commands.setLevel,
});
const sellElsewhere = command('sell elsewhere', {
  choices: () => both,
  params: fc.record({ kind, quantity }),
  act: commands.sellElsewhere,
});
const read = command('read', {
  choices: pairsBehind,
  act: async (run, place) => run.model.readings.push(await commands.read(run, place)),
});
/** Also one that was written before, and one that is older than what was written since. */
const write = command('write', {
  choices: ({ readings }) => readings,
  params: fc.record({ isRecorded: fc.boolean() }),
  act: (run, reading, { isRecorded }) => commands.write(run, reading, isRecorded),
});
const writeBack = command('write back', {
  choices: pairsBehind,
  act: async (run, place) => commands.write(run, await commands.read(run, place), true),
});

/** Those that need something to have happened before come more often: what cannot be done is passed over. */
const everything = [
  ...[
    sell,
    sell,
    read,
    writeBack,
    set,
    adjust,
    sellElsewhere,
    takeBack,
    cancelHere,
    cancelBefore,
    dropshipByHand,
    shipHere,
  ],
  ...[write, write, write, write, importOrder, importOrder, importOrder, importOrder, ship, ship, ship],
  ...[cancelThere, cancelThere, cancelThere, finish, finish, finish, voidShipment, voidShipment],
];

/** Products that no run has used yet: either all are counted and each merchant has the figures, or none is counted. */
const counts = { some: 12, none: 0 };
const stores = new Map<string, Skus[]>();

async function aRun(world: StockWorld, count: keyof typeof counts): Promise<Model> {
  const key = `${worlds.indexOf(world)} ${count}`;
  const store = stores.get(key) ?? [];
  stores.set(key, store);
  if (store.length === 0) {
    store.push(...(await newProducts(world, 50)));
    if (count === 'some') await countAll(world, store, counts.some);
  }
  const model = newModel(store.pop()!);
  if (count === 'some') commands.noteCounted(model, counts.some);
  await commands.verify({ model, world });
  return model;
}

describe('the stock of suppliers that merchants may promise', () => {
  it('is the supplier’s free stock, whatever happens, and in whatever order', async () => {
    // Most faults need a few steps only, and these take a fraction of the time.
    const short = fc.commands(everything, { maxCommands: 8, size: 'max' });
    const long = fc.commands(everything, { maxCommands: 20, size: 'max' });
    const days = fc.noBias(fc.oneof({ weight: 2, arbitrary: short }, { weight: 1, arbitrary: long }));
    const counted = fc.constantFrom<keyof typeof counts>('some', 'some', 'some', 'some', 'none');
    const isToTheEnd = fc.constantFrom(true, false, false);
    const property = (world: StockWorld) =>
      fc.asyncProperty(days, counted, isToTheEnd, async (day, count, toTheEnd) => {
        const model = await aRun(world, count);
        try {
          await fc.asyncModelRun(() => ({ model, real: world }), day);
          if (toTheEnd) await commands.finishAll({ model, world });
        } finally {
          await world.forget();
        }
      });
    const numRuns = Math.ceil(runs / lanes);
    const lane = (world: StockWorld, index: number) => fc.assert(property(world), { numRuns, seed: seed + index });
    // The others are not cut off when one finds something.
    for (const end of await Promise.allSettled(worlds.map(lane))) if (end.status === 'rejected') throw end.reason;
  }, 3_600_000);
});
