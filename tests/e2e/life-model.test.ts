import { randomInt } from 'node:crypto';
import { beforeAll, describe, it } from '@jest/globals';
import { startCallbackShop } from '../support/fakes/callback-shop.ts';
import { play } from '../support/models/life-plays.ts';
import { setUpLanes, type Lane } from '../support/models/life-world.ts';
import { startWorld } from '../support/trade/world.ts';
import { forTheFile } from '../support/engine/for-the-file.ts';

/** How often, altogether; LIFE_RUNS asks for more. A failure prints its seed, which LIFE_SEED takes. */
const runs = Number(process.env['LIFE_RUNS'] ?? 80);
const seed = Number(process.env['LIFE_SEED'] ?? randomInt(1_000_000_000));

const shops = [forTheFile(startCallbackShop), forTheFile(startCallbackShop)];
const world = forTheFile(() => startWorld({ allowedHosts: shops.map(({ host }) => host) }));
let lanes: Lane[];
beforeAll(async () => {
  lanes = await setUpLanes({ places: world, client: world.client, shops }, 8);
}, 120_000);

describe(`the lives of orders (LIFE_SEED=${seed})`, () => {
  it(
    'keep every promise, whatever is asked, and in whatever order',
    () => play(lanes, { runs, seed, timeoutMs: 60_000 }),
    3_600_000,
  );
});
