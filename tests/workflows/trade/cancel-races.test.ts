import { beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from '@temporalio/client';
import { connectTemporal } from '../../../temporal/connection.ts';
import { restClient } from '../../support/engine/rest.ts';
import { startCallbackShop } from '../../support/fakes/callback-shop.ts';
import { acceptCancel, cancel, handedOverMany, inGroups, orCode, sold } from '../../support/trade/cancel-trade.ts';
import { facts } from '../../support/engine/facts.ts';
import { persistently } from '../../support/trade/stage.ts';
import { findReceived, orderOf, ship, type Company, type OrderAnswer } from '../../support/trade/trade.ts';
import { waitUntil } from '../../support/engine/wait-until.ts';
import { aTradingStage } from '../../support/trade/trading-world.ts';
import { forTheFile } from '../../support/engine/for-the-file.ts';

/** The merchant's shop keeps a ledger. */
const shop = forTheFile(startCallbackShop);
const { stage, traded } = aTradingStage({ endpoint: shop });
const second = forTheFile(() => stage.startApi());
/** The same company, at the other API process. */
const elsewhere = (company: Company): Company => ({ ...company, rest: restClient(second.url, company.rest.key) });
const temporal = forTheFile(async () => connectTemporal(facts().temporal.address));
let client: Client;
beforeAll(() => {
  client = new Client({ connection: temporal.connection, namespace: stage.namespace });
});

const ended = (dropshipId: string) =>
  waitUntil(
    async () => {
      const { status } = await client.workflow.getHandle(`dropship/${dropshipId}`).describe();
      return status.name === 'COMPLETED';
    },
    { timeoutMs: 30_000, everyMs: 60, what: `the end of dropship/${dropshipId}` },
  );

/** The merchant's order and the supplier's, when all messages have come. @returns how both ended, and the shop with them */
async function outcomeOf(merchantId: string, supplierId: string) {
  const { merchant, supplier } = traded;
  const merchantOrder = await orderOf(merchant, merchantId);
  const supplierOrder = await orderOf(supplier, supplierId);
  const outcome = merchantOrder.status as 'shipped' | 'cancelled';
  expect(supplierOrder.status).toBe(outcome);
  expect(merchantOrder.dropship!.status).toBe(outcome);
  const units = outcome === 'shipped' ? { shipped: 1, cancelled: 0 } : { shipped: 0, cancelled: 1 };
  for (const order of [merchantOrder, supplierOrder]) expect(order.lines).toMatchObject([units]);
  expect(await shownInShop(merchantOrder)).toEqual(supplierOrder.shipments.map((shipment) => shipment.trackingNumber));
  expect(supplierOrder.shipments).toHaveLength(units.shipped);
  return outcome;
}

/** The trackings of the fulfillments that the shop has made of an order. */
async function shownInShop({ remoteId }: OrderAnswer) {
  const sent = (await shop.done()).flatMap(({ message }) => (message?.['orderId'] === remoteId ? [message] : []));
  expect(sent.every(({ type }) => type === 'shipment.pushed')).toBe(true);
  return sent.map(({ trackingNumber }) => trackingNumber);
}

const isDone = (answer: unknown) => typeof answer === 'object';

type Asked = (at: (company: Company) => Company) => Promise<unknown>;

/**
 * Two requests at the same moment, each to another API process. They take turns at which, and at who is ahead by about
 * as long as a look takes, so that each wins now and then.
 */
async function race(round: number, requests: readonly [Asked, Asked]) {
  const places = [(company: Company) => company, elsewhere];
  if (round % 2 === 1) places.reverse();
  const late = round % 3;
  return Promise.all(
    requests.map(async (asked, index) => {
      const at = places[index]!;
      if (index === late) await at(traded.merchant).rest.get('/orders?limit=1');
      return orCode(asked(at));
    }),
  );
}

type Handed = { orderId: string; supplierOrderId: string; dropshipId: string };

/** The supplier ships, and gives up what its merchant asked for. @returns what became of it */
async function shippedAndGivenUp({ orderId, supplierOrderId, dropshipId }: Handed, round: number) {
  const { supplier } = traded;
  const answers = await race(round, [
    (at) => ship(at(supplier), supplierOrderId, { trackingNumber: `1Z-${supplierOrderId}` }),
    (at) => acceptCancel(at(supplier), supplierOrderId),
  ]);
  await ended(dropshipId);
  const outcome = await outcomeOf(orderId, supplierOrderId);
  expect(answers.map(isDone)).toEqual([outcome === 'shipped', outcome === 'cancelled']);
  return outcome;
}

describe('a cancel and a shipment at the same moment, by two processes', () => {
  /** The full thousand of the release runs come by the environment. */
  const rounds = Number(process.env['CANCEL_RACES'] ?? 20);

  it(
    'come to exactly one outcome, the same on both sides and in the shop',
    async () => {
      const outcomes = { shipped: 0, cancelled: 0 };

      for (let first = 0; first < rounds; first += 100)
        await inGroups(await handedOverMany(traded, Math.min(100, rounds - first)), async (handed, index) => {
          await cancel(traded.merchant, handed.orderId);
          outcomes[await shippedAndGivenUp(handed, first + index)] += 1;
        });

      expect(outcomes.shipped + outcomes.cancelled).toBe(rounds);
      expect(Math.min(outcomes.shipped, outcomes.cancelled)).toBeGreaterThan(0);
    },
    60_000 + rounds * 3_000,
  );

  it('come to one outcome too when Cancel Orders applies the requests while the supplier ships', async () => {
    const { merchant, supplier, trade } = traded;
    const handed = await handedOverMany(traded, 10);
    for (const { orderId } of handed) await cancel(merchant, orderId);

    const shipped = async () => {
      const answers: unknown[] = [];
      // One by one: the run comes upon them somewhere in between.
      for (const { supplierOrderId } of handed)
        answers.push(await orCode(ship(supplier, supplierOrderId, { trackingNumber: `1Z-${supplierOrderId}` })));
      return answers;
    };
    const [answers] = await Promise.all([
      shipped(),
      elsewhere(supplier).rest.post(`/channels/${trade.portalId}/sync`, { tasks: ['cancel_orders'] }),
    ]);

    for (const [index, { orderId, supplierOrderId, dropshipId }] of handed.entries()) {
      await ended(dropshipId);
      expect(await outcomeOf(orderId, supplierOrderId)).toBe(isDone(answers[index]) ? 'shipped' : 'cancelled');
    }
  }, 120_000);

  it('come to one outcome too when the request meets the import of an instant portal', async () => {
    const { merchant, supplier, trade } = traded;
    await supplier.rest.patch(`/channels/${trade.portalId}/schedules/import_orders`, { interval: 'instant' });

    await inGroups(Array.from({ length: 10 }), async (_, round) => {
      const { id, dropship } = await sold(traded, 1);
      if (round % 2 === 1) await orderOf(elsewhere(merchant), id);
      // A request that waits for the end of the import may be asked for again.
      const answer = await persistently(() => cancel(elsewhere(merchant), id, { key: `race-${id}` }));
      const supplierOrder = await findReceived(supplier, dropship!.id);

      if (answer.status === 'cancelled') {
        expect(supplierOrder).toBeUndefined();
        return expect(await shownInShop(await orderOf(merchant, id))).toEqual([]);
      }
      expect(supplierOrder).toMatchObject({ cancelRequestedAt: expect.any(String) });
      await shippedAndGivenUp({ orderId: id, supplierOrderId: supplierOrder!.id, dropshipId: dropship!.id }, round);
    });
  }, 120_000);
});
