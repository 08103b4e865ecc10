import { describe, expect, it } from '@jest/globals';
import { toIncomingOrder } from '../../../../activities/tasks/incoming-order.ts';
import { changesOf } from '../../../../domain/orders/edit.ts';
import type { RemoteOrder } from '../../../../activities/channels/channel.ts';
import { aPush, faultOf, walk } from '../harness.ts';
import { startReceiver } from '../conformance/webhooks.ts';
import { createKit, openLocation, reserveInDatabase } from './clerk.ts';
import type { startMedusaHarness } from './harness.ts';

type MedusaHarness = Awaited<ReturnType<typeof startMedusaHarness>>;

/** What went wrong for other people with Medusa, each with its issue there. */
export function mistakesOfOthers(harness: () => MedusaHarness) {
  const available = (sku: string) =>
    harness()
      .shop.stockOf(sku)
      .then((stock) => stock.available);
  const write = async (sku: string, figure: number, settings: object = {}) => {
    const remoteProductId = await harness().productId(sku);
    const batch = [{ listingId: `lst_${sku}`, remoteProductId, sku, available: figure, version: 1 }];
    return harness().open({ settings }).writeInventory(batch);
  };

  describe('mistakes of others', () => {
    // medusajs/medusa#16338
    it('takes shipped units from the place where they are reserved', async () => {
      const { shop, ...rest } = harness();
      const [first] = (await rest.open().describeAccess()).locations;
      const other = await openLocation(shop, 'Outlet', ['TEE-BLACK-L']);
      await shop.setStock('TEE-BLACK-L', 0, first!.id);
      await shop.setStock('TEE-BLACK-L', 10, other);
      const order = await rest.place({ skus: [['TEE-BLACK-L', 3]] });

      const open = await faultOf(write('TEE-BLACK-L', 5));
      const [chosen] = await write('TEE-BLACK-L', 5, { stockLocationId: first!.id });
      await rest.open().pushShipment(aPush(order));
      const stock = [await shop.stockOf('TEE-BLACK-L', first!.id), await shop.stockOf('TEE-BLACK-L', other)];
      await shop.call(`/admin/stock-locations/${other}`, undefined, 'DELETE');

      expect(stock).toEqual([
        { onHand: 5, reserved: 0, available: 5 },
        { onHand: 7, reserved: 0, available: 7 },
      ]);
      expect(open).toEqual({ kind: 'invalid', field: 'stockLocationId', code: 'several_locations' });
      expect(chosen).toMatchObject({ outcome: 'written' });
    });

    // medusajs/medusa#16406
    it('sells no unit fewer or more after a clerk changed a price only, and sees no edit of units', async () => {
      const { shop, ...rest } = harness();
      await write('NOTEBOOK-A5', 50);
      const order = await rest.place({ skus: [['NOTEBOOK-A5', 4]] });
      const before = await rest.open().getOrder(order.remoteId);

      await shop.edit(order.remoteId, { prices: { [order.units[0]!.remoteLineId]: 9 } });
      const after = await rest.open().getOrder(order.remoteId);
      await write('NOTEBOOK-A5', 30);

      expect(changes(before, after).map(({ kind }) => kind)).not.toContain('quantity_changed');
      expect(await available('NOTEBOOK-A5')).toBe(30);
    });

    // medusajs/medusa#15122
    it('can read each order that a message names at the moment when the message comes', async () => {
      const receiver = await startReceiver([]);
      await harness().webhooks.connect(receiver.url);
      const placing = harness().place({ skus: [['GIFT-CARD-25', 1]] });

      // A message about an order before it may come late.
      const seen: string[] = [];
      const next = async () => {
        const isNew = (body: string) => body.includes('order.placed') && !seen.some((id) => body.includes(id));
        const [named] = harness().webhooks.read(await receiver.first(isNew))!.remoteOrderIds;
        seen.push(named!);
        return harness().open().getOrder(named!);
      };
      let found = await next();
      while (found.remoteId !== (await placing).remoteId) found = await next();
      await receiver.close();

      expect(found).toMatchObject({ lines: [{ ordered: 1 }] });
    });

    // medusajs/medusa#12401
    it('lets the shop sell what there is also where it counts less than nothing as reserved', async () => {
      await reserveInDatabase(harness().databaseUrl, 'POSTER-A2', -3);

      await write('POSTER-A2', 12);

      expect(await available('POSTER-A2')).toBe(12);
    });

    // medusajs/medusa#11600
    it('separates orders that are not paid itself, since the shop does not', async () => {
      const connectedAt = await harness().tick();
      const unpaid = await harness().place({ paid: false });
      const paid = await harness().place();

      const { items } = await walk((after) => harness().open({ connectedAt }).importOrders(after));
      const asPlaced = await harness()
        .open({ settings: { importWhen: 'placed' } })
        .getOrder(unpaid.remoteId);

      const states = items.map(({ remoteId, state }) => [remoteId, state]);
      expect(states).toEqual(expect.arrayContaining([[unpaid.remoteId, 'waiting'], [paid.remoteId, 'ready']])); // prettier-ignore
      expect(asPlaced.state).toBe('ready');
    });

    // medusajs/medusa#12532
    it('writes no figure of a kit, whose parts have their own', async () => {
      const { shop } = harness();
      await createKit(shop, 'KIT-HOME', ['MUG-SAND', 'NOTEBOOK-A5']);
      const before = [await available('MUG-SAND'), await available('NOTEBOOK-A5')];

      const outcomes = await write('KIT-HOME', 50);

      expect(outcomes).toMatchObject([{ outcome: 'failed', fault: { kind: 'invalid', code: 'bundle' } }]);
      expect([await available('MUG-SAND'), await available('NOTEBOOK-A5')]).toEqual(before);
    });
  });
}

/** What differs between two readings of one order, as the import sees it. */
function changes(before: RemoteOrder, after: RemoteOrder) {
  const { shipTo, shippingMethod, lines } = toIncomingOrder(before);
  const stored = lines.map((line) => ({ ...line, lineId: line.remoteLineId, remaining: line.quantity }));
  return changesOf({ shipTo, shippingMethod, shop: null, lines: stored }, toIncomingOrder(after));
}
