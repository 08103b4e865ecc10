import { expect, it } from '@jest/globals';
import { unitsWanted } from '../../../../activities/channels/channel.ts';
import { aPush, faultOf, some, walk, where, type Clerk, type Harness } from '../harness.ts';

/**
 * What a clerk does to orders and products: points 19 to 23 of the conformance list.
 * @param can what this shop's clerk can do
 */
export function changeConformance(harness: () => Harness, can: readonly (keyof Clerk)[]) {
  const whereClerk = (...acts: (keyof Clerk)[]) => where(acts.every((act) => can.includes(act)));
  const clerk = () => harness().clerk as Clerk;
  const order = (remoteId: string) => harness().open().getOrder(remoteId);
  const wanted = async (remoteId: string) => unitsWanted(await order(remoteId)).filter(({ quantity }) => quantity > 0);

  it('reads several orders at once, and leaves out those that it does not have', async () => {
    const shop = harness();
    const skus: [string, number][] = [['GIFT-CARD-25', 1]];
    const placed = [await shop.place({ skus }), await shop.place({ skus, paid: false })];
    const remoteIds = placed.map(({ remoteId }) => remoteId);

    const orders = await shop.open().getOrders([...remoteIds, '999999', remoteIds[0]!]);

    const byId = orders.sort((one, other) => remoteIds.indexOf(one.remoteId) - remoteIds.indexOf(other.remoteId));
    expect(byId).toEqual([await order(remoteIds[0]!), await order(remoteIds[1]!)]);
    expect(await shop.open().getOrders([])).toEqual([]);
  });

  whereClerk('giveBack')('does not take units for cancelled that came back after shipping', async () => {
    const shop = harness();
    const connectedAt = await shop.tick();
    const placed = await shop.place({ skus: [['GIFT-CARD-25', 3]] });
    await shop.open().pushShipment(aPush(placed));
    await clerk().giveBack(placed.remoteId, some(placed, 1));

    const { items } = await walk((after) => shop.open({ connectedAt }).listCancelled(after));

    expect(await wanted(placed.remoteId)).toEqual(some(placed, 3));
    const listed = items.filter(({ remoteOrderId }) => remoteOrderId === placed.remoteId);
    for (const { left, whole } of listed) expect({ left, whole }).toEqual({ left: some(placed, 3), whole: false });
  });

  /** What is wanted of the first of two lines after each edit. The other one stays. */
  const afterEdits = async (ordered: number, quantities: readonly number[]) => {
    const skus: [string, number][] = [
      ['GIFT-CARD-25', ordered],
      ['POSTER-A2', 1],
    ];
    const { remoteId, units } = await harness().place({ skus });
    const seen: number[] = [];
    for (const quantity of quantities) {
      await clerk().edit(remoteId, units[0]!.remoteLineId, quantity);
      const now = await wanted(remoteId);
      expect(now).toContainEqual(units[1]);
      seen.push(now.find(({ remoteLineId }) => remoteLineId === units[0]!.remoteLineId)?.quantity ?? 0);
    }
    return seen;
  };

  whereClerk('edit')('says what is wanted of a line that is edited down, up, and down again', async () => {
    expect(await afterEdits(4, [2, 5, 3])).toEqual([2, 5, 3]);
  });

  whereClerk('edit')('wants nothing of a line that is removed', async () => {
    expect(await afterEdits(2, [0])).toEqual([0]);
  });

  whereClerk('add')('has a line that is added', async () => {
    const shop = harness();
    const placed = await shop.place({ skus: [['GIFT-CARD-25', 1]] });

    await clerk().add(placed.remoteId, 'POSTER-A2', 2);

    const { lines, state } = await order(placed.remoteId);
    expect(state).toBe('ready');
    expect(lines.map(({ sku, ordered, cancelled }) => [sku, ordered - cancelled])).toEqual(
      expect.arrayContaining([
        ['GIFT-CARD-25', 1],
        ['POSTER-A2', 2],
      ]),
    );
  });

  whereClerk('hold', 'release')('takes a shipment that was held back, once it is released', async () => {
    const shop = harness();
    const placed = await shop.place({ skus: [['GIFT-CARD-25', 2]] });
    const push = aPush(placed);
    await clerk().hold(placed.remoteId);

    const held = await faultOf(shop.open().pushShipment(push));
    await clerk().release(placed.remoteId);
    const pushed = await shop.open().pushShipment(push);

    expect(held).toMatchObject({ kind: 'held', code: expect.any(String), retryAfter: expect.any(Number) });
    expect(pushed).toMatchObject({ found: false, order: { lines: [{ shipped: 2 }] } });
  });

  it('reads and ships an order of more lines than a page of them', async () => {
    const shop = harness();
    const { items } = await walk((after) => shop.open().importProducts(after));
    const skus = items.filter(({ sku }) => sku.startsWith('BULK-')).map(({ sku }) => sku).slice(10, 40); // prettier-ignore
    const placed = await shop.place({ skus: skus.map((sku) => [sku, 1]) });

    const read = await order(placed.remoteId);
    const pushed = await shop.open().pushShipment(aPush(placed));

    expect(read.lines.map(({ sku }) => sku).sort()).toEqual([...skus].sort());
    expect(pushed.order!.lines.map(({ shipped }) => shipped)).toEqual(skus.map(() => 1));
  }, 60_000);

  whereClerk('deleteProduct')('goes on without a product that is deleted', async () => {
    const shop = harness();
    const write = async (sku: string) =>
      ({
        listingId: `lst_${sku}`,
        remoteProductId: await shop.productId(sku),
        sku,
        available: 17,
        version: 1,
      }) as const;
    const batch = [await write('BULK-3'), await write('BULK-4'), await write('BULK-5')];
    await clerk().deleteProduct('BULK-4');

    const outcomes = await shop.open().writeInventory(batch);
    const { items } = await walk((after) => shop.open().importProducts(after));

    expect(outcomes.filter(({ outcome }) => outcome === 'failed')).toEqual([
      { listingId: 'lst_BULK-4', outcome: 'failed', fault: { kind: 'gone', what: 'listing' } },
    ]);
    expect(outcomes.filter(({ outcome }) => outcome === 'written')).toHaveLength(2);
    expect(items.find(({ sku }) => sku === 'BULK-3')).toMatchObject({ active: true });
    expect(items.find(({ sku, active }) => sku === 'BULK-4' && active)).toBeUndefined();
  });
}
