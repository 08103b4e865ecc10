import { describe, expect, it } from '@jest/globals';
import { walkOn, type Walk } from '../../../activities/channels/walk.ts';
import { walk } from './harness.ts';

type Item = { id: string; at: string };
const start = Date.parse('2026-01-31T12:00:00.000Z');
const item = (id: number, atMs: number): Item => ({ id: String(id), at: new Date(start + atMs).toISOString() });

/** A list that answers as a shop does: strictly after, oldest first. `wholeSeconds`: what some databases keep. */
function listOf(items: Item[]): Walk<Item> & { items: Item[] } {
  const list = {
    items,
    from: new Date(start),
    read: async ({ after, notIn, take }: { after: string; notIn: string[]; take: number }) =>
      list.items
        .filter(({ id, at }) => at > after && !notIn.includes(id))
        .sort((one, other) => (one.at < other.at ? -1 : one.at > other.at ? 1 : 0))
        .slice(0, take),
    idOf: ({ id }: Item) => id,
    timeOf: ({ at }: Item) => at,
  };
  return list;
}
const ids = (items: Item[]) => items.map(({ id }) => Number(id)).sort((one, other) => one - other);
const range = (count: number) => Array.from({ length: count }, (_, index) => index);

describe('walking a list of the shop page by page', () => {
  it('reads twenty of one second at the edge of a page once each', async () => {
    const list = listOf(range(121).map((id) => item(id, id < 40 ? id * 1000 : id < 60 ? 40_000 : (id - 19) * 1000)));

    const { items } = await walk((after) => walkOn(list, after));

    expect(ids(items)).toEqual(range(121));
  });

  it('reads all of a hundred and twenty in one second', async () => {
    const list = listOf(range(120).map((id) => item(id, 5000)));

    const { items } = await walk((after) => walkOn(list, after));

    expect(ids(items)).toEqual(range(120));
  });

  it('misses none when others leave the list or join it meanwhile', async () => {
    const list = listOf(range(121).map((id) => item(id, id * 1000)));
    const first = await walkOn(list, null);
    list.items = [...list.items.slice(10), item(121, 121_000)];

    const rest = await walk((after) => walkOn(list, after), first.next);

    expect(ids([...first.items, ...rest.items])).toEqual(range(122));
  });

  it('finds next time what became visible late, but nothing from before the start', async () => {
    const list = listOf([item(1, 400_000)]);
    const { next } = await walk((after) => walkOn(list, after));
    list.items.push(item(2, 150_000), item(3, -1000));

    const again = await walk((after) => walkOn(list, after), next);

    expect(ids(again.items)).toEqual([1, 2]);
  });

  it('stays where it is while nothing happens', async () => {
    const list = listOf(range(50).map((id) => item(id, id * 1000)));
    const { next } = await walk((after) => walkOn(list, after));
    list.items = [];

    const idle = await walkOn(list, next);
    const later = await walkOn(list, idle.next);

    expect([idle.next, later.next]).toEqual([next, next]);
  });
});
