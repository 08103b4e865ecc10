import fc from 'fast-check';
import * as life from './life-commands.ts';
import { faultsOf } from './life-verdict.ts';
import { skuNames, type Lane, type Leaf } from './life-world.ts';
import { waitUntil } from '../engine/wait-until.ts';

const mostOrders = 3;

type Command = fc.AsyncCommand<Record<string, never>, life.Run>;
/** `choices`: the objects that the command applies to now. Without any, the command is skipped. */
type Deed<T> = { choices: (run: life.Run, leaves: Leaf[]) => readonly T[] | Promise<readonly T[]>; act: (run: life.Run, choice: T, wish: life.Wish) => Promise<unknown> }; // prettier-ignore

function command<T>(name: string, { choices, act }: Deed<T>): fc.Arbitrary<Command> {
  const wish = fc.record({ twice: fc.integer({ min: 0, max: 3 }).map((one) => one === 0), whole: fc.boolean(), units: fc.integer({ min: 1, max: 3 }) }); // prettier-ignore
  return fc.record({ order: fc.nat({ max: 2 }), pick: fc.nat({ max: 11 }), wish }).map((some) => ({
    check: () => true,
    run: async (_model, run) => {
      const open = await choices(run, await life.leavesOf(run, some.order));
      if (open.length > 0) await act(run, open[some.pick % open.length]!, some.wish);
    },
    toString: () => `${name} #${some.order}.${some.pick} ${JSON.stringify(some.wish)}`,
  }));
}

const line = fc.record({ sku: fc.constantFrom(...skuNames), quantity: fc.integer({ min: 1, max: 4 }) });
const place: fc.Arbitrary<Command> = fc
  .record({ lines: fc.array(line, { minLength: 1, maxLength: 3 }), twice: fc.boolean() })
  .map(({ lines, twice }) => ({
    check: () => true,
    run: async (_model, run) => {
      if (run.rootIds.length < mostOrders) await life.place(run, lines, twice);
    },
    toString: () => `place ${JSON.stringify({ lines, twice })}`,
  }));

const release = command('release', { choices: () => [true], act: (run) => life.release(run) });
const ship = command('ship', { choices: (run, leaves) => life.holders(leaves, run.lane.merchant), act: life.ship });
const shipment = (run: life.Run) => life.recorded(run).map(([id]) => id);
const correct = command('correct', { choices: shipment, act: life.correct });
const voidShipment = command('void', { choices: shipment, act: life.voidShipment });
const split = command('split', { choices: (_run, leaves) => leaves.filter(life.splittable), act: life.split });
const open = (_run: life.Run, leaves: Leaf[]) =>
  leaves.filter(({ order }) => order.lines.some((one) => life.left(one) > 0));
const cancel = command('cancel', { choices: open, act: life.cancel });
const giveUp = command('give up', {
  choices: (_run, leaves) => life.received(leaves).filter(({ order }) => order['cancelRequestedAt'] !== null),
  act: life.giveUp,
});
const accept = command('accept', { choices: (_run, leaves) => life.received(leaves), act: life.accept });
const reject = command('reject', { choices: (_run, leaves) => life.received(leaves), act: life.reject });
const dropshipByHand = command('dropship', {
  choices: (_run, leaves) => leaves.filter(life.atHome),
  act: life.dropshipByHand,
});
const resolve = command('resolve', {
  choices: (_run, leaves) => leaves.flatMap(({ order }) => (order.attention ? [order.attention.id] : [])),
  act: life.resolve,
});
const holds = ['waiting', 'queued', 'lost'] as const;
const hold = command('hold', { choices: (run) => (run.rootIds.length > 0 ? holds : []), act: life.hold });
const overtake = command('overtake', {
  choices: (run, leaves) => life.holders(leaves, run.lane.merchant),
  act: life.overtake,
});
const letGo = command('let go', { choices: () => [true], act: (run, _all, wish) => life.letGo(run, wish) });

const everything = [
  ...[place, place, release, ship, ship, ship, ship, correct, correct, voidShipment, voidShipment, split, split],
  ...[cancel, giveUp, giveUp, accept, reject, dropshipByHand, dropshipByHand, resolve, hold, overtake, letGo],
];

/** Waits until all work has ended and the verdict has no faults. */
async function atRest(run: life.Run, timeoutMs: number): Promise<void> {
  let faults: string[] = [];
  const isWell = async () => (faults = await faultsOf(run)).length === 0;
  await life.allReceived(run);
  await waitUntil(isWell, { timeoutMs, everyMs: 400 }).catch((error: unknown) => {
    throw new Error([...faults, ...run.story].join('\n'), { cause: error });
  });
}

/** @param timeoutMs how long the end may take after the last request */
const aState = (timeoutMs: number) => {
  // Most faults need a few steps only, and these take a fraction of the time.
  const short = fc.commands([place, ...everything], { maxCommands: 25, size: 'small' });
  const long = fc.commands([place, ...everything], { maxCommands: 25, size: 'max' });
  const commands = fc.oneof({ weight: 5, arbitrary: short }, { weight: 1, arbitrary: long });
  let count = 0;
  return (lane: Lane) =>
    fc.asyncProperty(commands, async (sent) => {
      const run: life.Run = { lane, id: `R${(count += 1)}`, requests: 0, rootIds: [], shipments: new Map(), story: [] };
      try {
        await fc.asyncModelRun(() => ({ model: {}, real: run }), sent);
      } finally {
        await life.letGo(run, { whole: true });
      }
      await atRest(run, timeoutMs);
    });
};

/** Plays the given number of lives on parallel lanes. A failure of one lane does not end the others. */
export async function play(
  lanes: readonly Lane[],
  { runs, seed, timeoutMs }: { runs: number; seed: number; timeoutMs: number },
) {
  const property = aState(timeoutMs);
  const options = { numRuns: Math.ceil(runs / lanes.length), endOnFailure: true };
  const played = lanes.map((lane, index) => fc.assert(property(lane), { ...options, seed: seed + index }));
  for (const end of await Promise.allSettled(played)) if (end.status === 'rejected') throw end.reason;
}
