import { expect, it } from '@jest/globals';
import { walk, type Harness } from '../harness.ts';

/** Many orders: point 3 of the conformance list. */
export function pagingConformance(harness: () => Harness) {
  it('reads every order of several pages once, also those placed or cancelled meanwhile', async () => {
    const shop = harness();
    const connectedAt = new Date();
    const placed: string[] = [];
    const place = async () => placed.push((await shop.place({ skus: [['GIFT-CARD-25', 1]] })).remoteId);
    for (let count = 0; count < 56; count += 1) await place();

    const first = await shop.open({ connectedAt }).importOrders(null);
    await shop.cancel(placed[3]!);
    for (let count = 56; count < 61; count += 1) await place();
    const rest = await walk((after) => shop.open({ connectedAt }).importOrders(after), first.next);
    const replayed = await walk((after) => shop.open({ connectedAt }).importOrders(after), first.next);

    expect(first).toMatchObject({ more: true });
    expect(first.items).toHaveLength(50);
    const ids = [...first.items, ...rest.items].map(({ remoteId }) => remoteId);
    expect(ids).toEqual(placed);
    expect(replayed.items).toEqual(rest.items);
  }, 240_000);
}
