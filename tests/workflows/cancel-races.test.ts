import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aTradedSku, cancel, handedOverMany, inGroups, orCode, sold, type TradedSku } from '../support/cancel-trade.ts';
import { persistently } from '../support/stage.ts';
import { findReceived, ship } from '../support/trade.ts';
import { startWorld, type World } from '../support/world.ts';

let world: World;
let traded: TradedSku;
beforeAll(async () => {
  world = await startWorld();
  traded = await aTradedSku(world);
});
afterAll(() => world?.stop());

const ended = (dropshipId: string) => world.client.workflow.getHandle(`dropship/${dropshipId}`).result();

describe('a cancel and a shipment at the same moment', () => {
  /** The full thousand of the release runs come by the environment. */
  const rounds = Number(process.env['CANCEL_RACES'] ?? 30);

  it(
    'come to exactly one outcome, the same on both sides',
    async () => {
      const { merchant, supplier } = traded;
      const outcomes = { shipped: 0, cancelled: 0 };

      await inGroups(await handedOverMany(traded, rounds), async (handed, round) => {
        const { orderId, supplierOrderId, dropshipId, seen } = handed;
        await cancel(merchant, orderId);
        const race = [
          () => orCode(ship(supplier, supplierOrderId, { trackingNumber: `1Z-RACE-${round}` })),
          () => orCode(cancel(supplier, supplierOrderId)),
        ];
        const [one, other] = round % 2 === 0 ? race : race.reverse();
        const answers = await Promise.all([one!(), other!()]);
        await ended(dropshipId);

        const [merchantOrder, supplierOrder] = await seen();
        const outcome = merchantOrder.status as keyof typeof outcomes;
        expect(answers.filter((answer) => typeof answer === 'object')).toHaveLength(1);
        expect(supplierOrder.status).toBe(outcome);
        expect(merchantOrder.dropship!.status).toBe(outcome);
        const units = outcome === 'shipped' ? { shipped: 1, cancelled: 0 } : { shipped: 0, cancelled: 1 };
        for (const order of [merchantOrder, supplierOrder]) expect(order.lines).toMatchObject([units]);
        outcomes[outcome] += 1;
      });

      expect(outcomes.shipped + outcomes.cancelled).toBe(rounds);
      expect(Math.min(outcomes.shipped, outcomes.cancelled)).toBeGreaterThan(0);
    },
    60_000 + rounds * 3_000,
  );

  it('come to one outcome too when the request meets the import', async () => {
    const { merchant, supplier, trade } = traded;
    for (let round = 0; round < 10; round += 1) {
      const order = await sold(traded, 1);
      const answers = await Promise.all([
        // A request that waits for the end of the import may be asked for again.
        persistently(() => cancel(merchant, order.id, { key: `race-${round}` })),
        orCode(supplier.rest.post(`/channels/${trade.portalId}/sync`, { tasks: ['import_orders'] })),
      ]);

      const [answer] = answers;
      const supplierOrder = await findReceived(supplier, order.dropship!.id);
      if (answer.status === 'cancelled') expect(supplierOrder).toBeUndefined();
      else expect(supplierOrder).toMatchObject({ cancelRequestedAt: expect.any(String) });
    }
  }, 120_000);
});
