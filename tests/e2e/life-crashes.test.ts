import { randomInt } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from '@temporalio/client';
import { connectTemporal } from '../../temporal/connection.ts';
import { startCallbackShop } from '../support/fakes/callback-shop.ts';
import { diceOf } from '../support/models/dice.ts';
import { facts, ownNamespace } from '../support/engine/facts.ts';
import { play } from '../support/models/life-plays.ts';
import { setUpLanes, type Lane } from '../support/models/life-world.ts';
import { startStage } from '../support/trade/stage.ts';
import { forTheFile } from '../support/engine/for-the-file.ts';

/** How often, altogether; LIFE_CRASH_RUNS asks for more. A failure prints its seed, which LIFE_SEED takes. */
const runs = Number(process.env['LIFE_CRASH_RUNS'] ?? 16);
const seed = Number(process.env['LIFE_SEED'] ?? randomInt(1_000_000_000));

const shops = [forTheFile(startCallbackShop), forTheFile(startCallbackShop)];
const stage = forTheFile(() => startStage({ allowedHosts: shops.map(({ host }) => host) }));
const temporal = forTheFile(async () => connectTemporal(facts().temporal.address));
let lanes: Lane[];
beforeAll(async () => {
  await stage.startWorker();
  const client = new Client({ connection: temporal.connection, namespace: ownNamespace() });
  lanes = await setUpLanes({ places: stage, client, shops }, 8);
}, 120_000);

/** A worker dies now and then, and a shop does what it is asked and does not say so. @returns how to end it */
function trouble() {
  const dice = diceOf(seed);
  let isOver = false;
  const sent = { deaths: 0, lostAnswers: 0 };
  const going = (async () => {
    while (!isOver) {
      await delay(dice.between(500, 4_000));
      if (isOver) break;
      if (dice.between(1, 3) > 1) {
        await dice.pick(shops).answer({ lose: dice.pick(['drop', 'fail_after_write'] as const), atMost: 2 }, 'ok');
        sent.lostAnswers += 1;
      } else {
        await stage.killWorkers();
        await stage.startWorker();
        sent.deaths += 1;
      }
    }
    return sent;
  })();
  return () => {
    isOver = true;
    return going;
  };
}

describe(`the lives of orders among deaths and lost answers (LIFE_SEED=${seed})`, () => {
  it('keep every promise all the same: nothing is lost, and nothing done twice', async () => {
    const calm = trouble();

    try {
      await play(lanes, { runs, seed, timeoutMs: 90_000 });
    } finally {
      const sent = await calm();
      expect(sent.deaths + sent.lostAnswers).toBeGreaterThan(0);
    }
  }, 3_600_000);
});
