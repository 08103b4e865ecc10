import { expect, it } from '@jest/globals';
import { walk, type Harness } from '../harness.ts';

/** Many orders: point 3 of the conformance list. `count`: more than a page of the harness has. */
export function pagingConformance(harness: () => Harness, { count: atFirst = 56 } = {}) {
  it('reads every order of several pages, also those placed or cancelled meanwhile', async () => {
    const shop = harness();
    const connectedAt = await shop.tick();
    const placed: string[] = [];
    const place = async () => placed.push((await shop.place({ skus: [['GIFT-CARD-25', 1]] })).remoteId);
    for (let count = 0; count < atFirst; count += 1) await place();

    const first = await shop.open({ connectedAt }).importOrders(null);
    await shop.cancel(placed[3]!);
    for (let count = 0; count < 5; count += 1) await place();
    const rest = await walk((after) => shop.open({ connectedAt }).importOrders(after), first.next);
    const replayed = await walk((after) => shop.open({ connectedAt }).importOrders(after), first.next);

    expect(first).toMatchObject({ more: true });
    expect(first.items.length).toBeGreaterThan(0);
    expect(first.items.length).toBeLessThan(placed.length);
    expect(rest.cursors).toEqual([...new Set(rest.cursors)]);
    // An order that changed meanwhile comes again.
    expect(idsOf([...first.items, ...rest.items])).toEqual(new Set(placed));
    expect(idsOf(replayed.items)).toEqual(idsOf(rest.items));
  }, 240_000);
}

const idsOf = (orders: readonly { remoteId: string }[]) => new Set(orders.map(({ remoteId }) => remoteId));
