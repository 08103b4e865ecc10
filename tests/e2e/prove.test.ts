import { randomInt } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from '@temporalio/client';
import { connectTemporal } from '../../temporal/connection.ts';
import { startCallbackShop } from '../support/fakes/callback-shop.ts';
import { forTheFile } from '../support/engine/for-the-file.ts';
import { diceOf } from '../support/models/dice.ts';
import { play } from '../support/models/life-plays.ts';
import { setUpLanes, type Lane } from '../support/models/life-world.ts';
import { parts, servers, startProvingGround } from './proving-ground.ts';

/** Runs of up to three orders each; `npm run prove -- 400` asks for more. A failure prints its seed, which LIFE_SEED takes. */
const runs = Number(process.env['PROVE_RUNS'] ?? 16);
const seed = Number(process.env['LIFE_SEED'] ?? randomInt(1_000_000_000));
const longestFreezeMs = 4_000;

const shops = [forTheFile(startCallbackShop), forTheFile(startCallbackShop)];
const ground = forTheFile(() => startProvingGround({ allowedHosts: shops.map(({ host }) => host) }));
const temporal = forTheFile(async () => connectTemporal(ground.temporalAddress));
let lanes: Lane[];
beforeAll(async () => {
  const client = new Client({ connection: temporal.connection, namespace: 'default' });
  lanes = await setUpLanes({ places: ground, client, shops }, 8);
}, 120_000);

/** `hits`: those with a request under way, in whose middle something ended or stood still. */
type Sent = { what: Record<string, number>; hits: number };

/** Each part dies, stands still or loses its connections now and then, and a shop does what it is asked and does not say so. @returns how to end it */
function trouble() {
  const dice = diceOf(seed);
  const sent: Sent = { what: {}, hits: 0 };
  let isOver = false;
  const note = (what: string) => {
    sent.what[what] = (sent.what[what] ?? 0) + 1;
    if (ground.underWay.requests > 0) sent.hits += 1;
  };
  const some = async () => {
    const part = dice.pick(parts);
    const roll = dice.between(1, 5);
    if (roll === 1) {
      note('lost answers of a shop');
      await dice.pick(shops).answer({ lose: dice.pick(['drop', 'fail_after_write'] as const), atMost: 2 }, 'ok');
    } else if (roll === 2) {
      const server = dice.pick(servers);
      note(`cut connections to ${server}`);
      ground.cut(server);
    } else if (roll === 3) {
      note(`freezes of ${part}`);
      await ground.freeze(part, dice.between(500, longestFreezeMs));
    } else {
      note(`deaths of ${part}`);
      await ground.kill(part);
    }
  };
  const going = (async () => {
    while (!isOver) {
      await delay(dice.between(500, 3_000));
      if (!isOver) await some();
    }
    return sent;
  })();
  return () => {
    isOver = true;
    return going;
  };
}

describe(`the lives of orders while every part dies and stands still (LIFE_SEED=${seed})`, () => {
  it('keep every promise all the same: nothing is lost, and nothing done twice', async () => {
    const calm = trouble();
    let sent: Sent | undefined;

    try {
      await play(lanes, { runs, seed, timeoutMs: 180_000 });
    } finally {
      sent = await calm();
    }

    const orders = await Promise.all(lanes.map(({ merchant }) => countOrders(merchant.rest)));
    const count = orders.reduce((sum, one) => sum + one, 0);
    expect(count).toBeGreaterThan(0);
    expect(Object.keys(sent.what)).not.toEqual([]);
    if (process.env['PROVE_RUNS'] !== undefined) console.log(verdict(count, sent));
  }, 7_200_000);
});

type Page = { data: { parentId: string | null }[]; nextCursor: string | null };

/** Placed orders, without what they were split into. */
async function countOrders(rest: Lane['merchant']['rest']): Promise<number> {
  let count = 0;
  for (let cursor: string | null = ''; cursor !== null;) {
    const page: Page = await rest.get(`/orders?limit=200${cursor && `&cursor=${cursor}`}`);
    count += page.data.filter(({ parentId }) => parentId === null).length;
    cursor = page.nextCursor;
  }
  return count;
}

/** With no fault among N, fewer than 3 in N are faulty, with a confidence of 95 %: the rule of three. */
const verdict = (count: number, { what, hits }: Sent): string =>
  [
    `${count} orders: none lost, nothing done twice. So fewer than 1 in ${Math.floor(count / 3)} is, with a confidence of 95 %.`,
    ...Object.entries(what).map(([name, times]) => `  ${times} ${name}`),
    `  ${hits} of them while a request was under way (LIFE_SEED=${seed})`,
  ].join('\n');
