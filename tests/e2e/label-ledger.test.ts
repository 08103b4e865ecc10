import { randomInt } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { CrashPointName } from '../../db/engine/crash-point.ts';
import { workflowIds } from '../../workflows/names.ts';
import { startCallbackShop } from '../support/fakes/callback-shop.ts';
import { diceOf } from '../support/models/dice.ts';
import { aTradedSku } from '../support/trade/cancel-trade.ts';
import { buyLabel, labelsOf, ratesOf, untilLabel, type LabelAnswer } from '../support/trade/labels.ts';
import { resetSlowActivities } from '../support/trade/reset.ts';
import { crashAt, startStage, wasHit } from '../support/trade/stage.ts';
import { callingBack } from '../support/trade/trading-world.ts';
import { forTheFile } from '../support/engine/for-the-file.ts';
import { waitUntil } from '../support/engine/wait-until.ts';
import {
  aLabelTrade,
  moneyOf,
  planOf,
  play,
  shipmentsOf,
  someOrders,
  startLabelShop,
  untilQuiet,
  type LabelShop,
  type LabelTrade,
  type Pair,
} from './label-run.ts';

/** Orders in all; LABEL_RUNS=2000 is for a release. A failure prints its seed, which LABEL_SEED takes. */
const runs = Number(process.env['LABEL_RUNS'] ?? 8);
const seed = Number(process.env['LABEL_SEED'] ?? randomInt(1_000_000_000));
const atOnce = runs > 100 ? 40 : 8;

const endpoint = forTheFile(startCallbackShop);
const easypost = forTheFile(() => startLabelShop('easypost'));
const shippo = forTheFile(() => startLabelShop('shippo'));
const shops = [easypost, shippo];
const stage = forTheFile(() =>
  startStage({
    allowedHosts: [endpoint.host, easypost.server.host, shippo.server.host],
    labelUrls: { easypost: easypost.proxy.url, shippo: shippo.proxy.url },
  }),
);
const trade: LabelTrade = forTheFile(async () => {
  const worker = await stage.startWorker();
  const made = await aLabelTrade(await aTradedSku(stage, callingBack(endpoint)), shops);
  await worker.kill();
  return made;
});

const points: CrashPointName[] = [
  'label.prepared',
  'label.sent',
  'label.bought',
  'label.payer-committed',
  'label.bought-committed',
  'label.fetched',
  'label.stored',
  'label.shipment-recorded',
  'label.void-requested',
  'label.refund-asked',
  'label.shipment-voided',
  'shipment.supplier-committed',
  'shipment.merchant-committed',
  'push.sent',
];

/** A worker that dies again and again, and providers that do what they are asked and do not say so. @returns how to end it */
function trouble(dice = diceOf(seed)) {
  let isOver = false;
  const deaths: string[] = [];
  const workers = (async () => {
    // Every purchase passes this one, so that also a few orders see a death.
    let crash = crashAt('label.sent');
    while (!isOver) {
      const doomed = await stage.startWorker(crash);
      await Promise.race([doomed.exited, waitUntil(() => isOver, { timeoutMs: 3_600_000, everyMs: 200 })]);
      if (wasHit(crash)) deaths.push(crash.at);
      await doomed.kill();
      crash = crashAt(dice.pick(points), dice.between(1, 3));
    }
    await stage.startWorker();
  })();
  return async () => {
    isOver = true;
    await workers;
    return deaths;
  };
}

/** The next call of a provider goes wrong in one of these ways. A cut purchase may have arrived as well as a dropped one. */
function spoil({ proxy }: LabelShop, dice: ReturnType<typeof diceOf>): void {
  const when = { times: 1 };
  const spoiling = [
    () => proxy.dropAnswers(when),
    () => proxy.dropAnswers(when),
    () => proxy.failAnswers(when),
    () => proxy.refuse(503, when),
    () => proxy.limitRate(1, when),
    () => proxy.answerHtml(when),
  ];
  dice.pick(spoiling)();
}

async function playAll(): Promise<{ pairs: Pair[]; deaths: string[] }> {
  const dice = diceOf(seed);
  const pairs: Pair[] = [];
  const deaths: string[] = [];
  while (pairs.length < runs) {
    const worker = await stage.startWorker();
    const some = await someOrders(trade, Math.min(100, runs - pairs.length));
    await worker.kill();
    const calm = trouble();
    for (let first = 0; first < some.length; first += atOnce) {
      const group = some.slice(first, first + atOnce).map((pair) => ({ pair, plan: planOf(dice, shops.length) }));
      shops.forEach((shop) => spoil(shop, dice));
      await Promise.all(group.map(({ pair, plan }) => play(trade, pair, plan)));
    }
    deaths.push(...(await calm()));
    shops.forEach(({ proxy }) => proxy.pass());
    await untilQuiet(stage, trade, some);
    await stage.killWorkers();
    pairs.push(...some);
  }
  return { pairs, deaths };
}

describe(`the labels of ${runs} orders among deaths and lost answers (LABEL_SEED=${seed})`, () => {
  it(
    'cost what the living ones cost and what the void ones get back; each has one shipment, and the shop one fulfillment',
    async () => {
      const { pairs, deaths } = await playAll();
      await stage.startWorker();
      const labels: LabelAnswer[] = (
        await Promise.all(pairs.map(({ taken }) => labelsOf(trade.supplier, taken.id)))
      ).flat();

      const { charged, charges, living, due, trackings } = await moneyOf(shops, labels);
      expect(charges).toEqual(trackings);
      expect(charged).toBe(living + due);
      expect(deaths.length).toBeGreaterThan(0);
      for (const pair of pairs) await assertShipped(pair, labels);
    },
    Math.max(600_000, runs * 20_000),
  );
});

async function assertShipped(pair: Pair, labels: readonly LabelAnswer[]): Promise<void> {
  const own = labels.filter(({ orderId, status }) => orderId === pair.taken.id && status !== 'failed');
  const expected = own
    .filter(({ shipmentId }) => shipmentId !== null)
    .map(({ shipmentId, status, trackingNumber }) => ({
      id: shipmentId!,
      status: status === 'voided' ? 'voided' : 'recorded',
      trackingNumber,
    }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  const isThere = async () => {
    const { merchant, supplier } = await shipmentsOf(trade, pair);
    const both = JSON.stringify([merchant.filter(({ status }) => status === 'recorded'), supplier]);
    return both === JSON.stringify([expected.filter(({ status }) => status === 'recorded'), expected]);
  };
  await waitUntil(isThere, { timeoutMs: 60_000, what: `the shipments of ${JSON.stringify(expected)}` });
  const living = expected.filter(({ status }) => status === 'recorded').map(({ id }) => id);
  const isShown = async () => {
    const sent = (await endpoint.done()).flatMap(({ message }) =>
      message?.['orderId'] === pair.order['remoteId'] ? [[message['type'], message['shipmentId']] as const] : [],
    );
    const pushed = sent.filter(([type]) => type === 'shipment.pushed').map(([, id]) => id);
    const gone = sent.filter(([type]) => type === 'shipment.voided').map(([, id]) => id);
    expect(new Set(pushed).size).toBe(pushed.length);
    if (JSON.stringify(pushed.filter((id) => !gone.includes(id)).sort()) === JSON.stringify(living)) return true;
    await resetSlowActivities(stage, [workflowIds.dropship(pair.order.dropship!.id)]);
    return false;
  };
  await waitUntil(isShown, { timeoutMs: 60_000, what: 'one fulfillment for each label' });
}

describe('an API that dies after it stored a label', () => {
  it('has it bought all the same, once, and the same request finds it', async () => {
    await stage.killWorkers();
    await stage.startWorker();
    const [pair] = await someOrders(trade, 1);
    const { quotes } = await ratesOf(trade.supplier, pair!.taken.id, { labelAccountId: trade.accounts[0]! });
    const wish = { quoteId: quotes[0]!.id, key: `api-dies-${pair!.taken.id}` };
    const before = (await easypost.server.purchases()).length;
    const crash = crashAt('store-order.committed');
    await stage.restartApi(crash);

    await expect(buyLabel(trade.supplier, pair!.taken.id, wish)).rejects.toThrow();
    await stage.apiExited();
    expect(wasHit(crash)).toBe(true);
    await stage.restartApi();

    const [label] = await labelsOf(trade.supplier, pair!.taken.id);
    await untilLabel(trade.supplier, label!.id, 'recorded');
    expect((await buyLabel(trade.supplier, pair!.taken.id, wish)).id).toBe(label!.id);
    expect((await easypost.server.purchases()).length).toBe(before + 1);
  }, 120_000);
});
