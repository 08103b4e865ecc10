import { describe, it } from '@jest/globals';
import fc from 'fast-check';
import * as commands from '../../support/models/stock-commands.ts';
import { newModel } from '../../support/models/stock-model.ts';
import { both, type Index } from '../../support/models/stock-truth.ts';
import {
  aStockWorld,
  countAll,
  kinds,
  newProducts,
  readStock,
  supplierName,
  writeStock,
  type Kind,
  type StockWorld,
} from '../../support/models/stock-world.ts';
import { onDatabase } from '../../support/engine/database.ts';

/** What is done to one order happens in turn, as its workflow sees to; everything else happens at once. */

const runs = Number(process.env['WATERMARK_RUNS'] ?? 800) / 100;

let world: StockWorld;
// A connection for each of the 24 that act at once: who waits too long for a connection is refused, and this is about locks.
onDatabase(24, async (opened, { appUrl }) => {
  world = await aStockWorld(opened, appUrl);
});

type Life = commands.Sale & { isCut: boolean; end: 'ship' | 'cancel' | 'take back' | 'wait' };

const index = fc.constantFrom<Index>(0, 1);
const someLife: fc.Arbitrary<Life> = fc.record({
  merchant: index,
  lines: fc.array(fc.record({ kind: fc.constantFrom(...kinds), quantity: fc.integer({ min: 1, max: 3 }) }), {
    minLength: 1,
    maxLength: 3,
  }),
  isCut: fc.boolean(),
  end: fc.constantFrom('ship', 'ship', 'cancel', 'take back', 'wait'),
});
const someCount = fc.record({
  supplier: index,
  kind: fc.constantFrom<Kind>(...kinds),
  by: fc.integer({ min: 1, max: 5 }),
});

/** An order from its sale to its end, and all its dropships. */
async function live(run: commands.Run, { isCut, end, ...sale }: Life): Promise<void> {
  const sold = await commands.sell(run, sale);
  const made = run.model.dropships.filter((dropship) => dropship.lines.some((line) => sold.includes(line)));
  for (const dropship of made) {
    if (end === 'take back') {
      await commands.takeBack(run, dropship);
      continue;
    }
    await commands.importOrder(run, dropship, isCut);
    if (end === 'wait') continue;
    if (isCut) await commands.importOrder(run, dropship, false);
    if (end === 'ship') await commands.ship(run, dropship, { isWhole: true, isCut });
    else await commands.cancelThere(run, dropship, isCut);
  }
}

async function writeBack(run: commands.Run, merchant: Index): Promise<void> {
  for (const supplier of [0, 1, 0, 1] as const) {
    const pair = { merchant, supplier };
    const batch = await readStock(world, pair, run.model.skus);
    if (batch.length > 0) await writeStock(world, pair, { batch, isRecorded: true });
  }
}

describe('the stock of suppliers that merchants may promise', () => {
  it(
    'is right in the end when everything happens at once, and no writer waits for ever',
    async () => {
      const lives = fc.array(someLife, { minLength: 8, maxLength: 14 });
      const counts = fc.array(someCount, { minLength: 2, maxLength: 6 });
      await fc.assert(
        fc.asyncProperty(lives, counts, async (orders, changes) => {
          const [skus] = await newProducts(world);
          await countAll(world, [skus!], 40);
          const run = { model: newModel(skus!), world };
          commands.noteCounted(run.model, 40);

          const done = await Promise.allSettled([
            ...orders.map((life) => live(run, life)),
            ...changes.map(({ supplier, kind, by }) =>
              commands.setLevel(run, supplierName(supplier), { kind, units: { by } }),
            ),
            ...both.flatMap((merchant) => [writeBack(run, merchant), writeBack(run, merchant)]),
          ]);

          for (const one of done) if (one.status === 'rejected') throw one.reason;
          await commands.importAll(run);
          // A last count, so that every figure is written once more, one after the other.
          for (const supplier of both) {
            for (const kind of kinds) await commands.setLevel(run, supplierName(supplier), { kind, units: { by: 1 } });
            for (const merchant of both)
              await commands.write(run, await commands.read(run, { merchant, supplier }), true);
          }
          await commands.finishAll(run);
        }),
        { numRuns: Math.ceil(runs), endOnFailure: true },
      );
    },
    Math.max(600_000, runs * 20_000),
  );
});
