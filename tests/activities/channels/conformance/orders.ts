import { expect, it } from '@jest/globals';
import type { Traits } from '../../../../activities/channels/channel.ts';
import { faultOf, lineOf, some, walk, type Harness } from '../harness.ts';

/** Importing orders and their cancellations: points 2, 4 and 14 of the conformance list. */
export function orderConformance(harness: () => Harness, { clockGrainMs }: Traits) {
  it('imports a paid order once, with its lines, units and prices', async () => {
    const shop = harness();
    const connectedAt = await shop.tick();
    const skus: [string, number][] = [
      ['MUG-BLUE', 2],
      ['TEE-BLACK-M', 1],
    ];
    const placed = await shop.place({ skus, name: '山田 花子 Þóra Ω' });

    const { items, next } = await walk((after) => shop.open({ connectedAt }).importOrders(after));
    const again = await walk((after) => shop.open({ connectedAt }).importOrders(after), next);

    expect(items.map(({ remoteId }) => remoteId)).toEqual([placed.remoteId]);
    expect(items[0]).toMatchObject({ number: placed.number, state: 'ready', currency: 'USD', shipments: [] });
    expect(items[0]!.shipTo).toMatchObject({ name: '山田 花子 Þóra Ω', city: 'Portland', country: 'US' });
    expect(items[0]!.lines.map(({ remoteLineId, ordered }) => ({ remoteLineId, quantity: ordered }))).toEqual(
      placed.units,
    );
    expect(items[0]!.lines.map(({ sku }) => sku)).toEqual(['MUG-BLUE', 'TEE-BLACK-M']);
    expect(items[0]!.lines[0]).toMatchObject({
      remoteProductId: await shop.productId('MUG-BLUE'),
      shipped: 0,
      cancelled: 0,
      priceMinor: shop.price.USD,
    });
    expect(again.items.every(({ remoteId }) => remoteId === placed.remoteId)).toBe(true);
  });

  it.each(['JPY', 'KWD'] as const)('gives prices in the minor units of %s', async (currency) => {
    const shop = harness();
    const placed = await shop.place({ currency });

    const order = await shop.open().getOrder(placed.remoteId);

    expect(order.currency).toBe(currency);
    expect(order.lines[0]!.priceMinor).toBe(shop.price[currency]);
  });

  it('lets an unpaid order wait until it is paid', async () => {
    const shop = harness();
    const connectedAt = await shop.tick();
    const placed = await shop.place({ paid: false });

    const { items } = await walk((after) => shop.open({ connectedAt }).importOrders(after));
    await shop.pay(placed.remoteId);
    const paid = await shop.open().getOrder(placed.remoteId);

    expect(items).toMatchObject([{ remoteId: placed.remoteId, state: 'waiting' }]);
    expect(paid.state).toBe('ready');
  });

  it('leaves out what was placed before the channel was connected', async () => {
    const shop = harness();
    const old = await shop.place();
    const { placedAt } = await shop.open().getOrder(old.remoteId);

    const connectedAt = new Date(Date.parse(placedAt) + clockGrainMs);
    const { items } = await walk((after) => shop.open({ connectedAt }).importOrders(after));

    expect(items).toEqual([]);
  });

  it('counts what was shipped and cancelled by hand', async () => {
    const shop = harness();
    const placed = await shop.place({ skus: [['MUG-BLUE', 5]] });
    await shop.shipByHand(placed.remoteId, some(placed, 2), 'HAND-2');
    await shop.cancel(placed.remoteId, some(placed, 1));

    const order = await shop.open().getOrder(placed.remoteId);

    const { ordered, cancelled, shipped } = lineOf(order, placed.units[0]!.remoteLineId);
    // A shop may lower what is ordered instead.
    expect({ wanted: ordered - cancelled, shipped }).toEqual({ wanted: 4, shipped: 2 });
    expect(order.shipments).toMatchObject([
      { state: 'shipped', units: some(placed, 2), tracking: [{ number: 'HAND-2' }] },
    ]);
  });

  it('says that an unknown order is gone', async () => {
    expect(await faultOf(harness().open().getOrder('999999'))).toEqual({ kind: 'gone', what: 'order' });
  });

  it('refuses a cursor of another kind', async () => {
    const fault = await faultOf(harness().open().importOrders('page-2'));

    expect(fault).toMatchObject({ kind: 'invalid', field: 'cursor' });
  });

  it('lists whole and partial cancellations, again as often as it is asked, never shipped units', async () => {
    const shop = harness();
    const connectedAt = await shop.tick();
    const cancelledOf = (after: string | null) => shop.open({ connectedAt }).listCancelled(after);
    const start = await walk(cancelledOf);
    const [whole, partial, shipped] = [
      await shop.place(),
      await shop.place({ skus: [['MUG-BLUE', 3]] }),
      await shop.place({ skus: [['MUG-BLUE', 3]] }),
    ];
    await shop.cancel(whole.remoteId);
    await shop.cancel(partial.remoteId, some(partial, 2));
    await shop.shipByHand(shipped.remoteId, some(shipped, 2), 'HAND-3');
    await shop.cancel(shipped.remoteId, some(shipped, 1));

    const { items, next } = await walk(cancelledOf, start.next);
    const again = await walk(cancelledOf, start.next);
    const later = await walk(cancelledOf, next);

    const wanted = items.map(({ left, ...item }) => ({ ...item, left: left.filter(({ quantity }) => quantity > 0) }));
    const ours = [whole, partial, shipped].map(({ remoteId }) =>
      wanted.find((item) => item.remoteOrderId === remoteId),
    );
    expect(ours).toEqual([
      { remoteOrderId: whole.remoteId, whole: true, left: [] },
      { remoteOrderId: partial.remoteId, whole: false, left: some(partial, 1) },
      { remoteOrderId: shipped.remoteId, whole: false, left: some(shipped, 2) },
    ]);
    // Orders of one second come in any order.
    expect(again.items).toHaveLength(items.length);
    expect(again.items).toEqual(expect.arrayContaining(items));
    expect(items).toEqual(expect.arrayContaining(later.items));
  });
}
